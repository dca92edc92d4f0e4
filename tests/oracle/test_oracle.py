"""Every blank of every form at every level, as the product has it, against the oracle's own reckoning."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relief.site.world.loader import load_world
from reporting import formstore
from reporting.enums import FigureState, Part
from reporting.figures import sheet_of
from reporting.models import Round, RoundFigure, Submission
from reporting.values import Value, printed_number
from tests.oracle import oracle
from tests.oracle.random_worlds import random_world

ROOT = Path(__file__).parent.parent.parent
FORM_FILES = (ROOT / "tests/fixtures/forms/mini.json", ROOT / "tests/oracle/forms/helped.json")
LOADED_AT = datetime(2024, 3, 5, 2, 0, tzinfo=UTC)
SEEDS = range(1, 21)
Row = dict[str, oracle.Value]


def load(world: dict[str, Any], now: datetime | None = LOADED_AT) -> None:
    """Put the world into the empty database; the small forms are stored before."""
    for path in FORM_FILES:
        formstore.store(json.loads(path.read_text(encoding="utf-8")))
    load_world(world, now=now)


def plain(value: Value) -> oracle.Value:
    """A value of the product in the oracle's words."""
    if value.is_na:
        return oracle.NA
    return value.number if value.number is not None else value.text


def frozen(round_: Round, part: str) -> Row:
    rows = RoundFigure.objects.filter(round=round_, part=part).order_by("pk")
    return {figure.code: _frozen_value(figure) for figure in rows}


def _frozen_value(figure: RoundFigure) -> oracle.Value:
    if figure.state == FigureState.NA:
        return oracle.NA
    if figure.state == FigureState.EMPTY:
        return None
    return figure.text if figure.number is None else figure.number


def figures_of_product() -> dict[tuple[Any, ...], Row]:
    """{(campaign, deliverable, union, state, round, part): row} of all forms; round 0 is what stands now."""
    found: dict[tuple[Any, ...], Row] = {}
    submissions = Submission.objects.filter(deliverable__kind="form").select_related(
        "union", "deliverable__campaign", "deliverable__form_link__form_version"
    )
    for submission in submissions:
        sheet, deliverable = sheet_of(submission), submission.deliverable
        place = (deliverable.campaign.code, deliverable.key, submission.union.code, submission.state)
        found[*place, 0, "own"] = {code: plain(value) for code, value in sheet.own.values.items()}
        found[*place, 0, "consolidated"] = {code: plain(value) for code, value in sheet.consolidated.items()}
        for round_ in submission.rounds.all():
            for part in (Part.OWN, Part.CONSOLIDATED):
                found[*place, round_.number, part.value] = frozen(round_, part)
    return found


def figures_of_oracle(world: dict[str, Any]) -> dict[tuple[Any, ...], Row]:
    """The same, from the world file alone."""
    found: dict[tuple[Any, ...], Row] = {}
    for place, filing in oracle.compute(world).items():
        found[*place, filing.state, 0, "own"] = filing.own
        found[*place, filing.state, 0, "consolidated"] = filing.consolidated
        for handed in filing.rounds:
            found[*place, filing.state, handed.number, "own"] = handed.own
            found[*place, filing.state, handed.number, "consolidated"] = handed.consolidated
    return found


def printed_by_product() -> dict[tuple[str, ...], dict[str, Decimal | str | None]]:
    """The live consolidated rows in printed units."""
    found = {}
    for submission in Submission.objects.filter(deliverable__kind="form").select_related("union", "deliverable"):
        sheet = sheet_of(submission)
        found[submission.deliverable.key, submission.union.code] = {
            code: value.text or printed_number(sheet.spec.item(code), value)
            for code, value in sheet.consolidated.items()
        }
    return found


def printed_by_oracle(world: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Decimal | str | None]]:
    return {
        (deliverable, union): {b.code: oracle.printed(b, filing.consolidated[b.code]) for b in filing.blanks}
        for (_, deliverable, union), filing in oracle.compute(world).items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_blank_of_a_random_world(db, seed):
    world = random_world(seed)
    load(world)
    assert figures_of_product() == figures_of_oracle(world)
    assert printed_by_product() == printed_by_oracle(world)


def test_the_comparison_can_fail(db):
    world = random_world(SEEDS[0])
    load(world)
    other = copy.deepcopy(world)
    counted = next(
        p for p in other["payouts"] if p["state"] == "paid" and "reversal" not in p and p["paid_on"] == "2024-01-15"
    )
    counted["lines"][0]["amount"] = "98765.43"
    assert figures_of_product() == figures_of_oracle(world)
    assert figures_of_product() != figures_of_oracle(other)
