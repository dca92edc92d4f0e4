"""Forms and values for the tests of the pure form engine; no database."""

import copy
import json
from pathlib import Path

import pytest

from reporting.formulas import compute
from reporting.spec import load_spec
from reporting.values import Value

ROOT = Path(__file__).resolve().parents[3]


def read_form(path: str) -> dict:
    """The data of a form file below the project's root."""
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shaanxi():
    return load_spec(read_form("fixtures/forms/shaanxi-2024.json"))


@pytest.fixture(scope="session")
def mini():
    return load_spec(read_form("tests/fixtures/forms/mini.json"))


@pytest.fixture
def mini_raw():
    """The small form's data, for a test to break."""
    return copy.deepcopy(read_form("tests/fixtures/forms/mini.json"))


@pytest.fixture
def school(shaanxi):
    """The figures of the filed sheet in look/doc-form.png: one leaf not applicable, the rest filled."""
    counts = {"C1": 3, "C2": 4, "C4": 2, "C5": 6, "C7": 24, "C8": 3, "C10": 2, "C11": 8, "K1": 2}
    counts |= {"E1": 5, "E2": 3, "E3": 6, "E4": 2, "F1": 62, "F2": 140, "F3": 96}
    yuan = {"B3": 16000, "B4": 8600, "B5": 10000, "D1": 3000, "D2": 6000, "D4": 2000, "D5": 1800, "D7": 7200}
    yuan |= {"D8": 3000, "D10": 2000, "D11": 17000, "K2": 1500}
    leaves = {code: Value.of(0) for code in shaanxi.leaves}
    leaves |= {code: Value.of(count) for code, count in counts.items()}
    leaves |= {code: Value.of(amount * 100) for code, amount in yuan.items()}
    return compute(shaanxi, leaves | {"A": Value.na()})


@pytest.fixture
def mini_values(mini):
    leaves = {
        "01A": Value.of(1200),
        "01A1": Value.empty(),
        "02A": Value.of(123_456_78),
        "02B": Value.of(50),
        "02C": Value.word("=HYPERLINK(1)"),
        "02D": Value.word("2024-01-10"),
        "05": Value.of(0),
        "05_1": Value.na(),
    }
    return compute(mini, leaves)
