from reporting.measures import CATALOGUE, CLOSED_LISTS


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
