"""The questions asked of the list: which active files wait for something, and what asking costs."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from beneficiaries import actions, keyset
from beneficiaries.dossiers import queries as dossier_queries
from beneficiaries.models import Dossier, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, make_till, pairs
from tests.beneficiaries.payouts.test_steps import to_approved
from tests.beneficiaries.test_dossier_pages import queries
from tests.cast import log_in


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def active(cast, clerk, mill):
    return made.walk(cast, made.draft(clerk, mill))


def counts(person) -> dict[str, int]:
    return {word: count for word, _, count in dossier_queries.counts(Dossier.objects.visible_to(person)).questions}


def stored(dossier, **values):
    Dossier.objects.filter(pk=dossier.pk).update(**values)


def test_a_new_active_file_waits_for_its_first_aid_alone(clerk, active):
    assert counts(clerk) == {"unchanged": 0, "unhelped": 1, "review": 0, "news": 0}


@pytest.mark.parametrize(("days", "count"), [(364, 0), (366, 1)])
def test_a_file_is_old_after_a_year_without_change(clerk, active, days, count):
    stored(active, changed_at=clock.db_now() - datetime.timedelta(days=days))
    assert counts(clerk)["unchanged"] == count


@pytest.mark.parametrize(("days", "count"), [(61, 0), (60, 1), (-5, 1)])
def test_the_review_is_near_sixty_days_before_and_when_overdue(clerk, active, days, count):
    stored(active, review_due_on=clock.today() + datetime.timedelta(days=days))
    assert counts(clerk)["review"] == count


def test_a_file_that_is_not_active_waits_for_nothing(clerk, mill):
    draft = made.draft(clerk, mill)
    stored(draft, changed_at=clock.db_now() - datetime.timedelta(days=900), review_due_on=clock.today())
    assert counts(clerk) == {"unchanged": 0, "unhelped": 0, "review": 0, "news": 0}


def test_only_a_paid_payout_that_was_not_taken_back_is_help(cast):
    till = make_till(cast)
    payout = till.draft(
        purpose="relief_visit", dossier=till.dossier, lines=[line("own_union", "cash", "150.00")], reason="补录"
    )
    to_approved(cast, payout)
    seen = [counts(cast.clerk)["unhelped"]]
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="a")
    seen.append(counts(cast.clerk)["unhelped"])
    reversal = actions.propose_reversal(by=cast.cashier, payout=fresh(payout), reversed_on=DAY, reason="退回")
    actions.confirm_reversal(by=cast.approver, reversal=reversal)
    assert [*seen, counts(cast.clerk)["unhelped"]] == [1, 0, 1]


def test_the_chip_shows_its_files_and_keeps_its_count(client, clerk, mill, active):
    made.draft(clerk, mill, id_number=made.number(1970, 9))
    page = log_in(client, clerk).get(reverse("dossier_list"), {"ask": "unhelped"})
    assert [row["number"] for row in page.context["rows"]] == [active.number]
    assert page.context["questions"] == [
        ("unchanged", "一年未改", 0),
        ("unhelped", "未帮扶过", 1),
        ("review", "复核即将到期", 0),
        ("news", "走访有变化", 0),
    ]
    assert len(client.get(reverse("dossier_list"), {"ask": "nonsense"}).context["rows"]) == 2


def test_asking_costs_the_same_for_one_and_three(client, cast, clerk, mill, active):
    url = f"{reverse('dossier_list')}?ask=unhelped"
    log_in(client, clerk)
    one = queries(client, url)
    for place in range(2):
        made.walk(cast, made.draft(clerk, mill, id_number=made.number(1970 + place, 9)))
    assert (queries(client, url), Dossier.objects.active().count()) == (one, 3)


def test_a_count_stops_and_says_so(client, clerk, mill, monkeypatch):
    monkeypatch.setattr(dossier_queries, "MOST", 2)
    monkeypatch.setattr(dossier_queries, "MANY", 1)
    for place in range(4):
        made.draft(clerk, mill, id_number=made.number(1960 + place, 9))
    found = dossier_queries.counts(Dossier.objects.visible_to(clerk))
    assert (found.total, found.most, found.states["draft"]) == (3, 1, 2)
    said = log_in(client, clerk).get(reverse("dossier_list")).content.decode()
    assert ["全部 <b>2+</b>" in said, "草稿 <b>1+</b>" in said] == [True, True]


def test_pages_go_on_and_back_by_the_number(clerk, mill):
    numbers = [made.draft(clerk, mill, id_number=made.number(1960 + place, 9)).number for place in range(5)]
    rows = Dossier.objects.visible_to(clerk)

    def page(**at):
        found = keyset.slice_of(rows, "number", 2, **at)
        return [row.number for row in found.rows], found.before, found.after

    assert page() == (numbers[:2], "", numbers[1])
    assert page(after=numbers[1]) == (numbers[2:4], numbers[2], numbers[3])
    assert page(after=numbers[3]) == (numbers[4:], numbers[4], "")
    assert page(before=numbers[4]) == (numbers[2:4], numbers[2], numbers[3])
    assert page(before=numbers[2]) == (numbers[:2], "", numbers[1])
    assert keyset.slice_of(rows, "number", 5).alone
