"""The particulars of a householder as the page and the sheet say them: in groups, masked, without empty lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beneficiaries import codes
from beneficiaries.dossiers import masking, particulars
from beneficiaries.models import Dossier
from relief.lib.money import grouped

LOCKED = "已遮蔽"

GROUPS = (
    ("身份", "application_kind ethnicity political_status marital_status staff_number union_member"),
    ("户口和住房", "registration_kind registration_place postcode other_contact housing floor_area"),
    (
        "工作",
        "employer_nature employer_condition industry worked_since contract_signed_on contract_term medical_insurance"
        " model_worker_rank",
    ),
    (
        "困难情况",
        "disability other_causes cause_note single_parent jobless_household can_help_itself priority_group"
        " exit_measure relief_target relief_target_on",
    ),
    ("收入", "monthly_income other_yearly_income subsistence_amount"),
)
STARRED = (
    "staff_number ethnicity political_status marital_status model_worker_rank registration_kind registration_place"
    " housing industry worked_since medical_insurance phone health monthly_income other_yearly_income"
).split()
"""What most forms ask for (the starred fields of domain.md 3.5) and a file may still lack."""
UNCONDITIONAL = particulars.HOLDER_SECRETS - {"other_contact"}
"""Sealed fields whose mask is the same whether there is anything or not: a mask never shows who is healthy."""


@dataclass(frozen=True)
class Fact:
    """One line: a label, its words, and whether they are kept back."""

    name: str
    label: str
    value: str
    locked: bool = False


def groups(dossier: Dossier, *, full: bool) -> list[tuple[str, list[Fact]]]:
    """(heading, lines) of what is filled in; a group with nothing to say is left out."""
    found = [(title, [fact for fact in _facts(dossier, names.split(), full) if fact.value]) for title, names in GROUPS]
    return [(title, facts) for title, facts in found if facts]


def by_name(dossier: Dossier, *, full: bool) -> dict[str, str]:
    """The words of every particular, empty ones too, for the cells of the sheet."""
    return {fact.name: fact.value for _, names in GROUPS for fact in _facts(dossier, names.split(), full)}


def missing(dossier: Dossier) -> list[str]:
    """The labels of what most forms ask for and this file does not say yet."""
    return [_label(dossier, name) for name in STARRED if getattr(dossier, name) in ("", None)]


def _facts(dossier: Dossier, names: list[str], full: bool) -> list[Fact]:
    return [_fact(dossier, name, full) for name in names]


def _fact(dossier: Dossier, name: str, full: bool) -> Fact:
    label, value = _label(dossier, name), getattr(dossier, name)
    if name in UNCONDITIONAL and not full:
        return Fact(name, label, LOCKED, True)
    if name in particulars.HOLDER_SECRETS and not full:
        return Fact(name, label, masking.HELD if value else "", bool(value))
    return Fact(name, label, _words(name, value))


def _words(name: str, value: Any) -> str:
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return "是"
    if isinstance(value, Decimal):
        return grouped(value, 2)
    if name == "other_causes":
        return particulars.cause_words(value)
    if name == "floor_area":
        return f"{value}（{codes.band_of_area(Decimal(value))}）"
    return str(value)


def _label(dossier: Dossier, name: str) -> str:
    return str(dossier._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
