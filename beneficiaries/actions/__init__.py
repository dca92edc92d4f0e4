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
from beneficiaries.actions.dossiers import open_dossier, save_dossier
from beneficiaries.actions.evidence import add_evidence, open_evidence
from beneficiaries.actions.households import open_case, unmask
from beneficiaries.actions.leaving import close_dossier, reopen_dossier, transfer_dossier
from beneficiaries.actions.visits import record_visit, void_visit

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
