"""One person, one file: what the asker learns, the three ways on, and who clears a second file (D19, C4)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.dossiers import duplicates
from beneficiaries.enums import CaseState, DossierState
from beneficiaries.models import Dossier, DossierMove, DuplicateClaim, SubsistenceStandard
from relief.lib import clock
from reporting.todos import cases
from tests.beneficiaries import households as made
from tests.beneficiaries.test_dossier_chain import refusal_of
from tests.beneficiaries.test_dossier_pages import queries
from tests.cast import log_in
from unions.models import AuditEvent

OTHER_ID = made.number(1981, 5)


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def active(cast, clerk, mill):
    return made.walk(cast, made.draft(clerk, mill))


def ask(cast, number=made.HOLDER_ID, **more):
    given = {"persons": {number: "唐志远"}, "reason": "已调入本校", **more}
    (move,) = actions.ask_transfer(by=cast.school_clerk, union=cast.school, **given)
    return move


def claimed(cast, number=made.WIFE_ID, by="school_clerk", union="school", **changed):
    """A draft of another union that holds a person of the mill's file, with a claim."""
    return actions.open_dossier(
        by=getattr(cast, by),
        union=getattr(cast, union),
        fields=made.fields(name="薛冬梅", id_number=number, **changed),
        members=[],
        claim="父母分户",
    )


def page_fields(number: str, **more: str) -> dict[str, str]:
    return {
        **made.fields(id_number=number),
        "members-TOTAL_FORMS": "0",
        "members-INITIAL_FORMS": "0",
        "request_key": "k-1",
        **more,
    }


def test_householder_and_member_are_told_with_the_same_bytes(client, cast, active):
    log_in(client, cast.school_clerk)
    answers = [client.post(reverse("dossier_new"), page_fields(number)) for number in (made.HOLDER_ID, made.WIFE_ID)]
    assert [answer.status_code for answer in answers] == [422, 422]
    cards = [answer.content.decode().partition('id="held"')[2].partition("</section>")[0] for answer in answers]
    assert cards[0].replace("还可以查 19 次", "还可以查 18 次") == cards[1]
    assert "登记在 <b>青岬县第一中学工会</b>" in cards[1]
    assert [active.number in answer.content.decode() for answer in answers] == [False, False]


def test_a_search_asks_the_same_queries_whoever_is_found(cast, active):
    asked = []
    for number in (made.number(1990, 1), made.HOLDER_ID, made.WIFE_ID, made.number(1991, 1)):
        with CaptureQueriesContext(connection) as context:
            duplicates.hits(by=cast.school_clerk, union=cast.school, numbers=[number], own=None)
        asked.append(len(context))
    assert asked[1:] == [asked[3]] * 3


def test_asking_makes_a_request_that_the_keeper_sees_among_the_todos(client, cast, active):
    log_in(client, cast.school_clerk)
    answer = client.post(reverse("dossier_new"), page_fields(made.HOLDER_ID, held="ask", held_reason="已调入本校"))
    assert (answer.status_code, answer.url) == (302, reverse("dossier_requests"))
    move = DossierMove.objects.get()
    assert (move.from_union, move.to_union, move.asked_about) == (
        cast.mill,
        cast.school,
        f"唐*远（证号后四位 {made.HOLDER_ID[-4:]}）",
    )
    titles = [todo.title for todo in cases.everything(cast.clerk, clock.db_now()) if todo.verb == "查看并答复"]
    assert titles == ["青岬县实验小学工会申请转入档案"]
    assert Dossier.objects.filter(union=cast.school).count() == 0
    shown = client.get(answer.url).content.decode()
    assert [active.number in shown, "唐志远" in shown, move.asked_about in shown] == [False, False, True]


def test_asking_twice_says_the_same_and_keeps_one_request(cast, active):
    ask(cast)
    again = actions.ask_transfer(
        by=cast.school_clerk, union=cast.school, persons={made.HOLDER_ID: "唐志远"}, reason="再问一次"
    )
    assert (again, DossierMove.objects.count()) == ([], 1)


def test_asking_is_a_probe_like_any_other(cast, active, settings):
    settings.RELIEF_PROBES_PER_DAY = 1
    ask(cast)
    given = {"by": cast.school_clerk, "union": cast.school, "persons": {made.WIFE_ID: "某"}, "reason": "调入"}
    assert refusal_of(actions.ask_transfer, **given) == "今天的查重次数（1 次）已经用完，没有保存。"


def test_the_keeper_agrees_and_the_file_goes_over(cast, active):
    move = actions.answer_move(by=cast.clerk, move=ask(cast), version=1, accept=True)
    moved = Dossier.objects.get(pk=active.pk)
    assert (move.state, moved.union, moved.number, moved.state) == ("accepted", cast.school, active.number, "active")
    assert Dossier.objects.visible_to(cast.school_clerk).filter(pk=active.pk).exists()
    assert AuditEvent.objects.filter(act="transfer.answer", person=cast.clerk).count() == 1


def test_a_refusal_needs_a_reason_and_is_told(client, cast, active):
    move = ask(cast)
    log_in(client, cast.clerk)
    url = reverse("move_answer", args=[move.pk])
    assert client.post(url, {"version": 1, "decision": "no", "answer": ""}).status_code == 422
    assert client.post(url, {"version": 1, "decision": "no", "answer": "人还在本校"}).status_code == 302
    shown = log_in(client, cast.school_clerk).get(reverse("dossier_requests")).content.decode()
    assert "答复：人还在本校" in shown
    assert Dossier.objects.get(pk=active.pk).union == cast.mill


def test_nobody_else_answers_and_the_asker_may_take_it_back(client, cast, active):
    move = ask(cast)
    for stranger in (cast.museum_clerk, cast.county_clerk):
        log_in(client, stranger)
        assert client.post(reverse("move_answer", args=[move.pk]), {}).status_code == 404
    assert refusal_of(actions.answer_move, by=cast.school_clerk, move=move, version=1, accept=True)[:6] == "“答复档案转"
    actions.withdraw_move(by=cast.school_clerk, move=move, version=1)
    assert DossierMove.objects.get().state == CaseState.WITHDRAWN


def test_a_file_on_its_way_through_the_chain_is_not_handed_over(cast, clerk, mill):
    made.walk(cast, made.draft(clerk, mill), until="applied")
    assert refusal_of(actions.answer_move, by=clerk, move=ask(cast), version=1, accept=True) == (
        "档案现在是“已申请”，在档的档案才能转移。"
    )
    assert DossierMove.objects.get().state == CaseState.WAITING


def test_a_member_is_taken_out_before_the_keeper_agrees(cast, active):
    move = ask(cast, number=made.WIFE_ID)
    assert move.as_member
    assert (
        refusal_of(actions.answer_move, by=cast.clerk, move=move, version=1, accept=True)[-16:]
        == ("是这份档案的家庭成员，还没有移出。"[-16:])
    )
    child = active.members.order_by("pk").last()
    actions.save_dossier(
        by=cast.clerk,
        dossier=active,
        version=active.version,
        fields={},
        members=[{"id": child.pk, "relation": child.relation}],
        reason="分户",
    )
    assert actions.answer_move(by=cast.clerk, move=move, version=1, accept=True).state == CaseState.ACCEPTED
    assert Dossier.objects.get(pk=active.pk).union == cast.mill


def test_a_claim_saves_the_draft_and_holds_the_application_up(cast, active):
    draft = claimed(cast)
    claim = DuplicateClaim.objects.get()
    assert (draft.state, claim.clear_union, claim.householders) == (DossierState.DRAFT, cast.county, False)
    made.assess(cast.school_clerk, draft)
    draft.refresh_from_db()
    apply = {"by": cast.school_clerk, "dossier": draft, "version": draft.version}
    assert refusal_of(actions.apply_dossier, **apply) == (
        f"{claim.asked_about}已在“青岬县第一中学工会”有档案，重复登记的理由还没有核准。"
    )
    actions.answer_claim(by=cast.county_reviewer, claim=claim, version=1, accept=True)
    assert actions.apply_dossier(**apply).state == DossierState.APPLIED


def test_a_refused_claim_holds_the_application_until_the_number_is_changed(cast, active):
    draft = claimed(cast)
    claim = DuplicateClaim.objects.get()
    made.assess(cast.school_clerk, draft)
    actions.answer_claim(by=cast.county_reviewer, claim=claim, version=1, accept=False, answer="没有分户证明")
    draft.refresh_from_db()
    assert (
        refusal_of(actions.apply_dossier, by=cast.school_clerk, dossier=draft, version=draft.version)
        == f"{claim.asked_about}已在“青岬县第一中学工会”有档案，重复登记没有核准：没有分户证明"
    )
    fixed = actions.save_dossier(
        by=cast.school_clerk,
        dossier=draft,
        version=draft.version,
        fields={"id_number": OTHER_ID, "sex": "male"},
        members=[],
    )
    assert actions.apply_dossier(by=cast.school_clerk, dossier=fixed, version=fixed.version).state == "applied"


def test_one_householder_in_two_files_is_never_cleared(cast, active):
    claimed(cast, number=made.HOLDER_ID)
    claim = DuplicateClaim.objects.get()
    assert refusal_of(actions.answer_claim, by=cast.county_reviewer, claim=claim, version=1, accept=True) == (
        "两份档案的户主是同一个人，一户只能有一份档案，不能核准。"
    )


def test_the_level_above_both_clears_and_nobody_else(client, cast, active):
    claimed(cast)
    claim = DuplicateClaim.objects.get()
    url = reverse("claim_answer", args=[claim.pk])
    codes = {
        name: log_in(client, getattr(cast, name)).post(url, {"version": 1, "decision": "yes"}).status_code
        for name in ("school_clerk", "reviewer", "city_reviewer", "stranger", "county_reviewer")
    }
    assert codes == {
        "school_clerk": 403,
        "reviewer": 404,
        "city_reviewer": 404,
        "stranger": 404,
        "county_reviewer": 302,
    }
    assert DuplicateClaim.objects.get().decided_by == cast.county_reviewer


def test_a_claim_across_counties_is_cleared_by_the_city_and_across_provinces_by_nobody(cast, active):
    claimed(cast, by="museum_clerk", union="museum")
    assert DuplicateClaim.objects.get().clear_union == cast.city


@pytest.mark.parametrize("reason", ["", "  ", "证号 11010519491231002X 重复"])
def test_a_claim_needs_plain_words(client, cast, active, reason):
    log_in(client, cast.school_clerk)
    answer = client.post(
        reverse("dossier_new"), page_fields(made.WIFE_ID, sex="female", held="claim", held_reason=reason)
    )
    assert (answer.status_code, DuplicateClaim.objects.count(), Dossier.objects.count()) == (422, 0, 1)


def test_the_page_takes_a_claim(client, cast, active):
    log_in(client, cast.school_clerk)
    answer = client.post(
        reverse("dossier_new"), page_fields(made.WIFE_ID, sex="female", held="claim", held_reason="父母分户")
    )
    draft = Dossier.objects.get(union=cast.school)
    assert (answer.status_code, answer.url) == (302, reverse("dossier_detail", args=[draft.pk]))
    titles = [todo.title for todo in cases.claims(cast.county_reviewer)]
    assert titles == ["重复登记待核准 1 件"]


def test_a_person_added_elsewhere_meanwhile_stops_the_application(cast, clerk, mill):
    """Two drafts may hold one person; the first application wins."""
    late = made.draft(cast.school_clerk, cast.school, id_number=made.WIFE_ID, name="薛冬梅")
    made.assess(cast.school_clerk, late)
    made.walk(cast, made.draft(clerk, mill), until="applied")
    assert refusal_of(actions.apply_dossier, by=cast.school_clerk, dossier=late, version=late.version) == (
        "这份档案里有人已在“青岬县第一中学工会”的档案里，一人只能在一份档案里。"
    )


def test_the_page_of_requests_costs_the_same_for_one_and_three(client, cast, active):
    ask(cast)
    claimed(cast)
    log_in(client, cast.clerk)
    one = queries(client, reverse("dossier_requests"))
    for place in range(2):
        other = made.walk(cast, made.draft(cast.clerk, cast.mill, id_number=made.number(1970 + place, 9)))
        ask(cast, number=other.id_number)
    assert (queries(client, reverse("dossier_requests")), DossierMove.objects.count()) == (one, 3)


def test_an_empty_page_of_requests_says_so(client, cast):
    shown = log_in(client, cast.clerk).get(reverse("dossier_requests")).content.decode()
    assert "没有等您答复的事" in shown
