"""Everything this app writes: dossiers, their chain, visits, payouts."""

# dossiers, chain and visits
from beneficiaries.actions.assessments import adopt_rule, assess, set_standard

# payout batches
from beneficiaries.actions.batch_papers import (
    add_invoice,
    add_payout_invoice,
    record_proxy,
    take_invoice,
    take_list,
)
from beneficiaries.actions.batch_steps import (
    add_signed_list,
    approve_batch,
    plan_batch,
    release_batch,
    return_batch,
    review_batch,
    second_batch,
    settle_signed,
)
from beneficiaries.actions.batch_terms import change_terms
from beneficiaries.actions.batches import (
    add_households,
    add_recipients,
    change_batch,
    check_recipients,
    delete_batch,
    drop_lines,
    open_batch,
    set_amounts,
)
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
from beneficiaries.actions.entry_drafts import drop_draft, keep_draft
from beneficiaries.actions.evidence import add_evidence, open_evidence
from beneficiaries.actions.households import open_case, unmask
from beneficiaries.actions.leaving import close_dossier, reopen_dossier, transfer_dossier
from beneficiaries.actions.moves import answer_move, offer_dossier, withdraw_move
from beneficiaries.actions.pairings import end_pairing, pair_household

# payouts
from beneficiaries.actions.payout_steps import (
    approve_payouts,
    fail_payout,
    plan_payouts,
    release_payouts,
    return_payouts,
    review_payouts,
    second_payouts,
    settle_payouts,
)
from beneficiaries.actions.payouts import change_payout, delete_draft, draft_payout
from beneficiaries.actions.public_lists import (
    decide_objection,
    post_listed,
    prepare_list,
    publish_list,
    record_objection,
    withdraw_list,
)
from beneficiaries.actions.reversals import confirm_reversal, propose_reversal, refuse_reversal
from beneficiaries.actions.reviews import draw_check, record_check, record_review
from beneficiaries.actions.sheets import take_sheet
from beneficiaries.actions.thresholds import end_threshold, set_threshold
from beneficiaries.actions.visit_photos import add_visit_photos, remove_visit_photo, take_visit_photo
from beneficiaries.actions.visits import cancel_plan, plan_visits, record_visit, void_visit

__all__ = [
    "add_evidence",
    "add_households",
    "add_invoice",
    "add_payout_invoice",
    "add_recipients",
    "add_signed_list",
    "add_visit_photos",
    "adopt_rule",
    "answer_claim",
    "answer_move",
    "apply_dossier",
    "approve_batch",
    "approve_dossier",
    "approve_payouts",
    "ask_transfer",
    "assess",
    "cancel_plan",
    "change_batch",
    "change_payout",
    "change_terms",
    "check_recipients",
    "close_dossier",
    "confirm_reversal",
    "decide_objection",
    "delete_batch",
    "delete_draft",
    "draft_payout",
    "draw_check",
    "drop_draft",
    "drop_lines",
    "end_pairing",
    "end_threshold",
    "fail_payout",
    "keep_draft",
    "offer_dossier",
    "open_batch",
    "open_case",
    "open_dossier",
    "open_evidence",
    "pair_household",
    "plan_batch",
    "plan_payouts",
    "plan_visits",
    "post_dossier",
    "post_listed",
    "prepare_list",
    "propose_reversal",
    "publish_list",
    "record_check",
    "record_objection",
    "record_proxy",
    "record_review",
    "record_visit",
    "refuse_reversal",
    "release_batch",
    "release_payouts",
    "remove_visit_photo",
    "reopen_dossier",
    "return_batch",
    "return_dossier",
    "return_payouts",
    "review_batch",
    "review_dossier",
    "review_payouts",
    "save_dossier",
    "second_batch",
    "second_payouts",
    "set_amounts",
    "set_standard",
    "set_threshold",
    "settle_payouts",
    "settle_signed",
    "take_invoice",
    "take_list",
    "take_sheet",
    "take_visit_photo",
    "transfer_dossier",
    "unmask",
    "visit_dossier",
    "void_visit",
    "withdraw_list",
    "withdraw_move",
]
