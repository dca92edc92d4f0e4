"""What people type about a household, checked field by field; wrong entries come back as sentences by field name.

Nothing here writes. Sentences never repeat a number or a name: a refusal is kept in the audit record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from beneficiaries.dossiers import particulars
from beneficiaries.dossiers.entries import (
    Entry,
    is_dash,
    keep_phone,
    keep_text,
    keep_word,
    leave_or_clear,
    unknown_names,
)
from beneficiaries.enums import (
    HEALTH_CAUSES,
    SUDDEN_CAUSES,
    Cause,
    CauseClass,
    Certificate,
    DossierLevel,
    Health,
    Relation,
    Sex,
    WorkStatus,
)
from relief.lib import idnumber
from relief.lib.money import parse_amount
from unions.models import Person
from unions.policy import Refused

__all__ = ["Entry", "Faults", "age_on", "householder", "member_faults", "members"]

MOST_MEMBERS = 50
ADULT, CHILD = 18, 14
TEXTS = {"name": 40, "employer": 120, "note": 1000, "address": 200, "bank": 120}
MARKS = ("farmer_worker", "disabled", "model_worker", "gig_worker")
CHOICES: dict[str, Any] = {
    "sex": Sex,
    "work_status": WorkStatus,
    "level": DossierLevel,
    "health": Health,
    "cause": Cause,
    "certificate": Certificate,
    "relation": Relation,
}
SECRETS = particulars.HOLDER_SECRETS | {"id_number", "phone", "address", "health", "cause", "bank", "card_number"}
"""Fields of the householder that are not shown again: left empty they stay as they are."""
MEMBER_SECRETS = frozenset({"name", "id_number", "birth_date", "role", "monthly_income", "health"})
CLEARABLE = particulars.HOLDER_SECRETS | {"phone", "address", "health", "bank", "card_number"}
DERIVED = frozenset({"cause_is_health", "cause_class"})
"""Fields that nobody types: they follow from another one and have no history of their own."""
FIELDS = (
    frozenset({"id_number", "birth_date", "phone", "card_number", "contact_person", *TEXTS, *MARKS, *CHOICES})
    - {"relation"}
) | particulars.HOLDER
MEMBER_FIELDS = frozenset({"id", "relation", *MEMBER_SECRETS}) | particulars.MEMBER


class Faults(Refused):
    """Entries that cannot be saved; `errors` maps a field ("id_number", "members-2-name") to its sentence."""

    def __init__(self, errors: Mapping[str, str], *, act: str, obj: Any = None) -> None:
        super().__init__(
            "；".join(errors.values())[:400], "请改正后再保存，其他内容不用重填。", status=422, act=act, obj=obj
        )
        self.errors = dict(errors)


def householder(fields: Mapping[str, Any], *, today: datetime.date, new: bool) -> Entry:
    """The checked fields of the householder; only named fields appear, so that the others stay as they are."""
    entry = Entry()
    unknown_names(fields, FIELDS, entry, "档案")
    for name, most in TEXTS.items():
        if name in fields:
            keep_text(entry, name, fields[name], most)
    for name in MARKS:
        if name in fields:
            entry.keep(name, bool(fields[name]))
    for name in ("sex", "work_status", "level", "health", "cause"):
        if fields.get(name):
            keep_word(entry, name, fields[name], dash=name in CLEARABLE)
    if "certificate" in fields:
        keep_word(entry, "certificate", fields["certificate"])
    if isinstance(fields.get("contact_person"), Person | None) and "contact_person" in fields:
        entry.keep("contact_person", fields["contact_person"])
    keep_phone(entry, "phone", fields.get("phone"))
    particulars.householder(entry, fields, today)
    _card(entry, fields.get("card_number"))
    _identity(entry, fields, today, "户主")
    _required(entry, new)
    if "cause" in entry.values:
        derive_from_cause(entry, entry.values["cause"])
    leave_or_clear(entry.values, SECRETS, CLEARABLE, new)
    return entry


def members(rows: Iterable[Mapping[str, Any]], *, today: datetime.date, known: set[int]) -> list[Entry]:
    """The checked members, in order; a row with an `id` is one of the `known` members of the household."""
    found: list[Entry] = []
    for place, row in enumerate(rows, 1):
        entry = Entry(pk=row.get("id") or None)
        who = f"第 {place} 位成员"
        unknown_names(row, MEMBER_FIELDS, entry, "成员")
        if entry.pk is not None and entry.pk not in known:
            entry.faults["relation"] = f"{who}已经不在这份档案里，请刷新页面后再改。"
        _member(entry, row, today, who)
        found.append(entry)
    return found


def member_faults(entries: list[Entry], own_number: str) -> dict[str, str]:
    """The faults of all members as `members-<place>-<field>`, numbers given twice and too many rows included."""
    faults: dict[str, str] = {}
    if len(entries) > MOST_MEMBERS:
        faults["members"] = (
            f"一份档案最多登记 {MOST_MEMBERS} 位家庭成员，现在是 {len(entries)} 位，没有保存；请核对是否把几户填在了一起。"
        )
    seen = {own_number: "户主"} if own_number else {}
    for place, entry in enumerate(entries):
        for name, sentence in entry.faults.items():
            faults[f"members-{place}-{name}"] = sentence
        number = entry.values.get("id_number", "")
        if number and number in seen:
            faults[f"members-{place}-id_number"] = f"第 {place + 1} 位成员与{seen[number]}的身份证号相同，请核对。"
        elif number:
            seen[number] = f"第 {place + 1} 位成员"
    return faults


def age_on(birth: datetime.date, day: datetime.date) -> int:
    """Full years of life on a day.

    >>> age_on(datetime.date(2010, 3, 2), datetime.date(2024, 3, 1)), age_on(datetime.date(2010, 3, 2), datetime.date(2024, 3, 2))
    (13, 14)
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def derive_from_cause(entry: Entry, cause: str) -> None:
    """Keep the coarse codes that forms count and that masking asks for, beside the sealed cause (D4)."""
    entry.keep("cause_is_health", cause in HEALTH_CAUSES)
    entry.keep("cause_class", (CauseClass.SUDDEN if cause in SUDDEN_CAUSES else CauseClass.OTHER).value)


def _card(entry: Entry, given: Any) -> None:
    bare = idnumber.normalise_card(str(given or ""))
    if is_dash(given):
        entry.keep("card_number", "-")
        return
    # Passbooks have other lengths and no check digit (domain.md 2.4): only what looks like a card is checked as one.
    passbook = bare.isdecimal() and (8 <= len(bare) <= 15 or 20 <= len(bare) <= 30)
    if bare and not passbook and (fault := idnumber.card_fault(bare)):
        entry.faults["card_number"] = fault
    if bare:
        entry.keep("card_number", bare)


def _identity(entry: Entry, given: Mapping[str, Any], today: datetime.date, who: str) -> None:
    """The number, and the birth date that follows from it, compared with what was typed (domain.md 3.5)."""
    number = idnumber.normalise(str(given.get("id_number") or ""))
    typed_birth = given.get("birth_date") or None
    if isinstance(typed_birth, str):
        typed_birth = _day(entry, typed_birth)
    if number:
        fault = idnumber.fault(number, today)
        if fault:
            entry.faults["id_number"] = f"{who}的{fault}"
            return
        born = idnumber.birth_date(number)
        if typed_birth and typed_birth != born:
            entry.faults["birth_date"] = f"{who}的出生日期与身份证号不一致，请核对两项。"
        sex = Sex.MALE if idnumber.sex(number) == "男" else Sex.FEMALE
        if entry.values.get("sex", sex) != sex:
            entry.faults["sex"] = f"{who}的性别与身份证号不一致（号码对应“{sex.label}”），请核对两项。"
        entry.keep("sex", sex.value)
        entry.keep("id_number", number)
        entry.keep("birth_date", born.isoformat() if born else "")
    elif typed_birth:
        if typed_birth > today:
            entry.faults["birth_date"] = f"{who}的出生日期在今天之后，请核对。"
        entry.keep("birth_date", typed_birth.isoformat())


def _day(entry: Entry, text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        entry.faults["birth_date"] = "出生日期请写成 1975-06-12 这样。"
        return None


def _required(entry: Entry, new: bool) -> None:
    labels = {
        "name": "请填写户主姓名。",
        "cause": "请选择主要致困原因。",
        "sex": "请选择性别；填了身份证号会自动认出。",
    }
    for name, sentence in labels.items():
        missing = not entry.values.get(name) and not (name == "sex" and "id_number" in entry.faults)
        if missing and (new or name in entry.values) and name not in entry.faults:
            entry.faults[name] = sentence


def _member(entry: Entry, row: Mapping[str, Any], today: datetime.date, who: str) -> None:
    if row.get("relation"):
        keep_word(entry, "relation", row["relation"], who=f"{who}：")
    elif entry.pk is None:
        entry.faults.setdefault("relation", f"{who}：请选择与户主的关系。")
    if "name" in row:
        keep_text(entry, "name", row["name"], 40)
    if "role" in row:
        keep_word(entry, "role", row["role"], who=f"{who}：")
    if entry.pk is None and not entry.values.get("name"):
        entry.faults["name"] = f"{who}：请填写姓名。"
    if row.get("health"):
        keep_word(entry, "health", row["health"], dash=True, who=f"{who}：")
    particulars.member(entry, row, today, who)
    _income(entry, row.get("monthly_income"), who)
    _identity(entry, row, today, who)
    sex = entry.values.pop("sex", "")
    if entry.values.get("birth_date"):
        born = datetime.date.fromisoformat(entry.values["birth_date"])
        adult = age_on(born, today) >= ADULT
        entry.keep("adult_birth_year", born.year if adult else None)
        entry.keep("adult_sex", sex if adult else "")
    leave_or_clear(entry.values, MEMBER_SECRETS, CLEARABLE, entry.pk is None)


def _income(entry: Entry, given: Any, who: str) -> None:
    text = str(given if given is not None else "").strip()
    if not text:
        return
    try:
        amount = parse_amount(text)
    except ValueError as fault:
        entry.faults["monthly_income"] = f"{who}的月收入：{fault}"
        return
    if amount < 0:
        entry.faults["monthly_income"] = f"{who}的月收入不能是负数，没有收入填 0。"
    entry.keep("monthly_income", f"{amount:.2f}")
