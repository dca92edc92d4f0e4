"""Writes of this app, by the part of a filing's life they belong to."""

from reporting.actions.adjusting import confirm_adjustment, propose_adjustment
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

__all__ = [
    "accept",
    "answer_comment",
    "choose_form",
    "confirm_adjustment",
    "earlier_round",
    "explain_check",
    "finalise",
    "hand_in",
    "nil_report",
    "open_review",
    "propose_adjustment",
    "publish",
    "reopen",
    "restore_figure",
    "return_submission",
    "save_figures",
    "save_missing_note",
    "save_report",
    "withdraw",
    "withdraw_explanation",
]
