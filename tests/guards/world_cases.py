"""What goes on around the files of the mill: a move, a claim and their like, for the access table."""

from __future__ import annotations

from typing import Any

from beneficiaries import actions
from beneficiaries.models import DuplicateClaim
from tests.beneficiaries import households
from tests.cast import Cast


def add(cast: Cast, rows: dict[str, Any]) -> None:
    """Add the rows; the file of the mill is in the chain's last state already."""
    (rows["move"],) = actions.ask_transfer(
        by=cast.school_clerk,
        union=cast.school,
        persons={households.HOLDER_ID: "唐某"},
        reason="已调入本校",
    )
    # The school types a householder who is a member at the mill: a claim, cleared at the county.
    actions.open_dossier(
        by=cast.school_clerk,
        union=cast.school,
        fields={
            "name": "薛某",
            "sex": "female",
            "id_number": households.WIFE_ID,
            "cause": "schooling",
            "work_status": "on_post",
        },
        members=[],
        claim="父母分户",
    )
    rows["claim"] = DuplicateClaim.objects.get()
