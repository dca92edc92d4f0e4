"""What goes on around the files of the mill: a move, a claim and their like, for the access table."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from beneficiaries import actions
from beneficiaries.models import Dossier, DuplicateClaim
from relief.lib import clock
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
    _public_list(cast, rows)
    rows["visit_plan"] = actions.plan_visits(
        by=cast.clerk,
        union=cast.mill,
        planned_on=clock.today(),
        route="第 1 路",
        leader="沈国平",
        dossiers=[rows["dossier"]],
    )
    dossier = Dossier.objects.get(pk=rows["dossier"].pk)
    actions.record_review(by=cast.clerk, dossier=dossier, version=dossier.version, outcome="still", text="仍符合条件")
    rows["check"] = actions.draw_check(by=cast.reviewer, union=cast.mill, year=clock.today().year, share=100)
    rows["check_item"] = rows["check"].items.get()


def _public_list(cast: Cast, rows: dict[str, Any]) -> None:
    """A list of the mill's payout that everybody with the link may read, with one objection."""
    today = clock.today()
    prepared = actions.prepare_list(
        by=cast.clerk,
        union=cast.mill,
        title="送温暖慰问公示",
        starts_on=today,
        ends_on=today + datetime.timedelta(days=8),
        contact="青岬县教育工会",
        payouts=[rows["payout"]],
    )
    published = actions.publish_list(by=cast.approver, public_list=prepared, version=1)
    rows["public_list"] = published
    rows["public_key"] = SimpleNamespace(pk=published.token)
    rows["objection"] = actions.record_objection(
        by=cast.clerk, public_list=published, received_on=today, text="不住在本单位"
    )
