"""The parts of a form as frozen objects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from reporting.formulas.grammar import Formula, FormulaFault, Reference, compile_formula
from reporting.layout import Layout

NUMERIC_KINDS = frozenset({"number", "money"})


@dataclass(frozen=True)
class Fault:
    """One reason why the form cannot be used: a sentence, and the place as far as it is known.

    `cell` is (row, column) of the layout, counted from 0.
    """

    message: str
    codes: tuple[str, ...] = ()
    check: str | None = None
    cell: tuple[int, int] | None = None

    def __str__(self) -> str:
        return self.message


class SpecFault(ValueError):
    """The form cannot be used; `faults` lists every reason as a sentence, `findings` the same with their places."""

    def __init__(self, faults: Sequence[str | Fault]) -> None:
        self.findings = tuple(fault if isinstance(fault, Fault) else Fault(fault) for fault in faults)
        self.faults = tuple(dict.fromkeys(fault.message for fault in self.findings))
        super().__init__("\n".join(self.faults))


class Severity(StrEnum):
    """What a failed check means: cannot be handed in, needs an explanation, or is only said."""

    REFUSE = "refuse"
    ASK = "ask"
    HINT = "hint"

    @property
    def label(self) -> str:
        return {"refuse": "错误", "ask": "核实", "hint": "提示"}[self.value]


class CheckKind(StrEnum):
    """What a figure is checked against."""

    WITHIN = "within"
    BETWEEN = "between"
    LEDGER = "ledger"
    LAST_YEAR = "last_year"
    REQUIRED = "required"
    FORMULA = "formula"

    @property
    def label(self) -> str:
        return {
            "within": "表内",
            "between": "表间",
            "ledger": "与台账",
            "last_year": "与上年",
            "required": "必填",
            "formula": "公式",
        }[self.value]


@dataclass(frozen=True)
class Block:
    """A numbered block of the sheet (编号), for progress by block."""

    no: str
    title: str


@dataclass(frozen=True)
class Term:
    """One measure of the records with its filters; the terms of a source are added."""

    measure: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: str = "main"

    @cached_property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters by name, each with the words it lets through."""
        return dict(self.where)


@dataclass(frozen=True)
class Source:
    """Where a blank's value comes from: terms of the records, else last year's figure, else another form's figure.

    `last_year` is a code of this form or `form-id:CODE`; `form` and `code` name a blank of another form.
    """

    terms: tuple[Term, ...] = ()
    last_year: str = ""
    form: str = ""
    code: str = ""


@dataclass(frozen=True)
class Item:
    """A blank of the form."""

    code: str
    label: str
    printed: str
    measure: str
    unit: str
    places: int
    kind: str
    required: bool
    over_children: str
    block: str
    formula: str
    printed_formula: str
    source: Source | None
    last_year: str | None = None
    against: Source | None = None
    change_limit: Decimal | None = None
    hint: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """What the records are asked for this blank: its source, or what stands against its formula."""
        source = self.against if self.is_formula else self.source
        return source.terms if source is not None else ()

    @property
    def paper_label(self) -> str:
        """The words of the paper: group label and measure label where the sheet has both."""
        return f"{self.printed} / {self.measure}" if self.measure else self.printed

    @property
    def name(self) -> str:
        """Code and readable label, for sentences."""
        return f"{self.code} {self.label}"

    @property
    def is_formula(self) -> bool:
        return bool(self.formula)

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS


@dataclass(frozen=True)
class Relation:
    """How a blank stands to its parent: part of a complete list, named part, or the same counted again."""

    child: str
    parent: str
    kind: str
    severity: Severity = Severity.REFUSE


@dataclass(frozen=True)
class Check:
    """A sentence about the figures that should hold; its expression is true when it does."""

    key: str
    kind: CheckKind
    severity: Severity
    items: tuple[str, ...]
    expression: str
    message: str
    when_empty: str = "skip"
    passing: tuple[Mapping[str, Any], ...] = ()
    failing: tuple[Mapping[str, Any], ...] = ()

    def references(self, known: frozenset[str]) -> tuple[Reference, ...]:
        """What the expression names outside the own row; nothing when it cannot be read."""
        try:
            return compile_formula(self.expression, known).references
        except FormulaFault:
            return ()


@dataclass(frozen=True)
class FormSpec:
    """A version of a form, complete and without faults."""

    id: str
    version: int
    title: str
    titles_year: int | None
    rounding: str
    head: tuple[tuple[str, ...], ...]
    blocks: tuple[Block, ...]
    items: tuple[Item, ...]
    relations: tuple[Relation, ...]
    checks: tuple[Check, ...]
    layout: Layout
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @cached_property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)

    @cached_property
    def explained_items(self) -> tuple[Item, ...]:
        """The blanks that carry a word for the filler (填报说明)."""
        return tuple(item for item in self.items if item.hint)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes that may be typed: all but the formula blanks, in the order of the form."""
        return tuple(item.code for item in self.items if not item.is_formula)

    @cached_property
    def formula_items(self) -> tuple[Item, ...]:
        """The formula blanks in an order in which each one's parts come before it."""
        return tuple(self.by_code[code] for code in evaluation_order(self.items, self.known_codes))

    @cached_property
    def known_codes(self) -> frozenset[str]:
        return frozenset(self.codes)

    def item(self, code: str) -> Item:
        """The item of that code; KeyError when there is none."""
        return self.by_code[code]

    def formula(self, code: str) -> Formula:
        """The compiled formula of a formula blank."""
        return compile_formula(self.by_code[code].formula, self.known_codes)

    def parts(self, code: str) -> tuple[str, ...]:
        """What a total is made of: the codes of its formula, else the parts of its complete list."""
        if self.by_code[code].is_formula:
            return self.formula(code).names
        return tuple(edge.child for edge in self.relations if edge.parent == code and edge.kind == "partition")

    def moved_by(self, code: str) -> frozenset[str]:
        """The code and every formula blank that is computed from it."""
        found = {code}
        for item in self.formula_items:
            if found & set(self.formula(item.code).names):
                found.add(item.code)
        return frozenset(found)

    def block_codes(self, no: str) -> tuple[str, ...]:
        """The codes of one block, in the order of the form."""
        return tuple(item.code for item in self.items if item.block == no)

    def names_of(self, check: Check) -> tuple[str, ...]:
        """The blanks of the own row that a check's expression names."""
        return tuple(name for name in compile_formula(check.expression, self.known_codes).names if ":" not in name)

    @cached_property
    def references(self) -> frozenset[Reference]:
        """Everything the checks name outside the own row."""
        return frozenset(found for check in self.checks for found in check.references(self.known_codes))

    @cached_property
    def compares_years(self) -> bool:
        """Whether anything in the form looks at last year's figures."""
        return any(
            item.last_year or item.change_limit is not None or (item.source is not None and item.source.last_year)
            for item in self.items
        ) or any(found.kind == "last_year" for found in self.references)

    @cached_property
    def earlier_forms(self) -> frozenset[str]:
        """The ids of the forms whose figures of last year may be partners of this form's blanks."""
        named = [item.last_year or "" for item in self.items]
        named += [item.source.last_year for item in self.items if item.source is not None]
        return frozenset({self.id} | {name.partition(":")[0] for name in named if ":" in name})

    @cached_property
    def other_forms(self) -> frozenset[str]:
        """The ids of the forms of the same campaign whose figures this form takes or is checked against."""
        taken = {item.source.form for item in self.items if item.source is not None and item.source.form}
        return frozenset(taken | {found.form for found in self.references if found.kind == "form"})

    def partner(self, code: str) -> tuple[str, str]:
        """(form id, code) of the blank of an earlier version that this code is compared with.

        `form-id:CODE` is taken as it stands, a code of this form through its map, else the same code of the same form.
        """
        named = self.by_code[code].last_year if code in self.by_code else None
        form, _, old = (named or code).rpartition(":")
        return form or self.id, old

    def digest(self) -> str:
        """SHA-256 over the form's data in canonical JSON; equal for equal forms however the file was laid out."""
        text = json.dumps(_canonical(self.raw), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class FormulaCycle(ValueError):
    """Formulas name each other in a circle; the codes are those of the circle."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(" → ".join(codes))


def evaluation_order(items: Sequence[Item], known: frozenset[str]) -> list[str]:
    """The codes of formula blanks, parts first; FormulaCycle when there is no such order."""
    names = {item.code: compile_formula(item.formula, known).names for item in items if item.is_formula}
    order: dict[str, None] = {}
    for code in names:
        if code not in order:
            _order_from(code, names, order)
    return list(order)


def _order_from(code: str, names: Mapping[str, Sequence[str]], order: dict[str, None]) -> None:
    """Add the code behind everything it is computed from; a stack of its own, since a chain may be any length."""
    path: dict[str, Iterator[str]] = {code: iter(names[code])}
    while path:
        here = next(reversed(path))
        part = next((name for name in path[here] if name in names and name not in order), None)
        if part is None:
            path.popitem()
            order[here] = None
        elif part in path:
            circle = list(path)
            raise FormulaCycle([*circle[circle.index(part) :], part])
        else:
            path[part] = iter(names[part])


def _canonical(raw: Any) -> Any:
    """The data with every broken number as its shortest text, so that 0.30 read as number or text is one thing."""
    if isinstance(raw, Mapping):
        return {str(key): _canonical(value) for key, value in raw.items()}
    if isinstance(raw, (list, tuple)):
        return [_canonical(value) for value in raw]
    if isinstance(raw, (str, bool, int)) or raw is None:
        return raw
    return f"{Decimal(str(raw)).normalize():f}"
