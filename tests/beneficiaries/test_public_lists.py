"""Public lists: two persons, at least five working days, allowed fields alone, a link that expires (R-29)."""

import datetime
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from beneficiaries import actions, publiclists
from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import ListState
from beneficiaries.models import Dossier, Opinion, Payout, PublicList, SubsistenceStandard
from relief.lib import clock
from reporting.todos import cases
from tests.beneficiaries import households as made
from tests.beneficiaries.payouts.conftest import line, make_till
from tests.beneficiaries.payouts.test_steps import to_approved
from tests.beneficiaries.test_dossier_chain import refusal_of
from tests.beneficiaries.test_dossier_pages import queries
from tests.cast import log_in
from tests.security import markers
from unions.models import Union

MONDAY = datetime.date(2024, 3, 4)
REQUEST_ID = re.compile(rb"[0-9a-f]{16}")


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=2024, monthly=Decimal("780"))


@pytest.fixture
def visited(cast, clerk, mill, noon):
    return made.walk(cast, made.draft(clerk, mill), until="visited")


@pytest.fixture
def noon():
    """The clock stands on a Monday."""
    with clock.as_of(at(MONDAY)):
        yield


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(4), tzinfo=datetime.UTC)


def prepare(cast, *dossiers, **more):
    given = {
        "title": "2024年困难职工建档公示",
        "starts_on": MONDAY,
        "ends_on": MONDAY + datetime.timedelta(days=7),
        "contact": "青岬县第一中学工会",
        "dossiers": dossiers,
        **more,
    }
    return actions.prepare_list(by=cast.clerk, union=cast.mill, **given)


def publish(cast, *dossiers, **more):
    return actions.publish_list(by=cast.approver, public_list=prepare(cast, *dossiers, **more), version=1)


def read(found) -> "Client":
    return Client().get(reverse("public_list", args=[found.token]))


def plain(answer) -> bytes:
    return REQUEST_ID.sub(b"", answer.content)


def test_everybody_reads_the_allowed_fields_and_nothing_else(cast, visited):
    found = publish(cast, visited)
    answer = read(found)
    said = markers.text_of(answer)
    assert answer.status_code == 200
    assert re.findall(r"<td[^>]*>(.*?)</td>", said) == ["1", "唐*远", "青岬县第一中学工会", "深度困难"]
    assert markers.found_in(said) == []
    assert [word in said for word in ("唐志远", visited.number, "青岬县第一中学</td>", "患重特大疾病")] == [False] * 4
    assert re.findall(r"\d{5,}", re.sub(r"<[^>]+>", "", said.partition("X-Request-Id")[0])) == []


def test_the_answer_is_not_kept_and_not_indexed(cast, visited):
    answer = read(publish(cast, visited))
    named = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    assert [answer[name] for name in named] == ["private, no-store", "noindex, nofollow, noarchive", "no-referrer"]
    assert answer.cookies == {}


def test_the_link_cannot_be_guessed(cast, visited):
    tokens = {prepare(cast, visited).token for _ in range(3)}
    assert (len(tokens), {len(token) for token in tokens}) == (3, {43})


@pytest.mark.parametrize("days", [0, 7])
def test_the_link_works_to_the_end_of_the_last_day(cast, visited, days):
    found = publish(cast, visited)
    with clock.as_of(at(MONDAY + datetime.timedelta(days=days))):
        assert read(found).status_code == 200


def test_after_the_last_day_the_link_is_an_unknown_address(cast, visited):
    found = publish(cast, visited)
    with clock.as_of(at(MONDAY + datetime.timedelta(days=8))):
        gone = read(found)
    unknown = Client().get("/nowhere/at/all/")
    assert (gone.status_code, plain(gone)) == (404, plain(unknown))
    assert gone.headers.keys() == unknown.headers.keys()


def test_before_the_first_day_unpublished_and_withdrawn_lists_are_unknown(cast, visited):
    late = MONDAY + datetime.timedelta(days=2)
    later = publish(cast, visited, starts_on=late, ends_on=late + datetime.timedelta(days=8))
    draft = prepare(cast, visited)
    shut = publish(cast, visited)
    actions.withdraw_list(by=cast.clerk, public_list=shut, version=shut.version, reason="名单有误")
    answers = [read(found) for found in (later, draft, shut)]
    unknown = plain(Client().get("/nowhere/"))
    assert [(answer.status_code, plain(answer)) for answer in answers] == [(404, unknown)] * 3


def test_another_person_publishes(cast, visited):
    found = prepare(cast, visited)
    assert found.approve_union == cast.mill
    for person in (cast.clerk, cast.county_approver):
        assert refusal_of(actions.publish_list, by=person, public_list=found, version=1).startswith("“发布公示”")
    assert actions.publish_list(by=cast.approver, public_list=found, version=1).state == ListState.PUBLISHED


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"ends_on": MONDAY + datetime.timedelta(days=3)}, "ends_on", "只有 4 个工作日，公示至少 5 个工作日。"),
        ({"ends_on": MONDAY - datetime.timedelta(days=1)}, "ends_on", "公示截止日早于起始日，请核对两个日期。"),
        ({"starts_on": MONDAY - datetime.timedelta(days=1)}, "starts_on", "公示不能从过去的日子开始，请填今天或以后。"),
        ({"title": ""}, "title", "请填写这一项。"),
        (
            {"contact": f"找 {made.HOLDER_ID}"},
            "contact",
            "这里有证件号或卡号一类的号码，公示里不能有，请去掉。",
        ),
    ],
)
def test_a_list_that_breaks_the_rules_is_refused_at_its_field(cast, visited, changed, field, sentence):
    with pytest.raises(Faults) as refused:
        prepare(cast, visited, **changed)
    assert refused.value.errors == {field: sentence}


def test_a_list_published_too_late_is_refused(cast, visited):
    found = prepare(cast, visited)
    with clock.as_of(at(MONDAY + datetime.timedelta(days=3))):
        assert refusal_of(actions.publish_list, by=cast.approver, public_list=found, version=1) == (
            "从今天发布到 2024-03-11 不足 5 个工作日。"
        )


def test_files_of_other_states_and_names_with_digits_are_named_by_number(cast, visited, clerk, mill):
    draft = made.draft(clerk, mill, id_number=made.number(1970, 9))
    Dossier.objects.filter(pk=visited.pk).update(name="唐志远6221")
    with pytest.raises(Faults) as refused:
        prepare(cast, Dossier.objects.get(pk=visited.pk), draft)
    assert refused.value.errors == {
        "chosen": f"{visited.number}：姓名里有数字，请先在档案或发放里改正。{draft.number}：现在是“草稿”，不能公示。"
    }


def test_no_child_stands_on_a_list():
    day = datetime.date(2024, 3, 4)
    assert publiclists.faults_of("唐小满", made.CHILD_ID, day) == "未满十四周岁，不能公示；请用家长的姓名"


def test_the_step_of_the_file_points_to_the_list(client, cast, visited):
    found = publish(cast, visited)
    log_in(client, cast.clerk)
    page = client.get(reverse("dossier_detail", args=[visited.pk]))
    assert page.context["next"].form.initial["until"] == found.ends_on
    assert client.post(reverse("public_list_post", args=[found.pk])).status_code == 302
    opinion = Opinion.objects.filter(dossier=visited).last()
    assert (opinion.step, opinion.on, opinion.until, opinion.public_line.public_list) == (
        "post",
        found.starts_on,
        found.ends_on,
        found,
    )
    assert Dossier.objects.get(pk=visited.pk).state == "posted"


def test_an_open_objection_warns_the_reviewer_until_it_is_decided(client, cast, visited):
    found = publish(cast, visited)
    actions.post_listed(by=cast.clerk, public_list=found)
    objection = actions.record_objection(by=cast.clerk, public_list=found, received_on=MONDAY, text="家里有两套房")
    log_in(client, cast.reviewer)
    url = reverse("dossier_detail", args=[visited.pk])
    said = "公示收到的 1 件异议还没有处理。"
    assert said in client.get(url).context["next"].warnings
    actions.decide_objection(by=cast.reviewer, objection=objection, version=1, outcome="dismissed", answer="不属实")
    assert said not in client.get(url).context["next"].warnings


def test_the_list_waits_among_the_todos_of_another_person(cast, visited):
    def titles(person):
        return [todo.title for todo in cases.public_lists(person)]

    found = prepare(cast, visited)
    assert [titles(cast.clerk), titles(cast.approver)] == [[], ["公示待发布：2024年困难职工建档公示"]]
    actions.publish_list(by=cast.approver, public_list=found, version=1)
    actions.record_objection(by=cast.clerk, public_list=found_again(found), received_on=MONDAY, text="有异议")
    told = ["公示已发布：2024年困难职工建档公示", "公示异议待核查"]
    assert [titles(cast.clerk), titles(cast.approver)] == [told, told[1:]]
    actions.post_listed(by=cast.clerk, public_list=found_again(found))
    assert [titles(cast.clerk), titles(cast.approver)] == [told[1:]] * 2


def found_again(found: PublicList) -> PublicList:
    return PublicList.objects.select_related("union").get(pk=found.pk)


def test_amounts_stand_only_where_a_rule_orders_it(cast):
    till = make_till(cast)
    payout = till.draft(
        purpose="relief_visit", dossier=till.dossier, lines=[line("own_union", "cash", "150.00")], reason="补录"
    )
    to_approved(cast, payout)
    payout.refresh_from_db()
    today = clock.today()
    days = {"starts_on": today, "ends_on": today + datetime.timedelta(days=9), "payouts": [payout]}
    without = publish(cast, **days)
    with pytest.raises(Faults) as refused:
        prepare(cast, with_amount=True, **days)
    with_it = publish(cast, with_amount=True, amount_basis="省财政资金管理办法第八条", **days)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", read(found).content.decode()) for found in (without, with_it)]
    assert refused.value.errors == {"amount_basis": "公布金额要写明依据哪一条规定。"}
    assert [len(cells[0]), cells[1][-1]] == [4, "150.00"]
    assert markers.found_in(markers.text_of(read(with_it))) == []


def test_a_group_that_tells_an_illness_is_told_as_hardship(mill):
    said = [
        publiclists.payout_line(Payout(union=mill, recipient="孟广田", relief_group=group), None).class_word
        for group in ("illness_disaster", "injury_bereaved", "festival_duty")
    ]
    assert said == ["困难职工", "困难职工", "春节坚守岗位职工"]


def test_the_pages_of_the_staff(client, cast, visited):
    log_in(client, cast.clerk)
    assert client.get(reverse("public_lists")).status_code == 200
    given = {
        "title": "建档公示",
        "starts_on": MONDAY.isoformat(),
        "ends_on": (MONDAY + datetime.timedelta(days=8)).isoformat(),
        "contact": "本单位工会",
        "chosen": [visited.pk],
    }
    made_it = client.post(reverse("public_list_new", args=["dossiers"]), given)
    found = PublicList.objects.get()
    assert made_it.url == reverse("public_list_detail", args=[found.pk])
    short = client.post(reverse("public_list_new", args=["dossiers"]), {**given, "ends_on": "2024-03-06"})
    assert (short.status_code, PublicList.objects.count()) == (422, 1)
    log_in(client, cast.approver)
    client.post(reverse("public_list_publish", args=[found.pk]), {"version": 1})
    page = client.get(reverse("public_list_detail", args=[found.pk]))
    assert reverse("public_list", args=[PublicList.objects.get().token]) in page.content.decode()


def test_the_supervising_telephone_is_offered_only_where_the_union_has_one(client, cast):
    log_in(client, cast.clerk)
    offered = []
    for phone in ("", "0900-6611000"):
        Union.objects.filter(pk=cast.mill.pk).update(phone=phone)
        page = client.get(reverse("public_list_new", args=["dossiers"]))
        offered.append(page.context["form"]["contact"].value())
    assert offered == ["", f"{cast.mill.called}，0900-6611000"]


def test_the_pages_cost_the_same_for_one_and_three(client, cast, visited):
    publish(cast, visited)
    log_in(client, cast.clerk)
    one = queries(client, reverse("public_lists"))
    for _ in range(2):
        publish(cast, visited)
    assert (queries(client, reverse("public_lists")), PublicList.objects.count()) == (one, 3)


def test_the_paper_says_what_the_page_says(client, cast, visited):
    found = publish(cast, visited)
    answer = log_in(client, cast.clerk).get(reverse("public_list_pdf", args=[found.pk]))
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert markers.found_in(answer.content.decode("latin-1")) == []
