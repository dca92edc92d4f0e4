"""Payouts and named recipients from Excel: each recipient of a day becomes a draft, several rows of one are its lines."""

from __future__ import annotations

from functools import partial

from beneficiaries.actions.payout_imports import add_payouts
from beneficiaries.enums import Purpose, ReliefGroup, Route, Trait
from beneficiaries.importing import words
from beneficiaries.importing.payout_plan import drafts, plan
from campaigns.enums import FundSource
from campaigns.importing.shared import campaign_field, union_field
from relief.lib.tables import Field
from relief.lib.tables import readers as read
from unions.imports import Plan, Resource
from unions.models import Person, Union

NUMBER_HINT = "设为“文本”再填；15 位旧号也可以。"


def payout_fields(person: Person, union: Union) -> list[Field]:
    """The columns of 发放明细, in the order of the template."""
    purpose = Field(
        "purpose", "用途", read.choice(words.PURPOSES, "用途"), "text", ("帮扶类型", "救助类型", "资金用途"), True,
        tuple(each.label for each in Purpose),
    )  # fmt: skip
    dossier = Field(
        "dossier", "档案号", read.text(40), "text", ("档案编号", "建档编号"),
        hint="不填时按身份证号找本单位的档案。",
    )  # fmt: skip
    basis = [
        Field("self_paid", "自付医疗费（元）", read.money, "money", ("自付医疗费", "自付部分"), hint="医疗救助要填，照票据。", secret=True),
        Field("students", "受助学生数", read.whole, "whole", ("学生人数",), hint="子女助学填，不填算 1 名。"),
        Field("union_member", "工会会员", read.yes_no, "text", ("是否工会会员", "是否会员"), choices=("是", "否")),
    ]  # fmt: skip
    return [*_recipient(), dossier, *_aid(), purpose, *_money(), *basis, *_rest(person, union)]


def recipient_fields(person: Person, union: Union) -> list[Field]:
    """The columns of 慰问对象名册: people without a file, visited with money or goods."""
    return [*_recipient(), *_aid(), *_money(), *_rest(person, union)]


def _recipient() -> list[Field]:
    return [
        Field(
            "recipient", "姓名", read.text(40), "text", ("职工姓名", "慰问对象", "对象姓名", "领款人", "收款人"), True,
            secret=True,
        ),
        Field(
            "id_number", "身份证号", read.id_number, "text", ("身份证号码", "公民身份号码", "证件号", "证件号码", "身份证"),
            hint=NUMBER_HINT, secret=True,
        ),
    ]  # fmt: skip


def _aid() -> list[Field]:
    groups = tuple(group.label for group in ReliefGroup)
    return [
        Field(
            "relief_group", "对象类别", read.choice(words.GROUPS, "对象类别"), "text",
            ("慰问对象类别", "慰问类别", "人员类别", "困难类别"), True, groups,
        ),
        Field(
            "planned_on", "计划发放日期", read.day, "day", ("发放日期", "慰问日期", "日期", "发放时间"), True,
            hint="2024-01-16、2024年1月16日、20240116 都可以。",
        ),
    ]  # fmt: skip


def _money() -> list[Field]:
    return [
        Field(
            "source", "资金来源", read.choice(words.SOURCES, "资金来源"), "text", ("来源", "资金渠道", "经费来源"), True,
            tuple(source.label for source in FundSource),
        ),
        Field(
            "route", "方式", read.choice(words.ROUTES, "方式"), "text", ("发放方式", "发放形式", "款物"), True,
            tuple(route.label for route in Route),
        ),
        Field(
            "amount", "金额（元）", read.money, "money",
            ("金额", "发放金额", "慰问金额", "补助金额", "救助金额", "折价", "金额或折价"), True,
            hint="单位是元；实物填折价。", sums=True,
        ),
        Field("item", "实物名称", read.text(60), "text", ("物品", "物品名称", "慰问品名称"), hint="方式是实物时必填。"),
        Field(
            "bank", "开户银行及支行", read.text(60), "text", ("开户行", "开户银行", "支行名称", "收款银行"), secret=True,
        ),
        Field(
            "card_number", "银行卡号", read.account, "text", ("卡号", "银行账号", "账号", "收款账号", "存折号"),
            hint=NUMBER_HINT.replace("15 位旧号也可以。", "不填时取档案里的卡号。"), secret=True,
        ),
    ]  # fmt: skip


def _rest(person: Person, union: Union) -> list[Field]:
    payers = {name: each for each in Union.objects.filter(pk__in=union.line_ids()) for name in (each.called, each.name)}
    named = read.choice(payers, "出资工会")
    return [
        *(Field(trait.value, trait.label, read.yes_no, "text", (f"是否{trait.label}",), choices=("是", "否")) for trait in Trait),
        campaign_field(person),
        Field(
            "paid_from", "出资工会", lambda cell: named(cell).pk, aliases=("出资单位",),
            choices=tuple(dict.fromkeys(each.called for each in payers.values())), hint="不填就是本工会。",
        ),
        Field(
            "reason", "提醒说明", read.text(200), aliases=("说明", "备注", "超标原因"),
            hint="有提醒时写明原因，例如“2月19日会议纪要第2项”。不要写病情等个人信息。",
        ),
        union_field(union),
    ]  # fmt: skip


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the drafts with their lines."""
    add_payouts(by=person, union=union, made=drafts(person, union, plan.made))


NOTE = "每行写成一笔草稿，送审、审核、审批照常由几个人办。同一个人同一天同一用途的几行算一笔。已有的同一笔略过，金额不同的会指出来。"
PAYOUTS = Resource(
    kind="payouts",
    label="慰问发放",
    unit="行",
    act="payout.import",
    back="payout_list",
    fields=payout_fields,
    plan=partial(plan, purpose=""),
    write=write,
    note=NOTE,
    money=True,
    personal=True,
)
RECIPIENTS = Resource(
    kind="recipients",
    label="慰问对象名册",
    unit="行",
    act="payout.import",
    back="payout_list",
    fields=recipient_fields,
    plan=partial(plan, purpose=Purpose.RELIEF_VISIT.value),
    write=write,
    note=f"没有建档的慰问对象，用途一律是“慰问”。{NOTE}",
    money=True,
    personal=True,
)
