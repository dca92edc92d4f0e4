"""The figures of a form as plain data for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reporting.rounding import printed_numbers
from reporting.spec.model import FormSpec
from reporting.values import Value


def figures_json(spec: FormSpec, values: Mapping[str, Value], origins: Mapping[str, str]) -> dict[str, dict]:
    """`{code: {"value", "unit", "origin", "state"}}` with values in the printed unit and places.

    The value is a JSON number, a text for text and date blanks, and null where nothing is filled or nothing applies.
    """
    numbers = printed_numbers(spec, values)
    figures = {}
    for item in spec.items:
        value, number = values[item.code], numbers[item.code]
        figures[item.code] = {
            # A stored number has at most 15 digits, so its JSON number is read back as written.
            "value": value.text if number is None else json.loads(f"{number:f}"),
            "unit": item.unit,
            "origin": origins.get(item.code, ""),
            "state": value.state.value,
        }
    return figures
