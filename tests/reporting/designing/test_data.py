"""The data of a form made, copied, guarded, sampled, compared and judged; no database."""

import copy
import json
from pathlib import Path

import pytest

from reporting.checks import run_checks
from reporting.designing import (
    MOST_BYTES,
    UnreadableForm,
    as_new_form,
    as_new_version,
    blank_form,
    compare_forms,
    read_form_file,
    refuse_shape,
    sample_values,
    shape_faults,
)
from reporting.designing.judging import drawable, judge
from reporting.formulas import compute
from reporting.spec import Severity, SpecFault, load_spec

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted((ROOT / "fixtures" / "forms").glob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def mini():
    return read(ROOT / "tests" / "fixtures" / "forms" / "mini.json")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_exported_imported_and_copied(path):
    raw = read(path)
    again = read_form_file(json.dumps(raw, ensure_ascii=False, indent=1).encode())
    refuse_shape(again)
    assert load_spec(again).digest() == load_spec(raw).digest()
    copied = as_new_version(again, 2, year=2030)
    assert (judge(copied)["faults"], copied["version"], copied["titles_year"]) == ([], 2, 2030)
    assert compare_forms(raw, copied).is_equal
    assert [item["last_year"] for item in copied["items"]] == [item["code"] for item in raw["items"]]


def test_years_move_in_words_and_days_of_checks_but_not_elsewhere(mini):
    mini["items"][0]["label"] = "2023年度建档，1980年后出生"
    mini["checks"].append(
        {
            "key": "day",
            "severity": "ask",
            "items": ["02D"],
            "expression": "02D >= {day:2024-01-10}",
            "message": "02D 早于2024年1月10日。",
            "passing": [{"02D": "2024-01-11"}],
            "failing": [{"02D": "2024-01-09"}],
        }
    )
    moved = as_new_version(mini, 2, year=2027)
    assert (moved["title"], moved["items"][0]["label"]) == ("2027年送温暖小样表", "2026年度建档，1980年后出生")
    assert moved["checks"][-1]["expression"] == "02D >= {day:2027-01-10}"
    assert moved["checks"][-1]["failing"] == [{"02D": "2027-01-09"}]
    assert judge(moved)["faults"] == []


def test_a_copy_under_another_code_compares_with_the_old_form_only_when_it_follows_it(mini):
    template, successor = as_new_form(mini, "other", "另一张表"), as_new_form(mini, "mini-2025", "", year=2025)
    assert (template["id"], template["title"], template["items"][0]["last_year"]) == ("other", "另一张表", None)
    assert (successor["title"], successor["items"][0]["last_year"]) == ("2025年送温暖小样表", "mini:01A")
    assert (template["version"], judge(successor)["faults"]) == (1, [])


def test_copies_do_not_touch_the_original(mini):
    before = copy.deepcopy(mini)
    as_new_version(mini, 7, year=2030)
    as_new_form(mini, "other", "另一张表", year=2030)
    assert mini == before


def test_a_blank_form_lacks_only_items():
    assert [fault["message"] for fault in judge(blank_form("new", "新表", 2027))["faults"]] == ["表样没有项目。"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_sample_values_satisfy_formulas_and_refusals_and_never_change(path):
    spec = load_spec(read(path))
    values = sample_values(spec)
    assert values == sample_values(spec)
    assert compute(spec, values) == values
    assert [f.message for f in run_checks(spec, values) if f.severity == Severity.REFUSE] == []


def test_versions_are_compared_by_the_code_map(mini):
    newer = as_new_version(mini, 2)
    newer["items"][0] |= {"code": "01Z"}
    newer["items"][2] |= {"places": 0, "label": "捐款总额"}
    newer["items"][-1] |= {"code": "05_9", "last_year": None}
    found = compare_forms(mini, newer)
    assert found.renamed == [("01A", "01Z", "建立档案的困难职工家庭")]
    assert found.added == [("05_9", "开展活动场次")]
    assert found.removed == [("05_1", "开展活动场次")]
    assert found.changed == [("02", "名称", "募捐总额", "捐款总额"), ("02", "小数位", "2", "0")]
    assert (found.kept, found.is_equal) == (8, False)


def told(content):
    with pytest.raises(UnreadableForm) as fault:
        read_form_file(content)
    return str(fault.value)


def test_files_that_are_no_form_are_refused_in_words():
    no_json = "文件不是表样数据（JSON），请选择从本系统“导出”的表样文件。"
    assert told(b"PK\x03\x04 a workbook") == no_json
    assert told(b'{"id": NaN}') == no_json
    assert told(b"[" * 200_000) == no_json
    assert told('{"id": "表"}'.encode("gbk")) == no_json
    assert told(b'{"n": ' + b"9" * 6000 + b"}") == no_json
    assert told(b"[1, 2]") == "文件里没有表样，请选择从本系统“导出”的表样文件。"
    assert told(b" " * (MOST_BYTES + 1)) == "表样数据超过 1024 KB，请删去不用的内容后再试。"


def test_a_broken_number_stays_as_written():
    assert read_form_file(b'{"passing": [{"B": 0.30}]}') == {"passing": [{"B": "0.30"}]}


def change(raw, **values):
    return list(shape_faults({**raw, **values}))


def test_what_cannot_be_stored_is_told(mini):
    deep = value = {}
    for _ in range(14):
        value["source"] = value = {}
    assert list(shape_faults(["no form"])) == ["表样数据不是一个对象"]
    assert change(mini, script="x") == ["表样里有不认识的内容“script”"]
    assert change(mini, items=[{"code": "A", "onclick": "x"}]) == ["“items”里有不认识的内容“onclick”"]
    assert change(mini, items="A") == ["表样没有项目表（items）", "“items”要是列表", "“items”的结构读不懂"]
    assert change(mini, items=[deep]) == ["表样数据的层次超过 12 层"]
    assert change(mini, title="a\x00b") == ["“a�b”里有不能保存的控制字符"]
    assert change(mini, title="\ud800") == ["“�”里有不能保存的控制字符"]
    assert change(mini, title="长" * 5000) == ["有一段文字超过 4000 个字"]
    assert change(mini, version=10**30) == ["有一个数超过 18 位"]
    assert change(mini, relations=[{}] * 2001) == ["“relations”有 2001 条，最多 2000 条"]
    assert change(mini, checks=[{"key": "k", "failing": [{}] * 21}]) == ["有一条校验的例子超过 20 个"]
    assert change(mini, layout=None) == ["表样没有版面（layout）"]
    assert change(mini) == []


def test_judging_tells_the_place_of_each_fault_and_the_repair_of_a_check(mini):
    mini["items"][2]["formula"] = "02A+02Z"
    mini["layout"]["rows"][1]["cells"][2]["colspan"] = 2
    found = judge(mini)
    assert [(f["message"], f["codes"], f["cell"]) for f in found["faults"]][:1] == [
        ("项目“02”的公式里的“02Z”不是本表的项目。", ["02"], None)
    ]
    assert [1, 2] in [fault["cell"] for fault in found["faults"]]
    assert found["formulas"] == {"02": {"ok": False, "message": "“02Z”不是本表的项目。"}}


def test_a_counter_example_that_slips_through_is_a_fault_and_gets_a_proposal(mini):
    mini["checks"][0]["expression"] = "05 <= 05_1"
    found = judge(mini)
    slipped = [result for result in found["examples"] if result["message"] and result["kind"] == "failing"]
    assert [(result["check"], result["holds"]) for result in slipped] == [("served_per_event", True)]
    assert {fault["check"] for fault in found["faults"]} == {"served_per_event"}
    assert len(drawable(mini).items) == 9


def test_judging_never_fails_whatever_was_sent(mini):
    for raw in ({}, {"items": [1]}, {**mini, "items": [{}]}, {**mini, "checks": [{"key": 1}]}, {**mini, "layout": {}}):
        assert judge(raw)["faults"] != []
    with pytest.raises(SpecFault):
        drawable({**mini, "items": []})
