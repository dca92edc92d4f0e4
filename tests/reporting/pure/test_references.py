"""References in braces, days, examples with values from outside, repairs, places of faults."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.formulas import FormulaFault, compile_formula
from reporting.formulas.grammar import day_number, reference
from reporting.formulas.kinds import result_kind
from reporting.spec import CAP, Fault, check_holds, example_results, load_spec, read_spec, spec_findings
from reporting.values import Value


def findings(raw, forms=None):
    return [(fault.message, fault.codes, fault.check, fault.cell) for fault in spec_findings(raw, forms)]


def sentences(raw, forms=None):
    return [fault.message for fault in spec_findings(raw, forms)]


def with_check(raw, **change):
    """The small form with its one check changed."""
    raw["checks"][0] |= change
    return raw


# The grammar


def test_references_stand_in_braces_and_keep_their_parts():
    formula = compile_formula("B >= {last_year:B} and {form:centre-2018:P03} + {05} <= {cap:per_contact} * {records:B}")
    assert formula.names == ("B", "last_year:B", "form:centre-2018:P03", "05", "cap:per_contact", "records:B")
    assert [(found.kind, found.form, found.code) for found in formula.references] == [
        ("last_year", "", "B"),
        ("form", "centre-2018", "P03"),
        ("cap", "", "per_contact"),
        ("records", "", "B"),
    ]


def test_a_reference_is_evaluated_under_its_name():
    formula = compile_formula("abs(B / {last_year:B} - 1) <= 0.3")
    assert formula.evaluate({"B": 13, "last_year:B": 10}) is True
    assert formula.evaluate({"B": 14, "last_year:B": 10}) is False


@pytest.mark.parametrize(
    "text",
    ["{last_year:} > 1", "{lastyear:B} > 1", "{form:B} > 1", "{cap:per_year} > 1", "{B:} > 1", "{:B} > 1", "{a.b} > 1"],
)
def test_an_unknown_reference_is_refused_with_words(text):
    with pytest.raises(FormulaFault) as caught:
        compile_formula(text)
    assert str(caught.value).endswith("。")


def test_days_are_compared_and_counted():
    formula = compile_formula("{day:2020-01-01} <= D and D <= {day:2020-01-10} and D - {day:2020-01-01} == 4")
    assert formula.names == ("D",)
    assert formula.evaluate({"D": day_number("2020-01-05")}) is True
    assert formula.evaluate({"D": day_number("2020-01-11")}) is False


def test_a_day_that_is_none_is_refused():
    with pytest.raises(FormulaFault, match=r"^“{day:2020-02-30}”不是日期，请写成 {day:2020-01-10}。$"):
        compile_formula("D <= {day:2020-02-30}")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("D - E", "number"), ("D + 3", "date"), ("max(D, E)", "date"), ("D <= E", "number"), ("B * 2", "number")],
)
def test_days_and_numbers_are_kept_apart(text, kind):
    assert result_kind(compile_formula(text), lambda name: "date" if name in "DE" else "number") == kind


@pytest.mark.parametrize(
    "text", ["D > B", "D + E", "D * 2", "-D", "max(D, B)", "sum(D, E)", "not D", "B - D", "abs(D)"]
)
def test_a_day_does_not_mix_with_numbers(text):
    with pytest.raises(FormulaFault, match="日期只能和日期比较或相减"):
        result_kind(compile_formula(text), lambda name: "date" if name in "DE" else "number")


_SUMS = st.recursive(
    st.sampled_from(["A1", "05", "09_1", "{10}", "{last_year:A1}", "7", "0.25"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=12,
)


@given(_SUMS)
def test_a_random_formula_gives_what_fractions_give(text):
    """The grammar against Python's own arithmetic over fractions."""
    values = {"A1": Decimal("1.5"), "05": 3, "09_1": Fraction(1, 3), "10": 2, "last_year:A1": 11}
    formula = compile_formula(text)
    python = text
    for name in sorted(values, key=len, reverse=True):
        python = python.replace(f"{{{name}}}", f"Q({str(values[name])!r})")
    for name in ("09_1", "A1", "05"):
        python = python.replace(name, f"Q({str(values[name])!r})")
    python = python.replace("0.25", "Q('0.25')")
    assert formula.evaluate({name: values[name] for name in formula.names}) == eval(python, {"Q": Fraction})  # noqa: S307


@given(st.text(alphabet="AB1 {}:_-.lastyerfomcdpn<>=2", max_size=30))
def test_braces_are_read_or_refused_and_never_crash(text):
    try:
        formula = compile_formula(text)
    except FormulaFault:
        return
    assert [name for name in formula.names if ":" in name and reference(name) is None] == []


# Sources, maps, limits


def test_the_new_keys_of_an_item_are_read(mini_raw):
    mini_raw["items"][3] |= {
        "source": {"last_year": "02B"},
        "last_year": "old-form:A1",
        "change_limit": 30,
        "hint": " 说明 ",
    }
    mini_raw["items"][4] |= {"source": {"form": "other-form", "code": "X1"}, "change_limit": "12.5"}
    mini_raw["items"][2] |= {"against": {"terms": [{"measure": "funds.amount"}]}}
    spec = load_spec(mini_raw)
    one, other, total = spec.item("02A"), spec.item("02B"), spec.item("02")
    assert (one.source.last_year, one.last_year, one.change_limit, one.hint, one.terms) == (
        "02B",
        "old-form:A1",
        30,
        "说明",
        (),
    )
    assert (other.source.form, other.source.code, other.change_limit) == ("other-form", "X1", Decimal("12.5"))
    assert [term.measure for term in total.terms] == ["funds.amount"]
    assert spec.earlier_forms == {"mini", "old-form"}
    assert spec.other_forms == {"other-form"}
    assert spec.compares_years
    assert (spec.partner("02A"), spec.partner("02B")) == (("old-form", "A1"), ("mini", "02B"))


@pytest.mark.parametrize(
    ("item", "change", "sentence"),
    [
        (3, {"source": {"last_year": "X"}}, "项目“02A”的来源是上年的“X”，它不是本表的项目。"),
        (3, {"source": {"form": "mini", "code": "02B"}}, "项目“02A”的来源指的是本表，请直接写代码“02B”。"),
        (3, {"source": {"form": "other"}}, "项目“02A”的来源要写明其他表的标识和代码。"),
        (3, {"source": {"form": "other", "code": "Z"}}, "项目“02A”的来源里的“Z”不是表“other”的项目。"),
        (
            3,
            {"source": {"terms": [{"measure": "funds.amount"}], "last_year": "02B"}},
            "项目“02A”的来源要在台账、上年、其他表里选一种。",
        ),
        (
            3,
            {"against": {"terms": [{"measure": "funds.amount"}]}},
            "项目“02A”没有公式，对照口径只用在有公式的项目上；请写成来源。",
        ),
        (2, {"against": {"last_year": "02A"}}, "项目“02”的对照口径没有写取数口径。"),
        (2, {"against": {"terms": [{"measure": "funds.raised"}]}}, "项目“02”的取数口径“funds.raised”不在目录里。"),
        (2, {"formula": "02A + {last_year:02B}"}, "项目“02”的公式里的“{last_year:02B}”只能用在校验里。"),
        (7, {"formula": "{day:2020-01-01} - 05_1", "source": None}, "项目“05”的公式算出来的是日期，不是数。"),
        (3, {"last_year": "old form"}, "项目“02A”的上年对应“old form”看不懂，请写上年的代码，或“表样:代码”。"),
        (3, {"change_limit": 0}, "项目“02A”的变动幅度要是大于 0、不超过 10000 的百分数。"),
        (3, {"change_limit": "abc"}, "项目“02A”的变动幅度要是大于 0、不超过 10000 的百分数。"),
        (5, {"change_limit": 30}, "项目“02C”的变动幅度没有意义：文字和日期不和上年比。"),
        (3, {"label": ""}, "项目“02A”的名称是空的。"),
    ],
)
def test_a_faulty_source_or_comparison_is_refused_with_a_sentence(mini_raw, item, change, sentence):
    mini_raw["items"][item] |= change
    found = [(fault.message[: len(sentence)], fault.codes) for fault in spec_findings(mini_raw, {"other": ["Y"]})]
    assert (sentence, (mini_raw["items"][item]["code"],)) in found


# Checks


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expression": "05 >= {last_year:X}"}, "校验“served_per_event”里的“{last_year:X}”：“X”不是本表的项目。"),
        (
            {"expression": "05_1 >= {records:05_1}"},
            "校验“served_per_event”里的“{records:05_1}”：“05_1”没有台账口径，不能和台账比。",
        ),
        ({"expression": "05 >= {form:mini:05_1}"}, "校验“served_per_event”指的是本表，请直接写代码“05_1”。"),
        ({"expression": "05 >= {form:other:Z}"}, "校验“served_per_event”里的“Z”不是表“other”的项目。"),
        ({"expression": "02D > 05"}, "校验“served_per_event”的算式有误：日期只能和日期比较或相减，或者加减天数。"),
        ({"expression": "02C == 05"}, "校验“served_per_event”里的“02C”是文字，不能计算。"),
        ({"message": "{last_year:05} 不对"}, "校验“served_per_event”的说明里的“{last_year:05}”不在算式里。"),
        ({"passing": [{"05": "三", "05_1": 1}]}, "校验“served_per_event”第 1 个通过的例子读不懂："),
        ({"passing": [{"ZZ": 1}]}, "校验“served_per_event”第 1 个通过的例子里的“ZZ”不是本表的项目。"),
    ],
)
def test_a_faulty_reference_in_a_check_is_refused_with_a_sentence(mini_raw, change, sentence):
    found = findings(with_check(mini_raw, **change), {"other": ["Y"]})
    assert [(words[: len(sentence)], check) for words, _, check, _ in found] == [(sentence, "served_per_event")]


def test_a_day_check_runs_its_examples(mini_raw):
    with_check(
        mini_raw,
        items=["02D"],
        expression="{day:2020-01-01} <= 02D and 02D <= {day:2020-01-10}",
        message="汇款日期 {02D} 不在缴款阶段（{day:2020-01-01} 至 {day:2020-01-10}）。",
        passing=[{"02D": "2020-01-10"}],
        failing=[{"02D": "2020-01-11"}, {"02D": "2019-12-31"}],
    )
    spec = load_spec(mini_raw)
    values = {"02D": Value.word("2020-01-11")}
    assert check_holds(spec, spec.checks[0], values) is False
    assert check_holds(spec, spec.checks[0], {"02D": Value.empty()}) is None


def test_money_is_compared_in_one_unit_and_the_cap_is_in_yuan(shaanxi):
    spec = shaanxi
    check = spec.checks[0].__class__(
        "cap", spec.checks[0].kind, spec.checks[0].severity, ("C1", "D1"), "D1 / C1 <= {cap:per_contact}", "超过"
    )
    paid = {"C1": Value.of(2), "D1": Value.of(600_000)}  # 6,000.00 元 to two people
    assert check_holds(spec, check, paid, {"cap:per_contact": (CAP, Value.of(300_000))}) is True
    assert check_holds(spec, check, paid, {"cap:per_contact": (CAP, Value.of(299_999))}) is False
    assert check_holds(spec, check, paid) is None


def test_a_reference_without_a_value_skips_the_check_even_where_empty_counts_as_zero(mini_raw):
    with_check(
        mini_raw,
        expression="05 >= {last_year:05}",
        when_empty="zero",
        kind="last_year",
        passing=[{"05": 3, "last_year:05": "2"}, {"05": 3, "{last_year:05}": 3}],
        failing=[{"05": 3, "last_year:05": 4}],
        message="05 少于上年 {last_year:05}。",
    )
    spec = load_spec(mini_raw)
    assert check_holds(spec, spec.checks[0], {"05": Value.empty()}) is None


# Circles


def test_a_circle_through_a_sum_and_a_relation_is_refused(mini_raw):
    mini_raw["relations"].append({"child": "02", "parent": "02B", "kind": "subset"})
    assert sentences(mini_raw) == [
        "“02B”通过“其中”关系成了自己的部分。",
        "“02”通过“其中”关系成了自己的部分。",
    ]
    mini_raw["relations"] = [{"child": "02", "parent": "02B", "kind": "subset"}]
    assert sentences(mini_raw) == [
        "“02”通过公式和“其中”关系成了自己的部分。",
        "“02B”通过公式和“其中”关系成了自己的部分。",
    ]


def test_a_difference_may_be_a_part_of_its_first_number(mini_raw):
    mini_raw["items"][2]["formula"] = "02A - 02B"
    mini_raw["relations"] = [{"child": "02", "parent": "02A", "kind": "subset"}]
    assert sentences(mini_raw) == []


# Places and examples


def test_faults_say_where_they_are(mini_raw):
    mini_raw["layout"]["rows"][1]["cells"][2]["content"] = [{"blank": "01A"}]
    mini_raw["layout"]["rows"][2]["cells"][0]["rowspan"] = 9
    found = spec_findings(mini_raw)
    assert found[0].cell == (2, 0)
    assert found[-1] == Fault("项目“01A1”在版面里没有空格。", ("01A1",))


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ({"id": "x"}, "缺少“version”一项"),
        ({"id": "x", "version": 1, "title": "表", "layout": {}, "items": 5}, "有一处应写成一组数据，却写了别的"),
    ],
)
def test_a_form_without_shape_gives_one_fault_and_no_spec(raw, what):
    spec, faults = read_spec(raw)
    assert spec is None
    assert faults[-1].message == f"表样的结构读不懂：{what}。请与本系统“导出”的表样文件对照，改好再试。"


def test_examples_tell_what_the_expression_says(mini_raw):
    spec, faults = read_spec(with_check(mini_raw, failing=[{"05": 3, "05_1": 2}, {"05": 1}]))
    assert [fault.check for fault in faults] == ["served_per_event", "served_per_event"]
    assert [(r.kind, r.number, r.holds, r.is_right) for r in example_results(spec)] == [
        ("passing", 1, True, True),
        ("passing", 2, True, True),
        ("failing", 1, True, False),
        ("failing", 2, None, False),
    ]


@pytest.fixture
def journeys(mini_raw):
    """The look's K05: carriers of travellers, one of them forgotten in the check."""
    items = mini_raw["items"]
    for code in ("10A", "10B1", "10C1", "10D1", "10E1", "10F1"):
        items.append(
            {
                "code": code,
                "label": f"返乡 {code}",
                "unit": "人次",
                "required": False,
                "block": "05",
            }
        )
    content = mini_raw["layout"]["rows"][-1]["cells"][2]["content"]
    content += [piece for code in ("10A", "10B1", "10C1", "10D1", "10E1", "10F1") for piece in ("，", {"blank": code})]
    parts = {"10B1": 30, "10C1": 20, "10D1": 20, "10E1": 10, "10F1": 0}
    mini_raw["checks"] = [
        {
            "key": "K05",
            "severity": "ask",
            "items": ["10A", "10B1"],
            "expression": "10B1+10C1+10D1+10E1 <= 10A",
            "message": "运送人次超过返乡人次。",
            "passing": [{"10A": 100, **parts}],
            "failing": [{"10A": 100, **parts, "10F1": 40}],
        }
    ]
    return mini_raw


def test_a_counter_example_that_slips_through_says_what_the_expression_forgot(journeys):
    spec, faults = read_spec(journeys)
    failing = example_results(spec)[1]
    assert failing.proposal == "10B1+10C1+10D1+10E1+10F1 <= 10A"
    assert failing.message == "K05 的反例没有拦住：算式漏了 10F1，补上即可：10B1+10C1+10D1+10E1+10F1 <= 10A"
    assert [fault.message for fault in faults] == [failing.message]
    journeys["checks"][0]["expression"] = failing.proposal
    assert spec_findings(journeys) == []


def test_a_forgotten_part_of_a_total_is_found_though_no_example_names_it_alone(shaanxi):
    raw = {**shaanxi.raw, "checks": []}
    codes = [f"B{n}" for n in range(1, 6)]
    raw["checks"] = [
        {
            "key": "sum",
            "severity": "ask",
            "items": ["B"],
            "expression": "+".join(codes) + " == B",
            "message": "合计不对",
            "passing": [{"B": 6, **dict.fromkeys([*codes, "B6"], 1)}],
            "failing": [{"B": 5, **dict.fromkeys([*codes, "B6"], 1)}],
        }
    ]
    spec, _ = read_spec(raw)
    assert [r.proposal for r in example_results(spec)] == ["", "B1+B2+B3+B4+B5+B6 == B"]


def test_a_wrong_sign_is_turned_round(mini_raw):
    with_check(mini_raw, expression="05 >= 05_1", passing=[{"05": 3, "05_1": 2}], failing=[{"05": 2, "05_1": 2}])
    spec, _ = read_spec(mini_raw)
    failing = example_results(spec)[1]
    assert failing.proposal == "05 > 05_1"
    assert failing.message == ("served_per_event 的反例没有拦住：比较的方向或符号不对，可改为：05 > 05_1")


def test_no_proposal_is_made_when_none_does_right(mini_raw):
    with_check(mini_raw, failing=[{"05": 3, "05_1": 2}])
    spec, _ = read_spec(mini_raw)
    failing = example_results(spec)[2]
    assert (failing.proposal, failing.message) == (
        "",
        "校验“served_per_event”第 1 个不通过的例子实际上通过了。",
    )
