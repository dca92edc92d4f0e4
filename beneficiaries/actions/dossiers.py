"""Writing the file of a household: open and save."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Length

from beneficiaries.actions import claims, restarts
from beneficiaries.actions.members import insert_member, write_members
from beneficiaries.dossiers import duplicates, intake, masking, periods
from beneficiaries.enums import DossierState
from beneficiaries.models import Dossier, FieldChange
from relief.lib import clock, crypto, idnumber
from relief.lib.crypto import EncryptedTextField, sealed
from unions import audit, idempotency
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

PAYEE = frozenset({"id_number", "bank", "card_number"})
"""Changing one of these on an active file sends it through the whole chain again (R-09)."""


def open_dossier(
    *,
    by: Person,
    union: Union,
    fields: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]],
    key: str = "",
    claim: str | None = None,
) -> Dossier:
    """Open the draft of a household's file and return it; wrong entries raise `intake.Faults` by field.

    `claim` is the reason why a person who stands in another file may stand in this one, too (`duplicates.Held` without).
    """
    require(by, "dossier.open", Dossier(union=union))
    answered = _answered(by, key, fields, members)
    if answered is not None:
        return answered
    today = clock.today()
    head = intake.householder(fields, today=today, new=True)
    rows = intake.members(members, today=today, known=set())
    try:
        held = _check(by, union, None, head, rows, claim=claim, act="dossier.open")
    except duplicates.Held:
        # the file that holds the numbers may be the answer to this very request, written since the look above
        answered = _answered(by, key, fields, members)
        if answered is None:
            raise
        return answered
    with transaction.atomic():
        row = None
        if key:
            row, new = idempotency.claim(by=by, act="dossier.open", key=key, body=_body(fields, members))
            if not new:  # the same request came side by side with this one, and was the first to write
                return _opened(by, row.receipt)
        dossier = _insert(by, union, head.values)
        for member in rows:
            insert_member(dossier, member)
        periods.begin(dossier, today)
        _claim(by, dossier, held, rows, claim)
        audit.record(
            act="dossier.open",
            by=by,
            union=union,
            obj=dossier,
            fields=head.values,
            after=_body(fields, members),
            detail={"number": dossier.number, "members": len(rows)},
        )
        if row is not None:
            idempotency.remember(row, dossier.number)
    return dossier


def save_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    fields: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]],
    reason: str = "",
    claim: str | None = None,
) -> Dossier:
    """Write the changed fields and the members as given (a known member that is missing is removed); return it anew.

    A stale save raises `Stale` with both versions. On an active file a reason is asked for, and another number or account
    sends it back to “applied”.
    """
    require(by, "dossier.save", dossier)
    today = clock.today()
    known = {member.pk: member for member in dossier.members.all()}
    head = intake.householder(fields, today=today, new=False)
    rows = intake.members(members, today=today, known=set(known))
    if dossier.version != version:
        raise Stale(differences(dossier, head.values, len(rows)), act="dossier.save", obj=dossier)
    changed = {name: value for name, value in head.values.items() if getattr(dossier, name) != value}
    held = _check(
        by, dossier.union, dossier, head, rows, changed=changed, reason=reason, claim=claim, act="dossier.save"
    )
    with transaction.atomic():
        before = {name: getattr(dossier, name) for name in changed if name != "contact_person"}
        again = dossier.state == DossierState.ACTIVE and PAYEE & set(changed)
        _write(dossier, version, changed)
        _log(by, dossier, {name: (before.get(name), value) for name, value in changed.items()}, reason)
        touched = write_members(by, dossier, known, rows, reason)
        fresh = Dossier.objects.select_related("union").get(pk=dossier.pk)
        _claim(by, fresh, held, rows, claim)
        if again:
            restarts.restart(by=by, dossier=fresh, text=reason, day=today)
        audit.record(
            act="dossier.save",
            by=by,
            union=dossier.union,
            obj=dossier,
            fields=[*changed, *(["members"] if touched else [])],
            before=before,
            after={name: value for name, value in changed.items() if name != "contact_person"},
        )
    return fresh


def differences(dossier: Dossier, typed: Mapping[str, Any], members: int) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of every field where they differ, in masked words."""
    found = []
    for name, value in typed.items():
        stored = getattr(dossier, name)
        if stored != value:
            label = str(Dossier._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            theirs, yours = (
                ("已登记（与您填的不同）", "您新填的内容")
                if name in intake.SECRETS
                else (_say(name, stored), _say(name, value))
            )
            found.append((label, theirs, yours))
    stored_members = dossier.members.count()
    if stored_members != members:
        found.append(("家庭成员", f"{stored_members} 人", f"{members} 人"))
    return found


def _check(
    by: Person,
    union: Union,
    dossier: Dossier | None,
    head: intake.Entry,
    rows: list[intake.Entry],
    *,
    changed: Mapping[str, Any] | None = None,
    reason: str = "",
    claim: str | None = None,
    act: str,
) -> dict[str, duplicates.Hit]:
    """Raise `Faults` for wrong entries, then for numbers that another file holds; those that are claimed come back."""
    number = head.values.get("id_number", "") or (dossier.id_number if dossier else "")
    faults = head.faults | intake.member_faults(rows, number)
    if dossier is not None and dossier.state == DossierState.ACTIVE and not reason.strip():
        faults["reason"] = "档案已经在档，修改要写明原因。"
    if len(reason) > 200:
        faults["reason"] = "修改原因最多 200 个字，请缩短。"
    elif idnumber.contains_number(reason):
        faults["reason"] = "修改原因里有证件号或卡号一类的号码，请去掉。"
    if faults:
        raise intake.Faults(faults, act=act, obj=dossier)
    asked = {}
    if "id_number" in (head.values if changed is None else changed):
        asked[head.values["id_number"]] = "id_number"
    for place, row in enumerate(rows):
        if row.values.get("id_number"):
            asked[row.values["id_number"]] = f"members-{place}-id_number"
    held = duplicates.hits(by=by, union=union, numbers=asked, own=dossier)
    if held:
        errors = {asked[number]: _held_by(asked[number], hit.union, union) for number, hit in held.items()}
        refusal = "" if claim is None else claims.check_claim(by, dossier, union, held, claim)
        if refusal:
            errors["held_reason"] = refusal
        if claim is None or refusal:
            found = {asked[number]: hit for number, hit in held.items()}
            raise duplicates.Held(errors, found=found, union=union, act=act, obj=dossier)
    return held


def _claim(
    by: Person,
    dossier: Dossier,
    held: Mapping[str, duplicates.Hit],
    rows: Sequence[intake.Entry],
    reason: str | None,
) -> None:
    """Write down why the held persons stand in this draft as well."""
    if held:
        names = {row.values["id_number"]: row.values.get("name", "") for row in rows if row.values.get("id_number")}
        names[dossier.id_number] = dossier.name
        claims.file_claims(by=by, dossier=dossier, held=held, names=names, reason=reason or "")


def _held_by(place: str, keeper: Union, union: Union) -> str:
    who = "户主" if place == "id_number" else f"第 {int(place.split('-')[1]) + 1} 位成员"
    if keeper == union:
        return f"{who}的身份证号已登记在本工会的另一份档案里。一人只能在一份档案里：请打开那一份修改，或改正号码。"
    return f"{who}的身份证号已登记在“{keeper.name}”的档案里。一人只能在一份档案里：可以申请转入、写明理由重复登记，或改正号码。"


def _answered(by: Person, key: str, fields: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> Dossier | None:
    """The file that the same request opened before; None when the request is new."""
    if not idempotency.was_answered(by=by, act="dossier.open", key=key):
        return None
    with transaction.atomic():
        row, _ = idempotency.claim(by=by, act="dossier.open", key=key, body=_body(fields, members))
        return _opened(by, row.receipt)


def _opened(by: Person, number: str) -> Dossier:
    found = Dossier.objects.visible_to(by).filter(number=number).first()
    if found is None:
        raise Refused(
            f"这一页已经建过档案 {number}，它现在不由您所在的工会保管。",
            "没有再建一份；要建新的，请重新打开新建页。",
            act="dossier.open",
        )
    return found


def _body(fields: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a request said, in plain words, for its keyed digest."""
    plain = {name: value.pk if isinstance(value, Person) else _plain(value) for name, value in fields.items()}
    return {"fields": plain, "members": [{name: _plain(value) for name, value in row.items()} for row in members]}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _insert(by: Person, union: Union, values: Mapping[str, Any]) -> Dossier:
    now = clock.db_now()
    for _ in range(5):
        dossier = Dossier(union=union, entered_by=by, entered_at=now, changed_at=now, **values)
        dossier.number = _next_number(union)
        _index(dossier, values.get("id_number", ""))
        try:
            with transaction.atomic():
                dossier.save(force_insert=True)
        except IntegrityError:
            continue
        return dossier
    raise Refused("档案号正被同时使用，没有写入。", "请再点一次保存。", act="dossier.open")


def _index(row: Dossier, number: str) -> None:
    row.id_index = crypto.blind_index(number, "id_number")
    row.id_index_generation = crypto.index_generation()


def _next_number(union: Union) -> str:
    """The union's code and the next number in it: CJ-0147."""
    # the start narrows the index, the pattern keeps out the codes that begin alike
    numbers = Dossier.objects.filter(
        number__startswith=f"{union.code}-", number__regex=rf"^{re.escape(union.code)}-[0-9]+$"
    )
    last = numbers.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{union.code}-{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04d}"


def _write(dossier: Dossier, version: int, changed: Mapping[str, Any]) -> None:
    values: dict[str, Any] = {name: _stored(dossier, name, value) for name, value in changed.items()}
    if "id_number" in changed:
        values["id_index"] = crypto.blind_index(changed["id_number"], "id_number")
        values["id_index_generation"] = crypto.index_generation()
    rows = Dossier.objects.filter(pk=dossier.pk, state=dossier.state, version=version)
    if rows.update(version=F("version") + 1, changed_at=clock.db_now(), **values) != 1:
        raise Stale(
            differences(Dossier.objects.get(pk=dossier.pk), changed, dossier.members.count()),
            act="dossier.save",
            obj=dossier,
        )


def _stored(row: Dossier, name: str, value: Any) -> Any:
    return sealed(row, name, value) if isinstance(row._meta.get_field(name), EncryptedTextField) else value


def _say(name: str, value: Any) -> str:
    """A value in masked words, choices by their label."""
    choices = intake.CHOICES.get(name)
    if choices is not None and name not in intake.SECRETS and value in choices.values:
        return str(choices(value).label)
    return masking.words(name, value)


def _log(by: Person, dossier: Dossier, changes: Mapping[str, tuple[Any, Any]], reason: str) -> None:
    """One history row per changed field, masked like the field itself."""
    now = clock.db_now()
    rows = []
    for name, (old, new) in changes.items():
        if name in intake.DERIVED:
            continue
        label = str(Dossier._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        said = [_say(name, old), _say(name, new)]
        if name in intake.SECRETS and said[0] == said[1]:
            said[1] += "（有改动）"
        rows.append(FieldChange(dossier=dossier, field=label, old=said[0], new=said[1], reason=reason, by=by, at=now))
    FieldChange.objects.bulk_create(rows)
