"""What the sheet of a file says and where: rows of cells on a grid of eight columns, for both kinds of file.

It reads the masked objects of the page, so that the sheet never shows more than the page of the same moment would.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from beneficiaries.dossiers import holder_facts, masking, page
from beneficiaries.enums import HardshipClass, PayoutState, Step
from beneficiaries.models import Dossier, Opinion
from beneficiaries.payouts.rows import AidHistory, aid_history
from relief.lib import clock
from relief.lib.money import grouped
from unions.models import Person

COLUMNS = (24, 18, 14, 14, 25, 23, 22, 38)
"""Widths in mm; together the 178 mm between the margins of an upright A4 page."""
NOTHING = "—"
LOCKED = "已遮蔽"
PROMISE = "本人承诺以上内容真实，同意工会核查和按规定公示。"


@dataclass(frozen=True)
class Cell:
    """One cell: `look` is label, value, number, head, section or place (for a photo, a seal, a signature)."""

    text: str
    look: str = "value"
    span: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Sheet:
    """The sheet: title, line under it, rows, and the line at the foot of every page."""

    title: str
    number: str
    subtitle: tuple[str, str]
    foot: str
    full: bool
    rows: list[list[Cell]] = field(default_factory=list)


def dossier_sheet(dossier: Dossier, *, by: Person, full: bool) -> Sheet:
    """The sheet of one household; `full` only after the action has allowed and recorded it."""
    now = clock.db_now().astimezone(clock.SHANGHAI)
    today = clock.today()
    kind = "完整版，含敏感信息，请妥善保管" if full else "遮蔽版"
    return Sheet(
        title="困难职工档案表",
        number=dossier.number,
        subtitle=(
            f"建档工会：{dossier.union.name}",
            f"档案号：{dossier.number}　状态：{dossier.get_state_display()}　单位：元",
        ),
        foot=f"{kind} · 档案 {dossier.number} · {by.name} 于 {now:%Y-%m-%d %H:%M} 打印",
        full=full,
        rows=[
            *_holder(dossier, today, full),
            *_members(dossier, today, full),
            *_assessment(dossier),
            *_aid(aid_history(dossier, today)),
            *_opinions(dossier),
            [_label("附件材料"), _value(_papers(dossier), 7)],
        ],
    )


def _label(text: str, span: int = 1) -> Cell:
    return Cell(text, "label", span)


def _value(text: object, span: int = 3) -> Cell:
    return Cell(str(text or NOTHING), "value", span)


def _section(text: str) -> list[Cell]:
    return [Cell(text, "section", len(COLUMNS))]


def _pair(left: str, left_value: object, right: str, right_value: object, last: int = 3) -> list[Cell]:
    return [_label(left), _value(left_value), _label(right), _value(right_value, last)]


def _holder(dossier: Dossier, today: datetime.date, full: bool) -> list[list[Cell]]:
    who = masking.householder(dossier, today, full=full)
    contact = dossier.contact_person.name if dossier.contact_person else ""
    more = holder_facts.by_name(dossier, full=full)
    photo = Cell("照片", "place", 1, 5)
    return [
        [
            _label("姓名"),
            _value(who.name, 2),
            _label("性别"),
            _value(who.sex, 1),
            _label("年龄"),
            _value(who.age, 1),
            photo,
        ],
        _pair("身份证号", who.id_number, "手机号码", who.phone, 2),
        [_label("家庭住址"), _value(who.address, 6)],
        _pair("民族", more["ethnicity"], "政治面貌", more["political_status"], 2),
        _pair("婚姻状况", more["marital_status"], "工会会员", more["union_member"] or "否", 2),
        _pair("职工编号", more["staff_number"], "申请类别", more["application_kind"]),
        _pair("户口类型", more["registration_kind"], "户口所在地", more["registration_place"]),
        _pair("邮政编码", more["postcode"], "其他联系方式", more["other_contact"]),
        _pair("住房类型", more["housing"], "面积（㎡）", more["floor_area"]),
        _pair("工作单位", who.employer, "工作状态", who.work_status),
        _pair("单位性质", more["employer_nature"], "企业状况", more["employer_condition"]),
        _pair("所属行业", more["industry"], "参加工作时间", more["worked_since"]),
        _pair("合同签订", more["contract_signed_on"], "合同期限", more["contract_term"]),
        _pair("医保状况", more["medical_insurance"], "劳模类型", more["model_worker_rank"]),
        _pair("健康状况", who.health, "残疾类别", more["disability"]),
        _pair("致困原因", who.cause, "次要致困原因", more["other_causes"]),
        [_label("原因说明"), _value(more["cause_note"], 7)],
        _pair("家庭情况", _marks(more), "五类重点群体", more["priority_group"]),
        _pair("困难类别", dossier.get_hardship_class_display(), "建档标准", dossier.get_level_display()),
        _pair("身份标记", who.marks, "持有证件", who.certificate),
        _pair("本人月收入", more["monthly_income"], "其他年收入", more["other_yearly_income"]),
        _pair("月低保金额", more["subsistence_amount"], "四个一批", more["exit_measure"]),
        _pair("开户银行", who.bank, "银行卡号", who.card_number),
        _pair("建档日期", dossier.opened_on, "下次复核", dossier.review_due_on),
        _pair("联系人", contact, "建档人", dossier.entered_by.name),
        *_pairing_row(dossier),
        *([[_label("备注"), _value(dossier.note, 7)]] if dossier.note else []),
    ]


def _marks(more: dict[str, str]) -> str:
    titles = {"single_parent": "单亲", "jobless_household": "零就业家庭", "can_help_itself": "有一定自救能力"}
    return "、".join(title for name, title in titles.items() if more[name])


def _pairing_row(dossier: Dossier) -> list[list[Cell]]:
    """Who pairs with the household now; no line when nobody does."""
    now = dossier.pairings.filter(valid_to__isnull=True).first()
    if now is None:
        return []
    who = f"{now.helper}{f'（{now.unit}）' if now.unit else ''}，{now.valid_from} 起"
    return [[_label("结对帮扶"), _value(who, 7)]]


def _members(dossier: Dossier, today: datetime.date, full: bool) -> list[list[Cell]]:
    titles = ("姓名", "关系", "性别", "年龄", "人员身份", "月收入", "健康状况", "身份证号")
    rows = [_section("家庭成员（共同生活）"), [Cell(title, "head") for title in titles]]
    found = masking.member_rows(dossier.members.all(), today, full=full)
    for member in found:
        if member.locked:
            rows.append([Cell(member.locked, "value", len(COLUMNS))])
            continue
        income = grouped(member.income, 2) if member.income is not None else (NOTHING if full else LOCKED)
        texts = [member.name, member.relation, member.sex, member.age, member.role]
        rows.append(
            [
                *(_value(text, 1) for text in texts),
                Cell(income, "number"),
                _value(member.health, 1),
                _value(member.id_number, 1),
            ]
        )
        if member.more:
            rows.append([_label("补充资料"), _value(member.more, 7)])
    return rows if found else [*rows, [Cell("没有登记家庭成员", "value", len(COLUMNS))]]


def _assessment(dossier: Dossier) -> list[list[Cell]]:
    card = page.assessment_card(dossier)
    if card is None:
        return [_section("家庭收入与困难评估"), [Cell("还没有评估", "value", len(COLUMNS))]]
    row, outcome = card["row"], card["outcome"]
    taken = HardshipClass(row.override or row.result).label
    how = f"{taken}（{'人工认定' if row.override else '测算'}）"
    rows = [
        _section("家庭收入与困难评估"),
        _amounts("年可支配收入", row.yearly_income, "年刚性支出", row.rigid_expenses),
        _amounts("年必要就业成本", row.job_cost, "年意外损失", row.accidental_loss),
        _amounts("低保月标准", row.standard, "人均月收入", row.per_head),
        [_label("测算过程"), _value(outcome.sentence, 7)],
        _pair("采用规则", row.rule, "家庭人口", f"{row.persons} 人"),
        _pair(
            "认定类别", how, "评估", f"{row.assessed_by.name}，{row.assessed_at.astimezone(clock.SHANGHAI):%Y-%m-%d}"
        ),
    ]
    if row.override:
        rows.append([_label("认定理由"), _value(f"{row.override_reason}（测算结果：{row.get_result_display()}）", 7)])
    return rows


def _amounts(left: str, amount: Decimal, right: str, other: Decimal) -> list[Cell]:
    return [
        _label(left, 2),
        Cell(grouped(amount, 2), "number", 2),
        _label(right, 2),
        Cell(grouped(other, 2), "number", 2),
    ]


def _aid(history: AidHistory) -> list[list[Cell]]:
    spans = (("日期", 1), ("活动", 3), ("用途", 1), ("款物", 2), ("金额", 1))
    rows = [_section("领取帮扶记录（已发放）"), [Cell(title, "head", span) for title, span in spans]]
    paid = [row for row in history.rows if row.state == PayoutState.PAID]
    for row in paid:
        lines = "；".join(
            f"{line.source}{line.route}{f'（{line.item}）' if line.item else ''}{grouped(line.amount, 2)}"
            for line in row.lines
        )
        texts = ((f"{row.day:%Y-%m-%d}", 1), (row.campaign, 3), (row.purpose, 1), (lines, 2))
        rows.append([*(_value(text, span) for text, span in texts), Cell(grouped(row.amount, 2), "number")])
    if not paid:
        return [*rows, [Cell("还没有领取过帮扶", "value", len(COLUMNS))]]
    total = f"本年 {grouped(history.this_year, 2)} 元；累计"
    return [*rows, [_label(total, 7), Cell(grouped(history.in_all, 2), "number")]]


def _opinions(dossier: Dossier) -> list[list[Cell]]:
    said = list(Opinion.objects.filter(dossier=dossier).select_related("person", "union"))
    given = _present(said)
    rows = [
        _section("申请和各级意见"),
        [
            _label("申请人承诺"),
            Cell(PROMISE, "value", 4),
            Cell("申请人签字：\n\n　　　　年　　月　　日", "place", 3),
        ],
    ]
    for step in page.CHAIN:
        opinion = given.get(step)
        text = ""
        if opinion is not None:
            until = f" 至 {opinion.until}" if opinion.until else ""
            amount = f"建议 {grouped(opinion.amount, 2)} 元。" if opinion.amount is not None else ""
            text = f"{amount}{opinion.text or page.OUTCOMES[step]}\n{opinion.union.name}　{opinion.person.name}　{opinion.on}{until}"
        rows.append(
            [
                _label(f"{step.label}意见"),
                Cell(text, "value", 4),
                Cell("（签字、盖章）\n\n　　　　年　　月　　日", "place", 3),
            ]
        )
    return rows


def _papers(dossier: Dossier) -> str:
    """The types of evidence the file holds, each with its number; names of files are never printed."""
    held = [tile for tile in page.evidence_tiles(dossier) if tile["count"]]
    return "；".join(f"{tile['kind']} {tile['count']} 件" for tile in held)


def _present(said: Sequence[Opinion]) -> dict[Step, Opinion]:
    """The latest opinion of each step since the last application; none where the file went back to its keeper."""
    given: dict[Step, Opinion] = {}
    for opinion in said:
        step = Step(opinion.step)
        if step in (Step.APPLY, Step.RETURN):
            given = {}
        if step in page.CHAIN:
            given[step] = opinion
    return given
