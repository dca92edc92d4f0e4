"""The fields of a file beyond name, number and account (domain.md 3.5): which there are, and what may stand in them.

Pure. A member's particulars are kept together under one seal; those of the householder are columns of their own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from beneficiaries import codes
from beneficiaries.dossiers.entries import (
    Entry,
    is_dash,
    keep_amount,
    keep_day,
    keep_number,
    keep_phone,
    keep_text,
    keep_word,
)
from beneficiaries.enums import Cause

HOLDER_WORDS = (
    "application_kind",
    "ethnicity",
    "political_status",
    "marital_status",
    "model_worker_rank",
    "registration_kind",
    "housing",
    "employer_nature",
    "employer_condition",
    "industry",
    "contract_term",
    "medical_insurance",
    "priority_group",
    "exit_measure",
)
HOLDER_TEXTS = {"staff_number": 40, "registration_place": 80, "other_contact": 60, "cause_note": 200}
HOLDER_DAYS = {
    "worked_since": "工作时间",
    "contract_signed_on": "劳动合同签订时间",
    "relief_target_on": "列为解困脱困对象的日期",
}
HOLDER_AMOUNTS = {
    "monthly_income": "本人月平均收入",
    "other_yearly_income": "家庭其他非薪资年收入",
    "subsistence_amount": "低保金额",
}
HOLDER_MARKS = ("union_member", "single_parent", "jobless_household", "can_help_itself", "relief_target")
HOLDER_SECRETS = frozenset({"disability", "other_contact", "other_causes", "cause_note"})
HOLDER = frozenset(
    {
        *HOLDER_WORDS,
        *HOLDER_TEXTS,
        *HOLDER_DAYS,
        *HOLDER_AMOUNTS,
        *HOLDER_MARKS,
        *HOLDER_SECRETS,
        "postcode",
        "floor_area",
    }
)
MOST_OTHER_CAUSES = 3
NO_MODEL_WORKER = "非劳模"

MEMBER_LABELS = {
    "ethnicity": "民族",
    "political_status": "政治面貌",
    "marital_status": "婚姻状况",
    "registration_kind": "户口类型",
    "model_worker_rank": "劳模类型",
    "disability": "残疾类别",
    "medical_insurance": "医保状况",
    "phone": "手机",
    "other_contact": "其他联系方式",
    "education": "当前学历",
    "school_year": "入学年份",
    "school_length": "年制",
    "place": "单位或学校",
    "work_status": "工作状态",
    "employer_nature": "单位性质",
    "employer_condition": "企业状况",
    "industry": "所属行业",
    "contract_signed_on": "合同签订/入伍时间",
    "contract_term": "合同期限",
    "note": "备注",
}
MEMBER_WORDS = (
    "ethnicity",
    "political_status",
    "marital_status",
    "registration_kind",
    "model_worker_rank",
    "disability",
    "medical_insurance",
    "education",
    "work_status",
    "employer_nature",
    "employer_condition",
    "industry",
    "contract_term",
)
MEMBER_TEXTS = {"other_contact": 60, "place": 120, "note": 200}
MEMBER = frozenset(MEMBER_LABELS)


def householder(entry: Entry, given: Mapping[str, Any], today: datetime.date) -> None:
    """Check what is named of the householder's particulars."""
    for name in HOLDER_WORDS:
        if name in given:
            keep_word(entry, name, given[name])
    if entry.values.get("application_kind") == "":
        entry.keep("application_kind", codes.LISTS["application_kind"].words[0])
    for name, most in HOLDER_TEXTS.items():
        if name in given:
            keep_text(entry, name, given[name], most)
    for name, label in HOLDER_DAYS.items():
        if name in given:
            keep_day(entry, name, given[name], today, label)
    for name, label in HOLDER_AMOUNTS.items():
        if name in given:
            keep_amount(entry, name, given[name], label)
    for name in HOLDER_MARKS:
        if name in given:
            entry.keep(name, bool(given[name]))
    if given.get("disability"):
        keep_word(entry, "disability", given["disability"], dash=True)
    if "floor_area" in given:
        keep_number(entry, "floor_area", given["floor_area"], 2000, "建筑面积")
    if "postcode" in given:
        _postcode(entry, given["postcode"])
    if given.get("other_causes"):
        _other_causes(entry, given["other_causes"], entry.values.get("cause", ""))
    if entry.values.get("model_worker_rank", "") not in ("", NO_MODEL_WORKER):
        entry.keep("model_worker", True)


def member(entry: Entry, given: Mapping[str, Any], today: datetime.date, who: str) -> None:
    """Check a member's particulars and keep those that were typed under `particulars`; a dash takes one away."""
    found = Entry()
    for name in MEMBER_WORDS:
        if given.get(name):
            keep_word(found, name, given[name], dash=True, who=f"{who}：")
    for name, most in MEMBER_TEXTS.items():
        if given.get(name):
            keep_text(found, name, given[name], most)
    keep_phone(found, "phone", given.get("phone"), f"{who}的")
    for name, first, last, label in (
        ("school_year", 1940, today.year + 1, "入学年份"),
        ("school_length", 1, 12, "年制"),
    ):
        _whole(found, name, given.get(name), (first, last), f"{who}的{label}")
    if is_dash(given.get("contract_signed_on")):
        found.keep("contract_signed_on", "-")
    elif given.get("contract_signed_on"):
        keep_day(found, "contract_signed_on", given["contract_signed_on"], today, f"{who}的合同签订/入伍时间")
    entry.faults |= found.faults
    typed = {name: str(value) for name, value in found.values.items() if value not in ("", None)}
    if typed:
        entry.keep("particulars", typed)


def merged(stored: Mapping[str, str] | None, typed: Mapping[str, str]) -> dict[str, str]:
    """The particulars after a change: typed ones win, a dash takes one away, the others stay.

    >>> merged({"ethnicity": "汉族", "note": "旧"}, {"note": "-", "education": "本科"})
    {'ethnicity': '汉族', 'education': '本科'}
    """
    found = {**(stored or {}), **typed}
    return {name: value for name, value in found.items() if not is_dash(value)}


def words_of(name: str, value: str) -> str:
    """A member's particular as a person reads it: the word of its list.

    >>> words_of("work_status", "on_post"), words_of("place", "实验小学")
    ('在岗', '实验小学')
    """
    made = codes.LISTS.get(name)
    return dict(made.values).get(value, value) if made else value


def cause_words(stored: str) -> str:
    """The words of the sealed list of other causes.

    >>> cause_words("illness,schooling")
    '患重特大疾病、子女上学'
    """
    return "、".join(Cause(value).label for value in stored.split(",") if value in Cause.values)


def _postcode(entry: Entry, given: Any) -> None:
    text = str(given or "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) == 6):
        entry.faults["postcode"] = "邮政编码是 6 位数字，请核对。"
    else:
        entry.keep("postcode", text)


def _other_causes(entry: Entry, given: Any, main: str) -> None:
    """None to three further causes, none of them the main one, kept as their values."""
    words: Iterable[Any] = given if isinstance(given, list | tuple) else str(given).replace("、", ",").split(",")
    if any(is_dash(word) for word in words):
        entry.keep("other_causes", "-")
        return
    readings = [codes.read("cause", word) for word in words if str(word).strip()]
    wrong = next((reading for reading in readings if not reading.known), None)
    values = list(dict.fromkeys(reading.value for reading in readings))
    if wrong is not None:
        entry.faults["other_causes"] = wrong.sentence
    elif len(values) > MOST_OTHER_CAUSES:
        entry.faults["other_causes"] = f"次要致困原因最多选 {MOST_OTHER_CAUSES} 项，现在是 {len(values)} 项。"
    elif main and main in values:
        entry.faults["other_causes"] = "次要致困原因里不要再选主要致困原因。"
    else:
        entry.keep("other_causes", ",".join(values))


def _whole(entry: Entry, name: str, given: Any, between: tuple[int, int], label: str) -> None:
    text = str(given if given is not None else "").strip()
    if not text:
        return
    if is_dash(text) or (text.isascii() and text.isdecimal() and between[0] <= int(text) <= between[1]):
        entry.keep(name, text)
    else:
        entry.faults[name] = f"{label}请填 {between[0]} 至 {between[1]} 之间的数。"
