"""Households in hardship (职工档案), visits to them, and payouts (发放) of money and goods."""

from beneficiaries.models.casework import AssessmentLines, EntryDraft, Pairing
from beneficiaries.models.households import (
    Assessment,
    ClassRule,
    Dossier,
    DossierPeriod,
    FieldChange,
    Member,
    Opinion,
    SubsistenceStandard,
    Visit,
)
from beneficiaries.models.payouts import FundRule, Payout, PayoutLine, PayoutReversal

__all__ = [
    "Assessment",
    "AssessmentLines",
    "ClassRule",
    "Dossier",
    "DossierPeriod",
    "EntryDraft",
    "FieldChange",
    "FundRule",
    "Member",
    "Opinion",
    "Pairing",
    "Payout",
    "PayoutLine",
    "PayoutReversal",
    "SubsistenceStandard",
    "Visit",
]
