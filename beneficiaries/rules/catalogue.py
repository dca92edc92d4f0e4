"""Every rule in words: what it asks, which values it takes, and whether it may be made softer. Pages and forms read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beneficiaries.enums import Purpose, Route, RuleEffect
from relief.lib.money import grouped

FINANCE = frozenset({"central", "province"})
MONEY, WHOLE, WORDS, ROUTES, PURPOSES, BY_PURPOSE, SEVERITY = (
    "money", "whole", "words", "routes", "purposes", "by_purpose", "severity",
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One value of a rule: its name in the row, its label, and of which kind it is."""

    name: str
    label: str
    kind: str
    help: str = ""


@dataclass(frozen=True)
class RuleKind:
    """What a key of FundRule means. `protects` central and provincial money: it refuses, and nothing weaker."""

    key: str
    label: str
    says: str
    values: tuple[Value, ...] = ()
    protects: bool = False

    def words(self, parameters: Mapping[str, Any]) -> list[str]:
        """The values of a row in words, in order; values that a row leaves out are left out."""
        given = [(value, parameters[value.name]) for value in self.values if parameters.get(value.name)]
        return [f"{value.label}：{in_words(value.kind, held)}" for value, held in given]


def in_words(kind: str, held: Any) -> str:
    """One value of a row as a person says it."""
    if kind == MONEY:
        return f"{grouped(Decimal(held), 2)} 元"
    if kind == ROUTES:
        return "、".join(Route(route).label for route in held)
    if kind == PURPOSES:
        return "、".join(Purpose(purpose).label for purpose in held)
    if kind == BY_PURPOSE:
        return "、".join(f"{Purpose(name).label} {grouped(Decimal(amount), 2)} 元" for name, amount in held.items())
    if kind == WORDS:
        return "、".join(held)
    return str(RuleEffect(held).label) if kind == SEVERITY else str(held)


KINDS = (
    RuleKind("dossier_required", "先建档、后帮扶", "发放时档案须已在档，建档日期早于发放日期。", protects=True),
    RuleKind(
        "dossier_age",
        "档案时效",
        "最近一次认定或年度复核满期后须重新申报。",
        (Value("months", "满几个月", WHOLE),),
    ),
    RuleKind(
        "route_allowed",
        "发放方式",
        "只能用列出的方式发放。",
        (Value("routes", "可用方式", ROUTES),),
        protects=True,
    ),
    RuleKind(
        "real_name",
        "实名制",
        "每一笔落实到一个人，身份证号有效。",
        (
            Value("others_wrong", "其他来源证件号有误", SEVERITY),
            Value("others_missing", "其他来源没有证件号", SEVERITY),
        ),
        protects=True,
    ),
    RuleKind(
        "member_required",
        "农民工须为会员",
        "发给农民工的，本人须是工会会员。",
        (Value("unknown", "没有登记会员时", SEVERITY),),
    ),
    RuleKind(
        "purpose_allowed",
        "资金用途",
        "只能用于列出的用途。",
        (Value("purposes", "可用用途", PURPOSES),),
        protects=True,
    ),
    RuleKind(
        "banned_goods",
        "禁购物品",
        "实物名称里不能有列出的物品。",
        (
            Value("words", "名称里不能出现", WORDS, "用顿号或换行分开，名称里任何位置出现都算。"),
            Value("whole", "整个名称不能是", WORDS, "例如“酒”不行，“酒精”可以。"),
        ),
        protects=True,
    ),
    RuleKind("procurement", "采购文件", "属于采购范围的实物须附采购文件，写明文号。"),
    RuleKind("card_number", "银行卡号校验", "卡号末位不符时提醒。", (Value("missing", "没有卡号时", SEVERITY),)),
    RuleKind("funds_cover", "资金足额", "发放不超过出资工会这一来源的可用资金。"),
    RuleKind("same_household", "不同工会重复", "同一户、同一活动、同一用途，其他工会已登记发放。"),
    RuleKind("one_per_purpose", "一户一个用途一次", "同一户在一个活动里，同一用途只发一次。"),
    RuleKind("sign_off", "签收", "现金、实物须有实名签收表，经手人、证明人签字。"),
    RuleKind("case_decision", "一事一议", "超过标准的须有会议纪要。", (Value("yuan", "标准", MONEY),)),
    RuleKind("cap_per_contact", "每人次限额", "一次发给一个人不超过限额。", (Value("yuan", "限额", MONEY),)),
    RuleKind("cap_per_year", "每人每年限额", "一个人一个自然年内不超过限额。", (Value("yuan", "限额", MONEY),)),
    RuleKind("cap_per_household", "每户每年限额", "一户一个自然年内不超过限额。", (Value("yuan", "限额", MONEY),)),
    RuleKind(
        "cap_per_purpose",
        "按用途的每户每年限额",
        "一户一个自然年内每种用途不超过限额，没有写限额的用途不限。",
        (Value("purposes", "限额", BY_PURPOSE),),
    ),
    RuleKind("cap_living", "生活救助限额", "每户每年不超过若干个月低保标准。", (Value("months", "月数", WHOLE),)),
    RuleKind(
        "cap_medical", "医疗救助限额", "不超过医疗费的自付部分。", (Value("missing", "没有填自付医疗费时", SEVERITY),)
    ),
    RuleKind(
        "cap_study",
        "助学限额",
        "每名学生每年不超过若干个月基本生活费；没有写基本生活费的，按低保标准。",
        (Value("months", "月数", WHOLE), Value("yuan", "每月基本生活费", MONEY)),
    ),
)
CATALOGUE: dict[str, RuleKind] = {kind.key: kind for kind in KINDS}
"""Every key of a check, in the order of the rules page."""
OPTIONAL = frozenset({"whole", "yuan@cap_study"})


def optional(key: str, value: Value) -> bool:
    """Whether the value may be left out."""
    return value.name in OPTIONAL or f"{value.name}@{key}" in OPTIONAL or value.kind in (BY_PURPOSE, SEVERITY)


def weaker(key: str, effect: str, sources: list[str]) -> bool:
    """Whether a version would leave central or provincial money with less than the law asks."""
    kind = CATALOGUE[key]
    return kind.protects and (effect != RuleEffect.REFUSE or bool(sources) and not set(sources) >= FINANCE)
