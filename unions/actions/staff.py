"""Writes about staff: logins by `system`, posts by `security` (R-08); many rows at once for files."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from relief.lib import clock
from unions import audit
from unions.actions.organisation import create_person, end_lapsed, refuse_login_name
from unions.enums import ADMIN_ROLES, Role
from unions.models import Account, Person, Post, Union, UnionHeadcount, login_key
from unions.policy import Refused, require

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""Without characters that look alike on paper: 0 O, 1 l I, o."""
GROUPS, GROUP = 4, 4
BATCH = 500
MOST_LETTERS = 200


def first_password() -> str:
    """A random password that can be typed from paper: four groups of four, about 92 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


@transaction.atomic
def add_account(
    *, by: Person, union: Union, name: str, username: str, phone: str = "", former: Account | None = None
) -> Account:
    """A person with a login at the union; it opens with the first password that is printed for it.

    `former` is the closed login of somebody who lost it: the new one is the same person's, so that what they entered
    stays theirs (R-09). Their posts end and are given anew, so that no administrator slips into somebody's name.
    """
    account = _account(union, username)
    require(by, "account.create", account)
    refuse_taken_login(username)
    if former is None:
        account.person = create_person(by=by, name=name.strip(), phone=phone.strip())
    else:
        account.person = _person_again(by, former, name.strip())
    account.save(force_insert=True)
    detail = {} if former is None else {"former": former.pk}
    audit.record(
        act="account.create", by=by, union=union, obj=account, fields=["username", "person", "union"], detail=detail
    )
    return account


def refuse_taken_login(username: str) -> None:
    """Raise when the login name has other signs than a keyboard has, or is somebody's."""
    refuse_login_name(username)
    if Account.objects.filter(login_key=login_key(username)).exists():
        raise Refused(f"登录名“{username}”已被使用。", "请换一个登录名。", status=422, act="account.create")


def _person_again(by: Person, former: Account, name: str) -> Person:
    """The person of a closed login, whose posts end with it."""
    act, person = "account.create", Person.objects.select_for_update(no_key=True).get(pk=former.person_id)
    require(by, act, former)
    fault = ""
    if person.pk == by.pk:
        fault = "不能给自己换账号。请由上级的系统管理员办理。"
    elif person.accounts.filter(is_active=True).exists():
        fault = "原账号还在用。请先停用原账号。"
    elif person.name != name:
        fault = "姓名与原账号的不一致。请核对是不是同一个人；不是的，原登录名留空。"
    posts = Post.objects.in_force(clock.db_now()).filter(person=person)
    reach = by.reach({Role.SYSTEM})
    if not fault and any(not path.startswith(reach) for path in posts.values_list("union__path", flat=True)):
        fault = "这个人还有别处的岗位。请由上级的系统管理员办理。"
    if fault:
        says, _, todo = fault.partition("。")
        raise Refused(f"{says}。", todo, status=422, act=act, obj=former)
    ended = posts.update(revoked_at=clock.db_now())
    if ended:
        audit.record(
            act="post.revoke", by=by, union=former.union, obj=former, fields=["revoked_at"], detail={"count": ended}
        )
    return person


def _account(union: Union, username: str) -> Account:
    account = Account(
        username=username,
        login_key=login_key(username),
        union=union,
        must_change_password=True,
        created_at=clock.db_now(),
    )
    account.set_unusable_password()
    return account


@transaction.atomic
def add_accounts(*, by: Person, union: Union, rows: Sequence[dict[str, Any]]) -> int:
    """People and logins of a checked file, each {"union", "name", "phone", "username"}; the job writes the audit event."""
    require(by, "account.import", union)
    people = Person.objects.bulk_create(
        [Person(name=row["name"], phone=row["phone"]) for row in rows], batch_size=BATCH
    )
    accounts = [_account(row["union"], row["username"]) for row in rows]
    for account, person in zip(accounts, people, strict=True):
        account.person = person
    return len(Account.objects.bulk_create(accounts, batch_size=BATCH))


@transaction.atomic
def set_active(*, by: Person, account: Account, active: bool) -> None:
    """Close or open a login; nobody closes their own."""
    act = "account.enable" if active else "account.disable"
    require(by, act, account)
    if account.person_id == by.pk:
        raise Refused("不能停用或启用自己的账号。", "请由上级的系统管理员办理。", act=act, obj=account)
    if Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active) != 1:
        raise Refused("账号已经是这个状态。", "请刷新页面查看。", act=act, obj=account)
    audit.record(act=act, by=by, union=account.union, obj=account, fields=["is_active"])


def seal_passwords(*, by: Person, union: Union, accounts: Iterable[Account]) -> list[tuple[Account, str]]:
    """New first passwords for logins of the union, to be printed once; earlier ones no longer hold.

    A login that somebody has taken over (own password set) is refused: that person changes it alone, or is closed.
    """
    require(by, "account.passwords", union)
    chosen = list(accounts)
    if not chosen:
        raise Refused("没有选账号。", "请勾选要打印的账号。", status=422, act="account.passwords", obj=union)
    if len(chosen) > MOST_LETTERS:
        raise Refused(
            f"一次最多打印 {MOST_LETTERS} 份。", "请分几次勾选。", status=422, act="account.passwords", obj=union
        )
    passwords = [first_password() for _ in chosen]
    # Hashing is slow on purpose, so it is done before rows are locked.
    encoded = [make_password(password) for password in passwords]
    with transaction.atomic():
        until = clock.db_now() + timedelta(days=settings.RELIEF_FIRST_PASSWORD_DAYS)
        for account, password in zip(chosen, encoded, strict=True):
            mine = Account.objects.filter(pk=account.pk, union=union, is_active=True, must_change_password=True)
            if mine.update(password=password, password_until=until) != 1:
                raise Refused(
                    f"账号“{account.username}”已经有人在用，或已停用，不能打印初始密码。",
                    "请刷新页面后重新勾选；忘记密码的请先停用旧账号，再建一个，写上原登录名。",
                    act="account.passwords",
                    obj=union,
                )
            account.password_until = until
        names = [account.pk for account in chosen]
        audit.record(act="account.passwords", by=by, union=union, obj=union, detail={"accounts": names})
    return list(zip(chosen, passwords, strict=True))


@transaction.atomic
def grant_posts(*, by: Person, union: Union, rows: Sequence[dict[str, Any]]) -> int:
    """Posts of a checked file, each {"person", "union", "role", "until"}; the job writes the audit event."""
    require(by, "post.import", union)
    at, people = clock.db_now(), sorted({row["person_id"] for row in rows})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    end_lapsed(people)
    held: dict[int, set[str]] = defaultdict(set)
    for who, role in Post.objects.in_force(at).filter(person__in=people).values_list("person", "role"):
        held[who].add(role)
    for row in rows:
        held[row["person_id"]].add(row["role"])
    if any(len(roles) > 1 and roles & ADMIN_ROLES for roles in held.values()):
        raise Refused("检查以后岗位有了变化，三员会与别的岗位由一人兼任。", "请重新检查。", act="post.import")
    posts = [Post(**row, granted_by=by, granted_at=at) for row in rows]
    return len(Post.objects.bulk_create(posts, batch_size=BATCH))


@transaction.atomic
def add_unions(
    *, by: Person, union: Union, levels: Sequence[Sequence[dict[str, Any]]], changes: Sequence[tuple]
) -> int:
    """Unions of a checked file, those above first, each with its `parent_code`; changes are (pk, old, new) of fields."""
    require(by, "union.import", union)
    known = {row.code: row for row in Union.objects.subtree(union)}
    written = 0
    for level in levels:
        made = [_union(row, known[row["parent_code"]]) for row in level]
        Union.objects.bulk_create(made, batch_size=BATCH)
        for row in made:
            row.path = f"{known[row.parent.code].path}{row.pk}/"  # type: ignore[union-attr]
            known[row.code] = row
        Union.objects.bulk_update(made, ["path"], batch_size=BATCH)
        written += len(made)
    for pk, old, new in changes:
        if Union.objects.filter(pk=pk, **old).update(**new) != 1:
            raise Refused("工会资料在导入时被别人改动，没有写入任何数据。", "请重新检查。", act="union.import")
    return written + len(changes)


def _union(row: dict[str, Any], parent: Union) -> Union:
    values = {name: value for name, value in row.items() if name != "parent_code"}
    return Union(**values, parent=parent, depth=parent.depth + 1, path=f"?{values['code']}")


@transaction.atomic
def add_headcounts(
    *, by: Person, union: Union, new: Sequence[dict[str, Any]], changed: Sequence[tuple[int, int, dict[str, Any]]]
) -> int:
    """Head counts of a checked file; changed ones where they still have the version named."""
    require(by, "headcount.import", union)
    UnionHeadcount.objects.bulk_create([UnionHeadcount(**row) for row in new], batch_size=BATCH)
    for pk, version, values in changed:
        if UnionHeadcount.objects.filter(pk=pk, version=version).update(**values, version=version + 1) != 1:
            raise Refused("人数在导入时被别人改动，没有写入任何数据。", "请重新检查。", act="headcount.import")
    return len(new) + len(changed)
