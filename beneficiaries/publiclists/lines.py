"""One line of a public list, built from allowed fields alone: name with one character hidden, union, class, amount.

A line is never a copy of a file or a payout with columns left out: what does not stand in `Listed` cannot be published.
"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from beneficiaries.dossiers.intake import CHILD, age_on
from beneficiaries.enums import HARDSHIP_GROUPS, HardshipClass, ReliefGroup
from beneficiaries.models import Dossier, Payout
from relief.lib import idnumber

POOR = "困难职工"
"""The public word for groups that would tell an illness or an accident."""


@dataclass(frozen=True)
class Listed:
    """Everything that everybody may read of one person."""

    name: str
    unit: str
    class_word: str
    amount: Decimal | None = None


def dossier_line(dossier: Dossier) -> Listed:
    """The line of a file that is to be approved."""
    return Listed(idnumber.mask_name(dossier.name), dossier.union.name, _class_word(dossier))


def payout_line(payout: Payout, amount: Decimal | None) -> Listed:
    """The line of a payout; the amount only where a rule orders it."""
    group = ReliefGroup(payout.relief_group)
    if payout.dossier is not None:
        word = _class_word(payout.dossier)
    else:
        word = POOR if group in HARDSHIP_GROUPS else group.label
    return Listed(idnumber.mask_name(payout.recipient), payout.union.name, word, amount)


def faults_of(name: str, id_number: str, today: datetime.date) -> str:
    """Why a person cannot stand on a public list as stored; empty when they can.

    >>> faults_of("唐志远", "", datetime.date(2024, 2, 1)), faults_of("唐志远123", "", datetime.date(2024, 2, 1))
    ('', '姓名里有数字，请先在档案或发放里改正')
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    if not plain:
        return "没有姓名"
    if any(character.isdigit() for character in plain):
        return "姓名里有数字，请先在档案或发放里改正"
    born = idnumber.birth_date(id_number) if idnumber.is_valid(id_number) else None
    if born is not None and age_on(born, today) < CHILD:
        return "未满十四周岁，不能公示；请用家长的姓名"
    return ""


def _class_word(dossier: Dossier) -> str:
    if dossier.hardship_class in ("", HardshipClass.NONE):
        return POOR
    return str(dossier.get_hardship_class_display())
