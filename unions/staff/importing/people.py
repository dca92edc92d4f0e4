"""Logins (by `system`) and posts (by `security`) from Excel; one file may serve both, each reads its columns (R-08)."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from typing import Any

from relief.lib import clock
from relief.lib.tables import Fault, Field, Row, Table, Unreadable, repeated
from relief.lib.tables import readers as read
from unions.actions import refuse_login_name
from unions.actions.staff import add_accounts, grant_posts
from unions.enums import ADMIN_ROLES, Role
from unions.imports import Plan, Resource
from unions.models import Account, Person, Post, Union, login_key
from unions.policy import Refused
from unions.staff.importing.shared import code_field, codes_below, unknown_union
from unions.staff.phones import RULE, read_office_phone

ROLES: dict[str, str] = {
    **{role.label: role.value for role in Role},
    "填报人": "enter",
    "填报员": "enter",
    "审核人": "review",
    "审核员": "review",
    "审批人": "approve",
    "负责人": "approve",
    "出纳员": "pay",
    "经审委": "audit",
    "系统管理员": "system",
    "安全管理员": "security",
    "安全保密管理员": "security",
    "审计管理员": "audit_admin",
    "安全审计员": "audit_admin",
}
_BETWEEN = re.compile(r"[、，,；;/／\s]+")


def login_field() -> Field:
    return Field(
        "username", "登录名", read.text(40), "text", ("账号", "用户名", "登录账号"), True,
        hint="字母、数字、点、横线、下划线；全系统不能重名。",
    )  # fmt: skip


def account_fields(person: Person, union: Union) -> list[Field]:
    return [
        code_field("union", "工会代码", "单位代码", "代码"),
        Field("name", "姓名", read.text(40), "text", ("人员姓名", "使用人"), True, hint="工作人员本人的姓名。"),
        Field("phone", "办公电话", read_office_phone, "text", ("电话", "联系电话"), hint=RULE),
        login_field(),
    ]


def plan_accounts(person: Person, union: Union, table: Table) -> Plan:
    """Which logins are new; a name taken by somebody else is a fault."""
    found, known = Plan(), codes_below(union)
    keys = [login_key(row.values["username"]) for row in table.rows]
    taken = {row.login_key: row for row in Account.objects.filter(login_key__in=keys)}
    found.faults += repeated(table.rows, lambda row: login_key(row.values["username"]), "username", "每人一个登录名")
    for row in table.rows:
        faults = _account_faults(row, union, known)
        there = taken.get(login_key(row.values["username"]))
        if not faults and there is not None:
            if there.person.name == row.values["name"] and there.union_id == known[row.values["union"]].pk:
                found.same += 1
                continue
            faults = [row.fault("username", "这个登录名已被别人使用。", "换一个登录名")]
        found.faults += faults
        if not faults:
            found.new.append(row)
    return found


def _account_faults(row: Row, union: Union, known: dict[str, Union]) -> list[Fault]:
    faults = [] if row.values["union"] in known else [unknown_union(row, "union", union)]
    try:
        refuse_login_name(row.values["username"])
    except Refused as refusal:
        faults.append(row.fault("username", refusal.reason, refusal.next_step.rstrip("。")))
    return faults


def write_accounts(person: Person, union: Union, plan: Plan) -> None:
    """Add people and logins; nobody can log in before a first password is printed."""
    known = codes_below(union)
    rows = [
        {
            "union": known[row.values["union"]],
            "name": row.values["name"],
            "phone": row.values.get("phone") or "",
            "username": row.values["username"],
        }
        for row in plan.new
    ]
    add_accounts(by=person, union=union, rows=rows)


def roles(cell: Any) -> tuple[str, ...]:
    """One or several posts in one cell: 填报、审核."""
    one = read.choice(ROLES, "岗位")
    words = [word for word in _BETWEEN.split(read.text(120)(cell)) if word]
    found = tuple(dict.fromkeys(one(word) for word in words))
    if len(set(found) & ADMIN_ROLES) and len(found) > 1:
        raise Unreadable("三员不能互相兼任，也不能兼业务岗位。", "三员各用一个专门的账号")
    return found


def post_fields(person: Person, union: Union) -> list[Field]:
    return [
        login_field(),
        code_field("union", "工会代码", "单位代码", "代码"),
        Field(
            "roles", "岗位", roles, "text", ("职责", "角色", "权限"), True, tuple(role.label for role in Role),
            "几个岗位用顿号隔开，例如 填报、出纳。",
        ),
        Field("until", "有效期至", read.day, "day", ("截止日期",), hint="可以不填，长期有效。"),
    ]  # fmt: skip


def plan_posts(person: Person, union: Union, table: Table) -> Plan:
    """Which posts are new; who holds what already decides whether roles may come together (R-08)."""
    found, known = Plan(), codes_below(union)
    keys = [login_key(row.values["username"]) for row in table.rows]
    accounts = {row.login_key: row for row in Account.objects.visible_to(person).filter(login_key__in=keys)}
    held: dict[int, set[tuple[int, str]]] = defaultdict(set)
    in_force = Post.objects.in_force(clock.db_now()).filter(person__in=[row.person_id for row in accounts.values()])
    for who, where, role in in_force.values_list("person", "union", "role"):
        held[who].add((where, role))
    for row in table.rows:
        faults, posts = _posts_of(row, person, union, known, accounts, held)
        found.faults += faults
        if not faults and posts:
            found.new.append(row)
            found.made += posts
        elif not faults:
            found.same += 1
    return found


def _posts_of(
    row: Row,
    person: Person,
    union: Union,
    known: dict[str, Union],
    accounts: dict[str, Account],
    held: dict[int, set[tuple[int, str]]],
) -> tuple[list[Fault], list[dict[str, Any]]]:
    """The faults of a row, or the posts it adds; what it adds counts for the rows below."""
    account, place = accounts.get(login_key(row.values["username"])), known.get(row.values["union"])
    if account is None:
        says = f"{union.called}及所属没有这个登录名。"
        return [row.fault("username", says, "请系统管理员先导入账号，或查对登录名")], []
    if place is None:
        return [unknown_union(row, "union", union)], []
    if account.person_id == person.pk:
        return [row.fault("username", "不能给自己授岗。", "请由上级的安全管理员办理")], []
    mine, wanted = held[account.person_id], row.values["roles"]
    both = {role for _, role in mine} | set(wanted)
    if both & ADMIN_ROLES and len(both) > 1:
        return [row.fault("roles", "三员分立：这个人已有或将有不能兼任的岗位。", "三员各用一个专门的账号")], []
    until = row.values.get("until")
    if until is not None and until < clock.today():
        return [row.fault("until", "有效期已经过了。", "改成今天以后的日期，或留空")], []
    new = [role for role in wanted if (place.pk, role) not in mine]
    mine |= {(place.pk, role) for role in new}
    return [], [{"person_id": account.person_id, "union": place, "role": role, "until": _end_of(until)} for role in new]


def _end_of(day: datetime.date | None) -> datetime.datetime | None:
    """The instant at which the day is over in China."""
    if day is None:
        return None
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), clock.SHANGHAI)


def write_posts(person: Person, union: Union, plan: Plan) -> None:
    """Grant the posts."""
    grant_posts(by=person, union=union, rows=plan.made)


ACCOUNTS = Resource(
    kind="accounts",
    label="账号",
    unit="个",
    act="account.import",
    back="staff_accounts",
    fields=account_fields,
    plan=plan_accounts,
    write=write_accounts,
    note="只建账号，不授岗：岗位由安全管理员用同一份表导入。建好后到账号页打印初始密码。",
    empty="系统里还没有",
)
POSTS = Resource(
    kind="posts",
    label="岗位",
    unit="行",
    act="post.import",
    back="staff_accounts",
    fields=post_fields,
    plan=plan_posts,
    write=write_posts,
    note="只增加岗位，不撤岗。三员不能兼任别的岗位。",
    empty="系统里还没有",
)
