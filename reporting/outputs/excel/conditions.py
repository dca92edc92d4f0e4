"""The checks of a form in Excel's words: conditions on exact differences, messages with live numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reporting.formulas.grammar import split
from reporting.outputs.excel.formats import number_format
from reporting.outputs.excel.sentences import literals, taken_over
from reporting.spec import Check, CheckKind, FormSpec, Item, Relation, Severity
from reporting.values import MONEY_UNITS

PLACES = 6
"""Differences are rounded to this: a 分 in 万元, so that no binary remainder decides a check."""
_OPERATORS = {ast.Eq: "=", ast.NotEq: "<>", ast.GtE: ">=", ast.LtE: "<=", ast.Gt: ">", ast.Lt: "<"}
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_FUNCTIONS = {"max": "MAX", "min": "MIN", "abs": "ABS", "sum": "SUM"}
_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_]+)\}")


class NotInExcel(ValueError):
    """The check needs something that the workbook does not hold: records, last year, another form."""


@dataclass(frozen=True)
class Condition:
    """One check cell: when it can be said, whether it holds, what it says then, its blanks, and in short what it asks."""

    said_when: str
    holds: str
    severity: Severity
    words: str
    codes: tuple[str, ...]
    label: str

    @property
    def result(self) -> str:
        """`通过`, or the word of the severity; nothing while a figure is missing."""
        answer = f'IF({self.holds},"通过","{self.severity.label}")'
        return f'=IF({self.said_when},{answer},"")' if self.said_when else f"={answer}"


def conditions(spec: FormSpec, addresses: Mapping[str, str]) -> Iterator[Condition]:
    """Every relation and check within the form that Excel can compute, in the order of the form."""
    for edge in spec.relations:
        if edge.kind == "subset":
            yield _subset(spec, edge, addresses)
    listed = {edge.parent: edge.severity for edge in spec.relations if edge.kind == "partition"}
    for parent, severity in listed.items():
        if not spec.item(parent).is_formula:
            yield _partition(spec, parent, severity, addresses)
    for check in spec.checks:
        if check.kind == CheckKind.WITHIN:
            try:
                yield _check(spec, check, addresses)
            except NotInExcel:
                continue


def left_out(spec: FormSpec, addresses: Mapping[str, str]) -> int:
    """How many checks only the system can run."""
    found = 0
    for check in spec.checks:
        try:
            _check(spec, check, addresses)
        except NotInExcel:
            found += 1
    return found


def _subset(spec: FormSpec, edge: Relation, addresses: Mapping[str, str]) -> Condition:
    child, parent = spec.item(edge.child), spec.item(edge.parent)
    cells = (addresses[child.code], addresses[parent.code])
    holds = f"ROUND({_in_unit(child, cells[0], parent.unit)}-{cells[1]},{PLACES})<=0"
    told = f"“{child.label}”{{{child.code}}} {child.unit}，不能大于“{parent.label}”{{{parent.code}}} {parent.unit}。"
    words, codes = _message(spec, told, addresses), (child.code, parent.code)
    return Condition(_filled(cells), holds, edge.severity, words, codes, f"{child.code} ≤ {parent.code}")


def _partition(spec: FormSpec, parent: str, severity: Severity, addresses: Mapping[str, str]) -> Condition:
    parts, item = spec.parts(parent), spec.item(parent)
    total = "+".join(_in_unit(spec.item(part), f"N({addresses[part]})", item.unit) for part in parts)
    here = [*(f'{addresses[part]}<>""' for part in parts), f"ISNUMBER({addresses[parent]})"]
    told = f"{parent} 应等于 {'+'.join(parts)}，填的是 {{{parent}}}。"
    holds = f"ROUND({total}-{addresses[parent]},{PLACES})=0"
    words, label = _message(spec, told, addresses), f"{parent} = {' + '.join(parts)}"
    return Condition(f"AND({','.join(here)})", holds, severity, words, (parent, *parts), label)


def _check(spec: FormSpec, check: Check, addresses: Mapping[str, str]) -> Condition:
    source, names = _source(spec, check.expression)
    units = [spec.item(name).unit for name in names if spec.item(name).kind == "money"]
    reader = _Reader(spec, names, addresses, units[0] if units else "")
    try:
        holds = reader.read(ast.parse(source, mode="eval").body)
    except (SyntaxError, KeyError) as error:
        raise NotInExcel(check.key) from error
    cells = [addresses[name] for name in dict.fromkeys(names)]
    said_when = _filled(cells) if check.when_empty == "skip" and cells else ""
    words, label = _message(spec, check.message, addresses), " ".join(check.expression.split())
    return Condition(said_when, holds, check.severity, words, check.items, label)


def _source(spec: FormSpec, text: str) -> tuple[str, list[str]]:
    """The expression as Python source with `v0`, `v1` … for codes and days as function calls."""
    parts, names = [], list[str]()
    for kind, token in split(text, spec.known_codes):
        if kind == "code":
            if token not in spec.known_codes:
                raise NotInExcel(token)
            parts.append(f"v{len(names)}")
            names.append(token)
        elif kind == "day":
            year, month, day = token.removeprefix("day:").split("-")
            parts.append(f"day({int(year)},{int(month)},{int(day)})")
        else:
            parts.append(token)
    return " ".join(parts), names


def _filled(cells: Sequence[str]) -> str:
    return f"AND({','.join(f'ISNUMBER({cell})' for cell in cells)})"


def _in_unit(item: Item, cell: str, unit: str) -> str:
    """A money cell in another money unit."""
    if item.kind != "money" or item.unit == unit or unit not in MONEY_UNITS:
        return cell
    times = MONEY_UNITS[item.unit] // MONEY_UNITS[unit]
    return f"{cell}*{times}" if times else f"{cell}/{MONEY_UNITS[unit] // MONEY_UNITS[item.unit]}"


def _message(spec: FormSpec, message: str, addresses: Mapping[str, str]) -> str:
    """The sentence of a check as a string expression, with the numbers as they stand."""
    parts, last = list[str](), 0
    for match in _PLACEHOLDER.finditer(message):
        code = match.group(1)
        if code not in addresses:
            continue
        parts.extend(literals(message[last : match.start()]))
        item, cell = spec.item(code), addresses[code]
        parts.append(f'TEXT({cell},"{number_format(item)}")' if item.is_numeric else taken_over(item, cell))
        last = match.end()
    parts.extend(literals(message[last:]))
    return "&".join(parts)


class _Reader:
    """Turns the whitelisted nodes of an expression into Excel's words."""

    def __init__(self, spec: FormSpec, names: Sequence[str], addresses: Mapping[str, str], unit: str) -> None:
        self.spec, self.names, self.addresses, self.unit = spec, names, addresses, unit

    def read(self, node: ast.expr) -> str:
        """The node in Excel's words; NotInExcel for what Excel cannot say."""
        method = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if method is None:
            raise NotInExcel(type(node).__name__)
        return method(node)

    def _read_constant(self, node: ast.Constant) -> str:
        return str(node.value)

    def _read_name(self, node: ast.Name) -> str:
        code = self.names[int(node.id[1:])]
        return _in_unit(self.spec.item(code), f"N({self.addresses[code]})", self.unit)

    def _read_binop(self, node: ast.BinOp) -> str:
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            raise NotInExcel("operator")
        return f"({self.read(node.left)}{sign}{self.read(node.right)})"

    def _read_unaryop(self, node: ast.UnaryOp) -> str:
        inner = self.read(node.operand)
        if isinstance(node.op, ast.Not):
            return f"NOT({inner})"
        return f"(-{inner})" if isinstance(node.op, ast.USub) else inner

    def _read_compare(self, node: ast.Compare) -> str:
        sides = [self._side(side) for side in (node.left, *node.comparators)]
        told = [
            f"ROUND({left}-{right},{PLACES}){_OPERATORS[type(op)]}0"
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        ]
        return told[0] if len(told) == 1 else f"AND({','.join(told)})"

    def _side(self, node: ast.expr) -> str:
        """A side of a comparison; one that is itself right or wrong counts 1 or 0."""
        logical = isinstance(node, ast.Compare | ast.BoolOp) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        )
        return f"N({self.read(node)})" if logical else self.read(node)

    def _read_boolop(self, node: ast.BoolOp) -> str:
        word = "AND" if isinstance(node.op, ast.And) else "OR"
        return f"{word}({','.join(self.read(part) for part in node.values)})"

    def _read_call(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        arguments = [self.read(argument) for argument in node.args]
        if name == "day":
            return f"DATE({','.join(arguments)})"
        if name not in _FUNCTIONS:
            raise NotInExcel(name)
        return f"{_FUNCTIONS[name]}({','.join(arguments)})"
