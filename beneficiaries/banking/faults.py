"""What is wrong with the lines of a bank batch file, before anything is written: everything at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from beneficiaries.banking.layouts import FIELDS, NEEDED, Layout
from beneficiaries.banking.transfers import Transfer
from relief.lib import idnumber
from relief.lib.money import to_fen

_BRANCH = re.compile("支行|分行|营业部|分理处|储蓄所|营业所|信用社|联社|总行")
_FORMULA = re.compile(r"[=+\-@'\"\t\r\n]")
SHORTEST, LONGEST = 8, 32
"""Digits of an account that a bank can have given out; cards have 16 to 19."""


@dataclass(frozen=True)
class LineFault:
    """One thing that is wrong with one line; a warning goes into the file all the same. Nothing of a person is in it."""

    serial: int
    number: str
    says: str
    todo: str
    warning: bool = False


def line_faults(layout: Layout, transfers: Sequence[Transfer]) -> list[LineFault]:
    """Every fault and warning of every line, in the order of the lines, faults of a line first."""
    said = []
    for each in transfers:
        found = [LineFault(each.serial, each.number, *words) for words in _all_of(layout, each)]
        said += sorted(found, key=lambda fault: fault.warning)
    return said


def _all_of(layout: Layout, each: Transfer) -> Iterator[tuple[str, str, bool]]:
    yield from _account(each)
    yield from _name(layout, each)
    yield from _amount(each)
    yield from _bank(layout, each)
    yield from _needed(layout, each)


def _account(each: Transfer) -> Iterator[tuple[str, str, bool]]:
    bare = idnumber.normalise_card(each.account)
    if not bare:
        yield "没有收款账号。", "请审批人退回，由填报人补上账号后重新送审。", False
    elif not re.fullmatch(r"\d+", bare, re.ASCII) or not SHORTEST <= len(bare) <= LONGEST:
        yield f"账号不是 {SHORTEST} 至 {LONGEST} 位数字。", "请审批人退回，由填报人核对卡面后改正。", False
    elif each.card:
        doubt = idnumber.card_fault(bare)
        if doubt:
            yield doubt.replace("请与卡面核对。", "银行可能退回。"), "请与卡面核对；确认无误可以照样出盘。", True


def _name(layout: Layout, each: Transfer) -> Iterator[tuple[str, str, bool]]:
    name = each.name.strip()
    if not name:
        yield "没有户名。", "请审批人退回，由填报人补上姓名。", False
    elif len(name) > layout.longest_name:
        yield f"户名 {len(name)} 个字，这家银行最多收 {layout.longest_name} 个字。", "请与银行核对账户名称。", False
    elif _FORMULA.match(name) or _control(name):
        yield "户名里有银行不收的符号。", "请审批人退回，由填报人改成账户上的姓名。", False
    elif layout.kind != "xlsx" and layout.separator in name:
        yield "户名里有文件的分隔符。", "请换一个用别的分隔符的方案，或改用 Excel。", False


def _amount(each: Transfer) -> Iterator[tuple[str, str, bool]]:
    try:
        fen = to_fen(each.amount)
    except ValueError:
        yield "金额的小数超过两位。", "请审批人退回，由填报人改成最多两位小数。", False
        return
    if fen <= 0:
        yield "金额须大于 0。", "请审批人退回，由填报人改正金额。", False


def _bank(layout: Layout, each: Transfer) -> Iterator[tuple[str, str, bool]]:
    bank = each.bank.strip()
    if layout.own_bank_only and not any(word in bank for word in layout.bank_words):
        says = "没有登记开户行，看不出是不是本行账户。" if not bank else "开户行不是本行，这个方案只收本行账户。"
        yield says, "请换能跨行的方案，或另做一份文件。", False
    elif layout.column_of("bank") and bank and not _BRANCH.search(bank):
        yield "开户行没有写到支行，跨行时银行可能退回。", "请向收款人问清开户支行；确认可收可以照样出盘。", True


def _needed(layout: Layout, each: Transfer) -> Iterator[tuple[str, str, bool]]:
    for column in layout.columns:
        if column.field in NEEDED:
            continue
        given = str(getattr(each, column.field)) if column.field else column.fixed
        if column.required and column.field and not given.strip():
            title = FIELDS[column.field]
            yield f"没有{title}，这一列必填。", f"请审批人退回，由填报人补上{title}，或换一个方案。", False
        # a text file has no way to quote its separator, and banks read line by line
        if _control(given) or (layout.kind == "txt" and layout.separator in given):
            yield f"“{column.head}”里有换行或分隔符。", "请改掉这一项里的符号，或改用 Excel 方案。", False


def _control(text: str) -> bool:
    return any(unicodedata.category(sign) == "Cc" for sign in text)
