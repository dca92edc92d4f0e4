"""Unions, logins, posts and head counts from Excel."""

from unions.imports import register_import
from unions.staff.importing.headcounts import HEADCOUNTS
from unions.staff.importing.people import ACCOUNTS, POSTS
from unions.staff.importing.tree import UNIONS


def register() -> None:
    """Add the lists of this app; called once when Django starts."""
    register_import(UNIONS, ACCOUNTS, POSTS, HEADCOUNTS)
