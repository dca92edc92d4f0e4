"""A household as the screen may show it: masked by default, made on the server, of constant length (R-30).

Templates get these objects and never the rows themselves, so that a clear value cannot slip into a page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beneficiaries.dossiers import particulars
from beneficiaries.dossiers.intake import CHILD, age_on
from beneficiaries.enums import Cause, Relation, Sex
from beneficiaries.models import Dossier, Member
from relief.lib import idnumber
from relief.lib.money import grouped

HELD, MISSING, EMPTY = "已登记", "未登记", "（空）"
LOCKED_MEMBER = "已登记成员（信息遮蔽）"
SEALED = frozenset(
    {"address", "health", "bank", "birth_date", "cause", "disability", "other_contact", "other_causes", "cause_note"}
)


def held(value: Any) -> str:
    """The word for a value that is not shown: whether there is one, never which."""
    return HELD if value else MISSING


def words(name: str, value: Any) -> str:
    """The masked words of a field's value for the change history and the comparison of two versions."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "name":
        return idnumber.mask_name(value)
    if name == "id_number":
        return f"···{idnumber.last4(value)}"
    if name == "card_number":
        return f"尾号 {idnumber.mask_card(value)[-4:]}"
    if name == "phone":
        return idnumber.mask_phone(value)
    if name in SEALED:
        return HELD
    if isinstance(value, Decimal):
        return grouped(value, 2)
    if name == "note":
        return f"{len(value)} 字"
    return str(value)[:120]


def held_or_empty(value: Any) -> str:
    """The word of a sealed value in the change history."""
    return HELD if value else EMPTY


def member_words(name: str, value: Any) -> str:
    """A member's relation, name or number as the change history of an adult says it."""
    return Relation(value).label if name == "relation" and value else words(name, value)


@dataclass(frozen=True)
class Householder:
    """The householder card."""

    name: str
    sex: str
    age: str
    id_number: str
    phone: str
    address: str
    employer: str
    work_status: str
    health: str
    cause: str
    bank: str
    card_number: str
    marks: str
    certificate: str


@dataclass(frozen=True)
class MemberRow:
    """One line of the member table; `locked` is the sentence of a member of whom nothing is shown."""

    pk: int | None
    relation: str
    name: str
    sex: str
    age: str
    role: str
    income: Decimal | None
    health: str
    id_number: str
    locked: str = ""
    more: str = ""


def householder(dossier: Dossier, today: datetime.date, *, full: bool = False) -> Householder:
    """The householder, masked; `full` only after household.unmask wrote its audit row."""
    birth = _birth(dossier.birth_date)
    marks = [dossier._meta.get_field(m).verbose_name for m in MARKS if getattr(dossier, m)]  # type: ignore[union-attr]
    cause = "健康类，已遮蔽" if dossier.cause_is_health else _cause(dossier.cause)
    plain = {
        "sex": Sex(dossier.sex).label if dossier.sex else "",
        "age": f"{age_on(birth, today)} 岁" if birth else "",
        "employer": dossier.employer,
        "work_status": dossier.get_work_status_display(),
        "marks": "、".join(str(mark) for mark in marks),
        "certificate": dossier.certificate,
    }
    if full:
        return Householder(
            name=dossier.name,
            id_number=dossier.id_number,
            phone=dossier.phone,
            address=dossier.address,
            health=dossier.health,
            cause=_cause(dossier.cause),
            bank=dossier.bank,
            card_number=dossier.card_number,
            **plain,
        )
    return Householder(
        name=idnumber.mask_name(dossier.name),
        id_number=idnumber.mask(dossier.id_number) or MISSING,
        phone=idnumber.mask_phone(dossier.phone) or MISSING,
        address=held(dossier.address),
        health=HELD,
        cause=cause,
        bank=held(dossier.bank),
        card_number=idnumber.mask_card(dossier.card_number) or MISSING,
        **plain,
    )


MARKS = ("farmer_worker", "disabled", "model_worker", "gig_worker")


def member_rows(members: Iterable[Member], today: datetime.date, *, full: bool = False) -> list[MemberRow]:
    """The members, masked; those under 14, or of unknown age, are one locked line each kind with their number."""
    rows: list[MemberRow] = []
    children = unknown = 0
    for member in members:
        birth = _birth(member.birth_date)
        if not full and birth is not None and age_on(birth, today) < CHILD:
            children += 1
        elif not full and birth is None:
            unknown += 1
        else:
            rows.append(_row(member, birth, today, full))
    for count, text in (
        (children, f"未满{CHILD}周岁成员 {children} 人，信息全部遮蔽"),
        (unknown, f"出生日期未登记的成员 {unknown} 人，信息全部遮蔽"),
    ):
        if count:
            rows.append(MemberRow(None, "", "", "", "", "", None, "", "", locked=text))
    return rows


def edit_label(member: Member, today: datetime.date) -> str:
    """What the edit page calls a saved member."""
    birth = _birth(member.birth_date)
    if birth is None or age_on(birth, today) < CHILD:
        return LOCKED_MEMBER
    return f"{idnumber.mask_name(member.name)}（{member.get_relation_display()}）"


def _row(member: Member, birth: datetime.date | None, today: datetime.date, full: bool) -> MemberRow:
    adult_sex = Sex(member.adult_sex).label if member.adult_sex else ""
    sex = (idnumber.sex(member.id_number) or adult_sex) if full else adult_sex
    return MemberRow(
        pk=member.pk,
        relation=member.get_relation_display(),
        name=member.name if full else idnumber.mask_name(member.name),
        sex=sex,
        age=str(age_on(birth, today)) if birth else "",
        role=member.role if full else held(member.role),
        income=Decimal(member.monthly_income) if full and member.monthly_income else None,
        health=member.health if full else HELD,
        more=_more(member) if full else "",
        id_number=member.id_number
        if full
        else (f"···{idnumber.last4(member.id_number)}" if member.id_number else MISSING),
    )


def _more(member: Member) -> str:
    """A member's particulars in one line, for the page in full and the sheet in full."""
    held: Any = member.particulars or {}
    said = {name: particulars.words_of(name, held[name]) for name in particulars.MEMBER_LABELS if held.get(name)}
    return "；".join(f"{particulars.MEMBER_LABELS[name]} {value}" for name, value in said.items())


def _birth(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _cause(value: str) -> str:
    return Cause(value).label if value in Cause.values else ""
