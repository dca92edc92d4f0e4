"""What one clerk types must not break the pages of everybody above: amounts that no sum can hold."""

from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.models import FundsRaised
from relief.lib.money import parse_amount
from tests.campaigns.importing.desk import FUNDS_HEAD, checked
from tests.cast import log_in
from unions.imports import jobs

HUGE = "90000000000000000"


def test_an_amount_that_nobody_can_mean_is_not_taken():
    with pytest.raises(ValueError, match="金额太大，请检查小数点和位数。"):
        parse_amount("100000000000.01")


@pytest.mark.parametrize(("head", "cell"), [("金额（元）", 90_000_000_000_000), ("金额（万元）", 90_000_000)])
def test_nor_from_a_file(cast, head, cell):
    row = ["2024-01-05", "本级工会经费", cell, "资金", "记-012", "常态化", ""]
    job = checked(cast.clerk, cast.mill, "funds", [head if "金额" in each else each for each in FUNDS_HEAD], row)
    assert [(told["rows"], told["says"]) for told in jobs.report_of(job)["told"]] == [([2], "金额太大。")]


def test_the_ledger_stays_open_for_those_above(client, cast):
    log_in(client, cast.clerk)
    typed = {"source": "own_union", "form": "cash", "amount": HUGE, "received_on": "2024-01-05"}
    answers = [client.post(reverse("funds_new"), {**typed, "voucher": key, "request_key": key}) for key in ("a", "b")]
    assert ([answer.status_code for answer in answers], FundsRaised.objects.count()) == ([422, 422], 0)
    log_in(client, cast.county_clerk)
    assert client.get(reverse("funds")).status_code == 200
