"""Writes of this app: the tree, people, logins and posts; exported lists and files of staff are modules of their own."""

from unions.actions.organisation import (
    ABOVE,
    HEADCOUNTS,
    change_password,
    create_account,
    create_person,
    create_union,
    grant_post,
    refuse_login_name,
    revoke_post,
    set_headcount,
)

__all__ = [
    "ABOVE",
    "HEADCOUNTS",
    "change_password",
    "create_account",
    "create_person",
    "create_union",
    "grant_post",
    "refuse_login_name",
    "revoke_post",
    "set_headcount",
]
