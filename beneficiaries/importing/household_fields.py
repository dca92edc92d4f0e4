"""The columns of a list of households and their members; which of them belong to the householder, which to a member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from beneficiaries import codes
from beneficiaries.dossiers import intake
from relief.lib.tables import Field, Unreadable
from relief.lib.tables import readers as read
from relief.lib.xlsx import Cell
from unions.models import Person, Union

SELF = "self"
SELF_WORDS = ("户主", "本人")
NUMBER_HINT = "设为“文本”再填；15 位旧号也可以。"
WORDS: dict[str, tuple[str, ...]] = {
    "sex": (),
    "ethnicity": (),
    "political_status": (),
    "marital_status": ("婚姻",),
    "health": ("身体状况", "疾病类别"),
    "disability": ("残疾类别", "残疾类别及等级"),
    "model_worker_rank": ("劳模",),
    "registration_kind": ("户口性质", "户籍类型"),
    "medical_insurance": ("是否进入医保", "医保"),
    "work_status": ("工作状态(身份)", "职工身份", "身份"),
    "employer_nature": (),
    "employer_condition": (),
    "industry": ("行业",),
    "contract_term": ("劳动合同期限",),
    "level": ("建档标准(级别)", "档案级别"),
    "application_kind": (),
    "housing": (),
    "cause": ("主要致困原因", "困难原因"),
    "certificate": (),
    "priority_group": (),
    "exit_measure": ("四个一批",),
    "role": (),
    "education": ("学历",),
}
"""Lists of words by field, and what else their column is called."""
SECRET_WORDS = frozenset({"health", "disability", "cause", "role"})
TEXTS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "staff_number": ("职工编号", 40, ("工号",)),
    "registration_place": ("户口所在地行政区划", 80, ("户口所在地", "户籍地")),
    "address": ("家庭住址", 200, ("住址", "现住址", "居住地址")),
    "postcode": ("邮政编码", 6, ("邮编",)),
    "phone": ("手机号码", 20, ("手机", "联系电话", "电话", "手机号")),
    "other_contact": ("其他联系方式", 60, ()),
    "floor_area": ("建筑面积", 10, ("住房面积", "建筑面积(平方米)")),
    "employer": ("工作单位", 120, ("所在单位", "单位或学校", "就读学校")),
    "other_causes": ("次要致困原因", 60, ("次要原因",)),
    "cause_note": ("致困原因说明", 200, ("困难原因说明",)),
    "school_year": ("入学年份", 4, ()),
    "school_length": ("年制", 2, ("学制",)),
    "note": ("备注", 200, ("说明",)),
}
SECRET_TEXTS = frozenset({"address", "phone", "other_contact", "other_causes", "cause_note", "employer", "note"})
MARKS = {
    "farmer_worker": ("农民工", ("是否农民工",)),
    "disabled": ("残疾职工", ("是否残疾",)),
    "gig_worker": ("新就业形态劳动者", ()),
    "union_member": ("工会会员", ("是否工会会员", "是否会员")),
    "single_parent": ("是否单亲", ("单亲",)),
    "jobless_household": ("是否零就业家庭", ("零就业家庭",)),
    "can_help_itself": ("是否有一定自救能力", ("自救能力",)),
    "relief_target": ("是否解困脱困对象", ("解困脱困对象",)),
}
DAYS = {
    "birth_date": ("出生日期", ("出生年月日", "生日")),
    "worked_since": ("工作时间", ("参加工作时间",)),
    "contract_signed_on": ("劳动合同签订时间", ("合同签订时间", "合同签订/入伍时间")),
    "relief_target_on": ("列为解困脱困对象的日期", ()),
}
AMOUNTS = {
    "monthly_income": ("月收入（元）", ("本人月平均收入", "月平均收入")),
    "other_yearly_income": ("家庭其他非薪资年收入（元）", ()),
    "subsistence_amount": ("低保金额（元）", ("低保金",)),
}
HOLDER = (intake.FIELDS - {"contact_person"}) | {"birth_date"}
MEMBER = intake.MEMBER_FIELDS - {"id"}


def fields(person: Person, union: Union) -> list[Field]:
    """The columns of the list, in the order of the template: who, then what belongs to both, then the householder's."""
    relations = (SELF_WORDS[0], *codes.LISTS["relation"].words)
    return [
        Field(
            "relation", "与户主关系", _relation, "text", ("关系", "家庭关系", "与户主的关系"), choices=relations,
            hint="户主一行写“户主”或不填；成员写与户主的关系。",
        ),
        Field(
            "name", "姓名", read.text(40), "text", ("职工姓名", "成员姓名"), secret=True,
            hint="必填。成员紧跟在户主下面，或另放一页。",
        ),
        Field(
            "id_number", "身份证号", read.id_number, "text", ("身份证号码", "公民身份号码", "证件号码", "身份证"), secret=True,
            hint=f"户主必填，按它认户。{NUMBER_HINT}",
        ),
        Field("holder_name", "户主姓名", read.text(40), "text", ("户主",), secret=True),
        Field(
            "holder_number", "户主身份证号", read.id_number, "text", ("户主证件号", "户主身份证号码"), secret=True,
            hint="成员另放一页时必填。",
        ),
        *(_worded(name) for name in WORDS),
        *(Field(name, title, _text(most), "text", more, secret=name in SECRET_TEXTS) for name, (title, most, more) in TEXTS.items()),
        *(Field(name, title, read.yes_no, "text", more, choices=("是", "否")) for name, (title, more) in MARKS.items()),
        *(Field(name, title, read.day, "day", more, secret=name == "birth_date") for name, (title, more) in DAYS.items()),
        *(Field(name, title, read.money, "money", more, secret=True) for name, (title, more) in AMOUNTS.items()),
        Field("bank", "开户银行及支行", read.text(120), "text", ("开户行", "开户银行", "支行名称"), secret=True),
        Field("card_number", "银行卡号", read.account, "text", ("卡号", "银行账号", "账号"), hint=NUMBER_HINT.split("；")[0] + "。", secret=True),
        Field("reason", "修改原因", read.text(200), "text", ("变更原因",), hint="改在档的档案时必填。"),
    ]  # fmt: skip


def _worded(name: str) -> Field:
    made = codes.LISTS[name]
    hint = "旧的说法也认。" if made.aliases else ""
    return Field(
        name, made.title, _word(name), "text", WORDS[name], choices=made.words, hint=hint, secret=name in SECRET_WORDS
    )


def _word(name: str) -> Callable[[Cell], str]:
    def reader(cell: Cell) -> str:
        found = codes.read(name, cell)
        if not found.known:
            raise Unreadable(*read.split(found.sentence))
        return found.value

    return reader


def _relation(cell: Cell) -> str:
    return SELF if str(cell).strip() in SELF_WORDS else _word("relation")(cell)


def _text(most: int) -> Callable[[Cell], str]:
    reader = read.text(most)

    def clean(cell: Cell) -> str:
        found = reader(cell)
        return found.removesuffix("平方米").removesuffix("㎡").strip()

    return clean


def of_holder(values: dict[str, Any]) -> dict[str, Any]:
    """What the row says of a householder; empty cells say nothing."""
    return {name: value for name, value in values.items() if name in HOLDER and value not in (None, "")}


def of_member(values: dict[str, Any]) -> dict[str, Any]:
    """What the row says of a member."""
    said = {name: value for name, value in values.items() if name in MEMBER and value not in (None, "")}
    if values.get("employer"):
        said["place"] = values["employer"]
    if "monthly_income" in said:
        said["monthly_income"] = str(said["monthly_income"])
    return said
