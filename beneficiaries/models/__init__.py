"""Households in hardship (职工档案), visits to them, and payouts (发放) of money and goods."""

from beneficiaries.models.banking import BankFile, BankFileLine, BankProfile, BankResult
from beneficiaries.models.batches import ApprovalThreshold, GoodsInvoice, PayoutBatch, PayoutProxy
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
from beneficiaries.models.moves import DossierMerge, DossierMove, DuplicateClaim
from beneficiaries.models.payouts import Payout, PayoutLine, PayoutReversal
from beneficiaries.models.publiclists import Objection, PublicList, PublicListLine
from beneficiaries.models.reviews import SpotCheck, SpotCheckItem, YearlyReview
from beneficiaries.models.rules import FundRule, RuleOverride
from beneficiaries.models.visitplans import VisitPlan, VisitStop

__all__ = [
    "ApprovalThreshold",
    "Assessment",
    "AssessmentLines",
    "BankFile",
    "BankFileLine",
    "BankProfile",
    "BankResult",
    "ClassRule",
    "Dossier",
    "DossierMerge",
    "DossierMove",
    "DossierPeriod",
    "DuplicateClaim",
    "EntryDraft",
    "FieldChange",
    "FundRule",
    "GoodsInvoice",
    "Member",
    "Objection",
    "Opinion",
    "Pairing",
    "Payout",
    "PayoutBatch",
    "PayoutLine",
    "PayoutProxy",
    "PayoutReversal",
    "PublicList",
    "PublicListLine",
    "RuleOverride",
    "SpotCheck",
    "SpotCheckItem",
    "SubsistenceStandard",
    "Visit",
    "VisitPlan",
    "VisitStop",
    "YearlyReview",
]
