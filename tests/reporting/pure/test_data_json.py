import json

from reporting.outputs.data_json import figures_json


def test_figures_are_json_numbers_in_the_printed_unit(shaanxi, school):
    origins = {"B": "formula", "A": "typed", "C1": "records"}
    figures = json.loads(json.dumps(figures_json(shaanxi, school, origins), ensure_ascii=False))
    assert list(figures) == list(shaanxi.codes)
    assert figures["B"] == {"value": 3.46, "unit": "万元", "origin": "formula", "state": "filled"}
    assert figures["A"] == {"value": None, "unit": "家", "origin": "typed", "state": "na"}
    assert figures["C1"] == {"value": 3, "unit": "人次", "origin": "records", "state": "filled"}


def test_text_days_and_open_blanks(mini, mini_values):
    figures = figures_json(mini, mini_values, {})
    assert {code: (figures[code]["value"], figures[code]["state"]) for code in ("01A1", "02", "02C", "02D", "05")} == {
        "01A1": (None, "empty"),
        "02": (123457.28, "filled"),
        "02C": ("=HYPERLINK(1)", "filled"),
        "02D": ("2024-01-10", "filled"),
        "05": (0, "filled"),
    }
