"""Every blank of every form at every level, as the product has it, against the oracle's own reckoning."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import Campaign, Deliverable
from relief.site.world.loader import load_world
from reporting import formstore
from reporting.enums import FigureState, Part
from reporting.figures import Sheet, sheet_of
from reporting.models import Round, RoundFigure, Submission
from reporting.records import Records
from reporting.spec import FormSpec, load_spec
from reporting.values import Value, printed_number
from tests.oracle import oracle, six_forms
from tests.oracle.forms_by_hand import GROUPS
from tests.oracle.ledger import Ledger
from tests.oracle.random_worlds import random_world
from unions.models import Union

ROOT = Path(__file__).parent.parent.parent
FORM_FILES = (ROOT / "tests/fixtures/forms/mini.json", ROOT / "tests/oracle/forms/helped.json")
LOADED_AT = datetime(2024, 3, 5, 2, 0, tzinfo=UTC)
SEEDS = range(1, 21)
BOTH = 6
"""So many of the worlds are reckoned on PostgreSQL, too; the rest differ in their numbers, not in what is asked."""
GROUP_AMOUNT = {group: f"D{place}" for place, group in enumerate(GROUPS, 1)}
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


def sheets_of_product() -> list[Sheet]:
    """All forms as they stand now; a sheet reads what it is asked for once."""
    submissions = Submission.objects.filter(deliverable__kind="form").select_related(
        "union", "deliverable__campaign", "deliverable__form_link__form_version"
    )
    return [sheet_of(submission) for submission in submissions]


def figures_of_product(sheets: list[Sheet]) -> dict[tuple[Any, ...], Row]:
    """{(campaign, deliverable, union, state, round, part): row} of all forms; round 0 is what stands now."""
    found: dict[tuple[Any, ...], Row] = {}
    for sheet in sheets:
        submission, deliverable = sheet.submission, sheet.submission.deliverable
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


def differences(product: dict[Any, dict[str, Any]], reckoned: dict[Any, dict[str, Any]]) -> list[tuple[Any, ...]]:
    """(where, blank, product, oracle) for every blank that is not the same, and for rows that only one of them has."""
    lone = [(where, "row", where in product, where in reckoned) for where in product.keys() ^ reckoned.keys()]
    return lone + [
        (where, code, product[where].get(code), reckoned[where].get(code))
        for where in product.keys() & reckoned.keys()
        for code in product[where].keys() | reckoned[where].keys()
        if product[where].get(code, "missing") != reckoned[where].get(code, "missing")
    ]


def printed_by_product(sheets: list[Sheet]) -> dict[tuple[str, ...], dict[str, Decimal | str | None]]:
    """The live consolidated rows in printed units."""
    found = {}
    for sheet in sheets:
        found[sheet.submission.deliverable.key, sheet.submission.union.code] = {
            code: value.text or printed_number(sheet.spec.item(code), value)
            for code, value in sheet.consolidated.items()
        }
    return found


def printed_by_oracle(world: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Decimal | str | None]]:
    return {
        (deliverable, union): {b.code: oracle.printed(b, filing.consolidated[b.code]) for b in filing.blanks}
        for (_, deliverable, union), filing in oracle.compute(world).items()
    }


def exported(folder: Path, place: oracle.Place, form: str, *more: str) -> dict[str, Any]:
    """What the command writes about one union's form, numbers exact."""
    target = folder / "form.json"
    where = ("--campaign", place[0], "--union", place[2], "--form", form, "--format", "json", "--output", str(target))
    call_command("export_form", *where, *more, stdout=StringIO())
    written = json.loads(target.read_text(encoding="utf-8"), parse_float=Decimal)
    figures = {code: (figure["value"], figure["unit"]) for code, figure in written["figures"].items()}
    return {"state": written["state"], "round": written["round"] or None, "part": written["part"], "figures": figures}


def exported_by_oracle(filing: oracle.Filing, part: str) -> dict[str, Any]:
    """The latest round, else what stands now (D28), in printed units."""
    stand = filing.rounds[-1] if filing.rounds else filing
    row = stand.own if part == "own" else stand.consolidated
    figures = {b.code: (oracle.printed(b, row[b.code]), "" if b.is_word else b.unit) for b in filing.blanks}
    number = filing.rounds[-1].number if filing.rounds else None
    return {"state": filing.state, "round": number, "part": part, "figures": figures}


WINDOWS = {six_forms.MAIN: ("2023-12-28", "2024-02-24"), six_forms.YEAR_BEFORE: ("2023-01-01", "2023-12-31")}
BY_YEAR = {**WINDOWS, six_forms.MAIN: WINDOWS[six_forms.YEAR_BEFORE]}


def six_specs() -> dict[str, FormSpec]:
    files = [ROOT / "fixtures/forms" / f"{form}.json" for form in six_forms.RECORDED]
    return {path.stem: load_spec(json.loads(path.read_text(encoding="utf-8"))) for path in files}


def recorded_by_product(world: dict[str, Any], windows: dict[str, tuple[str, str]]) -> dict[tuple[Any, ...], Any]:
    """{(form, union): {code: number}} and the number of keys, asked for all unions of the world at once."""
    first, last = (date.fromisoformat(day) for day in windows[six_forms.MAIN])
    deliverable = Deliverable(campaign=Campaign(year=2024), period_from=first, period_to=last)
    codes = dict(Union.objects.values_list("pk", "code"))
    found: dict[tuple[Any, ...], Any] = {}
    for form, spec in six_specs().items():
        records = Records(deliverable, codes)
        for pk, numbers in records.numbers(spec).items():
            found[form, codes[pk]] = numbers
        for code, (_, rows) in records.keys(spec).items():
            for pk, union in codes.items():
                found.setdefault((form, union, "keys"), {})[code] = _held(rows, pk)
    return found


def _held(rows: list[Any], union_id: int) -> int:
    return sum(1 for row in rows if row.union_id == union_id)


def recorded_by_oracle(world: dict[str, Any], windows: dict[str, tuple[str, str]]) -> dict[tuple[Any, ...], Any]:
    ledger = Ledger(world)
    found: dict[tuple[Any, ...], Any] = {}
    for form in six_forms.RECORDED:
        for union in world["unions"]:
            place = (ledger, form, union["code"], windows)
            found[form, union["code"]] = six_forms.recorded(*place)
            if keys := six_forms.keys(*place):
                found[form, union["code"], "keys"] = keys
    return found


def forms_of(world: dict[str, Any]) -> dict[str, str]:
    return {d["key"]: d["form"] for c in world["campaigns"] for d in c["deliverables"] if d["kind"] == "form"}


def a_wrong_amount_is_noticed(world: dict[str, Any], product: dict[tuple[Any, ...], Row]) -> None:
    """The comparison can fail: one amount that differs is found at its union and its blank."""
    other = copy.deepcopy(world)
    counted = next(
        p for p in other["payouts"] if p["state"] == "paid" and "reversal" not in p and p["paid_on"] == "2024-01-15"
    )
    counted["lines"][0]["amount"] = "98765.43"
    wrong = differences(product, figures_of_oracle(other))
    assert (counted["union"], "own", GROUP_AMOUNT[counted["group"]]) in {(w[2], w[5], code) for w, code, *_ in wrong}


@pytest.mark.parametrize(
    "seed", [seed if seed <= BOTH else pytest.param(seed, marks=pytest.mark.sqlite_only) for seed in SEEDS]
)
def test_every_blank_of_a_random_world(db, tmp_path, seed):
    world = random_world(seed)
    load(world)
    sheets = sheets_of_product()
    product = figures_of_product(sheets)
    assert differences(product, figures_of_oracle(world)) == []
    if seed == SEEDS[0]:
        a_wrong_amount_is_noticed(world, product)
    assert differences(printed_by_product(sheets), printed_by_oracle(world)) == []
    for windows in (WINDOWS, BY_YEAR):
        assert differences(recorded_by_product(world, windows), recorded_by_oracle(world, windows)) == []
    forms = forms_of(world)
    for place, filing in oracle.compute(world).items():
        part = "consolidated" if filing.children else "own"
        assert exported(tmp_path, place, forms[place[1]]) == exported_by_oracle(filing, part)
