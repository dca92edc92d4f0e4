"""The caps of a calendar year go by the day of payment, until then by the planned day, and by the sources they bind."""

import datetime

from beneficiaries import actions
from beneficiaries.models import FundRule
from beneficiaries.payouts.facts import findings_of, for_checking
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import fresh, line, pairs
from tests.beneficiaries.payouts.test_steps import to_approved

LAST, FIRST = datetime.date(2024, 12, 30), datetime.date(2025, 1, 5)


def cap(*sources: str) -> None:
    FundRule.objects.create(
        key="cap_per_year", version=7, sources=list(sources), parameters={"yuan": "200.00"}, effect="warn",
        origin="县总办法", issuer="县总工会", valid_from=datetime.date(2024, 1, 1),
    )  # fmt: skip


def said(payout) -> list[str]:
    found = findings_of(list(for_checking().filter(pk=payout.pk)), today=clock.today())[payout.pk]
    return [finding.sentence for finding in found if finding.key == "cap_per_year"]


def test_what_was_planned_in_one_year_and_paid_in_the_next_counts_in_the_next(cast, till):
    late = till.named(planned_on=LAST)
    to_approved(cast, late)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(late), paid_on=FIRST, key="k")
    cap()
    assert said(till.named(planned_on=LAST - datetime.timedelta(days=1))) == []
    assert said(till.named(planned_on=FIRST)) == [
        "本年已领 150.00 元，加本次 300.00 元，超过每人每年 200.00 元。依据：县总办法。"
    ]


def test_a_payment_is_judged_by_what_was_paid_in_its_own_year(cast, till):
    paid = till.named(planned_on=FIRST, reason="补发")
    to_approved(cast, paid)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(paid), paid_on=FIRST, key="a")
    late = fresh(till.named(planned_on=LAST))
    cap()
    late.paid_on = FIRST
    found = findings_of([late], today=clock.today())[late.pk]
    assert [finding.sentence for finding in found if finding.key == "cap_per_year"] == [
        "本年已领 150.00 元，加本次 300.00 元，超过每人每年 200.00 元。依据：县总办法。"
    ]


def test_a_cap_of_some_sources_counts_these_sources_alone(cast, till):
    both = [line("own_union", "cash", "190.00"), line("employer", "cash", "30.00")]
    to_approved(cast, till.named(lines=both, planned_on=LAST, reason="会费 2 月到账"))
    cap("employer")
    again = [line("employer", "cash", "180.00")]
    late = till.named(lines=again, planned_on=LAST - datetime.timedelta(days=1))
    assert said(late) == ["本年已领 30.00 元，加本次 210.00 元，超过每人每年 200.00 元。依据：县总办法。"]
    less = [line("employer", "cash", "170.00")]
    assert said(till.named(lines=less, planned_on=LAST - datetime.timedelta(days=2))) == []
