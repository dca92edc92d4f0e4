"""The six shipped forms, read from their files, each filled with figures that are all different."""

import json
from pathlib import Path

import pytest

from reporting.formulas import compute
from reporting.spec import FormSpec, load_spec
from reporting.values import Value, base_units

FORMS = Path(__file__).resolve().parents[2] / "fixtures" / "forms"
FIRST = 2101
WORDS = {"text": "PZ0108", "date": "2020-01-08"}


def shipped(form_id: str) -> FormSpec:
    """The form of that id; loading it runs every example of every check."""
    return load_spec(json.loads((FORMS / f"{form_id}.json").read_text(encoding="utf-8")))


def all_different(spec: FormSpec) -> dict[str, Value]:
    """2101 in the first blank, 2102 in the second and so on, each in its own unit; totals as computed."""
    leaves = {}
    for number, item in enumerate(spec.items, FIRST):
        leaves[item.code] = Value.of(number * base_units(item)) if item.is_numeric else Value.word(WORDS[item.kind])
    return compute(spec, leaves)


@pytest.fixture(params=sorted(path.stem for path in FORMS.glob("*.json")))
def form(request) -> FormSpec:
    """Each shipped form in turn."""
    return shipped(request.param)
