"""Writes of this app, by the part of a filing's life they belong to."""

from reporting.actions.adjusting import confirm_adjustment, propose_adjustment
from reporting.actions.designing import abandon_draft, create_draft, enable_draft, next_number, save_draft
from reporting.actions.filling import (
    explain_check,
    restore_figure,
    save_figures,
    save_missing_note,
    save_report,
    withdraw_explanation,
)
from reporting.actions.handing_in import earlier_round, hand_in, nil_report, withdraw
from reporting.actions.publishing import choose_form, publish
from reporting.actions.reviewing import accept, answer_comment, finalise, open_review, reopen, return_submission
from reporting.actions.waiving import unwaive_check, waive_check

__all__ = [
    "abandon_draft",
    "accept",
    "answer_comment",
    "choose_form",
    "confirm_adjustment",
    "create_draft",
    "earlier_round",
    "enable_draft",
    "explain_check",
    "finalise",
    "hand_in",
    "next_number",
    "nil_report",
    "open_review",
    "propose_adjustment",
    "publish",
    "reopen",
    "restore_figure",
    "return_submission",
    "save_draft",
    "save_figures",
    "save_missing_note",
    "save_report",
    "unwaive_check",
    "waive_check",
    "withdraw",
    "withdraw_explanation",
]
