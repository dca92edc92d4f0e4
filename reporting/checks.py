"""What is wrong, doubtful or worth a word in the figures of a form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from relief.lib import money
from reporting.comparing import Past, too_much_changed
from reporting.formulas import compute
from reporting.rounding import printed_numbers, rounding_gaps, shown_texts
from reporting.spec.examples import Outside, check_holds
from reporting.spec.faults import PLACEHOLDER
from reporting.spec.model import Check, CheckKind, FormSpec, Item, Relation, Severity
from reporting.values import State, Value, base_units, day_in_words, exact, in_unit, printed_number, shown

__all__ = ["Finding", "check_printed_formulas", "rounding_gaps", "run_checks"]

OWN_KEYS = ("ledger:", "against:")
"""Beginnings of the keys of findings that stand beside the own row only."""
_RANK = {Severity.REFUSE: 0, Severity.ASK: 1, Severity.HINT: 2}
FEW_PARTS = 3


@dataclass(frozen=True)
class Finding:
    """A failed check: a key that is stable between runs, its kind and severity, the blanks concerned, a sentence."""

    key: str
    kind: CheckKind
    severity: Severity
    codes: tuple[str, ...]
    message: str

    @property
    def is_difference(self) -> bool:
        """Whether a typed figure differs from its source, which is explained in the cell."""
        return self.key.startswith("ledger:")


def run_checks(
    spec: FormSpec,
    values: Mapping[str, Value],
    records: Mapping[str, Value] | None = None,
    *,
    explained: Collection[str] = (),
    outside: Outside | None = None,
    past: Past | None = None,
) -> list[Finding]:
    """The findings of one form, gravest first, then in the order of the form.

    `values` must hold every blank (see `compute`). With `records`, a typed leaf that differs from what its source
    gives is a finding unless its code is among `explained`. `outside` holds what the checks name outside the own row; a
    check that lacks such a figure is not run. `past` holds last year's forms.
    """
    texts = shown_texts(spec, values)
    differences = list(_differences(spec, values, records or {}, explained))
    # What a difference says or an explanation has settled is not asked a second time by a check of the form.
    settled = {*explained, *(finding.codes[0] for finding in differences)}
    findings = [
        *_missing(spec, values),
        *_broken_relations(spec, values, texts),
        *(
            finding
            for check, finding in _failed_checks(spec, values, texts, outside or {})
            if not _is_settled(spec, check, settled)
        ),
        *differences,
        *_beside_formulas(spec, values, records or {}),
        *_changed_since_last_year(spec, values, past or {}),
    ]
    position = {code: number for number, code in enumerate(spec.codes)}
    return sorted(findings, key=lambda finding: (_RANK[finding.severity], position[finding.codes[0]]))


def _missing(spec: FormSpec, values: Mapping[str, Value]) -> Iterator[Finding]:
    for code in spec.leaves:
        item = spec.item(code)
        if not values[code].is_empty:
            continue
        if item.required:
            way_out = "没有发生请填 0；本单位不涉及请填“—”。" if item.is_numeric else "请填写；没有请填“—”。"
            sentence = f"“{item.label}”还没有填。{way_out}"
            yield Finding(f"required:{code}", CheckKind.REQUIRED, Severity.REFUSE, (code,), sentence)
        elif item.is_numeric:
            sentence = f"“{item.label}”没有填，不按 0 计。"
            yield Finding(f"required:{code}", CheckKind.REQUIRED, Severity.HINT, (code,), sentence)


def _broken_relations(spec: FormSpec, values: Mapping[str, Value], texts: Mapping[str, str]) -> Iterator[Finding]:
    for edge in spec.relations:
        if edge.kind == "subset" and _exceeds(spec, values, edge):
            child, parent = spec.item(edge.child), spec.item(edge.parent)
            sentence = (
                f"“{child.label}”{texts[edge.child]} {child.unit}，"
                f"不能大于“{parent.label}”{texts[edge.parent]} {parent.unit}。"
            )
            key, codes = f"subset:{edge.child}:{edge.parent}", (edge.child, edge.parent)
            yield Finding(key, CheckKind.WITHIN, edge.severity, codes, sentence)
    listed = {edge.parent: edge.severity for edge in spec.relations if edge.kind == "partition"}
    for total, severity in listed.items():
        if not spec.item(total).is_formula:
            yield from _broken_partition(spec, values, total, severity)


def _exceeds(spec: FormSpec, values: Mapping[str, Value], edge: Relation) -> bool:
    child, parent = values[edge.child], values[edge.parent]
    if not (child.is_filled and parent.is_filled):
        return False
    return in_unit_of(spec.item(edge.child), child) > in_unit_of(spec.item(edge.parent), parent)


def in_unit_of(item: Item, value: Value) -> Fraction:
    """The exact number for comparing two blanks of one kind: money in 分, other numbers in their unit."""
    return Fraction(value.units) if item.kind == "money" else in_unit(item, value.units)


def _broken_partition(
    spec: FormSpec, values: Mapping[str, Value], parent: str, severity: Severity
) -> Iterator[Finding]:
    parts = spec.parts(parent)
    if not values[parent].is_filled or any(values[part].is_empty for part in parts):
        return
    filled = [part for part in parts if values[part].is_filled]
    total = sum(in_unit_of(spec.item(part), values[part]) for part in filled)
    item = spec.item(parent)
    if total != in_unit_of(item, values[parent]):
        whole = Value.of(int(total if item.kind == "money" else total * 10**item.places))
        sentence = _should_be(item, "+".join(parts), parts, whole, values[parent])
        yield Finding(f"partition:{parent}", CheckKind.WITHIN, severity, (parent, *parts), sentence)


def _failed_checks(
    spec: FormSpec, values: Mapping[str, Value], texts: Mapping[str, str], outside: Outside
) -> Iterator[tuple[Check, Finding]]:
    told = {**texts, **{name: shown(item, value) for name, (item, value) in outside.items()}}
    for check in spec.checks:
        if check_holds(spec, check, values, outside) is False:
            sentence = PLACEHOLDER.sub(lambda match: _word(match.group(1), told), check.message)
            named = (name for name in PLACEHOLDER.findall(check.message) if name in spec.by_code)
            codes = check.items or tuple(named) or spec.codes[:1]
            yield check, Finding(check.key, check.kind, check.severity, codes, sentence)


def _is_settled(spec: FormSpec, check: Check, settled: Collection[str]) -> bool:
    """Whether the check does nothing but compare blanks with their records, each of which is settled."""
    named = check.references(spec.known_codes)
    return bool(named) and all(found.kind == "records" and found.code in settled for found in named)


def _word(name: str, told: Mapping[str, str]) -> str:
    if name.startswith("day:"):
        return day_in_words(name.removeprefix("day:"))
    return told.get(name) or "空"


def needs_records(spec: FormSpec, check: Check) -> bool:
    """Whether the check compares with the records, which stand beside the own row and not beside a roll-up."""
    return any(found.kind == "records" for found in check.references(spec.known_codes))


def _differences(
    spec: FormSpec, values: Mapping[str, Value], records: Mapping[str, Value], explained: Collection[str]
) -> Iterator[Finding]:
    for code in spec.leaves:
        item, record = spec.item(code), records.get(code)
        if record is None or not record.is_filled or record.number is None or code in explained:
            continue
        value = values[code]
        if value.is_empty or value.number == record.number or (value.is_na and record.number == 0):
            continue
        typed, recorded = _apart(item, value, record)
        if value.state is State.NA:
            said = f"填的是“不适用”，台账有 {recorded} {item.unit}。"
        else:
            way = "多" if value.units > record.units else "少"
            gap = Value.of(abs(value.units - record.units))
            said = (
                f"填了 {typed} {item.unit}，台账 {recorded} {item.unit}，{way} {_difference(item, gap)} {item.unit}。"
            )
        kind, word = source_words(item)
        sentence = f"{said.replace('台账', word, 1)}请写明原因，或改回{word}数。"
        yield Finding(f"ledger:{code}", kind, Severity.REFUSE, (code,), sentence)


def source_words(item: Item) -> tuple[CheckKind, str]:
    """The kind of a difference to the blank's source, and what the source is called."""
    if item.source is not None and item.source.last_year:
        return CheckKind.LAST_YEAR, "上年"
    if item.source is not None and item.source.form:
        return CheckKind.BETWEEN, "其他表"
    return CheckKind.LEDGER, "台账"


def _beside_formulas(spec: FormSpec, values: Mapping[str, Value], records: Mapping[str, Value]) -> Iterator[Finding]:
    """A hint for each computed total that differs from the records, unless a check of the form judges it."""
    judged = {found.code for found in spec.references if found.kind == "records"}
    for item in spec.formula_items:
        value, record = values[item.code], records.get(item.code)
        if record is None or record.number is None or item.code in judged:
            continue
        if value.number is None or value.number == record.number:
            continue
        counted, recorded = _apart(item, value, record)
        way = "多" if value.units > record.units else "少"
        gap = _difference(item, Value.of(abs(value.units - record.units)))
        sentence = f"{item.code} 合计 {counted} {item.unit}，台账 {recorded} {item.unit}，{way} {gap} {item.unit}。"
        yield Finding(f"against:{item.code}", CheckKind.LEDGER, Severity.HINT, (item.code,), sentence)


def _changed_since_last_year(spec: FormSpec, values: Mapping[str, Value], past: Past) -> Iterator[Finding]:
    for code, sentence in too_much_changed(spec, values, past):
        yield Finding(f"change:{code}", CheckKind.LAST_YEAR, Severity.ASK, (code,), sentence)


def _apart(item: Item, one: Value, other: Value) -> tuple[str, str]:
    """Two numbers as printed, or with all their places when print rounds one: they and their gap have to add up."""
    if any(_is_rounded_away(item, value) for value in (one, other)):
        return _full(item, one), _full(item, other)
    return _printed(item, one), _printed(item, other)


def _printed(item: Item, value: Value) -> str:
    number = printed_number(item, value)
    return "—" if number is None else money.grouped(number)


def _full(item: Item, value: Value) -> str:
    number = exact(item, value)
    if number is None:
        return "—"
    decimals = f"{number:f}".partition(".")[2].rstrip("0")
    return money.grouped(number, max(item.places, len(decimals)))


def _is_rounded_away(item: Item, value: Value) -> bool:
    return value.is_filled and Fraction(printed_number(item, value) or 0) != in_unit(item, value.units)


def _difference(item: Item, gap: Value) -> str:
    return _full(item, gap) if _is_rounded_away(item, gap) else _printed(item, gap)


def check_printed_formulas(spec: FormSpec, given: Mapping[str, Value], *, to_the_cent: bool = False) -> list[Finding]:
    """A refusal for each given total that is not what its formula gives over the given parts.

    A total on paper or in a workbook is right at the printed places, rounded either way; one that is stored has to be
    right `to_the_cent`. A total that is not given is not judged.
    """
    computed = compute(spec, given)
    printed = printed_numbers(spec, computed)
    findings = []
    for item in spec.formula_items:
        value, right = given.get(item.code), computed[item.code]
        if value is None or value == right or (value.is_empty and not to_the_cent):
            continue
        close = value.is_filled and right.is_filled and value.number == _base(item, printed_number(item, right))
        close = close or (value.is_filled and right.is_filled and value.number == _base(item, printed[item.code]))
        if close and not to_the_cent:
            continue
        sentence = _should_be(item, item.formula, spec.parts(item.code), right, value)
        codes = (item.code, *spec.parts(item.code))
        findings.append(Finding(f"formula:{item.code}", CheckKind.FORMULA, Severity.REFUSE, codes, sentence))
    return sorted(findings, key=lambda finding: spec.codes.index(finding.codes[0]))


def _base(item: Item, number: Decimal | None) -> int:
    return int(Fraction(number or 0) * base_units(item))


def _should_be(item: Item, formula: str, parts: tuple[str, ...], right: Value, given: Value) -> str:
    if len(parts) > FEW_PARTS and formula.replace(" ", "") == "+".join(parts):
        formula = f"{parts[0]}+…+{parts[-1]}"
    if right.is_filled and given.is_filled:
        wanted, found = _apart(item, right, given)
    else:
        wanted, found = _said(item, right), _said(item, given)
    return f"{item.code} 应等于 {formula} = {wanted}，填的是 {found}。"


def _said(item: Item, value: Value) -> str:
    return "空" if value.is_empty else _printed(item, value)
