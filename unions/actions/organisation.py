"""Writes of this app: the tree, people, accounts and posts. `by=None` only while an empty installation is set up."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F

from relief.lib import clock
from unions import audit
from unions.enums import ADMIN_ROLES, Role, UnionKind
from unions.models import FIRST_DAY, Account, Person, Post, Union, UnionHeadcount, login_key
from unions.policy import Refused, Stale, require

ABOVE = {
    UnionKind.PROVINCE: {UnionKind.PROVINCE},
    UnionKind.CITY: {UnionKind.PROVINCE},
    UnionKind.INDUSTRY: {UnionKind.PROVINCE, UnionKind.CITY},
    UnionKind.COUNTY: {UnionKind.PROVINCE, UnionKind.CITY},
}
"""Which kinds may stand above a kind; the others may hang under anything."""


@transaction.atomic
def create_union(
    *,
    by: Person | None,
    code: str,
    name: str,
    kind: str,
    parent: Union | None,
    short_name: str = "",
    phone: str = "",
    opened_on: datetime.date | None = None,
) -> Union:
    """Add a union to the tree and return it; its path is written once its id is known."""
    _check_place(code, kind, parent)
    union = Union(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        phone=phone,
        opened_on=opened_on or FIRST_DAY,
        depth=parent.depth + 1 if parent else 0,
        path=f"?{code}",
    )
    if by is not None:
        require(by, "union.create", union)
    union.save(force_insert=True)
    union.path = f"{parent.path if parent else '/'}{union.pk}/"
    Union.objects.filter(pk=union.pk).update(path=union.path)
    audit.record(act="union.create", by=by, union=union, obj=union, fields=["code", "name", "kind", "parent"])
    return union


def _check_place(code: str, kind: str, parent: Union | None) -> None:
    if Union.objects.filter(code=code).exists():
        raise Refused(f"工会代码“{code}”已经有了。", "请换一个代码，或在工会组织里查找已有的工会。", act="union.create")
    if parent is None and Union.objects.exists():
        raise Refused("只能有一个最上级工会。", "请选择上级工会。", act="union.create")
    allowed = ABOVE.get(UnionKind(kind))
    if parent is not None and allowed is not None and parent.kind not in allowed:
        raise Refused(
            f"{UnionKind(kind).label}不能直接挂在{parent.get_kind_display()}下面。",
            "请选择正确的上级工会。",
            act="union.create",
        )


@transaction.atomic
def create_person(*, by: Person | None, name: str, phone: str = "") -> Person:
    """Add a member of staff and return the person."""
    if by is not None:
        require(by, "account.create")
    person = Person.objects.create(name=name, phone=phone)
    audit.record(act="account.create", by=by, obj=person, fields=["name", "phone"])
    return person


@transaction.atomic
def create_account(
    *,
    by: Person | None,
    person: Person,
    username: str,
    password: str,
    must_change: bool = True,
    check: bool = True,
    encoded: str = "",
    valid_for: datetime.timedelta | None = None,
) -> Account:
    """Give the person a login and return it; the login name is unique after NFKC and case folding (R-01).

    `encoded` is the hash of the same password, where a world file gives one to many people: hashing takes 0.2 s each.
    `valid_for` is how long the password may wait for the first login (R-07). The login belongs to the union of the
    person's first post.
    """
    if by is not None:
        require(by, "account.create")
    key = login_key(username)
    refuse_login_name(username)
    if Account.objects.filter(login_key=key).exists():
        raise Refused(f"登录名“{username}”已被使用。", "请换一个登录名。", act="account.create")
    now, posts = clock.db_now(), person.posts_now()
    account = Account(
        username=username,
        login_key=key,
        person=person,
        must_change_password=must_change,
        created_at=now,
        union=posts[0].union if posts else None,
        password_until=now + valid_for if valid_for is not None else None,
    )
    if check:
        validate_password(password, account)
    if encoded:
        account.password = encoded
    else:
        account.set_password(password)
    account.save(force_insert=True)
    audit.record(act="account.create", by=by, obj=account, fields=["username", "person"])
    return account


def refuse_login_name(username: str) -> None:
    """A login name is typed on any keyboard: letters, digits, dot, dash and underline."""
    key = login_key(username)
    if not key or not key.isascii() or not key.replace("_", "").replace("-", "").replace(".", "").isalnum():
        raise Refused(
            "登录名只能用字母、数字、点、横线和下划线。", "请改一个登录名。", status=422, act="account.create"
        )


@transaction.atomic
def change_password(*, by: Person, account: Account, password: str) -> None:
    """Set a new password for the person's own login."""
    validate_password(password, account)
    account.set_password(password)
    Account.objects.filter(pk=account.pk, person=by).update(
        password=account.password, must_change_password=False, password_until=None
    )
    audit.record(act="session.password", by=by, obj=account, fields=["password"])


@transaction.atomic
def grant_post(
    *, by: Person | None, person: Person, union: Union, role: str, until: datetime.datetime | None = None
) -> Post:
    """Give the person a role at the union; the three administrators are never mixed with each other or with business (R-08)."""
    post = Post(person=person, union=union, role=role, granted_by=by, granted_at=clock.db_now(), until=until)
    if by is not None:
        require(by, "post.grant", post)
    # Two grants at once wait for each other: each sees what the other gave.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.__dict__.pop("_posts_now", None)
    _check_separation(person, role)
    end_lapsed([person.pk])
    if Post.objects.filter(person=person, union=union, role=role, revoked_at__isnull=True).exists():
        raise Refused(f"{person.name}在{union.name}已经有{Role(role).label}岗位。", "不必重复授岗。", act="post.grant")
    post.save(force_insert=True)
    person.__dict__.pop("_posts_now", None)
    audit.record(
        act="post.grant", by=by, union=union, obj=post, fields=["person", "role", "until"], detail={"role": role}
    )
    return post


def end_lapsed(people: Iterable[int]) -> None:
    """Close posts that have run out, so that they can be given anew."""
    lapsed = Post.objects.filter(person__in=list(people), revoked_at__isnull=True, until__lte=clock.db_now())
    lapsed.update(revoked_at=F("until"))


def _check_separation(person: Person, role: str) -> None:
    held = {post.role for post in person.posts_now()}
    if role in ADMIN_ROLES and held - {role}:
        raise Refused(
            "系统管理、安全管理、审计管理三员分立，不能与其他岗位由一人兼任。", "请另选一位人员。", act="post.grant"
        )
    if role not in ADMIN_ROLES and held & ADMIN_ROLES:
        raise Refused("该人员是三员之一，不能再担任业务岗位。", "请另选一位人员。", act="post.grant")


@transaction.atomic
def revoke_post(*, by: Person, post: Post) -> None:
    """End a post now."""
    require(by, "post.revoke", post)
    touched = Post.objects.filter(pk=post.pk, revoked_at__isnull=True).update(revoked_at=clock.db_now())
    if touched != 1:
        raise Refused("这个岗位已经撤销了。", "请刷新页面。", act="post.revoke", obj=post)
    audit.record(act="post.revoke", by=by, union=post.union, obj=post, fields=["revoked_at"])


HEADCOUNTS = {"workers": "职工总数", "farmer_workers": "其中农民工", "help_centres": "帮扶中心和站点数"}


@transaction.atomic
def set_headcount(
    *,
    by: Person | None,
    union: Union,
    year: int,
    workers: int,
    farmer_workers: int = 0,
    help_centres: int = 0,
    version: int | None = None,
) -> None:
    """Keep how many workers and help centres the union had in the year.

    `version` is what the page showed, 0 when it showed none; `Stale` when somebody was faster. None overwrites.
    """
    if by is not None:
        require(by, "union.headcount", union)
    if farmer_workers > workers:
        raise Refused("农民工人数不能多于职工总数。", "请核对两个数。", status=422, act="union.headcount")
    counts = {"workers": workers, "farmer_workers": farmer_workers, "help_centres": help_centres}
    kept = union.headcounts.filter(year=year).first()
    if version is not None and version != (kept.version if kept else 0):
        raise Stale(_headcount_differences(kept, counts), act="union.headcount", obj=union)
    _keep_headcount(union, year, kept, counts)
    audit.record(act="union.headcount", by=by, union=union, obj=union, fields=counts, detail={"year": year})


def _keep_headcount(union: Union, year: int, kept: UnionHeadcount | None, counts: dict[str, int]) -> None:
    if kept is None:
        union.headcounts.create(year=year, **counts)
        return
    touched = union.headcounts.filter(pk=kept.pk, version=kept.version).update(version=kept.version + 1, **counts)
    if touched != 1:
        raise Stale(_headcount_differences(kept, counts), act="union.headcount", obj=union)


def _headcount_differences(kept: UnionHeadcount | None, counts: dict[str, int]) -> list[tuple[str, str, str]]:
    stored = {name: str(getattr(kept, name)) if kept else "（没有）" for name in counts}
    return [(HEADCOUNTS[name], stored[name], str(n)) for name, n in counts.items() if stored[name] != str(n)]
