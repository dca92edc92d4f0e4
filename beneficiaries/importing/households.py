"""Households and their members from Excel: new ones become drafts, files in force change only by the act of saving."""

from __future__ import annotations

from beneficiaries.actions.dossier_imports import Opened, Saved, write_households
from beneficiaries.importing.household_fields import fields, of_holder, of_member
from beneficiaries.importing.household_plan import Household, plan
from unions.imports import Plan, Resource
from unions.models import Person, Union


def write(person: Person, union: Union, plan: Plan) -> None:
    """Open the new files and save the changed ones."""
    new = [_opened(household) for household in plan.made if household.dossier is None]
    changed = [_saved(household) for household in plan.made if household.dossier is not None]
    write_households(by=person, union=union, new=new, changed=changed)


def _opened(household: Household) -> Opened:
    return Opened(household.head.values, [entry.values for entry in household.entries])


def _saved(household: Household) -> Saved:
    """The file as the act of saving takes it: members that the list does not name stay as they are."""
    dossier = household.dossier
    assert dossier is not None
    head = of_holder(household.holder.values) if household.holder else {}
    told = [
        of_member(row.values) | ({"id": entry.pk} if entry.pk else {})
        for row, entry in zip(household.members, household.entries, strict=True)
    ]
    named = {entry.pk for entry in household.entries}
    rest = [{"id": member.pk, "relation": member.relation} for member in household.kept if member.pk not in named]
    return Saved(dossier, head, [*rest, *told], household.reason)


HOUSEHOLDS = Resource(
    kind="households",
    label="困难职工家庭",
    unit="行",
    act="dossier.import",
    back="dossier_list",
    fields=fields,
    plan=plan,
    write=write,
    note="新的一户写成草稿，申请、入户、公示、审核、审批照常办。在档的档案不同的，要有修改原因，和在页面上修改一样留痕；"
    "文件里没有的成员不会被删去。",
    personal=True,
    empty="写成草稿",
)
