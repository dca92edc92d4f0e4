"""What the designer says about a form while it is being made: faults with their places, examples, formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from reporting.formulas import FormulaFault, compile_formula
from reporting.spec import Fault, FormSpec, Item, SpecFault, example_results, read_spec


def judge(raw: Mapping[str, Any], forms: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
    """{"faults", "examples", "formulas"} as the designer's page takes them; never raises.

    `forms`, {form id: codes}, are the forms that may be referred to.
    """
    spec, faults = read_spec(raw, forms)
    return {
        "faults": [_plain(fault) for fault in faults],
        "examples": [asdict(result) for result in _examples(spec)],
        "formulas": {} if spec is None else {item.code: _formula(spec, item) for item in spec.items if item.is_formula},
    }


def drawable(raw: Mapping[str, Any]) -> FormSpec:
    """The form for a preview: faults of its checks do not stand in the way. Raises SpecFault for any other."""
    spec, faults = read_spec(raw)
    grave = [fault for fault in faults if fault.check is None]
    if spec is None or grave:
        raise SpecFault(grave or faults)
    return replace(spec, checks=()) if faults else spec


def _plain(fault: Fault) -> dict[str, Any]:
    cell = None if fault.cell is None else list(fault.cell)
    return {"message": fault.message, "codes": list(fault.codes), "check": fault.check, "cell": cell}


def _examples(spec: FormSpec | None) -> list[Any]:
    """The examples with their results; none while the items themselves cannot be read."""
    try:
        return [] if spec is None else example_results(spec)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return []


def _formula(spec: FormSpec, item: Item) -> dict[str, Any]:
    try:
        formula = compile_formula(item.formula, spec.known_codes)
    except FormulaFault as fault:
        return _answer(False, str(fault))
    unknown = [name for name in formula.names if name not in spec.known_codes]
    if unknown:
        return _answer(False, f"“{'、'.join(unknown)}”不是本表的项目。")
    if formula.logical:
        return _answer(False, "算出来的是“对错”，不是数。")
    units = {spec.item(name).unit for name in formula.names} | {item.unit}
    if formula.additive and any(spec.item(name).kind != item.kind for name in formula.names):
        return _answer(False, "把金额和数量加在了一起。")
    if len(units) == 1:
        return _answer(True, f"可算，{len(formula.names)} 项单位相同")
    return _answer(True, f"可算，单位不同：{'、'.join(sorted(unit or '无' for unit in units))}")


def _answer(ok: bool, message: str) -> dict[str, Any]:
    return {"ok": ok, "message": message}
