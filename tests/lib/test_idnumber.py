"""Identity, card and credit numbers: what is right, what is wrong with the rest, and what a mask shows."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.lib.idnumber import (
    birth_date,
    card_fault,
    credit_code_fault,
    fault,
    is_valid,
    last4,
    make,
    mask,
    mask_card,
    mask_name,
    mask_phone,
    normalise,
    sex,
)

ON = date(2024, 2, 22)
births = st.dates(min_value=date(1900, 1, 1), max_value=ON)


@given(births, st.integers(0, 999), st.integers(0, 99))
def test_a_made_number_is_valid_and_tells_birth_and_sex(birth, seq, region):
    number = make(f"9999{region:02}", birth, seq)
    assert (fault(number, ON), birth_date(number), sex(number)) == (None, birth, "男" if seq % 2 else "女")


@given(births, st.integers(0, 999), st.integers(0, 17), st.sampled_from(string.digits))
def test_one_wrong_digit_is_always_found(birth, seq, place, digit):
    number = make("999901", birth, seq)
    wrong = number[:place] + digit + number[place + 1 :]
    assert is_valid(wrong) == (wrong == number)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_is_its_new_one(birth, seq):
    number = make("999901", birth, seq)
    assert normalise(number[:6] + number[8:17]) == number


@given(st.text(max_size=25))
def test_any_text_gets_a_sentence_and_a_mask(text):
    found = fault(text, ON)
    assert found is None or found[-1] == "。"
    assert len(mask(text)) in (0, 18)


@given(births, st.integers(0, 999))
def test_normalising_twice_changes_nothing(birth, seq):
    number = make("999901", birth, seq)
    assert normalise(normalise(f" {number.lower()} ")) == number


def test_the_five_ways_to_write_x():
    assert {normalise(f"11010519491231002{x}") for x in ("x", "Ｘ", "×", "*", "X")} == {"11010519491231002X"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写身份证号。"),
        (None, "请填写身份证号。"),
        ("1101051949", "身份证号应是 18 位（旧证 15 位），现在是 10 位，请与证件核对。"),
        ("110105491331002", "15 位身份证号的第 7 至 12 位不是一个日期，请与证件核对。"),
        ("1101051949123100AX", "身份证号前 17 位只能是数字且不以 0 开头，最后一位是数字或 X，请与证件核对。"),
        ("11010519491331002X", "身份证号第 7 至 14 位不是一个日期，请与证件核对。"),
        (make("999901", date(2024, 2, 23), 1), "身份证号里的出生日期不可能，请与证件核对。"),
        ("1.10105E+17", "身份证号被 Excel 变成了科学计数，后几位已经丢失，请把该列设为文本后重新填写。"),
        (
            "110105194912310000",
            "身份证号末三位是 000 且校验不符，多半被 Excel 丢了后三位，请把该列设为文本后重新填写。",
        ),
    ],
)
def test_each_fault_has_its_sentence(text, sentence):
    assert fault(text, ON) == sentence


@pytest.mark.parametrize("ask", [fault, card_fault, credit_code_fault])
def test_a_sentence_never_repeats_the_number(ask):
    assert "110105194912310021"[:6] not in ask("110105194912310021")


def test_a_card_may_have_16_to_19_digits():
    assert card_fault("622126000000000") == "银行卡号应是 16 至 19 位数字，现在是 15 位，请与卡面核对。"
    assert card_fault("62212600000000OO") == "银行卡号只能是数字，请与卡面核对。"
    assert card_fault("6.22126E+15") == "银行卡号被 Excel 变成了科学计数，后几位已经丢失，请把该列设为文本后重新填写。"
    assert card_fault("6222020000000001000")[:9] == "银行卡号末三位是 "


def test_a_credit_code_may_belong_to_a_cooperative():
    assert credit_code_fault("8100000IMC0000001Y") == (
        "统一社会信用代码里有不会出现的字符（不用 I、O、S、V、Z），请与证书核对。"
    )
    assert credit_code_fault("810") == "统一社会信用代码应是 18 位，现在是 3 位，请与证书核对。"


def test_masks_have_one_length_and_never_show_the_middle():
    """T5: the birth date must not be readable from what a list shows."""
    number = make("999901", date(1980, 1, 1), 2)
    assert mask(number) == f"9999**********{number[-4:]}"
    assert last4(number) == number[-4:]
    assert "19800101"[2:] not in mask(number)
    assert {len(mask_card(card)) for card in ("6221260000000000", "6222020000000000000", "1")} == {16}


def test_names_lose_one_character_and_phones_four():
    assert [mask_name(name) for name in ("唐志远", "李四", "买买提·艾力")] == ["唐*远", "李*", "买*提·艾力"]
    assert mask_phone("１３８００００１２３４") == "138****1234"
