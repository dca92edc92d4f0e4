"""Relations per edge at the own row and at the roll-up: subset refuses by default, a partition adds up, a memo is free."""

import pytest

from reporting.figures import sheet_of
from reporting.spec import load_spec
from tests.reporting.test_main_job import accept, fresh, hand_in
from tests.reporting.years import campaign_of, filing, fill, form
from unions.policy import Refused


def with_relations(*relations, **items):
    """The small form with 05_1 as a part of 05 (both typed) or the given edges."""
    counted = {"source": None, "unit": "人次", "over_children": "sum", "required": False}
    raw = form("mini-2024", checks=[], i05=counted, i05_1=counted, **items)
    raw["relations"] = list(relations)
    return raw


def edge(kind, child="05_1", parent="05", **given):
    return {"child": child, "parent": parent, "kind": kind, **given}


def findings(submission):
    """(severity, key) of what is wrong within the form."""
    return [(f.severity.value, f.key) for f in sheet_of(submission).findings if f.kind == "within"]


@pytest.fixture
def campaign(cast):
    def publish(*relations, **items):
        return campaign_of(
            cast, 2024, with_relations(*relations, **items), unions=[cast.city, cast.county, cast.mill, cast.school]
        )

    return publish


def test_a_subset_refuses_unless_its_edge_says_otherwise(cast, campaign):
    submission = filing(campaign(edge("subset")), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=3, v05_1=4)
    assert findings(submission) == [("refuse", "subset:05_1:05")]
    with pytest.raises(Refused) as refused:
        hand_in(cast.clerk, fresh(submission))
    assert refused.value.reason == ("还有 1 处没有通过检查，不能上报：“开展活动场次”4 人次，不能大于“服务职工”3 人次。")
    fill(cast.clerk, submission, v05=4, v05_1=4)
    assert findings(submission) == []


@pytest.mark.parametrize("severity", ["refuse", "ask", "hint"])
def test_the_severity_stands_on_the_edge(cast, campaign, severity):
    submission = filing(campaign(edge("subset", severity=severity)), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=3, v05_1=4)
    assert findings(submission) == [(severity, "subset:05_1:05")]


def test_a_memo_is_never_checked_and_never_added(cast, campaign):
    submission = filing(campaign(edge("memo")), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=3, v05_1=400)
    assert findings(submission) == []
    assert hand_in(cast.clerk, fresh(submission)).number == 1


def test_a_complete_list_is_held_against_its_typed_total(cast, campaign):
    submission = filing(campaign(edge("partition", severity="ask")), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=3, v05_1=2)
    assert findings(submission) == [("ask", "partition:05")]
    fill(cast.clerk, submission, v05=3, v05_1=3)
    assert findings(submission) == []


def test_the_roll_up_is_checked_as_the_own_row_is(cast, campaign):
    """Each child holds; the county's own typed row breaks the sum, and is told with the summed figures."""
    published = campaign(edge("subset"))
    for by, union in ((cast.clerk, cast.mill), (cast.school_clerk, cast.school)):
        below = filing(published, union, "mini-2024")
        fill(by, below, v05=5, v05_1=5)
        hand_in(by, fresh(below))
        accept(cast.county_reviewer, below)
    above = filing(published, cast.county, "mini-2024")
    fill(cast.county_clerk, above, v05=1, v05_1=1)
    assert findings(above) == []
    fill(cast.county_clerk, above, v05=1, v05_1=2)
    messages = [f.message for f in sheet_of(above).findings if f.kind == "within"]
    assert messages == ["“开展活动场次”12 人次，不能大于“服务职工”11 人次。"]


def test_a_relation_is_the_default_refusal_of_a_form_file():
    spec = load_spec(with_relations(edge("subset")))
    assert [(one.kind, one.severity.value) for one in spec.relations] == [("subset", "refuse")]
