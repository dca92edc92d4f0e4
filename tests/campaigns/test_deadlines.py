"""Lines, instants and the date check, without a database."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deadlines import (
    Finding,
    Instants,
    Node,
    Plan,
    check_notice,
    check_plan,
    instants_for,
    last_day,
    lines,
)
from relief.lib import clock
from tests.campaigns.stage import day, ends

BASE = Instants(
    clock.start_of_day(day("2024-01-04")),
    ends("2024-02-23"),
    ends("2024-02-28"),
    ends("2024-03-05"),
    ends("2026-12-31"),
)
LEVELS = frozenset({("city", ""), ("county", "city"), ("grassroots", "county")})
PLAN = Plan(
    "form",
    "统计表",
    day("2023-12-28"),
    day("2024-02-21"),
    BASE,
    {"county": 2, "grassroots": 4},
    LEVELS,
)


def check(plan: Plan = PLAN, year: int = 2024, issued_on: str = "2023-12-28") -> list[tuple[str, str, str]]:
    return [(f.severity, f.field, f.title) for f in check_plan(plan, year=year, issued_on=day(issued_on))]


def based(**changed: object) -> Plan:
    return replace(PLAN, base=replace(BASE, **changed))


def test_a_union_reports_to_its_nearest_chosen_ancestor():
    province, city, county, mill = (
        Node(1, "/1/", "province"),
        Node(2, "/1/2/", "city"),
        Node(3, "/1/2/3/", "county"),
        Node(4, "/1/2/3/4/", "grassroots"),
    )

    def found(*chosen: Node) -> list[tuple]:
        return [(line.union_id, line.reports_to, line.line_path, line.depth) for line in lines(province, chosen)]

    assert found(city, county, mill) == [
        (1, None, "/1/", 0),
        (2, 1, "/1/2/", 1),
        (3, 2, "/1/2/3/", 2),
        (4, 3, "/1/2/3/4/", 3),
    ]
    assert found(mill, city) == [(1, None, "/1/", 0), (2, 1, "/1/2/", 1), (4, 2, "/1/2/4/", 2)]
    assert found(mill, province) == [(1, None, "/1/", 0), (4, 1, "/1/4/", 1)]
    assert found() == [(1, None, "/1/", 0)]


def test_the_issuer_may_stand_in_the_middle_of_the_tree():
    assert [line.line_path for line in lines(Node(2, "/1/2/", "city"), [Node(4, "/1/2/3/4/", "unit")])] == [
        "/2/",
        "/2/4/",
    ]


def test_a_union_outside_the_subtree_is_an_error():
    with pytest.raises(ValueError):
        lines(Node(2, "/1/2/", "city"), [Node(21, "/1/21/", "city")])


def test_leads_move_the_three_ends_and_nothing_else():
    early = instants_for(BASE, "grassroots", {"grassroots": 4})
    assert (early.opens_at, early.visible_until) == (BASE.opens_at, BASE.visible_until)
    assert [last_day(end).isoformat() for end in (early.due_at, early.late_until, early.edit_until)] == [
        "2024-02-19",
        "2024-02-24",
        "2024-03-01",
    ]
    assert instants_for(replace(BASE, late_until=None), "city", {"city": 1}).late_until is None
    assert instants_for(BASE, "city", {}) is BASE


def test_a_clean_plan_has_no_findings():
    assert check() == []


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (based(edit_until=ends("2024-02-20")), [("error", "edit_until", "可改至早于上报截止")]),
        (based(edit_until=ends("2024-02-26")), [("verify", "edit_until", "可改至早于迟报截止")]),
        (based(visible_until=ends("2024-03-01")), [("error", "visible_until", "可查看至早于其他期限")]),
        (based(late_until=None), []),
        (based(late_until=ends("2024-02-22")), [("error", "late_until", "迟报截止早于上报截止")]),
        (replace(PLAN, leads={"county": 2, "grassroots": 1}), [("error", "leads.grassroots", "基层工会截止晚于上级")]),
        (
            replace(PLAN, leads={"county": 2, "grassroots": 2}),
            [("verify", "leads.grassroots", "基层工会与上级同日截止")],
        ),
        (replace(PLAN, leads={"county": 2, "grassroots": 5}), [("hint", "leads.grassroots", "截止日不是工作日")]),
        (
            replace(PLAN, leads={"county": 2, "grassroots": 51}),
            [("error", "leads.grassroots", "基层工会没有填报时间")],
        ),
        (based(due_at=ends("2024-02-24")), [("hint", "due_at", "截止日不是工作日")]),
        (replace(PLAN, period_to=day("2024-02-29")), [("hint", "due_at", "截止早于统计期间结束")]),
        (
            replace(PLAN, period_from=day("2021-12-28"), period_to=day("2022-02-21")),
            [("verify", "period_from", "统计期间不在活动年度")],
        ),
    ],
)
def test_each_fault_is_named_once_at_its_field(plan, expected):
    assert check(plan) == expected


def test_the_signature_is_compared_with_the_dates():
    assert check(issued_on="2024-01-05") == [("verify", "opens_at", "开放填报早于成文日期")]
    assert check(issued_on="2024-12-28") == [("error", "due_at", "成文日期晚于上报截止")]


def test_the_sentence_says_which_day_to_take():
    plan = replace(PLAN, leads={"county": 2, "grassroots": 1})
    assert [finding.message for finding in check_plan(plan, year=2024, issued_on=None)] == [
        "基层工会2024年2月22日（周四）截止，上级县级工会2024年2月21日（周三）截止，上级来不及汇总。请把基层工会的提前天数改为不少于 2 天。"
    ]


GOOD = {
    "title": "关于开展2024年送温暖活动的通知",
    "document_number": "云教工〔2023〕41号",
    "body": "正文",
    "salutation": "各市工会：",
    "signatories": ["云岭省教科文卫体工会委员会"],
    "issued_on": day("2023-12-28"),
    "year": 2024,
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"document_number": ""}, []),
        ({"title": "关于开展送温暖活动的通知"}, []),
        ({"title": ""}, [("error", "title", "没有标题")]),
        ({"body": " \n"}, [("error", "body", "没有正文")]),
        ({"signatories": [" "]}, [("error", "signatories", "没有落款单位")]),
        ({"title": "关于开展2023年送温暖活动的通知"}, [("verify", "title", "标题年份与活动年度不符")]),
        ({"document_number": "云教工【2023】41号"}, [("hint", "document_number", "文号括号不规范")]),
        ({"document_number": "云教工〔2023〕第041号"}, [("hint", "document_number", "文号写法不规范")]),
        ({"document_number": "云教工〔2024〕1号"}, [("hint", "document_number", "文号年份与成文日期不同")]),
    ],
)
def test_the_text_of_the_notice_is_checked(changed, expected):
    found = check_notice(**{**GOOD, **changed})
    assert [(finding.severity, finding.field, finding.title) for finding in found] == expected


def test_only_errors_block():
    assert [Finding(severity, "due_at", "", "").blocks for severity in ("error", "verify", "hint")] == [
        True,
        False,
        False,
    ]


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """A random tree, root first; every node but the root hangs under an earlier one."""
    nodes = [Node(1, "/1/", "province")]
    for number in range(2, draw(st.integers(2, 30))):
        parent = draw(st.sampled_from(nodes))
        nodes.append(
            Node(number, f"{parent.path}{number}/", draw(st.sampled_from(["city", "county", "grassroots", "unit"])))
        )
    return nodes


@given(trees(), st.data())
def test_every_line_is_a_chain_of_chosen_ancestors(tree, data):
    chosen = data.draw(st.lists(st.sampled_from(tree), unique=True))
    data.draw(st.randoms()).shuffle(chosen)
    found = {line.union_id: line for line in lines(tree[0], chosen)}
    nodes = {node.id: node for node in tree}
    assert set(found) == {1, *(node.id for node in chosen)}
    for line in found.values():
        if line.reports_to is None:
            assert (line.union_id, line.line_path, line.depth) == (1, "/1/", 0)
            continue
        above = found[line.reports_to]
        assert (line.line_path, line.depth) == (f"{above.line_path}{line.union_id}/", above.depth + 1)
        between = set(nodes[line.union_id].ancestors()) - set(nodes[above.union_id].ancestors()) - {above.union_id}
        assert nodes[line.union_id].path.startswith(nodes[above.union_id].path)
        assert between & set(found) == set()


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_longer_lead_is_never_later(one, other):
    less, more = sorted((one, other))
    early, late = BASE.earlier(more), BASE.earlier(less)
    assert late.due_at - early.due_at == datetime.timedelta(days=more - less)
    assert (early.opens_at, early.visible_until) == (late.opens_at, late.visible_until)
    assert early.late_until - early.due_at == BASE.late_until - BASE.due_at
