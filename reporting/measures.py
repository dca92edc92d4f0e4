"""The catalogue of measures that a blank's source may name: unit, filters, words and periods, each with its label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from beneficiaries.enums import CauseClass, Certificate, HardshipClass, Purpose, ReliefGroup, Trait
from campaigns.enums import ActivityKind, DonationBody, DonationKind, FundSource

if TYPE_CHECKING:
    from reporting.spec.model import Item, Term

PERIOD_LABELS = {
    "main": "本表统计期",
    "second": "第二统计期",
    "year": "活动年度（1 月 1 日至 12 月 31 日）",
    "previous_year": "上一年度（1 月 1 日至 12 月 31 日）",
}
PERIODS = frozenset(PERIOD_LABELS)

TRAITS_OF_DOSSIERS = tuple(trait for trait in Trait.values if trait != Trait.NEW_GENERATION)
"""Marks that a file carries; 新生代 follows from a sealed birth date and stands on payouts only."""


@dataclass(frozen=True)
class Filter:
    """A way to narrow a measure: its label and the words one may choose."""

    name: str
    label: str
    words: tuple[tuple[str, str], ...]

    @property
    def values(self) -> frozenset[str]:
        return frozenset(value for value, _ in self.words)


def _filter(name: str, label: str, words: Iterable[tuple[Any, Any]]) -> Filter:
    return Filter(name, label, tuple((str(value), str(text)) for value, text in words))


YES = (("yes", "是"),)

FILTERS: dict[str, Filter] = {
    found.name: found
    for found in (
        _filter("group", "对象类别", ReliefGroup.choices),
        _filter("purpose", "用途", Purpose.choices),
        _filter("not_purpose", "用途不是", Purpose.choices),
        _filter("trait", "身份标记（同时具备）", Trait.choices),
        _filter("source", "资金来源", FundSource.choices),
        _filter("kind", "服务类别", ActivityKind.choices),
        _filter("class", "困难类别", HardshipClass.choices),
        _filter("certificate", "持有证件", Certificate.choices),
        _filter("cause_class", "致困原因", CauseClass.choices),
        _filter("below_standard", "人均收入低于低保标准", YES),
        _filter("in_difficulty", "困难企业", YES),
        _filter("with_relief", "带慰问款物", YES),
        _filter("body", "接收机构", DonationBody.choices),
        _filter("donation_kind", "募捐种类", DonationKind.choices),
    )
}
CLOSED_LISTS = {name: found.values for name, found in FILTERS.items()}


@dataclass(frozen=True)
class Measure:
    """What a measure counts: 分 or ones, by which filters it may be narrowed, whether it is of different persons or homes."""

    name: str
    label: str
    base: str
    filters: tuple[str, ...]
    distinct: str = ""

    @property
    def table(self) -> str:
        return self.name.partition(".")[0]

    def words(self, name: str) -> frozenset[str]:
        """The words of one of its filters: files carry fewer marks than payouts."""
        if name == "trait" and self.table != "payouts":
            return frozenset(TRAITS_OF_DOSSIERS)
        return FILTERS[name].values


_PAYOUTS = "group purpose not_purpose trait source class"
_DOSSIERS = "class trait certificate cause_class below_standard"
_PERSON, _HOUSEHOLD = "distinct_person", "distinct_household"

# name, label, base, filters, whether it counts different persons or households
_ROWS = (
    ("visits.enterprises", "走访企业（家）", "ones", "in_difficulty with_relief", ""),
    ("visits.households", "走访家庭（户）", "ones", "trait with_relief", _HOUSEHOLD),
    ("visits.persons", "走访慰问（人）", "ones", "trait with_relief", _PERSON),
    ("funds.amount", "筹集款物（元）", "fen", "source", ""),
    ("payouts.contacts", "发放（人次）", "ones", _PAYOUTS, ""),
    ("payouts.persons", "发放（人）", "ones", _PAYOUTS, _PERSON),
    ("payouts.households", "发放（户）", "ones", _PAYOUTS, _HOUSEHOLD),
    ("payouts.amount", "发放款物（元）", "fen", _PAYOUTS, ""),
    ("relief.households", "慰问家庭：发放和带款物的走访（户）", "ones", "group trait", _HOUSEHOLD),
    ("activities.number", "服务：场次", "ones", "kind", ""),
    ("activities.contacts", "服务：人次", "ones", "kind", ""),
    ("activities.persons", "服务：人数", "ones", "kind", ""),
    ("activities.quantity", "服务：数量（个、对、列、节、辆、艘、架、张）", "ones", "kind", ""),
    ("activities.amount", "服务：金额（元）", "fen", "kind", ""),
    ("activities.farmer_contacts", "服务：其中农民工人次", "ones", "kind", ""),
    ("activities.farmer_persons", "服务：其中农民工人数", "ones", "kind", ""),
    ("activities.farmer_amount", "服务：其中农民工金额（元）", "fen", "kind", ""),
    ("activities.new_contacts", "服务：其中新生代农民工人次", "ones", "kind", ""),
    ("activities.new_persons", "服务：其中新生代农民工人数", "ones", "kind", ""),
    ("dossiers.households", "期末在档家庭（户）", "ones", _DOSSIERS, _HOUSEHOLD),
    ("dossiers.persons", "期末在档职工（人）", "ones", _DOSSIERS, _PERSON),
    ("dossiers.opened", "期内新建档家庭（户）", "ones", _DOSSIERS, _HOUSEHOLD),
    ("dossiers.left_hardship", "期内脱困退档家庭（户）", "ones", _DOSSIERS, _HOUSEHOLD),
    ("donations.donors", "捐款人数（按接收机构相加）", "ones", "body donation_kind", ""),
    ("donations.all_donors", "捐款总人数（一人只计一次）", "ones", "donation_kind", ""),
    ("donations.amount", "捐款金额（元）", "fen", "body donation_kind", ""),
    ("donations.remitted", "捐款已汇出金额（元）", "fen", "", ""),
    ("headcount.workers", "职工总数（人）", "ones", "", ""),
    ("headcount.farmer_workers", "农民工总数（人）", "ones", "", ""),
    ("headcount.help_centres", "帮扶中心和站点（个）", "ones", "", ""),
)
CATALOGUE: dict[str, Measure] = {
    name: Measure(name, label, base, tuple(filters.split()), distinct) for name, label, base, filters, distinct in _ROWS
}


def catalogue() -> dict[str, Any]:
    """The lists a person picks a source from, as plain data: measures with their filters, words of filters, periods."""
    return {
        "measures": [
            {
                "name": measure.name,
                "label": measure.label,
                "base": measure.base,
                "distinct": measure.distinct,
                "filters": list(measure.filters),
                "words": {name: [value for value, _ in FILTERS[name].words if value in measure.words(name)]
                          for name in measure.filters},
            }
            for measure in CATALOGUE.values()
        ],
        "filters": {
            found.name: {
                "label": found.label,
                "words": [{"value": value, "label": label} for value, label in found.words],
            }
            for found in FILTERS.values()
        },
        "periods": [{"value": value, "label": label} for value, label in PERIOD_LABELS.items()],
    }  # fmt: skip


def term_in_words(term: Term) -> str:
    """A source term as a person reads it: measure, filters, period when it is not the form's own.

    An unknown measure or word is shown as it is written.
    """
    measure = CATALOGUE.get(term.measure)
    parts = [measure.label if measure else term.measure]
    for name, words in term.where:
        found = FILTERS.get(name)
        known = dict(found.words) if found else {}
        parts.append(f"{found.label if found else name}：{'、'.join(known.get(word, word) for word in words)}")
    if term.period != "main":
        parts.append(PERIOD_LABELS.get(term.period, term.period))
    return "；".join(parts)


def term_faults(item: Item, term: Term) -> Iterator[str]:
    """A sentence for each thing in a source term that the records cannot answer."""
    measure = CATALOGUE.get(term.measure)
    if measure is None:
        yield f"项目“{item.code}”的取数口径“{term.measure}”不在目录里。"
        return
    if (measure.base == "fen") != (item.kind == "money") or not item.is_numeric:
        yield f"项目“{item.code}”的单位是{item.unit or '文字'}，和取数口径“{term.measure}”不是一类。"
    if item.over_children.startswith("distinct") and measure.distinct != item.over_children:
        yield f"项目“{item.code}”汇总时去重，取数口径“{term.measure}”数的不是{_COUNTED[item.over_children]}。"
    if term.period not in PERIODS:
        yield f"项目“{item.code}”的统计期“{term.period}”只能是 {'、'.join(PERIOD_LABELS)} 之一。"
    for name, words in term.where:
        if name not in measure.filters:
            yield f"项目“{item.code}”的取数口径“{term.measure}”不能按“{name}”筛选。"
            continue
        unknown = [word for word in words if word not in measure.words(name)]
        if unknown or not words:
            yield f"项目“{item.code}”的筛选“{name}”里有不认识的值：{'、'.join(unknown) or '空'}。"


_COUNTED = {_PERSON: "人", _HOUSEHOLD: "户"}
