"""Yearly head counts from Excel."""

from __future__ import annotations

from typing import Any

from relief.lib import clock
from relief.lib.tables import Field, Row, Table, Unreadable, repeated
from relief.lib.tables import readers as read
from unions.actions import HEADCOUNTS as LABELS
from unions.actions.staff import add_headcounts
from unions.imports import Change, Plan, Resource
from unions.models import Person, Union, UnionHeadcount
from unions.staff.importing.shared import code_field, codes_below, unknown_union

FIRST_YEAR = 2000


def year(cell: Any) -> int:
    """A year such as 2024 or 2024年."""
    word = str(cell).strip().removesuffix("年").removesuffix("度").removesuffix("年")
    number = read.whole(word if isinstance(cell, str) else cell)
    if not FIRST_YEAR <= number <= clock.today().year + 1:
        raise Unreadable("年度不对。", f"写成 {clock.today().year} 这样的四位数")
    return number


def fields(person: Person, union: Union) -> list[Field]:
    return [
        code_field("union", "工会代码", "单位代码", "代码"),
        Field("year", "年度", year, "text", ("年份", "统计年度"), True),
        Field("workers", "职工总数", read.whole, "count", ("职工人数", "职工数"), True),
        Field("farmer_workers", "其中农民工", read.whole, "count", ("农民工", "农民工人数"), hint="没有填 0。"),
        Field("help_centres", "帮扶中心和站点数", read.whole, "count", ("帮扶中心", "帮扶站点数"), hint="没有填 0。"),
    ]


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which counts are new, changed or the same."""
    found, known = Plan(), codes_below(union)
    kept = {
        (row.union_id, row.year): row
        for row in UnionHeadcount.objects.filter(union__in=[each.pk for each in known.values()])
    }
    found.faults += repeated(table.rows, _place, "year", "一个工会一年只留一行")
    for row in table.rows:
        place = known.get(row.values["union"])
        if place is None:
            found.faults.append(unknown_union(row, "union", union))
            continue
        counts = _counts(row)
        if counts["farmer_workers"] > counts["workers"]:
            found.faults.append(row.fault("farmer_workers", "农民工人数多于职工总数。", "核对两个数"))
            continue
        there = kept.get((place.pk, row.values["year"]))
        if there is None:
            found.new.append(row)
            continue
        said = tuple(
            (LABELS[name], str(getattr(there, name)), str(number))
            for name, number in counts.items()
            if getattr(there, name) != number
        )
        if said:
            found.changed.append(Change(row, there.pk, there.version, said))
        else:
            found.same += 1
    return found


def _place(row: Row) -> tuple[str, int]:
    return row.values["union"], row.values["year"]


def _counts(row: Row) -> dict[str, int]:
    return {name: row.values.get(name) or 0 for name in LABELS}


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the new counts, change the others."""
    known = codes_below(union)
    add_headcounts(
        by=person,
        union=union,
        new=[{"union": known[row.values["union"]], "year": row.values["year"], **_counts(row)} for row in plan.new],
        changed=[(change.pk, change.version, _counts(change.row)) for change in plan.changed],
    )


HEADCOUNTS = Resource(
    kind="headcounts",
    label="职工人数",
    unit="行",
    act="headcount.import",
    back="headcounts",
    fields=fields,
    plan=plan,
    write=write,
    note="一行一个工会一年；已有的会列出变化，确认后更新。",
    empty="系统里还没有",
)
