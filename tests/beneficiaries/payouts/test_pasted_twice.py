"""A request that arrives twice writes once, also for recipients without an ID number (R-32)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from beneficiaries.models import Payout
from tests.beneficiaries.payouts.test_batches import opened
from tests.cast import log_in

TEXT = "姓名\t金额\n魏建国\t100\n秦素云\t120"


@pytest.fixture
def sheet(client, till):
    log_in(client, till.cast.clerk)
    return reverse("batch_paste_rows", args=[opened(till).pk])


def test_rows_pasted_twice_by_the_same_request_are_written_once(client, sheet):
    (key,) = re.findall('name="request_key" value="([0-9a-f]{32})"', client.get(sheet).content.decode())
    answers = [client.post(sheet, {"text": TEXT, "do": "paste-write", "request_key": key}) for _ in range(2)]
    assert ([answer.status_code for answer in answers], Payout.objects.count()) == ([302, 302], 2)


def test_other_rows_under_the_same_request_are_refused(client, sheet):
    client.post(sheet, {"text": TEXT, "do": "paste-write", "request_key": "k" * 32})
    answer = client.post(sheet, {"text": f"{TEXT}\n何晓芸\t90", "do": "paste-write", "request_key": "k" * 32})
    assert (answer.status_code, Payout.objects.count()) == (422, 2)
