"""Whether a formula keeps days apart from numbers, found without computing it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from reporting.formulas.grammar import DAY, Formula, FormulaFault

NUMBER, DATE = "number", "date"
_MIXED = "日期只能和日期比较或相减，或者加减天数。"


def result_kind(formula: Formula, kind_of: Callable[[str], str]) -> str:
    """`date` or `number`; FormulaFault where a day meets a number in a way that means nothing.

    `kind_of` gives the kind of a name: date, or anything else for a number.
    """
    return _Kinds(formula, kind_of).of(formula.tree)


class _Kinds:
    def __init__(self, formula: Formula, kind_of: Callable[[str], str]) -> None:
        self.formula = formula
        self.kind_of = kind_of

    def of(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            name = self.formula.places[int(node.id[1:])]
            return DATE if name.startswith(DAY) or self.kind_of(name) == DATE else NUMBER
        if isinstance(node, ast.BinOp):
            return self._of_pair(node)
        if isinstance(node, ast.Compare):
            self._same([node.left, *node.comparators])
            return NUMBER
        if isinstance(node, ast.BoolOp):
            return self._numbers(node.values)
        if isinstance(node, ast.UnaryOp):
            return self._numbers([node.operand])
        if isinstance(node, ast.Call):
            return self._of_call(node)
        return NUMBER

    def _of_pair(self, node: ast.BinOp) -> str:
        left, right = self.of(node.left), self.of(node.right)
        if DATE not in (left, right):
            return NUMBER
        if isinstance(node.op, ast.Sub) and left == DATE:
            return NUMBER if right == DATE else DATE
        if isinstance(node.op, ast.Add) and left != right:
            return DATE
        raise FormulaFault(_MIXED)

    def _of_call(self, node: ast.Call) -> str:
        if isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
            return self._same(node.args)
        return self._numbers(node.args)

    def _same(self, nodes: list[ast.expr]) -> str:
        kinds = {self.of(node) for node in nodes}
        if len(kinds) > 1:
            raise FormulaFault(_MIXED)
        return kinds.pop()

    def _numbers(self, nodes: list[ast.expr]) -> str:
        if any(self.of(node) == DATE for node in nodes):
            raise FormulaFault(_MIXED)
        return NUMBER
