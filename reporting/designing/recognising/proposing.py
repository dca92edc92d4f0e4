"""The proposal for a pasted text: items, relations, blocks and rows in the form's own data format, with notes for the person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reporting.designing.recognising.codes import Codes, find_bases, find_blocks
from reporting.designing.recognising.crossing import CrossTable, find_cross, lay_cross, relate_cross
from reporting.designing.recognising.laying import lay
from reporting.designing.recognising.lines import Pasted, Record, read_pasted
from reporting.designing.recognising.listing import TOTAL, lay_list, side_fields
from reporting.designing.recognising.relating import Edge, find_parents
from reporting.designing.recognising.rows import Row, is_head, read_row
from reporting.designing.recognising.ruling import checks_of
from reporting.designing.recognising.sentences import Blank
from reporting.designing.recognising.words import Kind, PrintedFormula, kind_of, same_class, unit_in
from reporting.formulas import FormulaFault, compile_formula

DEFAULT_WIDTH = 5
_TABLE_UNIT = re.compile(r"(?:金额|计量)?单位\s*[:：]\s*[^，,。；;\t]{0,12}?(万元|元)")


@dataclass
class Proposal:
    """What was recognised, in the form's own data format, to be merged at the chosen row.

    `columns` is None where the rows fit the form's columns; else they need these. `title` and `footnotes` are what was
    printed around the table. With a `line` the form is a list, one line per union: `rows` are its heads.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: list[dict[str, int]] | None = None
    title: str = ""
    footnotes: list[str] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    line: dict[str, Any] | None = None
    total: dict[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """The proposal as the designer's page takes it."""
        return dict(vars(self))


def recognise(text: str, raw: Mapping[str, Any], after: str = "") -> Proposal:
    """The proposal for the text, with codes that the form does not use yet.

    An 其中 at its beginning looks for its whole among the form's items, up to the item `after` where one is named.
    """
    pasted = read_pasted(text)
    named = _TABLE_UNIT.search(text)
    money_unit = named.group(1) if named else "万元"
    proposal = Proposal(title=pasted.title, footnotes=list(pasted.footnotes))
    codes = Codes(str(item.get("code")) for item in raw.get("items", ()))
    table = find_cross(pasted.records, money_unit) if pasted.tabular else None
    if table is not None:
        _propose_cross(proposal, table, codes, raw)
    else:
        _propose_rows(proposal, pasted, codes, raw, money_unit, after)
    _say(proposal, codes, pasted)
    return proposal


def _propose_cross(proposal: Proposal, table: CrossTable, codes: Codes, raw: Mapping[str, Any]) -> None:
    relate_cross(table, codes)
    blanks = [blank for line in table.blanks for blank in line if blank is not None]
    _add_items(proposal, blanks, raw)
    _add_relations(proposal, table.edges, blanks)
    heads_alone = len(table.rows) == 1 and not table.rows[0].label
    fields = side_fields(table) if heads_alone else []
    if fields:
        proposal.columns, proposal.rows, proposal.line = lay_list(table, fields)
        proposal.total = dict(TOTAL)
        proposal.notes.append("只有表头：做成清单，每个单位一行，最后一行合计。")
        return
    width, needed = _width(raw), len(table.columns) + 1
    if width < needed or not raw.get("items"):
        narrow = max(12, 120 // len(table.columns))
        proposal.columns = [{"width": 50}, *({"width": narrow} for _ in table.columns)]
        width = needed
    proposal.rows = lay_cross(table, width)
    if heads_alone:
        proposal.notes.append("只有表头：按表头每列一个空；要每个单位一行，请把版面改为清单。")
    else:
        proposal.notes.append(f"认出双向表：{len(table.rows)} 行 × {len(table.columns)} 列，每个交叉格一个空。")


def _propose_rows(
    proposal: Proposal, pasted: Pasted, codes: Codes, raw: Mapping[str, Any], money_unit: str, after: str
) -> None:
    rows = _with_pending(_read(pasted, money_unit))
    find_blocks(rows)
    find_bases(rows)
    above = _rows_of_form(raw, after)
    edges = find_parents(rows, above)
    codes.give(rows)
    blanks = [blank for row in rows for blank in row.blanks]
    _name_pairs(rows)
    edges = _apply_formulas(proposal, rows, blanks, edges, raw)
    _add_items(proposal, blanks, raw)
    _add_relations(proposal, edges, blanks)
    ruled = [(rule, row.main) for row in rows for rule in row.rules]
    taken = [str(check.get("key")) for check in raw.get("checks", ()) if isinstance(check, Mapping)]
    known = {blank.code: blank for row in above for blank in row.blanks} | {blank.code: blank for blank in blanks}
    proposal.checks, unfit = checks_of(ruled, known, taken)
    proposal.notes += unfit
    proposal.blocks = _blocks(rows)
    proposal.rows = lay(rows, _width(raw))


def _read(pasted: Pasted, money_unit: str) -> list[Row]:
    records = [record for record in pasted.records if not is_head(record)]
    measures = frozenset(_measures([read_row(record, money_unit) for record in records], records))
    return [read_row(record, money_unit, measures) for record in records]


def _measures(rows: Sequence[Row], records: Sequence[Record]) -> Iterator[str]:
    """The measures that repeat under group labels: those printed beside one, and those alone below at the same place."""
    alone = Counter(row.printed for row in rows if row.main is not None and not row.measure)
    group = -1
    for row, record in zip(rows, records, strict=True):
        if row.measure:
            yield row.measure
            group = _place(record, row.printed)
        elif row.main is None or row.is_sentence or row.mark("block", "part"):
            group = -1
        elif group >= 0 and (alone[row.printed] > 1 or _set_under(record, group, row.printed)):
            yield row.printed


def _place(record: Record, text: str) -> int:
    return next((number for number, cell in enumerate(record.cells) if text in cell), -1)


def _set_under(record: Record, group: int, text: str) -> bool:
    """Whether the text stands to the right of a group label whose own cell is empty: it is merged with the one above."""
    return _place(record, text) > group and group > 0 and not record.cells[group].strip()


def _with_pending(rows: Sequence[Row]) -> list[Row]:
    """Marks that stood alone go to the next line; several letters in one cell go to one sentence each."""
    found: list[Row] = []
    waiting: list[Any] = []
    for row in rows:
        if not row.blanks and not row.label:
            waiting += row.marks
            if found:
                found[-1].formulas += row.formulas
                found[-1].rules += row.rules
            continue
        if waiting and not any(mark.sort in ("letter", "code", "sub") for mark in row.marks):
            taken = [mark for mark in waiting if mark.sort in ("block", "part")]
            letters = [mark for mark in waiting if mark not in taken]
            row.marks = [*taken, *letters[:1], *row.marks]
            waiting = letters[1:]
        found.append(row)
    return found


def _rows_of_form(raw: Mapping[str, Any], after: str) -> list[Row]:
    """The items that stand above, as rows to look for wholes in."""
    items = [item for item in raw.get("items", ()) if isinstance(item, Mapping)]
    places = [number for number, item in enumerate(items) if item.get("code") == after]
    rows = []
    for item in items[: places[0] + 1] if places else items:
        label, unit, code = (str(item.get(name) or "") for name in ("label", "unit", "code"))
        within = str(item.get("printed") or label).startswith("其中")
        blank = Blank(label=label, kind=kind_of(label, unit), code=code, within=within)
        rows.append(Row(label=label, blanks=[blank], base=code, within=within, block=""))
    return rows


def _name_pairs(rows: Sequence[Row]) -> None:
    """A measure carries the name of its group, which stands on the first line of the pair."""
    group = ""
    for row in rows:
        group = group if row.follows else row.label
        for blank in row.blanks:
            if blank.measure:
                measured = unit_in(blank.measure)[1]
                blank.label = f"{group}：{measured}" if group else measured
                blank.printed = group
            elif not row.is_sentence:
                blank.printed = row.printed


def _apply_formulas(
    proposal: Proposal, rows: Sequence[Row], blanks: Sequence[Blank], edges: list[Edge], raw: Mapping[str, Any]
) -> list[Edge]:
    """Give each printed formula to its blank; its parts are a complete list, whatever 其中 said of them."""
    by_code = {blank.code: blank for blank in blanks}
    known = frozenset(by_code) | {str(item.get("code")) for item in raw.get("items", ())}
    for row in rows:
        for formula in row.formulas:
            total = by_code.get(_known(formula.left, known)) or row.main
            if total is None:
                proposal.notes.append(f"算式“{formula.text}”不知道是哪一项的，没有采用。")
                continue
            total.printed_formula = formula.text
            names = _names(formula, known)
            if names is None or not _fits(total, names, by_code):
                proposal.notes.append(f"{total.code} 印的算式“{formula.text}”没有采用：里面的代码或单位对不上。")
                continue
            total.formula = _renamed(formula.right, known)
            if set(re.findall(r"[-*/()]", total.formula)):
                continue
            parts = [by_code[name] for name in names if name in by_code]
            for part in parts:
                part.kind = total.kind if part.kind.kind == "number" and not part.unit else part.kind
            edges = [edge for edge in edges if edge[0] not in parts or edge[1] is not total]
            edges += [(part, total, "partition") for part in parts]
    return edges


def _known(code: str, known: frozenset[str]) -> str:
    """The code as the form writes it: 3 may stand for 03."""
    padded = f"{int(code):02d}" if code.isdigit() else code
    return code if code in known or padded not in known else padded


def _renamed(text: str, known: frozenset[str]) -> str:
    return re.sub(r"[A-Za-z0-9_]+", lambda match: _known(match.group(), known), text)


def _names(formula: PrintedFormula, known: frozenset[str]) -> tuple[str, ...] | None:
    try:
        names = compile_formula(_renamed(formula.right, known), known).names
    except FormulaFault:
        return None
    return names if names and all(name in known for name in names) else None


def _fits(total: Blank, names: Sequence[str], by_code: Mapping[str, Blank]) -> bool:
    parts = [by_code[name] for name in names if name in by_code]
    unknown = Kind("number", "", 0)
    return all(part is not total and (part.kind == unknown or part.kind.kind == total.kind.kind) for part in parts)


def _add_items(proposal: Proposal, blanks: Sequence[Blank], raw: Mapping[str, Any]) -> None:
    _make_labels_differ(blanks, {str(item.get("label")) for item in raw.get("items", ())})
    for blank in blanks:
        kind = blank.kind
        proposal.items.append(
            {
                "code": blank.code,
                "label": blank.label,
                "printed": blank.printed or blank.label,
                **({"measure": blank.measure} if blank.measure else {}),
                "unit": kind.unit,
                "places": kind.places,
                "kind": kind.kind,
                "required": True,
                "over_children": "sum" if kind.kind in ("number", "money") else "none",
                "block": blank.block,
                "formula": blank.formula or None,
                "printed_formula": blank.printed_formula or None,
                "source": None,
                "last_year": None,
            }
        )


def _make_labels_differ(blanks: Sequence[Blank], taken: set[str]) -> None:
    """Equal labels (运送, 其中新生代农民工) get the name of the blank before them, else their code."""
    counts = Counter(blank.label for blank in blanks)
    before: Blank | None = None
    for blank in blanks:
        blank.printed = blank.printed or blank.label
        if blank.label and counts[blank.label] == 1 and blank.label not in taken:
            before = blank
        else:
            blank.label = _other_label(blank, before or blank.parent, taken)
        taken.add(blank.label)


def _other_label(blank: Blank, before: Blank | None, taken: set[str]) -> str:
    stem = blank.label or blank.unit or "未命名"
    if before is not None and (named := f"{before.label}：{stem}") not in taken:
        return named
    return stem if stem not in taken and not blank.label else f"{stem}（{blank.code}）"


def _add_relations(proposal: Proposal, edges: Sequence[Edge], blanks: Sequence[Blank]) -> None:
    seen = set()
    for child, parent, kind in edges:
        pair = (child.code, parent.code)
        if pair in seen or child.code == parent.code or not same_class(child.unit, parent.unit):
            continue
        seen.add(pair)
        proposal.relations.append({"child": child.code, "parent": parent.code, "kind": kind})


def _blocks(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The numbered blocks, called after their heading or first line."""
    titles: dict[str, str] = {}
    for row in rows:
        if row.block:
            titles.setdefault(row.block, (row.label or row.printed)[:40])
    return [{"no": no, "title": title or no} for no, title in titles.items()]


def _width(raw: Mapping[str, Any]) -> int:
    layout = raw.get("layout")
    columns = layout.get("columns") if isinstance(layout, Mapping) else None
    return len(columns) if isinstance(columns, list) and columns else DEFAULT_WIDTH


def _say(proposal: Proposal, codes: Codes, pasted: Pasted) -> None:
    formulas = sum(1 for item in proposal.items if item["printed_formula"])
    said = f"认出 {len(proposal.items)} 个空、{len(proposal.relations)} 条“其中”关系、{formulas} 个印出的算式。"
    if proposal.checks:
        proposal.notes.append(f"认出 {len(proposal.checks)} 条印出的比较规则，已做成检查，正例和反例请核对。")
    proposal.notes.insert(
        0, said if proposal.items else "没有认出空格。请写上单位，例如“走访企业（家）”，或用 ____ 表示空格。"
    )
    proposal.notes += [f"代码 {wanted} 已用过，这里改为 {free}。" for wanted, free in codes.changed]
    open_units = [item["code"] for item in proposal.items if item["kind"] == "number" and not item["unit"]]
    if open_units:
        proposal.notes.append(f"没有看出单位，请补上：{'、'.join(open_units)}。")
    if pasted.skipped:
        proposal.notes.append(f"略过 {pasted.skipped} 行表头（填报单位、填报人、日期等由系统填写）。")
