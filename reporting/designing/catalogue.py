"""The lists a designer picks from: measures with their filters, periods, units; each word with its Chinese label."""

from __future__ import annotations

from typing import Any

from beneficiaries.enums import CauseClass, Certificate, HardshipClass, Purpose, ReliefGroup, Trait
from campaigns.enums import ActivityKind, DonationBody, DonationKind, FundSource
from reporting.measures import CATALOGUE, CLOSED_LISTS

UNITS = (
    *("家", "人", "人次", "户", "户次", "对", "件", "场次", "场", "次", "个", "张", "列", "节", "辆", "艘", "架"),
    *("名", "份", "项", "元", "万元", "%"),
)
PERIODS = {"main": "本期", "second": "第二统计期", "year": "本年度", "previous_year": "上年度"}
FILTERS = {
    "group": "慰问对象",
    "purpose": "帮扶类别",
    "not_purpose": "除帮扶类别",
    "trait": "人员特征",
    "source": "资金来源",
    "kind": "服务类别",
    "class": "困难类别",
    "body": "接收单位",
    "donation_kind": "募捐种类",
    "certificate": "所持证件",
    "cause_class": "致困原因",
    "below_standard": "低于低保线",
    "in_difficulty": "困难企业",
    "with_relief": "同时慰问",
}
WORDS: dict[str, list[tuple[str, str]]] = {
    "group": list(ReliefGroup.choices),
    "purpose": list(Purpose.choices),
    "not_purpose": list(Purpose.choices),
    "trait": list(Trait.choices),
    "source": list(FundSource.choices),
    "kind": list(ActivityKind.choices),
    "class": list(HardshipClass.choices),
    "body": list(DonationBody.choices),
    "donation_kind": list(DonationKind.choices),
    "certificate": list(Certificate.choices),
    "cause_class": list(CauseClass.choices),
    **{name: [("yes", "是")] for name in ("below_standard", "in_difficulty", "with_relief")},
}
TABLES = {
    "visits": "走访",
    "funds": "筹集资金",
    "payouts": "发放",
    "activities": "服务活动",
    "dossiers": "困难职工档案",
    "headcount": "职工人数",
    "donations": "募捐",
    "relief": "慰问",
}
COUNTED = {
    "enterprises": "企业数",
    "households": "户数",
    "persons": "人数",
    "amount": "金额",
    "contacts": "人次",
    "quantity": "数量",
    "number": "场次",
    "farmer_amount": "其中农民工金额",
    "farmer_contacts": "其中农民工人次",
    "farmer_persons": "其中农民工人数",
    "new_contacts": "其中新生代农民工人次",
    "new_persons": "其中新生代农民工人数",
    "opened": "新建档户数",
    "left_hardship": "脱困户数",
    "workers": "职工总数",
    "farmer_workers": "农民工总数",
    "help_centres": "帮扶中心数",
    "donors": "捐款人数",
    "all_donors": "捐款人数（各单位合计）",
    "remitted": "汇缴金额",
}


def catalogue(forms: list[dict[str, Any]]) -> dict[str, Any]:
    """The lists as the designer's page takes them; `forms` are the other forms a blank may be taken from."""
    return {
        "measures": [
            {
                "name": measure.name,
                "label": measure_label(measure.name),
                "base": measure.base,
                "filters": sorted(measure.filters),
            }
            for measure in CATALOGUE.values()
        ],
        "filters": {name: {"label": FILTERS.get(name, name), "words": _words(name)} for name in _filter_names()},
        "periods": [{"value": value, "label": label} for value, label in PERIODS.items()],
        "units": list(UNITS),
        "forms": forms,
    }


def measure_label(name: str) -> str:
    """发放：人次 for `payouts.contacts`; the name itself for what has no label yet."""
    table, _, counted = name.partition(".")
    return f"{TABLES.get(table, table)}：{COUNTED.get(counted, counted)}"


def _filter_names() -> list[str]:
    return sorted({name for measure in CATALOGUE.values() for name in measure.filters})


def _words(name: str) -> list[dict[str, str]]:
    choices = WORDS.get(name) or [(word, word) for word in sorted(CLOSED_LISTS.get(name, ()))]
    return [{"value": str(value), "label": str(label)} for value, label in choices if value]
