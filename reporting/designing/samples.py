"""Sample values for a preview: the same ones every time, and they satisfy formulas, complete lists and 其中."""

from __future__ import annotations

from fractions import Fraction

from reporting.formulas import compute
from reporting.spec.model import FormSpec, Item
from reporting.values import Value, base_units

PASSES = 12
DAY = "01-08"


def sample_values(spec: FormSpec) -> dict[str, Value]:
    """A value for every blank; parts are made smaller until no total is exceeded."""
    leaves = {code: _first(spec.item(code), number, spec) for number, code in enumerate(spec.leaves)}
    values = compute(spec, leaves)
    for _ in range(PASSES):
        moved = _settle(spec, leaves, values)
        values = compute(spec, leaves)
        if not moved:
            break
    return values


def _first(item: Item, number: int, spec: FormSpec) -> Value:
    """Larger above, smaller below: totals stand above their parts."""
    if item.kind == "text":
        return Value.word("示例")
    if item.kind == "date":
        return Value.word(f"{spec.titles_year or 2024}-{DAY}")
    size = 12 + (len(spec.leaves) - number) * 5 + number * 37 % 9
    if item.kind == "money":
        return Value.of(int(Fraction(size * 5 + number % 7, 20) * base_units(item)))
    return Value.of(size * base_units(item))


def _settle(spec: FormSpec, leaves: dict[str, Value], values: dict[str, Value]) -> bool:
    """Bring one round of relations into order; true when something moved."""
    moved = False
    for edge in spec.relations:
        child, parent = spec.item(edge.child), spec.item(edge.parent)
        if edge.kind == "memo" or not (child.is_numeric and parent.is_numeric):
            continue
        if edge.kind == "partition":
            moved |= _add_parts(spec, leaves, values, edge.parent)
        elif edge.child in leaves and _units(child, values) > _units(parent, values):
            share = _units(parent, values) / 3 * base_units(child)
            leaves[edge.child] = Value.of(int(share))
            moved = True
        elif edge.child not in leaves and _units(child, values) > _units(parent, values):
            moved |= _raise_parent(spec, leaves, values, edge.child, edge.parent)
    return moved


def _units(item: Item, values: dict[str, Value]) -> Fraction:
    return Fraction(values[item.code].number or 0, base_units(item))


def _add_parts(spec: FormSpec, leaves: dict[str, Value], values: dict[str, Value], total: str) -> bool:
    if total not in leaves:
        return False
    item = spec.item(total)
    whole = sum((_units(spec.item(part), values) for part in spec.parts(total)), Fraction(0))
    right = Value.of(int(whole * base_units(item)))
    changed, leaves[total] = leaves[total] != right, right
    return changed


def _raise_parent(spec: FormSpec, leaves: dict[str, Value], values: dict[str, Value], child: str, parent: str) -> bool:
    """A computed part that exceeds its total: a typed total is raised, a computed one keeps its findings."""
    if parent not in leaves:
        return False
    item = spec.item(parent)
    leaves[parent] = Value.of(int(_units(spec.item(child), values) * 2 * base_units(item)))
    return True
