import json
from dataclasses import replace

import pytest

from reporting.measures import CATALOGUE, CLOSED_LISTS, catalogue, term_faults
from reporting.spec import Term


def test_the_catalogue_knows_what_the_forms_need():
    assert sorted(name for name, measure in CATALOGUE.items() if measure.base == "fen") == [
        "activities.amount",
        "activities.farmer_amount",
        "donations.amount",
        "donations.remitted",
        "funds.amount",
        "payouts.amount",
    ]


def test_every_word_of_the_2024_sheet_is_in_a_code_list(shaanxi):
    used = {
        (name, word)
        for code in shaanxi.leaves
        for term in shaanxi.item(code).source.terms
        for name, words in term.where
        for word in words
    }
    assert {pair for pair in used if pair[1] not in CLOSED_LISTS[pair[0]]} == set()
    assert {word for name, word in used if name == "group"} == CLOSED_LISTS["group"]
    assert {word for name, word in used if name == "source"} == CLOSED_LISTS["source"]


def test_the_lists_to_pick_from_are_plain_data_and_complete():
    lists = json.loads(json.dumps(catalogue(), ensure_ascii=False))
    assert [row["name"] for row in lists["measures"]] == list(CATALOGUE)
    assert {name for row in lists["measures"] for name in row["filters"]} == set(lists["filters"])
    words = {name: [word["value"] for word in found["words"]] for name, found in lists["filters"].items()}
    assert {name: set(values) for name, values in words.items()} == CLOSED_LISTS
    labels = [row["label"] for row in [*lists["measures"], *lists["filters"].values(), *lists["periods"]]]
    assert [label for label in labels if not label.strip()] == []
    assert [row["value"] for row in lists["periods"]] == ["main", "second", "year", "previous_year"]


@pytest.mark.parametrize(
    ("changes", "term", "fault"),
    [
        ({}, {"measure": "payouts.litres"}, "项目“05”的取数口径“payouts.litres”不在目录里。"),
        ({}, {"measure": "funds.amount"}, "项目“05”的单位是人次，和取数口径“funds.amount”不是一类。"),
        (
            {},
            {"measure": "payouts.contacts", "period": "decade"},
            "项目“05”的统计期“decade”只能是 main、second、year、previous_year 之一。",
        ),
        (
            {},
            {"measure": "visits.enterprises", "where": {"trait": ["disabled"]}},
            "项目“05”的取数口径“visits.enterprises”不能按“trait”筛选。",
        ),
        (
            {},
            {"measure": "dossiers.households", "where": {"trait": ["new_generation"]}},
            "项目“05”的筛选“trait”里有不认识的值：new_generation。",
        ),
        (
            {},
            {"measure": "donations.donors", "where": {"body": ["moon"]}},
            "项目“05”的筛选“body”里有不认识的值：moon。",
        ),
        (
            {"over_children": "distinct_household"},
            {"measure": "payouts.persons"},
            "项目“05”汇总时去重，取数口径“payouts.persons”数的不是户。",
        ),
    ],
)
def test_what_the_records_cannot_answer_is_said(mini, changes, term, fault):
    item = replace(mini.item("05"), **changes)
    where = tuple((name, tuple(words)) for name, words in term.get("where", {}).items())
    asked = Term(term["measure"], where, term.get("period", "main"))
    assert list(term_faults(item, asked)) == [fault]
