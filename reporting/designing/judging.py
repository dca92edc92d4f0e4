"""What the designer says about a form while it is being made: faults with their places, examples, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reporting.formulas import FormulaFault, compile_formula
from reporting.spec import FormSpec, SpecFault, load_spec

_QUOTED = re.compile(r"“([^”]{1,60})”")
_CHECK = re.compile(r"校验“([^”]{1,60})”")
_EXAMPLE = re.compile(r"校验“([^”]{1,60})”第 (\d+) 个(通过|不通过)的例子(.*)")
_CELL = re.compile(r"版面第 (\d+) 行(?:第 (\d+) 列)?")


def judge(raw: Mapping[str, Any]) -> dict[str, Any]:
    """{"faults", "examples", "formulas"} as the designer's page expects them; never raises."""
    messages = _messages(raw)
    codes = {str(item.get("code")) for item in _listed(raw, "items")}
    return {
        "faults": [_placed(message, codes) for message in messages],
        "examples": list(_examples(raw, messages)),
        "formulas": {
            str(item.get("code")): _formula(str(item["formula"]), frozenset(codes))
            for item in _listed(raw, "items")
            if item.get("formula")
        },
    }


def drawable(raw: Mapping[str, Any]) -> FormSpec:
    """The form for a preview: a fault of its checks does not stand in the way. Raises SpecFault for any other."""
    try:
        return load_spec(raw)
    except SpecFault:
        return load_spec({**raw, "checks": []})


def _messages(raw: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        load_spec(raw)
    except SpecFault as fault:
        return fault.faults
    return ()


def _listed(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    parts = raw.get(key)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _placed(message: str, codes: set[str]) -> dict[str, Any]:
    check, cell = _CHECK.search(message), _CELL.search(message)
    quoted = [word for word in _QUOTED.findall(message) if word in codes]
    place = [int(cell.group(1)) - 1, int(cell.group(2) or 1) - 1] if cell else None
    return {
        "message": message,
        "codes": list(dict.fromkeys(quoted)),
        "check": check.group(1) if check else None,
        "cell": place,
    }


def _examples(raw: Mapping[str, Any], messages: tuple[str, ...]) -> Any:
    """Each example with its result: as wanted, unless a fault says otherwise or the check itself has one."""
    told = {
        (found.group(1), "passing" if found.group(3) == "通过" else "failing", int(found.group(2))): found.group(4)
        for found in map(_EXAMPLE.match, messages)
        if found
    }
    broken = {
        found.group(1)
        for message in messages
        if not _EXAMPLE.match(message)
        for found in [_CHECK.match(message)]
        if found
    }
    for check in _listed(raw, "checks"):
        key = str(check.get("key"))
        for kind, wanted in (("passing", True), ("failing", False)):
            for number, _ in enumerate(check.get(kind) or (), 1):
                said = told.get((key, kind, number), "")
                holds = None if key in broken or (said and "实际上" not in said) else wanted is not bool(said)
                yield _example(key, kind, number, holds, said)


def _example(key: str, kind: str, number: int, holds: bool | None, said: str) -> dict[str, Any]:
    return {"check": key, "kind": kind, "number": number, "holds": holds, "message": said, "proposal": ""}


def _formula(text: str, codes: frozenset[str]) -> dict[str, Any]:
    try:
        formula = compile_formula(text, codes)
    except FormulaFault as fault:
        return {"ok": False, "message": str(fault)}
    unknown = [name for name in formula.names if name not in codes]
    if unknown:
        return {"ok": False, "message": f"“{'、'.join(unknown)}”不是本表的项目。"}
    if formula.logical:
        return {"ok": False, "message": "算出来的是“对错”，不是数。"}
    return {"ok": True, "message": ""}
