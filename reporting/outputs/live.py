"""The live Excel formula of a formula blank, over the cells of its parts."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.formulas.grammar import RESERVED, split
from reporting.outputs.sheet import SheetData
from reporting.spec.model import FormSpec, Item
from reporting.values import NOT_APPLICABLE, Value


def live_formula(spec: FormSpec, item: Item, addresses: Mapping[str, str], value: Value) -> str | None:
    """`=SUM(…)` over the parts' cells, or the formula in Excel's words.

    Nothing where there is no formula, or a part has no cell of its own or another unit: then the number stands there.
    """
    if not item.is_formula:
        return None
    formula = spec.formula(item.code)
    if any(name not in addresses or spec.item(name).unit != item.unit for name in formula.names):
        return None
    cells = [addresses[name] for name in formula.names]
    if not cells:
        return None
    body = _sum(spec, item, cells) if _is_plain_sum(item, formula.names) else _expression(spec, item, addresses)
    if value.is_filled:
        return f"={body}"
    nothing = NOT_APPLICABLE if value.is_na else ""
    return f'=IF(COUNT({",".join(cells)})=0,"{nothing}",{body})'


def live_total(sheet: SheetData, item: Item, column: str) -> str | None:
    """`=SUM(…)` over the units' lines of a list; nothing where the total is not their sum.

    Persons counted once and confirmed adjustments make a total that its lines do not add up to: the number stands there.
    """
    given = [line.values.get(item.code) for line in sheet.lines if line.values is not None]
    numbers = [value.number for value in given if value is not None and value.number is not None]
    total = sheet.values[item.code].number
    if total is None or not numbers or sum(numbers) != total:
        return None
    return f"=SUM({column})"


def _is_plain_sum(item: Item, names: tuple[str, ...]) -> bool:
    return item.formula.replace(" ", "") == "+".join(names)


def _sum(spec: FormSpec, item: Item, cells: list[str]) -> str:
    """SUM skips the dash of what does not apply, which `+` would not."""
    if spec.rounding == "sum_of_rounded":
        return "SUM(" + ",".join(f"ROUND(N({cell}),{item.places})" for cell in cells) + ")"
    return f"SUM({_ranges(cells)})"


def _ranges(cells: list[str]) -> str:
    """The cells as Excel writes them, neighbours in one column as a range: `D5:D10` or `D14,D16,D18`."""
    groups: list[list[str]] = []
    for cell in cells:
        if groups and _place(cell) == (_place(groups[-1][-1])[0], _place(groups[-1][-1])[1] + 1):
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return ",".join(group[0] if len(group) == 1 else f"{group[0]}:{group[-1]}" for group in groups)


def _place(cell: str) -> tuple[str, int]:
    letters = cell.rstrip("0123456789")
    return letters, int(cell[len(letters) :])


def _expression(spec: FormSpec, item: Item, addresses: Mapping[str, str]) -> str:
    words = []
    for kind, token in split(item.formula, spec.known_codes):
        if kind == "code":
            words.append(f"N({addresses[token]})")
        else:
            words.append(token.upper() if token in RESERVED else token)
    return "".join(words)
