"""What a bank sent back: columns found by their headings in any order, every row with its outcome, all faults at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from beneficiaries.banking.layouts import Layout
from relief.lib import idnumber
from relief.lib.tables import Fault, Field, Table, Unreadable, find_head, read_table
from relief.lib.tables import readers as read
from relief.lib.tables.model import plain
from relief.lib.xlsx import FORM, BadWorkbook, Cell, Sheet, Workbook, read_csv_text, read_workbook

MOST_BYTES = 10 << 20
PAID, FAILED, PENDING = "paid", "failed", "pending"
OUTCOMES = {
    PAID: "成功 交易成功 处理成功 入账成功 支付成功 转账成功 代发成功 汇出成功 已入账 已到账 已发放 已付 paid success y 是",
    FAILED: "失败 交易失败 处理失败 入账失败 支付失败 转账失败 代发失败 汇出失败 退汇 已退汇 退票 已退票 未入账 拒绝"
    " 被拒绝 已拒绝 不成功 failed failure fail n 否",
    PENDING: "处理中 待处理 待审批 待复核 已受理 已发送 已提交 未处理 processing pending sent",
}
_WORDS = {word: outcome for outcome, words in OUTCOMES.items() for word in words.split()}
ALIASES = {
    "number": "发放编号 业务编号 业务参考号 企业流水号 附言 用途备注",
    "serial": "序号 笔号 顺序号 明细序号 行号 编号",
    "account": "账号 帐号 收款账号 收款帐号 收款人账号 收款人帐号 收款方账号 银行账号 银行帐号 卡号 银行卡号 对方账号 入账账号",
    "name": "户名 姓名 收款人 收款人名称 收款人姓名 收款人户名 收款账号名称 收款账户名称 收款方户名 收款户名 账户名称 对方户名",
    "amount": "金额 交易金额 发放金额 代发金额 汇款金额 转账金额 入账金额 发生额 收款金额",
    "outcome": "处理结果 结果 状态 交易状态 处理状态 入账结果 入账状态 交易结果 是否成功 成功标志 返回状态 代发结果 汇款状态",
    "reason": "失败原因 原因 错误原因 错误信息 返回信息 退汇原因 退票原因 失败说明 处理信息 结果说明 描述 备注说明",
}
TITLES = {
    "number": "发放编号",
    "serial": "序号",
    "account": "账号",
    "name": "户名",
    "amount": "金额",
    "outcome": "处理结果",
    "reason": "失败原因",
}
UNTOLD = "银行没有写明原因"
ASK_AGAIN = "请向银行重新要带表头的结果文件（.xlsx、.csv 或 .txt），不要手工改动"
MOST_REASON = 110
_LONG_DIGITS = re.compile(r"\d{8,}")
_OLD = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class ReturnedRow:
    """One row of the bank's answer: what it names of the line, and what became of it."""

    sheet: str
    row: int
    outcome: str
    reason: str = ""
    number: str = ""
    serial: int | None = None
    account: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    amount: Decimal | None = None


def read_result(data: bytes, layout: Layout) -> tuple[list[ReturnedRow], Table]:
    """The rows of a result file (xlsx, csv, txt) and the table with all faults and notes; `BadWorkbook` when unreadable.

    The headings of the layout are known beside the usual ones.
    """
    fields = _fields(layout)
    table = read_table(_book(data, fields), fields, without_head=ASK_AGAIN)
    for sheet, number, title, said, added in table.totals:
        if said != added:
            says = f"合计行的{title}与各行相加不一致。"
            table.faults.append(Fault(sheet, number, 0, title, "", says, "请向银行要完整的结果文件，不要手工改动"))
    rows = [_row(row.sheet, row.row, row.values) for row in table.rows]
    for row, found in zip(table.rows, rows, strict=True):
        if not found.number and found.serial is None and not found.account:
            table.faults.append(row.fault("account", "没有账号、序号和编号，不知道是哪一笔。", "补上账号或序号"))
    return rows, table


def _fields(layout: Layout) -> list[Field]:
    own = {column.field: column.head for column in layout.columns if column.field in TITLES}
    taken = set(own.values())
    fields = []
    for name, title in TITLES.items():
        usual = [alias for alias in ALIASES[name].split() if alias not in taken or own.get(name) == alias]
        aliases = tuple(dict.fromkeys([*([own[name]] if name in own else []), *usual]))
        known = title if title not in taken or own.get(name) == title else aliases[0]
        fields.append(
            Field(
                name,
                known,
                _READERS[name],
                aliases=aliases,
                required=name == "outcome",
                secret=name in ("account", "name", "reason"),
                sums=name == "amount",
            )
        )
    return fields


def _row(sheet: str, number: int, values: dict) -> ReturnedRow:
    outcome = values["outcome"]
    reason = clean_reason(values.get("reason") or "") or (UNTOLD if outcome == FAILED else "")
    return ReturnedRow(
        sheet,
        number,
        outcome,
        reason if outcome == FAILED else "",
        values.get("number") or "",
        values.get("serial"),
        values.get("account") or "",
        values.get("name") or "",
        values.get("amount"),
    )


def clean_reason(text: str) -> str:
    """A bank's words as they may be kept: one line, without whole account or identity numbers.

    >>> clean_reason("账号 6222020000001111 已销户  请核对")
    '账号 …1111 已销户 请核对'
    """
    return _LONG_DIGITS.sub(lambda found: f"…{found[0][-4:]}", " ".join(text.split()))[:MOST_REASON]


def _account(cell: Cell) -> str:
    read.refuse_lost(cell)
    bare = idnumber.normalise_card(str(cell))
    if not re.fullmatch(r"[\d*]{4,40}", bare, re.ASCII):
        raise Unreadable("不是账号。", "账号只能是数字；用银行原来的结果文件上传")
    return bare


def _outcome(cell: Cell) -> str:
    said = plain(cell).rstrip("。.!")
    found = _WORDS.get(said)
    if found is None and re.match("失败|退汇|退票|拒绝", said):
        found = FAILED
    if found is None:
        raise Unreadable("认不出是成功还是失败。", "写“成功”或“失败”；银行用别的词时，按银行的说明改写")
    return found


def _serial(cell: Cell) -> int:
    number = read.whole(cell)
    if not number:
        raise Unreadable("序号从 1 开始。", "用银行原来的结果文件上传")
    return number


_READERS: dict[str, Callable[[Cell], object]] = {
    "number": read.text(40),
    "serial": _serial,
    "account": _account,
    "name": read.text(60),
    "amount": read.money,
    "outcome": _outcome,
    "reason": read.text(300),
}


def _book(data: bytes, fields: list[Field]) -> Workbook:
    if not data:
        raise BadWorkbook("文件是空的，请重新从银行下载结果文件。")
    if len(data) > MOST_BYTES:
        raise BadWorkbook(f"文件超过 {MOST_BYTES >> 20} MB，请分批下载结果文件。")
    if data[:4] == _OLD:
        raise BadWorkbook("这是旧格式的 .xls 或设有密码的文件，请在 Excel 或 WPS 里另存为不带密码的 .xlsx 后再上传。")
    if data[:2] == b"PK":
        return read_workbook(data, FORM)
    return Workbook([_text_sheet(decoded(data), fields)])


def decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
            return text
    raise BadWorkbook("文件不是 Excel，也不是文本，请上传银行下载的 .xlsx、.csv 或 .txt 文件。")


def _text_sheet(text: str, fields: list[Field]) -> Sheet:
    """The text as a sheet, cut by the separator that makes a head known to us."""
    sheets = [_cut(text, separator) for separator in "\t|,;"]
    heads = [(find_head(sheet, fields), sheet) for sheet in sheets]
    return max(heads, key=lambda each: len(each[0].columns) if each[0] else 0)[1]


def _cut(text: str, separator: str) -> Sheet:
    lines = text.splitlines()
    if len(lines) > FORM.rows:
        raise BadWorkbook(f"文件超过 {FORM.rows:,} 行，请分批下载结果文件。")
    if any(len(line) > 10_000 for line in islice(lines, FORM.rows)):
        raise BadWorkbook("有一行太长，不是银行的结果文件。")
    rows: list[list[Cell]] = []
    for cells in _cells(lines, separator):
        if len(cells) > FORM.columns:
            raise BadWorkbook(f"超过 {FORM.columns} 列，不是银行的结果文件。")
        rows.append([read_csv_text(cell.strip()) or None for cell in cells])
    return Sheet("结果文件", rows)


def _cells(lines: Iterable[str], separator: str) -> Iterable[list[str]]:
    if separator == ",":
        # one line, one row: a quote that never closes must not swallow the rest of the file
        return [next(csv.reader(io.StringIO(line)), []) for line in lines]
    return [line.split(separator) for line in lines]
