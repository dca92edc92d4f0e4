"""Activities (服务记录) from Excel: one row per kind, day and remark; a record that differs is changed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from campaigns.actions.activities import MEASURES, checked_counts, measures_of
from campaigns.actions.importing import add_activities
from campaigns.actions.ledger import refuse_future
from campaigns.enums import ActivityKind
from campaigns.importing.shared import NOTE_HINT, campaign_field, refused, union_field
from campaigns.models import Activity, Campaign
from relief.lib import clock
from relief.lib.tables import Field, Row, Table, repeated
from relief.lib.tables import readers as read
from unions.imports import Change, Plan, Resource
from unions.models import Person, Union

KINDS: dict[str, str] = {
    **{kind.label: kind.value for kind in ActivityKind},
    "政策落实": "policy_help",
    "心理健康": "mental_health",
    "心理服务": "mental_health",
    "文化活动": "culture",
    "体检": "health_check",
    "健康咨询": "health_check",
    "讨薪": "wage_recovery",
    "农民工返乡": "journey_home",
}
MONEY = ("amount", "farmer_amount")
ALIASES = {
    "number": ("次数", "场数"),
    "contacts": ("服务人次",),
    "persons": ("服务人数",),
    "quantity": ("个数", "岗位数"),
    "amount": ("金额",),
    "farmer_contacts": ("农民工人次",),
    "farmer_persons": ("农民工人数",),
    "farmer_amount": ("农民工金额", "其中农民工金额"),
    "new_contacts": ("新生代农民工人次",),
    "new_persons": ("新生代农民工人数",),
}


def fields(person: Person, union: Union) -> list[Field]:
    """The columns of the list, in the order of the template."""
    kinds = tuple(kind.label for kind in ActivityKind)
    return [
        Field("held_on", "日期", read.day, "day", ("活动日期", "开展日期", "服务日期", "时间"), True),
        Field("kind", "类别", read.choice(KINDS, "类别"), "text", ("服务类别", "活动类别", "项目"), True, kinds),
        *(_measure(name, label) for name, label in MEASURES.items()),
        campaign_field(person),
        Field(
            "note",
            "说明",
            read.text(200),
            "text",
            ("备注", "内容"),
            hint=f"同一天同一类有两次的，用说明区分。{NOTE_HINT}",
        ),
        union_field(union),
    ]


def _measure(name: str, label: str) -> Field:
    kinds = [ActivityKind(kind).label for kind in ActivityKind.values if name in measures_of(kind)]
    hint = f"只有这些类别填：{'、'.join(kinds)}。"
    money = name in MONEY
    return Field(
        name, label, read.money if money else read.whole, "money" if money else "whole", ALIASES[name], hint=hint
    )


def values_of(row: Row) -> dict[str, Any]:
    """The values of the record that the row means, counts of its kind only; raises Refused."""
    said = row.values
    counts = checked_counts(said["kind"], {name: said[name] for name in MEASURES if said.get(name) is not None})
    return {"campaign_id": said.get("campaign"), **counts}


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which rows are new, which change a record, which say what stands there; every fault of the rules."""
    found, known, today = Plan(), _known(union), clock.today()
    for row in table.rows:
        faults = [
            *refused(lambda row=row: values_of(row), row, "kind"),  # type: ignore[misc]
            *refused(lambda row=row: refuse_future(row.values["held_on"], "日期", today), row, "held_on"),  # type: ignore[misc]
        ]
        if not faults:
            _sort(found, row, known.get(_place(row), []))
        found.faults += faults
    found.faults += repeated(table.rows, _place, "kind", "合成一行；确是两次的，请在说明里写清楚")
    _refuse_sealed(found)
    return found


def _sort(found: Plan, row: Row, there: list[Activity]) -> None:
    values = values_of(row)
    if not there:
        found.new.append(row)
    elif any(all(getattr(record, name) == value for name, value in values.items()) for record in there):
        found.same += 1
    elif len(there) > 1:
        says = f"台账里这一天有 {len(there)} 条同类、同说明的记录，不知道改哪一条。"
        found.faults.append(row.fault("kind", says, "请在服务记录页面上改"))
    else:
        (record,) = there
        said = [
            (MEASURES.get(name, "活动"), str(_shown(getattr(record, name))), str(_shown(value)))
            for name, value in values.items()
            if getattr(record, name) != value and name != "campaign_id"
        ]
        if record.campaign_id != values["campaign_id"]:
            said.append(("活动", *_titles(record.campaign_id, values["campaign_id"])))
        found.changed.append(Change(row, record.pk, record.version, tuple(said)))


def _shown(value: Any) -> Any:
    return f"{value:,}"


def _titles(*keys: int | None) -> tuple[str, str]:
    titles = dict(Campaign.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "title"))
    before, after = (titles.get(key, "常态化") if key else "常态化" for key in keys)
    return before, after


def _refuse_sealed(found: Plan) -> None:
    """A record under a sealed campaign is not changed by a file."""
    pks = [change.pk for change in found.changed]
    sealed = set(Activity.objects.filter(pk__in=pks, campaign__closed_at__isnull=False).values_list("pk", flat=True))
    for change in [change for change in found.changed if change.pk in sealed]:
        found.changed.remove(change)
        says = "原来的记录在已封存的活动下，不能改。"
        found.faults.append(change.row.fault("kind", says, "删去这一行，或在说明里写清楚是另一次"))


def _place(row: Row) -> tuple:
    return row.values["kind"], row.values["held_on"], row.values.get("note") or ""


def _known(union: Union) -> dict[tuple, list[Activity]]:
    """The records of the union that count, by what names them."""
    known: dict[tuple, list[Activity]] = defaultdict(list)
    for record in Activity.objects.filter(union=union, voided_at__isnull=True):
        known[record.kind, record.held_on, record.note].append(record)
    return known


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the new records and change the others, each as the version that was looked at."""
    add_activities(
        by=person,
        union=union,
        new=[{**_named(row), **values_of(row)} for row in plan.new],
        changed=[(change.pk, change.version, values_of(change.row)) for change in plan.changed],
    )


def _named(row: Row) -> dict[str, Any]:
    return {"kind": row.values["kind"], "held_on": row.values["held_on"], "note": row.values.get("note") or ""}


ACTIVITIES = Resource(
    kind="activities",
    label="服务记录",
    unit="条",
    act="activity.import",
    back="activities",
    fields=fields,
    plan=plan,
    write=write,
    note="同一天、同类别、同说明的算同一条：数字不同就修改，完全相同就略过。",
)
