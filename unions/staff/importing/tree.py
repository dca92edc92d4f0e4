"""The tree of unions from Excel: new ones under a parent named by its code, changed names and telephones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relief.lib.tables import Fault, Field, Row, Table, repeated
from relief.lib.tables import readers as read
from unions.actions import ABOVE
from unions.actions.staff import add_unions
from unions.enums import UnionKind
from unions.imports import Change, Plan, Resource
from unions.models import FIRST_DAY, Person, Union
from unions.staff.importing.shared import code_field, codes_below

KINDS: dict[str, str] = {
    **{kind.label: kind.value for kind in UnionKind},
    "省": "province",
    "省总工会": "province",
    "市": "city",
    "地市级": "city",
    "市总工会": "city",
    "县": "county",
    "区县级": "county",
    "县总工会": "county",
    "区总工会": "county",
    "产业": "industry",
    "系统工会": "industry",
    "直属": "direct",
    "基层": "grassroots",
    "单位工会": "grassroots",
    "机关": "unit",
}
CHANGEABLE = {"name": "工会名称", "short_name": "简称", "phone": "联系电话"}
MOST_LEVELS = 12


def fields(person: Person, union: Union) -> list[Field]:
    """The columns of the list, in the order of the template."""
    return [
        code_field("code", "工会代码", "代码", "单位代码", "编码"),
        Field("name", "工会名称", read.text(120), "text", ("名称", "单位名称", "工会全称"), True),
        Field("short_name", "简称", read.text(60), "text", ("工会简称",), hint="列表里用的短名，可以不填。"),
        Field(
            "kind", "类型", read.choice(KINDS, "类型"), "text", ("工会类型", "级别", "层级"), True,
            tuple(kind.label for kind in UnionKind),
        ),
        code_field("parent", "上级工会代码", "上级代码", "上级", "上级单位代码", "隶属工会代码"),
        Field("phone", "联系电话", read.text(32), "text", ("电话", "办公电话"), hint="单位的办公电话，不填个人手机。"),
        Field("opened_on", "成立日期", read.day, "day", ("成立时间", "建会日期"), hint="可以不填。"),
    ]  # fmt: skip


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which unions are new, which change, which stand as they are; every fault of place and kind."""
    found = Plan()
    known = codes_below(union)
    elsewhere = set(Union.objects.exclude(pk__in=[row.pk for row in known.values()]).values_list("code", flat=True))
    rows = {row.values["code"]: row for row in table.rows}
    found.faults += repeated(table.rows, lambda row: row.values["code"], "code", "一个代码只留一行")
    for row in table.rows:
        faults = _faults(row, union, known, elsewhere, rows)
        found.faults += faults
        if faults:
            continue
        there = known.get(row.values["code"])
        if there is None:
            found.new.append(row)
        else:
            _compare(found, row, there)
    if not found.faults:
        found.made, round_trip = _levels(found.new, known)
        found.faults += round_trip
    return found


def _faults(
    row: Row, union: Union, known: Mapping[str, Union], elsewhere: set[str], rows: Mapping[str, Row]
) -> list[Fault]:
    said = row.values
    if said["code"] in elsewhere:
        return [row.fault("code", "这个代码已经是别处的工会。", "换一个代码；要划转的工会请由上级办理")]
    there = known.get(said["code"])
    if there is not None and there.pk == union.pk:
        return [row.fault("code", "这是您自己的工会。", "只导入下级；自己的名称由上级修改")]
    parent, coming = known.get(said["parent"]), rows.get(said["parent"])
    if parent is None and coming is None:
        return [
            row.fault(
                "parent", f"上级代码既不在{union.called}及所属里，也不在这份表里。", "查对上级代码，或把上级也列进表里"
            )
        ]
    if there is not None:
        return _moved(row, there)
    above = parent.kind if parent is not None else coming.values["kind"]  # type: ignore[union-attr]
    allowed = ABOVE.get(UnionKind(said["kind"]))
    if allowed is not None and above not in allowed:
        says = f"{UnionKind(said['kind']).label}不能直接挂在{UnionKind(above).label}下面。"
        return [row.fault("parent", says, "查对类型和上级")]
    return []


def _moved(row: Row, there: Union) -> list[Fault]:
    """A union that is there keeps its parent and kind: a file does not move it."""
    faults = []
    if there.parent is not None and row.values["parent"] != there.parent.code:
        says = f"系统里它的上级是 {there.parent.code} {there.parent.called}。"
        faults.append(row.fault("parent", says, "改回原来的上级；划转要另行办理，历史报表保留旧上级"))
    if row.values["kind"] != there.kind:
        faults.append(row.fault("kind", f"系统里它是{there.get_kind_display()}。", "改回原来的类型"))
    return faults


def _compare(found: Plan, row: Row, there: Union) -> None:
    said = tuple(
        (label, str(getattr(there, name)) or "（空）", row.values[name])
        for name, label in CHANGEABLE.items()
        if row.values.get(name) and row.values[name] != getattr(there, name)
    )
    if said:
        found.changed.append(Change(row, there.pk, 0, said))
    else:
        found.same += 1


def _levels(new: list[Row], known: Mapping[str, Union]) -> tuple[list[list[dict[str, Any]]], list[Fault]]:
    """The new unions, those above first; a ring of parents is a fault."""
    placed, waiting = set(known), list(new)
    levels: list[list[dict[str, Any]]] = []
    while waiting and len(levels) < MOST_LEVELS:
        level = [row for row in waiting if row.values["parent"] in placed]
        if not level:
            break
        levels.append([_values(row) for row in level])
        placed |= {row.values["code"] for row in level}
        waiting = [row for row in waiting if row.values["code"] not in placed]
    says = "上级绕成了一个圈，谁也不在谁上面。"
    return levels, [row.fault("parent", says, "查对这几行的上级代码", "ring") for row in waiting]


def _values(row: Row) -> dict[str, Any]:
    said = row.values
    return {
        "code": said["code"],
        "name": said["name"],
        "short_name": said.get("short_name") or "",
        "kind": said["kind"],
        "phone": said.get("phone") or "",
        "opened_on": said.get("opened_on") or FIRST_DAY,
        "parent_code": said["parent"],
    }


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the new unions level by level; change the others where they are still as compared."""
    there = {row.pk: row for row in Union.objects.filter(pk__in=[change.pk for change in plan.changed])}
    changes = []
    for change in plan.changed:
        new = {
            name: change.row.values[name]
            for name in CHANGEABLE
            if change.row.values.get(name) and change.row.values[name] != getattr(there[change.pk], name)
        }
        changes.append((change.pk, {name: getattr(there[change.pk], name) for name in new}, new))
    add_unions(by=person, union=union, levels=plan.made, changes=changes)


UNIONS = Resource(
    kind="unions",
    label="工会",
    unit="家",
    act="union.import",
    back="union_tree",
    fields=fields,
    plan=plan,
    write=write,
    note="上级按代码认；上级和下级可以在同一份表里，顺序不限。已有的工会只改名称、简称和电话。",
    empty="系统里还没有",
)
