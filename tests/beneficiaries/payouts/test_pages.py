"""The pages of payouts: masked, out of reach is 404, totals, the whole way in the browser's requests."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout
from tests.beneficiaries.payouts.conftest import CARD, fresh, line, number_of, open_dossier, pairs
from tests.beneficiaries.payouts.test_steps import to_approved, to_paid, to_planned, to_released, to_reviewed
from tests.cast import log_in


@pytest.fixture
def as_(cast):
    def log(name: str) -> Client:
        return log_in(Client(), getattr(cast, name))

    return log


def entry(till, **changes) -> dict:
    """What the entry page posts for a household paid by central money."""
    return {
        "dossier": till.dossier.pk,
        "relief_group": "dossier_holder",
        "purpose": "medical",
        "planned_on": "2024-01-16",
        "paid_from": till.dossier.union_id,
        "request_key": "key-1",
        "lines-TOTAL_FORMS": "4",
        "lines-INITIAL_FORMS": "0",
        "lines-0-source": "central",
        "lines-0-route": "card",
        "lines-0-amount": "3,000.00",
        "lines-1-source": "own_union",
        "lines-1-route": "goods",
        "lines-1-item": "大米、食用油",
        "lines-1-amount": "80",
        **changes,
    }


def test_the_empty_list_says_what_to_do(till, as_):
    page = as_("clerk").get(reverse("payout_list")).content.decode()
    assert page.count("还没有发放") == 1
    page = as_("reviewer").get(reverse("payout_list")).content.decode()
    assert page.count("没有要办的发放") == 1


def test_the_whole_way_through_the_pages(till, as_):
    clerk = as_("clerk")
    assert clerk.get(reverse("payout_new"), {"dossier": till.dossier.pk}).status_code == 200
    answer = clerk.post(reverse("payout_new"), entry(till))
    payout = Payout.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("payout_edit", args=[payout.pk]))
    assert [str(each.amount) for each in payout.lines.all()] == ["3000.00", "80.00"]
    page = clerk.get(answer.url).content.decode()
    assert page.count("现金、实物须有实名签收表") == 1
    for name, step, more in [
        ("clerk", "plan", {}),
        ("reviewer", "review", {}),
        ("approver", "approve", {"count": "1", "amount": "3080"}),
        ("cashier", "release", {"count": "1", "amount": "3,080.00"}),
        ("cashier", "settle", {"paid_on": "2024-01-16"}),
    ]:
        client, url = as_(name), reverse("payout_step", args=[step])
        confirm = client.get(url, {"p": payout.pk})
        key = confirm.context["form"].initial["request_key"]
        version = confirm.context["ready"][0][1]
        posted = client.post(url, {"p": f"{payout.pk}:{version}", "request_key": key, **more})
        assert posted.status_code == 302, (step, posted.content.decode())
    assert fresh(payout).state == PayoutState.PAID


def test_control_totals_are_compared(till, as_, cast):
    payout = till.draft()
    to_reviewed(cast, payout)
    version = fresh(payout).version
    answer = as_("approver").post(
        reverse("payout_step", args=["approve"]),
        {"p": f"{payout.pk}:{version}", "request_key": "k", "count": "2", "amount": "301"},
    )
    assert answer.context["form"].errors == {
        "count": ["与系统合计不一致：系统是 1 人次，填的是 2 人次。请核对清册。"],
        "amount": ["与系统合计不一致：系统是 300.00 元，填的是 301.00 元。请核对清册。"],
    }
    assert fresh(payout).state == PayoutState.PLANNED


def test_what_cannot_be_done_is_put_aside_with_its_reason(till, as_, cast):
    good, bad = till.named(3), till.draft([line("central", "cash", "10.00")])
    answer = as_("clerk").get(reverse("payout_step", args=["plan"]), {"p": [good.pk, bad.pk]})
    assert [shown.number for shown, _ in answer.context["ready"]] == [good.number]
    assert [why for _, why in answer.context["stuck"]] == [
        "中央财政资金只能通过银行卡发放，不能发现金。依据：《通知》四（二）通过银行卡发放。"
    ]


def test_money_of_a_payout_that_is_put_aside_does_not_hold_back_the_others(till, as_, cast):
    """The list and the step judge each payout like its own page: 10,000 元 are there, the other draft wants 9,000,000."""
    small, huge = till.named(3), till.named(4, lines=[line("own_union", "cash", "9000000.00")])
    rows = as_("clerk").get(reverse("payout_list")).context["rows"]
    assert {shown.pk: any("可用" in told.sentence for told in shown.findings) for shown in rows} == {
        small.pk: False,
        huge.pk: True,
    }
    answer = as_("clerk").get(reverse("payout_step", args=["plan"]), {"p": [small.pk, huge.pk]})
    assert [shown.pk for shown, _ in answer.context["ready"]] == [small.pk]


def test_two_that_fit_alone_and_not_together_are_both_put_aside(till, as_, cast):
    both = [till.named(place, lines=[line("own_union", "cash", "6000.00")]) for place in (3, 4)]
    answer = as_("clerk").get(reverse("payout_step", args=["plan"]), {"p": [payout.pk for payout in both]})
    assert (len(answer.context["ready"]), len(answer.context["stuck"])) == (0, 2)


def test_a_stale_step_is_refused_on_its_page(till, as_, cast):
    payout = till.draft()
    answer = as_("clerk").post(reverse("payout_step", args=["plan"]), {"p": f"{payout.pk}:9", "request_key": "k"})
    assert answer.status_code == 409
    assert fresh(payout).state == PayoutState.DRAFT


def test_findings_show_the_sentence_and_the_ways_out(till, as_):
    payout = till.draft([line("central", "cash", "2000.00")])
    answer = as_("clerk").get(reverse("payout_edit", args=[payout.pk]))
    finding, ways = answer.context["findings"][0]
    assert (finding.field, ways) == (
        "lines-0-route",
        [("改为银行卡", "id_lines-0-route"), ("换资金来源", "id_lines-0-source")],
    )
    page = answer.content.decode()
    assert page.count('href="#id_lines-0-route"') == page.count('id="id_lines-0-route"') == 1


def test_a_double_payment_keeps_what_was_typed(till, as_):
    till.draft()
    answer = as_("clerk").post(reverse("payout_new"), entry(till, campaign=""))
    assert answer.status_code == 302
    payout = Payout.objects.order_by("pk").last()
    Payout.objects.filter(pk=payout.pk).update(campaign=till.campaign, purpose="living")
    form = entry(till, version="1", campaign=till.campaign.pk, **{"lines-TOTAL_FORMS": "2"})
    answer = as_("clerk").post(reverse("payout_edit", args=[payout.pk]), form)
    assert answer.status_code == 409
    assert answer.context["form"]["planned_on"].value() == "2024-01-16"
    assert answer.content.decode().count("不能重复发放") == 1


def test_a_stale_save_shows_both_values_and_keeps_the_typed_text(till, as_):
    payout = till.draft()
    Payout.objects.filter(pk=payout.pk).update(version=2, purpose="living")
    form = entry(till, version="1", campaign=till.campaign.pk, reason="会议纪要第 2 项")
    answer = as_("clerk").post(reverse("payout_edit", args=[payout.pk]), form)
    assert answer.status_code == 409
    assert answer.context["differences"] == [("用途", "生活救助", "医疗救助"), ("提醒说明", "", "会议纪要第 2 项")]
    assert answer.context["form"]["reason"].value() == "会议纪要第 2 项"
    again = as_("clerk").post(
        reverse("payout_edit", args=[payout.pk]), {**form, "version": answer.context["form"].data["version"]}
    )
    assert again.status_code == 302
    assert fresh(payout).purpose == "medical"


def test_numbers_left_empty_are_kept(till, as_):
    payout = till.named(8)
    form = entry(till, version="1", dossier="", purpose="relief_visit", relief_group="festival_duty")
    form |= {"lines-0-source": "own_union", "lines-0-route": "cash"}
    assert as_("clerk").post(reverse("payout_edit", args=[payout.pk]), form).status_code == 302
    assert (fresh(payout).recipient, fresh(payout).id_number) == ("魏建国", number_of(8))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"dossier": "", "recipient": ""}, "recipient", "请从档案选一户，或填写姓名。"),
        ({"planned_on": "16.1"}, "planned_on", "请写成 2024-01-16 这样的日期。"),
        ({"dossier": "999999"}, "dossier", "选的档案不在本工会可发放的档案里，请重新选择。"),
    ],
)
def test_bad_entries_say_what_to_do(till, as_, changes, field, sentence):
    answer = as_("clerk").post(reverse("payout_new"), entry(till, **changes))
    assert answer.status_code == 200
    assert sentence == answer.context["form"].errors[field][0]


def test_bad_lines_say_what_to_do(till, as_):
    answer = as_("clerk").post(reverse("payout_new"), entry(till, **{"lines-0-amount": "3千", "lines-1-item": ""}))
    assert [form.errors for form in answer.context["lines"]][:2] == [
        {"amount": ["“3千”不是金额，请只写数字，单位是元，例如 1234.56。"]},
        {"item": ["请填写物品名称。"]},
    ]
    assert Payout.objects.count() == 0


def test_a_household_of_another_union_cannot_be_chosen(till, as_, cast):
    theirs = open_dossier(cast.school, cast.school_clerk, "秦岚", 30)
    answer = as_("clerk").post(reverse("payout_new"), entry(till, dossier=theirs.pk))
    assert list(answer.context["form"].errors) == ["dossier", "recipient"]


def test_no_page_shows_a_name_or_a_number(till, as_, cast):
    payout = till.draft()
    secrets = ["唐志远", till.dossier.id_number, CARD, "云岭银行"]
    clerk, url = as_("clerk"), reverse("payout_detail", args=[payout.pk])
    pages = [
        clerk.get(reverse("payout_list")),
        clerk.get(reverse("payout_new"), {"dossier": till.dossier.pk}),
        clerk.get(reverse("payout_edit", args=[payout.pk])),
        clerk.get(url),
        clerk.get(reverse("payout_step", args=["plan"]), {"p": payout.pk}),
    ]
    to_paid(cast, payout)
    pages += [clerk.get(url), clerk.get(reverse("dossier_payouts", args=[till.dossier.pk])), as_("auditor").get(url)]
    assert [page.status_code for page in pages] == [200] * 7 + [404]
    for page in pages:
        assert [secret for secret in secrets if secret in page.content.decode()] == []


def test_out_of_reach_is_not_found(till, as_, cast):
    payout = till.draft()
    to_planned(cast, payout)
    stranger = as_("stranger")
    absent = stranger.get(reverse("payout_detail", args=[payout.pk + 1000]))
    for url in (
        reverse("payout_detail", args=[payout.pk]),
        reverse("dossier_payouts", args=[till.dossier.pk]),
        f"{reverse('payout_step', args=['review'])}?p={payout.pk}",
    ):
        answer = stranger.get(url)
        assert (answer.status_code, len(answer.content)) == (404, len(absent.content))
    assert stranger.get(reverse("payout_edit", args=[payout.pk])).status_code == 404
    assert stranger.post(reverse("payout_delete", args=[payout.pk]), {"version": "1"}).status_code == 404


def test_a_draft_is_seen_by_its_union_alone_and_the_county_sees_what_is_routed(till, as_, cast):
    own = till.draft()
    routed = till.draft(
        [line("own_union", "cash", "100.00")],
        by=cast.museum_clerk,
        union=cast.museum,
        dossier=None,
        recipient="石小军",
        id_number=number_of(9),
        relief_group="festival_duty",
        purpose="relief_visit",
        reason="会费 2 月到账",
    )
    url = reverse("payout_detail", args=[routed.pk])
    assert as_("city_reviewer").get(url).status_code == 404
    actions.plan_payouts(by=cast.museum_clerk, payouts=pairs(routed), key="k")
    assert as_("city_reviewer").get(url).status_code == 200
    assert as_("county_reviewer").get(reverse("payout_detail", args=[own.pk])).status_code == 404


def test_the_list_counts_heads_and_money(till, as_, cast):
    first, second = till.named(1), till.named(2)
    till.named(1, purpose="other")
    till.named(3, id_number="", reason="补录", recipient="柴小军")
    answer = as_("clerk").get(reverse("payout_list"))
    total = answer.context["total"]
    assert (total["count"], total["persons"], str(total["amount"])) == (4, 3, "600.00")
    to_approved(cast, first, second)
    chips = {chip["key"]: chip["count"] for chip in as_("clerk").get(reverse("payout_list")).context["chips"]}
    assert (chips["draft"], chips["approved"], chips[""]) == (2, 2, 4)
    narrowed = as_("clerk").get(reverse("payout_list"), {"stage": "approved", "source": "own_union"})
    assert [row.number for row in narrowed.context["rows"]] == [second.number, first.number]
    nothing = as_("clerk").get(reverse("payout_list"), {"source": "donation"})
    assert nothing.content.decode().count("没有符合条件的发放") == 1


@pytest.mark.parametrize("url", ["payout_list", "payout_step"])
def test_queries_do_not_grow_with_rows(till, as_, cast, url):
    clerk = as_("clerk")
    payouts = [till.draft()]

    def ask():
        if url == "payout_list":
            return clerk.get(reverse("payout_list"))
        return clerk.get(reverse("payout_step", args=["plan"]), {"p": [payout.pk for payout in payouts]})

    ask()
    with CaptureQueriesContext(connection) as one:
        ask()
    payouts += [till.named(1), till.named(2)]
    with CaptureQueriesContext(connection) as three:
        ask()
    assert len(three) == len(one)


def test_the_detail_shows_the_refused_step_with_its_reason(till, as_, cast):
    payout = till.draft()
    to_planned(cast, payout)
    answer = as_("clerk").get(reverse("payout_detail", args=[payout.pk]))
    assert [button["why"] for button in answer.context["buttons"]] == [
        "“审核”由青岬县第一中学工会的审核办理，您在该工会没有这个岗位。",
        "“退回（审核）”由青岬县第一中学工会的审核办理，您在该工会没有这个岗位。",
    ]


def test_failing_and_reversing_by_the_pages(till, as_, cast):
    failed, wrong = till.draft(), till.named(4)
    to_released(cast, failed)
    to_paid(cast, wrong)
    cashier, approver = as_("cashier"), as_("approver")
    answer = cashier.post(
        reverse("payout_fail", args=[failed.pk]), {"reason": "户名与账号不符", "version": fresh(failed).version}
    )
    assert (answer.status_code, fresh(failed).state) == (302, PayoutState.FAILED)
    empty = cashier.post(reverse("payout_fail", args=[failed.pk]), {"reason": "", "version": "1"})
    assert (empty.status_code, empty.context["fail_form"].errors["reason"]) == (200, ["请写明银行退回的原因。"])
    answer = cashier.post(
        reverse("payout_reverse", args=[wrong.pk]), {"reason": "重复发放", "reversed_on": "2024-01-20"}
    )
    assert answer.status_code == 302
    assert cashier.post(reverse("payout_reversal_confirm", args=[wrong.pk])).status_code == 403
    seen = {"reversal": wrong.reversals.get().pk}
    assert approver.post(reverse("payout_reversal_confirm", args=[wrong.pk]), seen).status_code == 302
    assert approver.get(reverse("payout_detail", args=[wrong.pk])).context["payout"].state_label == "已冲正"
    chips = {chip["key"]: chip["count"] for chip in approver.get(reverse("payout_list")).context["chips"]}
    assert (chips["reversed"], chips["paid"], chips["failed"]) == (1, 0, 1)


def test_the_balances_subtract_what_was_paid(till, as_, cast):
    to_paid(cast, till.draft())
    rows = as_("clerk").get(reverse("fund_balances")).context["rows"]
    assert [(row["source"], str(row["spent"]), str(row["free"])) for row in rows] == [
        ("中央财政", "300.00", "9700.00"),
        ("省财政", "0.00", "10000.00"),
        ("本级工会经费", "0.00", "10000.00"),
        ("社会捐助", "0.00", "10000.00"),
    ]


def test_the_aid_history_adds_up(till, as_, cast):
    to_paid(cast, till.draft())
    history = as_("clerk").get(reverse("dossier_payouts", args=[till.dossier.pk])).context["history"]
    assert (str(history.in_all), len(history.rows)) == ("300.00", 1)
