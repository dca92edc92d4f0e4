"""The rules about relief money (domain.md 2.4): pure checks over plain facts, driven by rows of FundRule."""

from beneficiaries.rules.facts import (
    HINT,
    REFUSE,
    WARN,
    DossierFacts,
    Finding,
    LineFacts,
    PayoutFacts,
    Rule,
    Way,
)
from beneficiaries.rules.money_rules import CHECKS, check

__all__ = [
    "CHECKS",
    "HINT",
    "REFUSE",
    "WARN",
    "DossierFacts",
    "Finding",
    "LineFacts",
    "PayoutFacts",
    "Rule",
    "Way",
    "check",
]
