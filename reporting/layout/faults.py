"""What can be wrong with a layout: cells that overlap, holes, blanks that are missing or there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reporting.layout.model import Layout, Row


def layout_faults(layout: Layout, codes: Iterable[str]) -> Iterator[str]:
    """A sentence for each cell that overlaps or reaches outside, each hole, and each blank that is not there once."""
    names = [f"版面第 {number} 行" for number in range(1, len(layout.rows) + 1)]
    yield from _place_faults(layout.rows, names, len(layout.widths))
    if layout.line is not None:
        yield from _list_faults(layout)
        yield from _place_faults((layout.line,), ["版面的单位行"], len(layout.widths))
    yield from _blank_faults(layout, codes)


def _list_faults(layout: Layout) -> Iterator[str]:
    if any(not row.is_head for row in layout.rows):
        yield "一单位一行的版面，单位行以上只能是表头（样式 head）。"
    if any(row.codes for row in layout.rows):
        yield "一单位一行的版面，空格只能放在单位行里。"


def _place_faults(rows: Sequence[Row], names: Sequence[str], width: int) -> Iterator[str]:
    owned: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        if len(row.cells) > width:
            yield f"{names[number]}有 {len(row.cells)} 个单元格，最多 {width} 个。"
            continue
        for cell in row.cells:
            where = f"{names[number]}第 {cell.col + 1} 列的单元格"
            if cell.col + cell.colspan > width or number + cell.rowspan > len(rows):
                yield f"{where}伸到了表格外面。"
                continue
            # What reaches down into this cell from above, or lies beside it, is met in its first row already.
            first = {(number, cell.col + right) for right in range(cell.colspan)}
            if first & owned:
                yield f"{where}和别的单元格重叠。"
                owned |= first
                continue
            owned |= {(number + down, col) for down in range(cell.rowspan) for _, col in first}
    for number, name in enumerate(names):
        holes = [str(col + 1) for col in range(width) if (number, col) not in owned]
        if holes:
            yield f"{name}第 {'、'.join(holes)} 列没有单元格。"


def _blank_faults(layout: Layout, codes: Iterable[str]) -> Iterator[str]:
    known = dict.fromkeys(codes)
    seen = Counter(layout.codes)
    for code, count in seen.items():
        if code not in known:
            yield f"版面里的空格“{code}”不是本表的项目。"
        elif count > 1:
            yield f"项目“{code}”在版面里出现了 {count} 次，只能出现一次。"
    for code in known:
        if code not in seen:
            yield f"项目“{code}”在版面里没有空格。"
