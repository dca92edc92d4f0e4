"""Every measure with its filters and windows against numbers that were counted by hand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.measures import CATALOGUE, PERIODS
from reporting.records import Records
from reporting.records.scope import MOST_NAMED
from reporting.spec import FormSpec, load_spec
from tests.reporting.records.expected import EXPECTED, blank, form
from tests.reporting.records.ledger import Ledger, deliverable


def term(measure, where=None, period="main"):
    return {"measure": measure, "where": where or {}, "period": period}


def spec_of_all() -> FormSpec:
    """One blank per line of the table; blanks of different people and homes join as such."""
    blanks = []
    for place, (measure, where, period, *_) in enumerate(EXPECTED):
        over = CATALOGUE[measure].distinct or "sum"
        blanks.append(blank(f"N{place}", [term(measure, where, period)], over))
    return load_spec(form(blanks))


@pytest.fixture
def ledger(cast) -> Ledger:
    return Ledger(cast)


def numbers_of(spec, *unions) -> list[list[int]]:
    found = Records(deliverable(), [union.pk for union in unions]).numbers(spec)
    return [list(found[union.pk].values()) for union in unions]


def test_the_table_has_every_measure_filter_and_period():
    used = {(measure, name) for measure, where, *_ in EXPECTED for name in where}
    assert {measure for measure, *_ in EXPECTED} == set(CATALOGUE)
    assert {period for _, _, period, *_ in EXPECTED} == PERIODS
    filters = {(measure.name, name) for measure in CATALOGUE.values() for name in measure.filters}
    # The filters of one table are one piece of code for all its measures; each is tried with at least one of them.
    assert {(name.split(".")[0], word) for name, word in filters} == {(name.split(".")[0], word) for name, word in used}


def test_every_measure_filter_and_window(ledger):
    mill, school = numbers_of(spec_of_all(), ledger.mill, ledger.school)
    found = [(*case[:3], *pair) for case, *pair in zip(EXPECTED, mill, school, strict=True)]
    assert [(got, case) for got, case in zip(found, EXPECTED, strict=True) if got != case] == []


def test_as_many_keys_as_numbers(ledger):
    spec, records = spec_of_all(), Records(deliverable(), [ledger.mill.pk, ledger.school.pk])
    numbers = records.numbers(spec)
    for code, (_, rows) in records.keys(spec).items():
        counted = {union: sum(1 for row in rows if row.union_id == union) for union in numbers}
        assert counted == {union: row[code] for union, row in numbers.items()}


def test_terms_are_added_and_keys_are_united(ledger):
    homes = [term("payouts.households", {"group": ["low_income"]}), term("visits.households")]
    spec = load_spec(
        form(
            [
                blank("A", [term("payouts.contacts", {"purpose": ["living"]}), term("activities.contacts", {"kind": ["culture"]})]),
                blank("B", homes, "distinct_household"),
                blank("C", homes),
                blank("D", [term("payouts.persons"), term("payouts.persons", period="previous_year")], "distinct_person"),
            ]
        )
    )  # fmt: skip
    # B: D1 (paid and visited), D2, D3; C: 1 + 3; D: a, b, e, nobody's number, d
    assert numbers_of(spec, ledger.mill) == [[10, 3, 4, 5]]


def test_a_total_has_the_number_that_stands_against_it(ledger):
    spec = load_spec(
        form(
            [
                blank("A", [term("funds.amount", {"source": ["central"]})]),
                blank("T", [term("funds.amount")], source=None, formula="A", against={"terms": [term("funds.amount")]}),
                blank("W", [term("funds.amount")], source=None),
            ]
        )
    )
    found = Records(deliverable(), [ledger.mill.pk]).numbers(spec)
    assert found == {ledger.mill.pk: {"A": 100_00, "T": 130_00}}


def test_the_same_queries_for_one_union_and_thirty(ledger):
    spec, counts = spec_of_all(), []
    for unions in ([ledger.mill.pk], [ledger.mill.pk, *range(10_000, 10_029)], list(range(1, MOST_NAMED * 3))):
        with CaptureQueriesContext(connection) as asked:
            Records(deliverable(), unions).numbers(spec)
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            Records(deliverable(), unions).keys(spec)
        counts.append(len(asked))
    assert counts == [2, 1] * 3


def test_very_many_unions_get_their_own_numbers_and_nobody_elses(ledger):
    spec = spec_of_all()
    many = [pk for pk in range(1, MOST_NAMED * 3) if pk != ledger.mill.pk]
    found, keys = Records(deliverable(), many).numbers(spec), Records(deliverable(), many).keys(spec)
    assert sorted(found) == many
    assert list(found[ledger.school.pk].values()) == [school for *_, school in EXPECTED]
    assert {row.union_id for _, rows in keys.values() for row in rows} == {ledger.school.pk}


def test_nobody_asked_is_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Records(deliverable(), []).numbers(spec_of_all()) == {}


def test_a_kept_question_counts_for_each_union_alone(ledger):
    """Asked one by one, the statement of the first union serves the second, and neither gets the other's numbers."""
    spec = spec_of_all()
    together = numbers_of(spec, ledger.mill, ledger.school)
    assert [numbers_of(spec, ledger.mill), numbers_of(spec, ledger.school)] == [[row] for row in together]
