from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.spec import load_spec
from reporting.values import EntryFault, Value, entry_text, parse_entry, printed_number, shown
from tests.reporting.pure.conftest import read_form

SHAANXI = load_spec(read_form("fixtures/forms/shaanxi-2024.json"))
COUNT, WAN = SHAANXI.item("C1"), SHAANXI.item("D1")


def refusal(item, text, **options):
    with pytest.raises(EntryFault) as caught:
        parse_entry(item, text, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", Value.empty()),
        ("  ", Value.empty()),
        ("—", Value.na()),
        ("不适用", Value.na()),
        ("0", Value.of(0)),
        ("1,234", Value.of(1234)),
        ("１２，３４５", Value.of(12345)),
        ("12人次", Value.of(12)),
        ("3.00", Value.of(3)),
    ],
)
def test_a_count_is_read_as_people_write_it(text, value):
    assert parse_entry(COUNT, text) == value


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0.40", 400_000),
        ("1,234.50", 1_234_500_000),
        ("３．４６", 3_460_000),
        ("0.000001", 1),
        (".5", 500_000),
        ("12,345,678.90", 12_345_678_900_000),
        ("3.46万元", 3_460_000),
    ],
)
def test_wan_yuan_is_read_down_to_the_cent(text, fen):
    assert parse_entry(WAN, text) == Value.of(fen)


def test_what_cannot_be_read_is_told_with_the_name_of_the_item(mini):
    name = "C1 因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工：慰问对象"
    money = name.replace("C1", "D1").replace("慰问对象", "发放款物")
    assert refusal(COUNT, "1.5") == f"“{name}”按人次计，只能填整数，填的是“1.5”。"
    assert refusal(COUNT, "-3") == f"“{name}”不能填负数，填的是“-3”。"
    assert refusal(COUNT, "三") == f"“{name}”要填数字，填的是“三”。没有发生请填 0，不涉及请填“—”。"
    assert refusal(COUNT, "12,34") == f"“{name}”要填数字，填的是“12,34”。没有发生请填 0，不涉及请填“—”。"
    assert refusal(WAN, "0.0000001") == f"“{money}”最多填 6 位小数（精确到分），填的是“0.0000001”。"
    assert refusal(WAN, "9" * 12) == f"“{money}”的数太大，填的是“999999999999”，请看看单位是不是万元。"
    assert refusal(mini.item("02D"), "昨天") == "“02D 汇款日期”要填日期，例如 2024-02-24，填的是“昨天”。"
    assert refusal(mini.item("02D"), "2024-02-30") == "“02D 汇款日期”要填日期，例如 2024-02-24，填的是“2024-02-30”。"
    assert refusal(mini.item("02C"), "字" * 201) == "“02C 汇款凭证号”最多填 200 个字，现在有 201 个字，请缩短。"


@pytest.mark.parametrize("text", ["1e5", "٣", "1 2 3 x", "nan", "1.", "1.2.3", "=1+1", "--5", "1_000", "+", "9" * 5000])
def test_odd_numbers_are_refused(text):
    assert refusal(WAN, text).startswith("“D1 ")


def test_a_negative_number_passes_where_an_adjustment_is_typed():
    assert parse_entry(WAN, "-0.5", signed=True) == Value.of(-500_000)


@pytest.mark.parametrize("text", ["2024-01-10", "2024年1月10日", "2024/1/10", "20240110", "2024.1.10"])
def test_a_day_is_read_in_the_usual_ways(mini, text):
    assert parse_entry(mini.item("02D"), text) == Value.word("2024-01-10")


def test_the_three_states_are_shown_apart():
    assert [shown(COUNT, value) for value in (Value.empty(), Value.of(0), Value.na())] == ["", "0", "—"]
    assert [shown(WAN, value) for value in (Value.empty(), Value.of(0), Value.na())] == ["", "0.00", "—"]


def test_money_is_rounded_half_up_once_and_grouped():
    assert shown(WAN, Value.of(12_345_678_900_000)) == "12,345,678.90"
    assert shown(WAN, Value.of(4_999)) == "0.00"
    assert shown(WAN, Value.of(5_000)) == "0.01"
    assert printed_number(WAN, Value.of(5_000)) == Decimal("0.01")


def test_text_and_day_are_shown_in_words(mini, mini_values):
    assert shown(mini.item("02D"), mini_values["02D"]) == "2024年1月10日"
    assert shown(mini.item("02C"), mini_values["02C"]) == "=HYPERLINK(1)"


def test_an_input_box_shows_more_places_when_the_value_has_them():
    assert entry_text(WAN, Value.of(400_000)) == "0.40"
    assert entry_text(WAN, Value.of(1_234_567_890_123)) == "1234567.890123"
    assert entry_text(COUNT, Value.of(1234)) == "1234"
    assert entry_text(COUNT, Value.na()) == "—"


@given(st.integers(min_value=0, max_value=10**15))
def test_what_an_input_box_shows_reads_back_as_the_same_value(number):
    for item in (COUNT, WAN):
        assert parse_entry(item, entry_text(item, Value.of(number))) == Value.of(number)


@given(st.text(max_size=30))
def test_any_text_gives_a_value_or_a_sentence(text):
    try:
        value = parse_entry(WAN, text)
    except EntryFault:
        return
    assert parse_entry(WAN, entry_text(WAN, value)) == value
