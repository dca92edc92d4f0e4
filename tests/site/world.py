"""For the tests of the commands: `run`, and a small world of one line: province, county, school; two households, five payouts, one accepted filing."""

import io
import json
from datetime import date
from typing import Any

from django.core.management import CommandError, call_command

from relief.lib import idnumber

PASSWORD = "Songwennuan-2024"
PERIOD = ["2023-12-28", "2024-02-24"]
CARD = "6221260000000000"


def number(sequence: int) -> str:
    return idnumber.make("999901", date(1975, 6, 12), sequence)


def small_world() -> dict[str, Any]:
    """A fresh copy, to be changed by the test."""
    return json.loads(json.dumps(_world()))


def _world() -> dict[str, Any]:
    return {
        "format": "relief-world/1",
        "title": "小世界",
        "unions": [
            {
                "code": "P",
                "name": "云岭省教科文卫体工会委员会",
                "kind": "province",
                "parent": None,
                "standards": [{"year": 2024, "monthly": "780.00"}],
                "headcounts": [{"year": 2023, "workers": 40, "farmer_workers": 2}],
            },
            {"code": "K1", "name": "石浔县教育工会", "kind": "county", "parent": "P"},
            {"code": "G1", "name": "石浔一中工会", "kind": "grassroots", "parent": "K1"},
        ],
        "persons": _persons(),
        "campaigns": [_campaign()],
        "households": [_household("H1", 1, "唐志远"), _household("H2", 2, "宋春兰", state="posted")],
        "payouts": _payouts(),
        "funds": [
            _funds("P", "central", "9000.00"),
            _funds("K1", "own_union", "1000.00"),
            _funds("G1", "own_union", "5000.00"),
            _funds("G1", "own_union", "70.00", reversed=True),
        ],
        "allocations": [
            {"giver": "P", "receiver": "G1", "source": "central", "amount": "6000.00", "allocated_on": "2024-01-04"}
        ],
        "visits": [
            {"union": "G1", "kind": "household", "household": "H1", "visited_on": "2024-01-16"},
            {"union": "K1", "kind": "enterprise", "enterprise": "石浔教学仪器厂", "visited_on": "2024-01-17"},
        ],
        "activities": [{"union": "G1", "kind": "culture", "held_on": "2024-01-20", "contacts": 120}],
        "filings": [
            _filing("-5d", "submit", "G1", explain={"paid_within_raised": "中央资金由省里拨入。"}),
            _filing("-4d", "open", "G1"),
            _filing("-3d", "return", "G1", reason="请核对。", pins={"C11": "与清册不符。"}),
            _filing("-2d", "save", "G1", typed={"F2": {"value": "130", "note": "补计家属"}}),
            _filing("-2d", "submit", "G1"),
            _filing("-1d", "accept", "G1"),
            _filing("-2h", "submit", "K1", explain={"paid_within_raised": "中央资金由省里拨入。"}),
        ],
    }


def _persons() -> list[dict[str, Any]]:
    wanted = [("P", role) for role in ("organise", "enter", "review", "approve", "pay")]
    wanted += [(union, role) for union in ("K1", "G1") for role in ("enter", "review", "approve", "pay")]
    people = [
        {
            "login": f"{union}-{role}".lower(),
            "name": f"{role}某",
            "password": PASSWORD,
            "posts": [{"union": union, "role": role}],
        }
        for union, role in wanted
    ]
    return [*people, {"login": "p-second", "name": "林若溪", "posts": [{"union": "P", "role": "organise"}]}]


def _campaign() -> dict[str, Any]:
    return {
        "code": "small",
        "issuer": "P",
        "year": 2024,
        "title": "2024年元旦春节送温暖",
        "starts_on": PERIOD[0],
        "ends_on": PERIOD[1],
        "drafted_by": "p-organise",
        "published_at": "-20d",
        "notice": {
            "title": "关于开展2024年送温暖活动的通知",
            "salutation": "各工会：",
            "body": "请报送。",
            "issued_on": PERIOD[0],
        },
        "deliverables": [
            {
                "key": "form",
                "kind": "form",
                "form": "shaanxi-2024",
                "title": "统计表",
                "period": PERIOD,
                "opens": "-20d",
                "due": "+5d",
                "leads": {"county": 1, "grassroots": 3},
            }
        ],
        "addressees": "all",
        "acknowledged": [{"union": "K1", "at": "-19d"}],
    }


def _household(key: str, sequence: int, name: str, state: str = "active") -> dict[str, Any]:
    return {
        "key": key,
        "union": "G1",
        "name": name,
        "id_number": number(sequence),
        "class": "deep",
        "state": state,
        "opened_on": "2023-06-12",
        "cause": "illness",
        "card_number": CARD,
        "bank": "云岭农商银行石浔支行",
        "assessment": {"persons": 2, "yearly_income": "60000.00", "rigid_expenses": "50000.00"},
        "members": [{"relation": "son", "name": "唐家乐", "id_number": number(sequence + 100)}],
    }


def _payouts() -> list[dict[str, Any]]:
    central = [{"source": "central", "route": "card", "amount": "1500.00"}]
    cash = [{"source": "own_union", "route": "cash", "amount": "300.50"}]
    goods = [{"source": "own_union", "route": "goods", "amount": "80.00", "item": "大米"}]
    return [
        _payout("F1", [*central, *goods], household="H1", purpose="medical"),
        _payout("F2", cash, recipient={"name": "何永福", "id_number": number(31)}, traits=["disabled"]),
        _payout("F3", cash, recipient={"name": "邓月娥"}, paid_from="K1"),
        _payout(
            "F4",
            cash,
            recipient={"name": "叶国栋", "id_number": number(33)},
            reversed_on="2024-01-22",
            reversal={"reason": "重复登记"},
        ),
        _payout("F5", cash, recipient={"name": "苏桂香", "id_number": number(34)}, state="planned"),
    ]


def _payout(key: str, lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    group = "dossier_holder" if "household" in more else "festival_duty"
    row = {
        "key": key,
        "union": "G1",
        "campaign": "small",
        "group": group,
        "purpose": "relief_visit",
        "planned_on": "2024-01-16",
        "state": "paid",
        "lines": lines,
        **more,
    }
    return row | ({"paid_on": "2024-01-17"} if row["state"] == "paid" else {})


def _funds(union: str, source: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"union": union, "source": source, "amount": amount, "received_on": "2024-01-03", **more}


def _filing(at: str, act: str, union: str, **more: Any) -> dict[str, Any]:
    return {"at": at, "act": act, "campaign": "small", "deliverable": "form", "union": union, **more}


def run(*args, **options) -> tuple[int, str]:
    """The exit status and what was printed."""
    out = io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=io.StringIO(), **options)
    except SystemExit as end:
        return int(end.code), out.getvalue()
    except CommandError as refusal:
        return refusal.returncode, str(refusal)
    return 0, out.getvalue()
