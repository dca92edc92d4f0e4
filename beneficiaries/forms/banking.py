"""Forms of bank files: the choice of a layout, own layouts with their columns, result files and their recording."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from beneficiaries.banking import Column, Layout
from beneficiaries.banking.layouts import ENCODINGS, FIELDS, KINDS, MOST_COLUMNS, MOST_LINES, SEPARATORS

SPARE_ROWS = 3
SEPARATOR_WORDS = {"comma": ",", "bar": "|", "tab": "\t", "semicolon": ";"}
"""A tab does not survive in a form: separators travel under names."""


class ProfileForm(forms.Form):
    """What a layout says beside its columns."""

    title = forms.CharField(label="方案名称", max_length=60, error_messages={"required": "请填写方案名称。"})
    kind = forms.ChoiceField(label="文件类型", choices=list(KINDS.items()))
    encoding = forms.ChoiceField(
        label="文字编码", choices=list(ENCODINGS.items()), help_text="Excel 文件不用管这一项。"
    )
    separator = forms.ChoiceField(
        label="列的分隔符",
        choices=[(name, SEPARATORS[sign]) for name, sign in SEPARATOR_WORDS.items()],
        help_text="CSV 和文本文件用。",
    )
    headed = forms.BooleanField(label="第一行写表头", required=False)
    max_lines = forms.IntegerField(
        label="每个文件最多几笔",
        min_value=1,
        max_value=MOST_LINES,
        help_text="超过时自动分成几份。",
        error_messages={"max_value": f"最多 {MOST_LINES} 笔。", "min_value": "至少 1 笔。", "required": "请填写笔数。"},
    )
    longest_name = forms.IntegerField(
        label="户名最多几个字",
        min_value=2,
        max_value=60,
        error_messages={"max_value": "最多 60 个字。", "min_value": "至少 2 个字。", "required": "请填写字数。"},
    )
    own_bank_only = forms.BooleanField(label="只收本行账户", required=False)
    own_bank = forms.CharField(
        label="本行名称", max_length=60, required=False, help_text="几种叫法用顿号分开，例如：工商银行、工行。"
    )
    note = forms.CharField(label="使用说明", max_length=200, required=False)
    subtree = forms.BooleanField(label="下级工会也可以用", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def start(layout: Layout, **more: Any) -> dict[str, Any]:
        """First values from a layout."""
        names = "title kind encoding headed max_lines longest_name own_bank_only own_bank note".split()
        separator = next(name for name, sign in SEPARATOR_WORDS.items() if sign == layout.separator)
        return {name: getattr(layout, name) for name in names} | {"separator": separator, **more}

    def layout(self, base: Layout, columns: tuple[Column, ...]) -> Layout:
        """The layout that was typed."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("subtree", "version")}
        return replace(base, columns=columns, **{**given, "separator": SEPARATOR_WORDS[given["separator"]]})


def typed_columns(data: QueryDict, base: Layout) -> tuple[Column, ...]:
    """The columns of the table in the order of their numbers; a row without heading and field is left out."""
    known = {column.head: column for column in base.columns}
    rows = []
    for at, (order, head, field, fixed) in enumerate(
        zip(*(data.getlist(name) for name in ("order", "head", "field", "fixed")), strict=False)
    ):
        head, fixed = head.strip(), fixed.strip()
        if not head and not field and not fixed:
            continue
        old = known.get(head, Column(head))
        place = int(order) if order.isdecimal() and len(order) < 4 else 999
        column = Column(
            head, field, "" if field else fixed, old.width, str(at) in data.getlist("required"), old.choices
        )
        rows.append((place, at, column))
    return tuple(column for _, _, column in sorted(rows, key=lambda row: row[:2])[: MOST_COLUMNS + 1])


def column_rows(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The rows of the table with a few empty ones to write new columns in."""
    rows = [{"at": at, "order": at + 1, "column": column} for at, column in enumerate(columns)]
    return rows + [
        {"at": at, "order": at + 1, "column": None}
        for at in range(len(rows), min(len(rows) + SPARE_ROWS, MOST_COLUMNS))
    ]


FIELD_CHOICES = [("", "固定值"), *FIELDS.items()]


class ResultForm(forms.Form):
    file = forms.FileField(label="银行的结果文件", error_messages={"required": "还没有选择文件。"})


class CheckForm(forms.Form):
    file = forms.FileField(label="手里的银行文件", error_messages={"required": "还没有选择文件。"})


class RecordForm(forms.Form):
    """Saying yes to what a result file would do."""

    paid_on = forms.DateField(
        label="到账日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请写成 2024-01-16 这样的日期。", "required": "请填写到账日期。"},
    )
    partial = forms.BooleanField(label="先登记已返回的，没有返回的以后再登记", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=80)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, today: datetime.date, open_lines: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not open_lines:
            del self.fields["partial"]

    def clean_paid_on(self) -> datetime.date:
        day = self.cleaned_data["paid_on"]
        if day > self.today:
            raise forms.ValidationError(f"到账日期不能晚于今天（{self.today:%Y-%m-%d}）。")
        return day


class CopyForm(forms.Form):
    reason = forms.CharField(
        label="为什么再做一份", max_length=120, error_messages={"required": "请写明原因，例如：银行没有收到原文件。"}
    )
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
