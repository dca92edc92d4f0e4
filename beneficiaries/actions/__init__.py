"""Everything this app writes: dossiers, their chain, visits, payouts."""

# dossiers, chain and visits
from beneficiaries.actions.assessments import assess, set_standard
from beneficiaries.actions.chain import (
    apply_dossier,
    approve_dossier,
    post_dossier,
    return_dossier,
    review_dossier,
    visit_dossier,
)
from beneficiaries.actions.claims import answer_claim, ask_transfer
from beneficiaries.actions.dossiers import open_dossier, save_dossier
from beneficiaries.actions.evidence import add_evidence, open_evidence
from beneficiaries.actions.households import open_case, unmask
from beneficiaries.actions.leaving import close_dossier, reopen_dossier, transfer_dossier
from beneficiaries.actions.moves import answer_move, offer_dossier, withdraw_move

# payouts
from beneficiaries.actions.payout_steps import (
    approve_payouts,
    fail_payout,
    plan_payouts,
    release_payouts,
    return_payouts,
    review_payouts,
    settle_payouts,
)
from beneficiaries.actions.payouts import change_payout, delete_draft, draft_payout
from beneficiaries.actions.reversals import confirm_reversal, propose_reversal
from beneficiaries.actions.sheets import take_sheet
from beneficiaries.actions.visits import record_visit, void_visit

__all__ = [
    "add_evidence",
    "answer_claim",
    "answer_move",
    "apply_dossier",
    "approve_dossier",
    "approve_payouts",
    "ask_transfer",
    "assess",
    "change_payout",
    "close_dossier",
    "confirm_reversal",
    "delete_draft",
    "draft_payout",
    "fail_payout",
    "offer_dossier",
    "open_case",
    "open_dossier",
    "open_evidence",
    "plan_payouts",
    "post_dossier",
    "propose_reversal",
    "record_visit",
    "release_payouts",
    "reopen_dossier",
    "return_dossier",
    "return_payouts",
    "review_dossier",
    "review_payouts",
    "save_dossier",
    "set_standard",
    "settle_payouts",
    "take_sheet",
    "transfer_dossier",
    "unmask",
    "visit_dossier",
    "void_visit",
    "withdraw_move",
]
