"""The act table: one row per act, no act twice, none unknown."""

from types import SimpleNamespace

import pytest

from relief.lib.workflow import Act, ActTable

REVIEW = Act("dossier.review", "审核", {"review"}, "beneficiaries.Dossier", {"posted"}, "reviewed", ("entered_by_id",))
LIST = Act("act.list", "看操作表", {"audit"}, "", (), None)


def test_an_act_knows_its_states_and_whom_it_excludes():
    assert (REVIEW.starts_from("posted"), REVIEW.starts_from("draft"), LIST.starts_from("any")) == (True, False, True)
    assert REVIEW.excluded(SimpleNamespace(entered_by_id=7)) == {7}
    assert REVIEW.excluded(SimpleNamespace(entered_by_id=None)) == frozenset()


def test_a_missing_person_attribute_is_an_error_not_a_permission():
    with pytest.raises(AttributeError):
        REVIEW.excluded(SimpleNamespace())


def test_the_table_lists_by_name_and_by_model():
    table = ActTable()
    table.register(REVIEW, LIST)
    assert (table.all(), list(table), len(table)) == ((LIST, REVIEW), [LIST, REVIEW], 2)
    assert table.for_model("beneficiaries.Dossier") == (REVIEW,)
    assert ("dossier.review" in table, "dossier.burn" in table) == (True, False)


def test_a_duplicate_is_refused_and_nothing_is_added():
    table = ActTable()
    with pytest.raises(ValueError):
        table.register(REVIEW, LIST, REVIEW)
    assert len(table) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"label": ""},
    ],
)
def test_an_act_needs_name_and_label(wrong):
    whole = {"name": "a.b", "label": "办", "roles": {"enter"}, "model": "", "before": (), "after": None}
    with pytest.raises(ValueError):
        Act(**{**whole, **wrong})


def test_one_text_is_no_set_of_roles():
    with pytest.raises(TypeError):
        Act("a.b", "办", "enter", "", (), None)
