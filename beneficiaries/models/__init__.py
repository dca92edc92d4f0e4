"""Households in hardship (职工档案), visits to them, and payouts (发放) of money and goods."""

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
    "ClassRule",
    "Dossier",
    "DossierPeriod",
    "FieldChange",
    "FundRule",
    "Member",
    "Opinion",
    "Payout",
    "PayoutLine",
    "PayoutReversal",
    "SubsistenceStandard",
    "Visit",
]
