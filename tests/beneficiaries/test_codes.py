"""Every word of a code list means one present value, whatever version it comes from (domain.md 3.6)."""

import pytest

from beneficiaries import codes
from beneficiaries.codes.old_words import OLD
from beneficiaries.codes.reading import ASK, EMPTY, FREE, PRESENT, UNKNOWN
from beneficiaries.codes.reading import OLD as OLD_WORD

EVERY_WORD = [(key, value, word) for key, made in codes.LISTS.items() for value, word in made.values]
EVERY_ALIAS = [(key, word, value) for key, made in codes.LISTS.items() for word, value in made.aliases.items()]
EVERY_QUESTION = [(key, word) for key, made in codes.LISTS.items() for word in made.ask]


@pytest.mark.parametrize(("key", "value", "word"), EVERY_WORD)
def test_a_present_word_and_its_value_are_read_as_they_are(key, value, word):
    assert [codes.read(key, said) for said in (word, value, f" {word}　")] == [codes.Reading(value, PRESENT)] * 3


@pytest.mark.parametrize(("key", "word", "value"), EVERY_ALIAS)
def test_an_old_word_means_its_successor(key, word, value):
    reading = codes.read(key, word)
    present = word in codes.LISTS[key].words
    assert (reading.value, reading.how) == (value, PRESENT if present else OLD_WORD)
    assert value in dict(codes.LISTS[key].values)


@pytest.mark.parametrize(("key", "word"), EVERY_QUESTION)
def test_an_old_word_without_a_successor_asks_for_a_choice(key, word):
    reading = codes.read(key, word)
    # a word that is still in the list is no old word
    if word in codes.LISTS[key].words:
        assert (reading.how, reading.known) == (PRESENT, True)
    else:
        assert (reading.value, reading.how, reading.known) == ("", ASK, False)
        assert reading.sentence.startswith("这是旧的说法。")


def test_every_list_of_old_words_belongs_to_a_list():
    assert sorted(set(OLD) - set(codes.LISTS)) == []


@pytest.mark.parametrize(
    ("key", "word", "value"),
    [
        ("health", "癌症", "恶性肿瘤"),
        ("health", "尿毒症", "终末期肾病"),
        ("work_status", "下（待）岗", "laid_off"),
        ("industry", "03 制造", "制造"),
        ("industry", "16、教育", "教育"),
        ("model_worker_rank", "省部劳模", "省部级劳模"),
        ("disability", "盲一级", "视力残疾一级"),
        ("contract_term", "无固定期限（120个月以上）", "无固定期限"),
        ("cause", "本人大病", "illness"),
        ("housing", "两限房", "两限房"),
    ],
)
def test_words_as_they_stand_in_old_files(key, word, value):
    assert codes.value_of(key, word) == value


@pytest.mark.parametrize("word", ["低保户", "低保边缘户", "意外致困户", "特困职工"])
def test_an_old_class_is_never_translated(word):
    assert codes.read("hardship_class", word).sentence == "这是旧的说法。旧的困难类别不直接换算，请重新做困难评估。"


def test_unknown_and_free_words():
    assert codes.read("health", "感冒一号").how == UNKNOWN
    assert codes.read("medical_insurance", "城乡居民医保") == codes.Reading("城乡居民医保", FREE)
    assert codes.read("health", None) == codes.Reading("", EMPTY)


def test_the_sentence_of_an_unknown_word_does_not_repeat_it():
    assert codes.read("marital_status", "复婚两次").sentence == (
        "不在“婚姻状况”的可选范围里，请从列表里选择：已婚、未婚、离异、丧偶。"
    )


@pytest.mark.parametrize(
    ("key", "count"),
    [("health", 20), ("disability", 28), ("work_status", 8), ("housing", 8), ("industry", 20), ("cause", 10)],
)
def test_the_lists_are_as_long_as_the_forms_print_them(key, count):
    assert len(codes.LISTS[key].values) == count
