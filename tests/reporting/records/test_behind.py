"""What a click on a figure lists: rows of every measure, household detail for those who keep the file only."""

from __future__ import annotations

import pytest
from django.urls import reverse

from beneficiaries.models import Payout
from reporting.behind import HIDDEN, listings
from reporting.models import Submission
from reporting.spec import load_spec
from tests.reporting.records.expected import blank, form
from tests.reporting.records.ledger import Ledger, deliverable

# measure, filters: (title, rows, totals) of each listing, as the clerk of the mill sees them
BEHIND = [
    ("payouts.contacts", {"group": ["low_income"]}, [("发放", 2, "2 人次 · 1 人 · 1 户 · 170.00 元")]),
    ("payouts.amount", {"source": ["own_union"]}, [("发放", 3, "3 人次 · 2 人 · 2 户 · 77.00 元")]),
    ("payouts.persons", {}, [("发放", 5, "5 人次 · 4 人 · 3 户 · 191.00 元")]),
    ("relief.households", {"group": ["dossier_holder"]}, [("发放", 1, "1 人次 · 1 人 · 1 户 · 5.00 元"), ("走访", 2, "2 次 · 2 户")]),
    ("visits.enterprises", {"in_difficulty": ["yes"]}, [("走访", 2, "2 次")]),
    ("visits.households", {}, [("走访", 4, "4 次 · 3 户")]),
    ("dossiers.households", {}, [("档案", 3, "3 户")]),
    ("dossiers.opened", {}, [("档案", 1, "1 户")]),
    ("funds.amount", {}, [("筹集", 2, "2 笔 · 130.00 元")]),
    ("activities.farmer_amount", {}, [("服务", 1, "1 条 · 100.00")]),
    ("donations.donors", {}, [("捐款", 3, "3 笔 · 18 人 · 58.50 元")]),
    ("donations.all_donors", {}, [("捐款", 1, "1 笔 · 12 人 · 0.00 元")]),
    ("donations.remitted", {}, [("汇款", 1, "1 笔 · 57.50 元")]),
    ("headcount.help_centres", {}, [("职工人数", 1, "取统计期所在年度或之前最近一年的数")]),
]  # fmt: skip
PRIVATE = {"发放", "档案"}


@pytest.fixture
def ledger(cast) -> Ledger:
    return Ledger(cast)


def found(ledger, measure, where, person):
    spec = load_spec(form([blank("N", [{"measure": measure, "where": where}])]))
    return listings(spec.item("N"), Submission(deliverable=deliverable(), union=ledger.mill), person)


@pytest.mark.parametrize(("measure", "where", "expected"), BEHIND)
def test_rows_and_totals(ledger, cast, measure, where, expected):
    seen = found(ledger, measure, where, cast.clerk)
    assert [(one.title, len(one.rows), one.totals) for one in seen] == expected
    assert {one.hidden for one in seen} == {""}
    assert {len(one.heads) for one in seen for _ in one.rows} == {len(row) for one in seen for row in one.rows}


@pytest.mark.parametrize(("measure", "where", "expected"), BEHIND)
def test_the_line_above_sees_totals_without_households(ledger, cast, measure, where, expected):
    seen = found(ledger, measure, where, cast.city_reviewer)
    assert [(one.title, one.totals) for one in seen] == [(title, totals) for title, _, totals in expected]
    for one, (title, rows, _) in zip(seen, expected, strict=True):
        if title in PRIVATE or (title == "走访" and "households" in measure):
            assert (one.rows, one.hidden) == ([], HIDDEN)
        else:
            assert (len(one.rows), one.hidden) == (rows, "")


def test_names_are_masked_and_the_terms_are_told_in_words(ledger, cast):
    (payouts,) = found(ledger, "payouts.contacts", {"trait": ["disabled"]}, cast.clerk)
    assert payouts.asked == "发放（人次）；身份标记（同时具备）：残疾职工"
    assert payouts.rows[0][2] == "测*"


def test_payouts_and_files_lead_to_their_own_pages(ledger, cast):
    (payouts,) = found(ledger, "payouts.contacts", {"trait": ["disabled"]}, cast.clerk)
    numbers = {reverse("payout_detail", args=[payout.pk]): payout.number for payout in Payout.objects.all()}
    assert [row[1] for _, row in payouts.linked] == [numbers[address] for address, _ in payouts.linked]
    assert [(len(one.rows), one.addresses) for one in found(ledger, "visits.enterprises", {}, cast.clerk)] == [
        (3, ["", "", ""])
    ]


def test_a_file_that_moved_on_is_listed_to_its_new_keeper_alone(ledger, cast):
    (files,) = found(ledger, "dossiers.left_hardship", {}, cast.clerk)
    assert (files.totals, files.rows, files.hidden) == ("1 户", [], HIDDEN)
