"""A drive of the county that the tests play with: from 2 January 2024, to be accounted by the 31st."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from campaigns import actions
from campaigns.models import Donation, Drive, FundsRaised, Remittance
from tests.campaigns.stage import day


def open_drive(cast: Any, **changed: Any) -> Drive:
    values: dict[str, Any] = {
        "by": cast.county_clerk,
        "issuer": cast.county,
        "title": "2024年联合募捐",
        "kind": "joint",
        "year": 2024,
        "bodies": ["one_day", "red_cross"],
        "starts_on": day("2024-01-02"),
        "ends_on": day("2024-01-20"),
        "account_by": day("2024-01-31"),
        "keeps": True,
    }
    return actions.open_drive(**{**values, **changed})


def collect(cast: Any, drive: Drive, amount: str = "1000.00", **changed: Any) -> Donation:
    values: dict[str, Any] = {
        "by": cast.clerk,
        "union": cast.mill,
        "campaign": None,
        "kind": "",
        "donated_on": day("2024-01-05"),
        "given": {"red_cross": (20, Decimal(amount))},
    }
    return actions.record_donations(drive=drive, **{**values, **changed})[0]


def remit(cast: Any, drive: Drive | None, amount: str = "600.00", **changed: Any) -> Remittance:
    values: dict[str, Any] = {
        "by": cast.clerk,
        "union": cast.mill,
        "campaign": None,
        "remitted_on": day("2024-01-08"),
        "slip_number": "HK-0108",
    }
    return actions.record_remittance(drive=drive, amount=Decimal(amount), **{**values, **changed})


def confirm(cast: Any, row: Remittance, **changed: Any) -> Remittance:
    values = {"by": cast.county_cashier, "version": row.version, "arrived_on": day("2024-01-09")}
    return actions.confirm_remittance(remittance=row, **{**values, **changed})


def keep(cast: Any, drive: Drive, amount: str = "400.00", **changed: Any) -> FundsRaised:
    values: dict[str, Any] = {"by": cast.clerk, "union": cast.mill, "retained_on": day("2024-01-10")}
    return actions.retain_donations(drive=drive, amount=Decimal(amount), **{**values, **changed})
