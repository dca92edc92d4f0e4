"""Every blank of the notices is in the shipped forms as printed: code, unit, places, relation, roll-up, label."""

from collections import Counter

from reporting.comparing import PastForm, year_changes
from reporting.formulas import compute
from reporting.layout import grid
from reporting.values import Value
from tests.forms.conftest import shipped
from tests.forms.printed import FORMS, Blank

OVER = {"distinct_household": "household", "distinct_person": "person"}
# 新生代农民工 of each service is a part of that service and of all of them together.
SECOND_PARENTS = {f"09{letter}1": "partition of 09_1" for letter in "ABCD"}


def test_the_number_of_blanks_is_that_of_the_notices():
    assert {form_id: len(shipped(form_id).items) for form_id in FORMS} == {
        "shanghai-2019": 6,
        "jinshan-2020-donation": 15,
        "jiaozuo-2019-campaign": 41,
        "jiaozuo-2018-centre": 26,
        "shaanxi-2024": 49,
        "suzhou-2013": 67,
    }


def test_each_blank_is_as_printed(form):
    relations: dict[str, list[str]] = {}
    for edge in form.relations:
        relations.setdefault(edge.child, []).append(f"{edge.kind} of {edge.parent}")
    found = [
        Blank(
            item.code,
            item.unit,
            item.places,
            relations.pop(item.code, [""])[0] if item.code not in SECOND_PARENTS else relations[item.code].pop(0),
            OVER.get(item.over_children, item.over_children),
            item.paper_label,
        )
        for item in form.items
    ]
    assert found == FORMS[form.id]
    wanted = {code: [parent] for code, parent in SECOND_PARENTS.items()} if form.id == "suzhou-2013" else {}
    assert relations == wanted


def test_each_blank_stands_on_the_sheet_once(form):
    placed = Counter(code for row in grid(form).rows for code in row.codes)
    assert placed == Counter(form.codes)


def test_units_of_the_2024_sheet():
    units = Counter(item.unit for item in shipped("shaanxi-2024").items)
    assert units == {"家": 1, "万元": 22, "人次": 26}


def test_rows_of_the_2013_sheet():
    spec = shipped("suzhou-2013")
    assert [len(spec.block_codes(block.no)) for block in spec.blocks] == [2, 2, 6, 7, 5, 3, 10, 8, 10, 13, 1]
    sentences = [row for row in grid(spec).rows if row.codes]
    assert (len(sentences), len(grid(spec).rows)) == (44, 47)


def test_what_the_forms_compute():
    assert {
        form_id: {item.code: item.formula.replace(" ", "") for item in shipped(form_id).formula_items}
        for form_id in ("shanghai-2019", "jinshan-2020-donation", "jiaozuo-2018-centre", "suzhou-2013")
    } == {
        "shanghai-2019": {},
        "jinshan-2020-donation": {"J6B": "J1B+J2B+J3B+J4B+J5B"},
        "jiaozuo-2018-centre": {"P03": "P04+P05+P06", "P10": "P11+P12+P13+P14", "P15": "P17+P19+P21+P22"},
        "suzhou-2013": {
            "05": "05A+05B+05C+05D",
            "09": "09A+09B+09C+09D",
            "09_1": "09A1+09B1+09C1+09D1",
        },
    }
    spec = shipped("jiaozuo-2019-campaign")
    assert {item.code: item.printed_formula for item in spec.formula_items} == {
        "B": "B=B1+B2+B3+B4+B5+B6",
        "C": "C=C1+C2+C3+C4+C5+C6+C7+C8+C9",
        "D": "D=D1+D2+D3+D4+D5+D6+D7+D8+D9",
        "E": "E=E1+E2+E3+E4+E5",
        "F": "F=F1+F2+F3",
    }


def test_nothing_is_computed_from_nothing(form):
    assert {value.is_empty for value in compute(form, {}).values()} == {True}


def test_what_is_typed_by_hand():
    """Everything else comes from records or from a formula."""
    by_hand = {
        form_id: [item.code for item in shipped(form_id).items if item.source is None and not item.is_formula]
        for form_id in FORMS
    }
    assert by_hand == {
        "shanghai-2019": [],
        "jinshan-2020-donation": ["J7", "J8"],
        "jiaozuo-2019-campaign": [],
        "jiaozuo-2018-centre": ["P02"],
        "shaanxi-2024": [],
        "suzhou-2013": ["02A", "02A1"],
    }


def test_years_are_compared_by_the_map_and_not_by_code():
    spec = shipped("jiaozuo-2019-campaign")
    assert [spec.item(code).last_year for code in ("B3", "C4", "C5", "D6", "C7", "D8", "C9", "C", "D")] == [
        "shaanxi-2024:B3",
        "shaanxi-2024:C4",
        "shaanxi-2024:C7",
        "shaanxi-2024:D8",
        "shaanxi-2024:C9",
        "shaanxi-2024:D10",
        "shaanxi-2024:C11",
        None,
        None,
    ]


def test_last_year_is_found_by_the_map_or_in_the_same_form():
    now, then = shipped("shaanxi-2024"), shipped("jiaozuo-2019-campaign")
    values = compute(now, {code: Value.of(6) for code in now.leaves})
    old = PastForm(then, compute(then, {"C5": Value.of(4), "C6": Value.of(5)}))
    same = PastForm(now, compute(now, {"C5": Value.of(1), "C7": Value.of(2)}))
    by_map = year_changes(now, values, {then.id: old})
    assert [(by_map[code].before, by_map[code].words) for code in ("C7", "C8", "C5", "C")] == [
        ("4", ""),
        ("5", ""),
        ("", "上年表无此项"),
        ("", "上年表无此项"),
    ]
    by_code = year_changes(now, values, {now.id: same})
    assert [by_code[code].before for code in ("C5", "C7", "C")] == ["1", "2", "3"]
