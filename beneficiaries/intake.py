"""What people type about a household, checked field by field; wrong entries come back as sentences by field name.

Nothing here writes. Sentences never repeat a number or a name: a refusal is kept in the audit record.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
SECRETS = frozenset({"id_number", "phone", "address", "health", "cause", "bank", "card_number"})
"""Fields of the householder that are not shown again: left empty they stay as they are."""
MEMBER_SECRETS = frozenset({"name", "id_number", "birth_date", "role", "monthly_income", "health"})
CLEARABLE = frozenset({"phone", "address", "health", "bank", "card_number"})
DERIVED = frozenset({"cause_is_health", "cause_class"})
"""Fields that nobody types: they follow from another one and have no history of their own."""
FIELDS = frozenset({"id_number", "birth_date", "phone", "card_number", "contact_person", *TEXTS, *MARKS, *CHOICES}) - {
    "relation"
}
MEMBER_FIELDS = frozenset({"id", "relation", *MEMBER_SECRETS})
PHONE = re.compile(r"[0-9+\-() ]{7,20}")


class Faults(Refused):
    """Entries that cannot be saved; `errors` maps a field ("id_number", "members-2-name") to its sentence."""

    def __init__(self, errors: Mapping[str, str], *, act: str, obj: Any = None) -> None:
        super().__init__(
            "；".join(errors.values())[:400], "请改正后再保存，其他内容不用重填。", status=422, act=act, obj=obj
        )
        self.errors = dict(errors)


@dataclass
class Entry:
    """One checked person: the values to write and what is wrong with them."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    pk: int | None = None

    def keep(self, name: str, value: Any) -> None:
        self.values[name] = value


def householder(fields: Mapping[str, Any], *, today: datetime.date, new: bool) -> Entry:
    """The checked fields of the householder; only named fields appear, so that the others stay as they are."""
    entry = Entry()
    for name in set(fields) - FIELDS:
        entry.faults[name] = f"档案里没有“{name[:20]}”这一项。"
    for name, most in TEXTS.items():
        if name in fields:
            _text(entry, name, fields[name], most)
    for name in MARKS:
        if name in fields:
            entry.keep(name, bool(fields[name]))
    for name in ("sex", "work_status", "level", "health", "cause"):
        if fields.get(name):
            _choice(entry, name, fields[name])
    if "certificate" in fields:
        _certificate(entry, fields["certificate"])
    if isinstance(fields.get("contact_person"), Person | None) and "contact_person" in fields:
        entry.keep("contact_person", fields["contact_person"])
    _phone(entry, fields.get("phone"))
    _card(entry, fields.get("card_number"))
    _identity(entry, fields, today, "户主")
    _required(entry, new)
    if "cause" in entry.values:
        derive_from_cause(entry, entry.values["cause"])
    _leave_empty_secrets(entry, SECRETS, new)
    return entry


def members(rows: Iterable[Mapping[str, Any]], *, today: datetime.date, known: set[int]) -> list[Entry]:
    """The checked members, in order; a row with an `id` is one of the `known` members of the household."""
    found: list[Entry] = []
    for place, row in enumerate(rows, 1):
        entry = Entry(pk=row.get("id") or None)
        who = f"第 {place} 位成员"
        for name in set(row) - MEMBER_FIELDS:
            entry.faults[name] = f"成员里没有“{name[:20]}”这一项。"
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


def _text(entry: Entry, name: str, given: Any, most: int) -> None:
    text = str(given or "").strip()
    if len(text) > most:
        entry.faults[name] = f"最多 {most} 个字，现在是 {len(text)} 个字，请缩短。"
    entry.keep(name, text)


def _choice(entry: Entry, name: str, given: Any) -> None:
    if given in CHOICES[name].values:
        entry.keep(name, str(given))
    elif name in CLEARABLE and str(given).strip() in "-－—":
        entry.keep(name, "-")
    else:
        entry.faults[name] = "不在可选范围里，请从列表里选择。"


def _certificate(entry: Entry, given: Any) -> None:
    """The word of a known paper; an empty one takes it off the file."""
    if str(given or "").strip():
        _choice(entry, "certificate", str(given).strip())
    else:
        entry.keep("certificate", "")


def derive_from_cause(entry: Entry, cause: str) -> None:
    """Keep the coarse codes that forms count and that masking asks for, beside the sealed cause (D4)."""
    entry.keep("cause_is_health", cause in HEALTH_CAUSES)
    entry.keep("cause_class", (CauseClass.SUDDEN if cause in SUDDEN_CAUSES else CauseClass.OTHER).value)


def _phone(entry: Entry, given: Any) -> None:
    text = str(given or "").strip()
    if text and text not in "-－—" and not PHONE.fullmatch(text):
        entry.faults["phone"] = "电话应是 7 至 20 位数字，可以带区号和横线，请核对。"
    if text:
        entry.keep("phone", text)


def _card(entry: Entry, given: Any) -> None:
    bare = idnumber.normalise_card(str(given or ""))
    if str(given or "").strip() in ("-", "－", "—"):
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
        missing = not entry.values.get(name)
        if missing and (new or name in entry.values) and name not in entry.faults:
            entry.faults[name] = sentence


def _leave_empty_secrets(entry: Entry, names: frozenset[str], new: bool) -> None:
    """An empty secret stays as it is; a single dash clears it."""
    for name in names & set(entry.values):
        if name in CLEARABLE and entry.values[name] in ("-", "－", "—"):
            entry.values[name] = ""
        elif entry.values[name] == "" and not new:
            del entry.values[name]


def _member(entry: Entry, row: Mapping[str, Any], today: datetime.date, who: str) -> None:
    if row.get("relation") or entry.pk is None:
        if row.get("relation") in Relation.values:
            entry.keep("relation", row["relation"])
        else:
            entry.faults.setdefault("relation", f"{who}：请选择与户主的关系。")
    for name, most in (("name", 40), ("role", 20)):
        if name in row:
            _text(entry, name, row[name], most)
    if entry.pk is None and not entry.values.get("name"):
        entry.faults["name"] = f"{who}：请填写姓名。"
    if row.get("health"):
        _choice(entry, "health", row["health"])
    _income(entry, row.get("monthly_income"), who)
    _identity(entry, row, today, who)
    sex = entry.values.pop("sex", "")
    if entry.values.get("birth_date"):
        born = datetime.date.fromisoformat(entry.values["birth_date"])
        adult = age_on(born, today) >= ADULT
        entry.keep("adult_birth_year", born.year if adult else None)
        entry.keep("adult_sex", sex if adult else "")
    _leave_empty_secrets(entry, MEMBER_SECRETS, entry.pk is None)


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
