"""Writing the members of a household, and what the change history says about them; called inside the file's actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from beneficiaries.dossiers import intake, masking, particulars
from beneficiaries.models import Dossier, FieldChange, Member
from relief.lib import clock, crypto
from relief.lib.crypto import sealed
from unions.models import Person

FOLLOWING = frozenset({"adult_birth_year", "adult_sex"})
"""Columns that nobody types: they follow from the number and have no history of their own."""
CHANGED = "已登记（有改动）"


def insert_member(dossier: Dossier, row: intake.Entry) -> Member:
    """The new row of one checked member."""
    member = Member(dossier=dossier, **row.values)
    member.particulars = cast(Any, particulars.merged(None, row.values.get("particulars", {})) or None)
    number = row.values.get("id_number", "")
    member.id_index, member.id_index_generation = crypto.blind_index(number, "id_number"), crypto.index_generation()
    member.save(force_insert=True)
    return member


def write_members(
    by: Person, dossier: Dossier, known: Mapping[int, Member], rows: Sequence[intake.Entry], reason: str
) -> bool:
    """Insert, change and remove members as given, each with its lines of history; True when anything changed."""
    today = clock.today()
    said: list[tuple[str, str, str]] = []
    for row in rows:
        if row.pk is None:
            added = masking.edit_label(insert_member(dossier, row), today)
            said.append(("家庭成员", "（空）", f"新增 {added}"))
        else:
            said += _change(known[row.pk], row, masking.edit_label(known[row.pk], today))
    gone = set(known) - {row.pk for row in rows}
    if gone:
        said += [("家庭成员", masking.edit_label(known[pk], today), "移除") for pk in sorted(gone)]
        Member.objects.filter(dossier=dossier, pk__in=gone).delete()
    now = clock.db_now()
    FieldChange.objects.bulk_create(
        FieldChange(dossier=dossier, field=field[:40], old=old, new=new, reason=reason, by=by, at=now)
        for field, old, new in said
    )
    return bool(said)


def _change(member: Member, row: intake.Entry, label: str) -> list[tuple[str, str, str]]:
    """Write what differs and return (field, old, new) in masked words; of a sealed member only that something did."""
    wanted = dict(row.values)
    if "particulars" in wanted:
        wanted["particulars"] = particulars.merged(cast(Any, member.particulars), wanted["particulars"]) or None
    changed = {name: value for name, value in wanted.items() if getattr(member, name) != value}
    if not changed:
        return []
    said = _words(member, changed, label)
    values: dict[str, Any] = {
        name: value if name in {"relation", *FOLLOWING} else sealed(member, name, value)
        for name, value in changed.items()
    }
    if "id_number" in changed:
        values["id_index"] = crypto.blind_index(changed["id_number"], "id_number")
        values["id_index_generation"] = crypto.index_generation()
    Member.objects.filter(pk=member.pk).update(**values)
    return said


def _words(member: Member, changed: Mapping[str, Any], label: str) -> list[tuple[str, str, str]]:
    if label == masking.LOCKED_MEMBER:
        return [(label, masking.HELD, CHANGED)]
    found = []
    for name, value in changed.items():
        if name in FOLLOWING:
            continue
        if name == "particulars":
            found += _particulars(label, cast(Any, member.particulars) or {}, value or {})
            continue
        field = str(cast(Any, Member._meta.get_field(name)).verbose_name).removesuffix("（元）")
        found.append((f"{label}·{field}", *_sealed_words(name, getattr(member, name), value)))
    return found


def _particulars(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (f"{label}·{title}", masking.held_or_empty(before.get(name)), _after(before.get(name), after.get(name)))
        for name, title in particulars.MEMBER_LABELS.items()
        if before.get(name) != after.get(name)
    ]


def _sealed_words(name: str, old: Any, new: Any) -> tuple[str, str]:
    if name in ("relation", "name", "id_number"):
        said = masking.member_words(name, old), masking.member_words(name, new)
        return said if said[0] != said[1] else (said[0], f"{said[1]}（有改动）")
    return masking.held_or_empty(old), _after(old, new)


def _after(old: Any, new: Any) -> str:
    return CHANGED if old and new else masking.held_or_empty(new)
