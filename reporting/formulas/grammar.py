"""A small language of sums and comparisons over codes, read through an `ast` whitelist, never executed as Python.

Numbers are whole numbers or fractions, so that nothing is lost. Codes need not be Python names: `09_1` and `01A` are
read as they stand, a code of digits alone (`05`) when it is among the known codes or written `{05}`. What stands
outside the own row is named in braces: `{last_year:B}`, `{form:ID:B}`, `{records:B}`, `{cap:per_contact}`; a day is
written `{day:2020-01-10}` and counts as a number of days, so that days can be compared and taken from one another.
"""

from __future__ import annotations

import ast
import datetime
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

Number = int | Decimal | Fraction
Evaluator = Callable[[Mapping[str, Number]], "Number | bool"]

FORMULA_LIMIT = 2000
DEPTH_LIMIT = 200
DAY = "day:"
RESERVED = frozenset({"and", "or", "not", "max", "min", "sum", "abs"})
_TOKEN = re.compile(
    r"\s*(?:(?P<braced>\{[A-Za-z0-9_:.-]+\})|(?P<number>\d+\.\d+|\d+(?![\w]))|(?P<word>[A-Za-z0-9_]+)"
    r"|(?P<sign>==|!=|>=|<=|[-+*/()<>,]))"
)
_REFERENCES = {
    "last_year": re.compile(r"last_year:(?P<code>[A-Za-z0-9_]{1,16})"),
    "form": re.compile(r"form:(?P<form>[a-z0-9][a-z0-9-]{0,63}):(?P<code>[A-Za-z0-9_]{1,16})"),
    "records": re.compile(r"records:(?P<code>[A-Za-z0-9_]{1,16})"),
    "cap": re.compile(r"cap:(?P<code>per_contact)"),
}
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
_COMPARISON = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.GtE: operator.ge,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
}
_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "max": max,
    "min": min,
    "abs": abs,
    "sum": lambda *numbers: sum(numbers),
}


class FormulaFault(ValueError):
    """The text is no formula of this grammar; the message is a sentence for its author."""


@dataclass(frozen=True)
class Reference:
    """A name that points out of the own row: last year, another form, the records, a cap."""

    name: str
    kind: str
    code: str
    form: str = ""


def reference(name: str) -> Reference | None:
    """What a name with a colon points to; nothing for a plain code. Raises FormulaFault for anything else.

    >>> reference("form:centre-2018:P03").form, reference("P03")
    ('centre-2018', None)
    """
    if ":" not in name:
        return None
    kind = name.partition(":")[0]
    match = _REFERENCES[kind].fullmatch(name) if kind in _REFERENCES else None
    if match is None:
        raise FormulaFault(
            f"“{{{_short(name)}}}”不认识；大括号里可以写 last_year:代码、form:表样:代码、records:代码、"
            "cap:per_contact 或 day:2020-01-10。"
        )
    return Reference(name, kind, **match.groupdict())


def day_number(text: str) -> int:
    """A day `2020-01-10` as a number of days; ValueError when there is no such day.

    >>> day_number("2020-01-10") - day_number("2020-01-01")
    9
    """
    return datetime.date.fromisoformat(text).toordinal()


@dataclass(frozen=True)
class Formula:
    """A compiled formula: the codes and references it names in order of appearance, and how to evaluate it."""

    text: str
    names: tuple[str, ...]
    additive: bool
    logical: bool
    _run: Evaluator = field(repr=False, compare=False)
    tree: ast.expr = field(repr=False, compare=False)
    places: tuple[str, ...] = field(repr=False, compare=False)

    @property
    def references(self) -> tuple[Reference, ...]:
        """What it names outside the own row."""
        return tuple(found for name in self.names if (found := reference(name)) is not None)

    def evaluate(self, mapping: Mapping[str, Number]) -> Number | bool:
        """The exact result: int where it is whole, Fraction otherwise, bool for a comparison.

        Raises KeyError for a missing name and ZeroDivisionError.
        """
        result = self._run({name: _exact(mapping[name]) for name in self.names})
        if isinstance(result, Fraction) and result.denominator == 1:
            return result.numerator
        return result


@lru_cache(maxsize=4096)
def compile_formula(text: str, codes: frozenset[str] = frozenset()) -> Formula:
    """The formula written in the text; `codes` are known codes, needed for codes made of digits alone.

    >>> compile_formula("09A1 + 2 * (B - 0.5)").evaluate({"09A1": 3, "B": 1})
    4
    """
    if len(text) > FORMULA_LIMIT:
        raise FormulaFault(f"公式太长，最多 {FORMULA_LIMIT} 个字符。")
    source, names = _translate(text, codes)
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, MemoryError, RecursionError, ValueError):
        raise FormulaFault(f"公式“{_short(text)}”写得不完整，请检查括号和运算符。") from None
    reader = _Reader(source, names)
    run = reader.read(tree, 0)
    logical = isinstance(tree, (ast.Compare, ast.BoolOp)) or (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    )
    named = tuple(dict.fromkeys(name for name in names if not name.startswith(DAY)))
    return Formula(text, named, reader.additive, logical, run, tree, tuple(names))


def split(text: str, codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The tokens of a formula as (`code` | `day` | `number` | `sign` | `word`, text); FormulaFault at an unknown sign."""
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaFault(f"公式“{_short(text)}”里有不认识的符号“{text[position:].strip()[:1]}”。")
        position = match.end()
        kind = match.lastgroup or ""
        token = match.group(kind)
        plain_number = kind == "number" and token not in codes and not _zero_led(token)
        if kind == "sign" or plain_number or (kind == "word" and token in RESERVED):
            yield kind, token
        elif token.startswith("{day:"):
            yield "day", token[1:-1]
        else:
            yield "code", _name(token.strip("{}"))


def _name(text: str) -> str:
    """The name in braces or as it stood; FormulaFault when it points nowhere."""
    if ":" not in text and not re.fullmatch(r"[A-Za-z0-9_]+", text):
        raise FormulaFault(f"“{_short(text)}”不是项目代码。")
    found = reference(text)
    return text if found is None else found.name


def _translate(text: str, codes: frozenset[str]) -> tuple[str, list[str]]:
    """Python source with each code as `v0`, `v1`…, and the codes by that number."""
    parts: list[str] = []
    names: list[str] = []
    for kind, token in split(text, codes):
        if kind in ("code", "day"):
            parts.append(f"v{len(names)}")
            names.append(token)
        else:
            parts.append(token)
    if not parts:
        raise FormulaFault("公式是空的。")
    return " ".join(parts), names


def _written_day(name: str) -> int:
    try:
        return day_number(name.removeprefix(DAY))
    except ValueError:
        raise FormulaFault(f"“{{{_short(name)}}}”不是日期，请写成 {{day:2020-01-10}}。") from None


def _zero_led(token: str) -> bool:
    return len(token) > 1 and token[0] == "0" and token.isdigit()


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _exact(number: Number) -> Number:
    return Fraction(number) if isinstance(number, Decimal) else number


class _Reader:
    """Turns whitelisted nodes into closures and notes whether only sums occur."""

    def __init__(self, source: str, names: list[str]) -> None:
        self.source = source
        self.names = names
        self.additive = True

    def read(self, node: ast.expr, depth: int) -> Evaluator:
        if depth > DEPTH_LIMIT:
            raise FormulaFault("公式的层次太深，请拆成几个项目。")
        method = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if method is None:
            raise FormulaFault("公式只能用加减乘除、比较、and、or、not、括号和 max、min、sum、abs。")
        return method(node, depth + 1)

    def _read_constant(self, node: ast.Constant, depth: int) -> Evaluator:
        written = ast.get_source_segment(self.source, node) or ""
        if not re.fullmatch(r"\d{1,18}(\.\d{1,12})?", written):
            raise FormulaFault(f"公式里的数“{_short(written)}”太长。")
        number = Fraction(written) if "." in written else int(written)
        return lambda values: number

    def _read_name(self, node: ast.Name, depth: int) -> Evaluator:
        if not re.fullmatch(r"v\d+", node.id):
            raise FormulaFault(f"“{node.id}”后面要有括号。")
        name = self.names[int(node.id[1:])]
        if name.startswith(DAY):
            number = _written_day(name)
            return lambda values: number
        return lambda values: values[name]

    def _read_binop(self, node: ast.BinOp, depth: int) -> Evaluator:
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        if not isinstance(node.op, (ast.Add, ast.Sub)):
            self.additive = False
        if isinstance(node.op, ast.Div):
            return lambda values: Fraction(left(values)) / Fraction(right(values))
        function = _ARITHMETIC.get(type(node.op))
        if function is None:
            raise FormulaFault("公式只能用加减乘除，不能用整除、余数和乘方。")
        return lambda values: function(left(values), right(values))

    def _read_unaryop(self, node: ast.UnaryOp, depth: int) -> Evaluator:
        inner = self.read(node.operand, depth)
        if isinstance(node.op, ast.Not):
            self.additive = False
            return lambda values: not inner(values)
        if isinstance(node.op, ast.USub):
            return lambda values: -inner(values)
        return inner

    def _read_compare(self, node: ast.Compare, depth: int) -> Evaluator:
        self.additive = False
        functions = [_COMPARISON.get(type(op)) for op in node.ops]
        if None in functions:
            raise FormulaFault("公式只能用 ==、!=、>=、<=、>、< 比较。")
        sides = [self.read(side, depth) for side in (node.left, *node.comparators)]

        def run(values):
            numbers = [side(values) for side in sides]
            pairs = zip(functions, numbers, numbers[1:], strict=False)
            return all(function(left, right) for function, left, right in pairs)

        return run

    def _read_boolop(self, node: ast.BoolOp, depth: int) -> Evaluator:
        self.additive = False
        parts = [self.read(part, depth) for part in node.values]
        joined = all if isinstance(node.op, ast.And) else any
        return lambda values: joined(bool(part(values)) for part in parts)

    def _read_call(self, node: ast.Call, depth: int) -> Evaluator:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function: Callable[..., Number] | None = _FUNCTIONS.get(name)
        if function is None or node.keywords or not node.args or (name == "abs" and len(node.args) != 1):
            raise FormulaFault("公式里的函数只有 max、min、sum 和 abs，括号里写项目或数，用逗号隔开。")
        arguments = [self.read(argument, depth) for argument in node.args]
        if name != "sum":
            self.additive = False
        if name in {"max", "min"} and len(arguments) == 1:
            return arguments[0]
        return lambda values: function(*(argument(values) for argument in arguments))
