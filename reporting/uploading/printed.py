"""The printed layout of a workbook read back: a value for every blank, a sentence for everything that is not right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import coordinate_to_tuple, range_boundaries

from relief.lib import xlsx
from reporting.formulas import compute
from reporting.outputs.excel.placing import Placing
from reporting.outputs.excel.sentences import sentence_text
from reporting.rounding import shown_texts
from reporting.uploading.entries import entry
from reporting.values import EntryFault, Value

FEW = 3
AGAIN = "请回到填报页重新下载 Excel，把数字填进去再上传。"


@dataclass
class Cells:
    """Values as they stand in the file, by code, with their place; typed totals apart."""

    leaves: dict[str, Value] = field(default_factory=dict)
    totals: dict[str, Value] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_layout(book: xlsx.Workbook, placing: Placing) -> xlsx.Sheet | None:
    """The sheet with the printed layout: the one where most of its words stand in their places."""
    wanted = list(placing.labels())
    scored = [(sum(_plain(cell_at(table, at)) == _plain(text) for at, text in wanted), table) for table in book.sheets]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] * 3 >= len(wanted) else None


def cell_at(table: xlsx.Sheet, address: str) -> xlsx.Cell:
    """The value at an address like B7."""
    return table.cell(*coordinate_to_tuple(address))


def _plain(text: object) -> str:
    return "".join(str(text if text is not None else "").split())


def read_printed(placing: Placing, table: xlsx.Sheet) -> Cells:
    """The values of the printed layout; where its words were moved, that alone is told, for every cell would be wrong."""
    moved = list(edited(placing, table))
    found = Cells(faults=[*moved, *_hidden(placing, table), *_merged(placing, table)])
    if moved:
        return found
    for item in placing.spec.items:
        address = placing.addresses[item.code]
        place = f"“{table.name}”{address}"
        found.where[item.code] = f"{table.name}!{address}"
        if item.is_formula and address in table.formulas:
            continue
        if address in table.errors:
            found.faults.append(f"{place}（{item.name}）是错误值 {table.errors[address]}，请改成数值后再上传。")
        elif address in table.formulas:
            found.faults.append(f"{place}（{item.name}）是公式，请粘贴为数值后再上传。")
        else:
            try:
                value = entry(item, cell_at(table, address))
            except EntryFault as fault:
                found.faults.append(f"{place}：{fault}")
                continue
            if not item.is_formula:
                found.leaves[item.code] = value
            elif not value.is_empty:
                found.totals[item.code] = value
    found.faults.extend(_rewritten(placing, table, found))
    return found


def edited(placing: Placing, table: xlsx.Sheet) -> Iterator[str]:
    """One sentence about words of the form that are not where they were printed."""
    wrong = [
        (at, text, cell_at(table, at)) for at, text in placing.labels() if _plain(cell_at(table, at)) != _plain(text)
    ]
    if not wrong:
        return
    told = "；".join(
        f"{at} 应是“{_short(text)}”，现在是{f'“{_short(str(now))}”' if now is not None else '空的'}"
        for at, text, now in wrong[:FEW]
    )
    more = f"等 {len(wrong)} 处" if len(wrong) > FEW else ""
    yield f"“{table.name}”的版面被改动（删行、插行、移动或改了文字）：{told}{more}。{AGAIN}"


def _hidden(placing: Placing, table: xlsx.Sheet) -> Iterator[str]:
    rows = {row + 1 for row, _ in placing.inputs.values()} & set(table.hidden_rows)
    if rows:
        yield f"“{table.name}”第 {'、'.join(map(str, sorted(rows)))} 行被隐藏，看不到里面的数。请取消隐藏，核对后再上传。"
    columns = {col + 1 for _, col in placing.inputs.values()}
    for first, last in table.hidden_columns:
        if any(first <= col <= last for col in columns):
            names = xlsx.cell_name(1, first).rstrip("1"), xlsx.cell_name(1, last).rstrip("1")
            yield f"“{table.name}”{names[0]} 至 {names[1]} 列被隐藏，看不到里面的数。请取消隐藏，核对后再上传。"


def _merged(placing: Placing, table: xlsx.Sheet) -> Iterator[str]:
    """A sentence for each merge that swallows a blank."""
    ours = {
        (placing.top + c.row + 1, c.col + 1, placing.top + c.last_row + 1, c.last_col + 1)
        for row in placing.grid.rows
        for c in row.cells
    }
    for area in table.merged:
        left, top, right, bottom = range_boundaries(area)
        if (top, left, bottom, right) in ours:
            continue
        for code, (row, col) in placing.inputs.items():
            if top <= row + 1 <= bottom and left <= col + 1 <= right:
                yield f"“{table.name}”{area} 被合并，盖住了 {code} 的格子。请取消合并，或重新下载 Excel 填写。"
                break


def _rewritten(placing: Placing, table: xlsx.Sheet, found: Cells) -> Iterator[str]:
    """Sentences that somebody typed over, unless they say what their blanks say."""
    spec = placing.spec
    texts = shown_texts(spec, compute(spec, found.leaves))
    for row in placing.grid.rows:
        for placed in row.cells:
            if placed.is_single_blank or not placed.codes:
                continue
            address = xlsx.cell_name(placing.top + placed.row + 1, placed.col + 1)
            if address in table.formulas or _plain(cell_at(table, address)) == _plain(sentence_text(placed, texts)):
                continue
            beside = "、".join(f"{code} 在 {placing.addresses[code]}" for code in placed.codes)
            yield f"“{table.name}”{address} 的句子被直接改写。数字请填在右侧的空格里（{beside}），句子会自动更新。"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 16 else f"{words[:16]}…"
