"""Drives of the demo: the joint drive of 2020, accounted for and closed, and a 一日捐 that waits for its unions."""

from __future__ import annotations

from typing import Any

from campaigns.enums import DonationBody
from relief.site.world.demo.earlier.notices import JS
from relief.site.world.demo.earlier.records import JOINT
from relief.site.world.demo.tree import holder

ONE_DAY = "one-day-2024"


def drives() -> list[dict[str, Any]]:
    """Both are the city's; in the open one a single union has reported, and it reported nothing."""
    by = holder("C1", "enter")
    return [
        {
            "key": JOINT,
            "issuer": "C1",
            "campaign": JS,
            "title": "2020年联合募捐",
            "kind": "joint",
            "year": 2020,
            "bodies": [body for body in DonationBody.values if body != DonationBody.OTHER],
            "starts_on": "2019-12-20",
            "ends_on": "2019-12-31",
            "account_by": "2020-01-17",
            "receiver": "C1",
            "closed_on": "2020-03-31",
            "nothing": [{"union": "G06", "on": "2019-12-31", "by": holder("G06", "enter")}],
            "by": by,
        },
        {
            "key": ONE_DAY,
            "issuer": "C1",
            "title": "2024年“工会一日捐”",
            "kind": "one_day_donation",
            "year": 2024,
            "bodies": ["one_day", "charity_fund"],
            "starts_on": "2024-01-02",
            "ends_on": "2024-01-31",
            "account_by": "2024-02-29",
            "keeps": True,
            "note": "没有收到捐款的单位请报 0。",
            "nothing": [{"union": "G03", "on": "2024-01-31", "by": holder("G03", "enter")}],
            "by": by,
        },
    ]
