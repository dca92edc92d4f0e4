"""The page that describes the form file is true."""

import json
import re
from pathlib import Path

from reporting.measures import CATALOGUE
from reporting.spec import load_spec

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")


def test_the_worked_example_is_a_form():
    (example,) = re.findall(r"```json\n(\{\n.*?)```", PAGE, re.DOTALL)
    assert load_spec(json.loads(example)).codes == ("A", "B", "B1")


def test_every_measure_is_described():
    table = PAGE.partition("| Measure | Counts | Filters |")[2].partition("\n\n")[0]
    described = set()
    for cell in re.findall(r"(?m)^\| (`[^|]+) \|", table):
        names = re.findall(r"`([^`]+)`", cell)
        prefix = names[0].partition(".")[0]
        described |= {name if not name.startswith(".") else prefix + name for name in names}
    assert described == set(CATALOGUE)
