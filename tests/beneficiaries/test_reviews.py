"""The yearly look at active files, and the drawn check of those looks."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.dossiers import drawing
from beneficiaries.enums import DossierState
from beneficiaries.models import Dossier, FieldChange, SpotCheck, SubsistenceStandard, YearlyReview
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.beneficiaries.test_dossier_chain import refusal_of
from tests.beneficiaries.test_dossier_pages import queries
from tests.cast import log_in


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def active(cast, clerk, mill):
    return made.walk(cast, made.draft(clerk, mill))


def fresh(dossier):
    return Dossier.objects.select_related("union").get(pk=dossier.pk)


def review(cast, dossier, outcome="still", text="收入没有变化", **more):
    now = fresh(dossier)
    return actions.record_review(by=cast.clerk, dossier=now, version=now.version, outcome=outcome, text=text, **more)


def year_after(day: datetime.date) -> datetime.date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else datetime.date(day.year + 1, 3, 1)


def test_a_look_moves_the_next_one_a_year_on(cast, active):
    today = clock.today()
    Dossier.objects.filter(pk=active.pk).update(review_due_on=today)
    found = review(cast, active)
    assert (found.year, found.due_before, fresh(active).review_due_on) == (today.year, today, year_after(today))
    said = FieldChange.objects.filter(dossier=active, field="年度复核").get()
    assert said.new == f"仍符合，类别不变，下次 {year_after(today)}"


def test_a_second_look_in_the_year_is_refused(cast, active):
    review(cast, active)
    now = fresh(active)
    assert refusal_of(
        actions.record_review, by=cast.clerk, dossier=now, version=now.version, outcome="still", text="再看"
    ) == (f"{clock.today().year} 年已经复核过这份档案。")


def test_a_changed_class_needs_a_new_assessment(cast, active):
    # The assessment of the application was made this year already: take it to last year.
    active.assessments.update(assessed_at=clock.db_now() - datetime.timedelta(days=400))
    now = fresh(active)
    given = {"by": cast.clerk, "dossier": now, "version": now.version, "outcome": "changed", "text": "收入增加"}
    assert refusal_of(actions.record_review, **given) == "类别有变，要先重新评估。"
    made.assess(cast.clerk, now, income="120000.00", version=now.version)
    made.walk_on(cast, fresh(active))
    found = review(cast, active, outcome="changed", text="收入增加")
    assert (found.class_before, found.class_after) == ("deep", fresh(active).hardship_class)


def test_out_of_hardship_closes_the_file_at_once(cast, active):
    review(cast, active, outcome="out", text="子女就业，收入稳定")
    left = fresh(active)
    assert (left.state, left.closing_reason) == (DossierState.OUT_OF_HARDSHIP, "out_of_hardship")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"outcome": "perhaps"}, "请选择复核结论。"),
        ({"text": " "}, "复核要写明理由。"),
        ({"on": datetime.date(2000, 1, 1)}, "复核日期应在今天以前、去年一月一日以后。"),
    ],
)
def test_a_look_says_what_when_and_why(cast, active, changed, sentence):
    now = fresh(active)
    given = {
        "by": cast.clerk,
        "dossier": now,
        "version": now.version,
        "outcome": "still",
        "text": "没有变化",
        **changed,
    }
    assert (refusal_of(actions.record_review, **given), YearlyReview.objects.count()) == (sentence, 0)


def test_only_the_keeper_records_a_look(cast, active):
    for person in (cast.reviewer, cast.school_clerk):
        assert refusal_of(
            actions.record_review, by=person, dossier=active, version=active.version, outcome="still", text="看过"
        ).startswith("“登记年度复核”由青岬县第一中学工会的填报办理")


def test_the_page_records_a_look_and_tells_what_is_missing(client, cast, active):
    log_in(client, cast.clerk)
    url = reverse("dossier_review", args=[active.pk])
    given = {"version": fresh(active).version, "outcome": "still", "on": clock.today().isoformat(), "text": ""}
    assert client.post(url, given).status_code == 422
    assert client.post(url, {**given, "text": "没有变化"}).url == reverse("dossier_detail", args=[active.pk])
    assert "没有变化" in client.get(url).content.decode()


def draw(cast, **given):
    given = given or {"share": 100}
    return actions.draw_check(by=cast.reviewer, union=cast.mill, year=clock.today().year, **given)


def test_the_draw_can_be_made_again_from_its_seed(cast, clerk, mill, active):
    files = [active, *[made.walk(cast, made.draft(clerk, mill, id_number=made.number(1960 + n, 9))) for n in range(3)]]
    for dossier in files:
        review(cast, dossier)
    check = draw(cast, share=50)
    numbers = [item.review.dossier.number for item in check.items.select_related("review__dossier")]
    assert numbers == drawing.drawn(check.seed, [dossier.number for dossier in files], 2)
    assert (check.population, check.population_digest) == (4, drawing.digest_of([file.number for file in files]))
    rest = draw(cast, asked=10)
    assert (rest.population, rest.items.count()) == (2, 2)
    assert refusal_of(actions.draw_check, by=cast.reviewer, union=mill, year=clock.today().year, share=30) == (
        f"{clock.today().year} 年没有可以抽的复核。"
    )


@pytest.mark.parametrize("given", [{}, {"share": 30, "asked": 3}, {"share": 0}, {"share": 101}, {"asked": 0}])
def test_a_draw_wants_a_share_or_a_number(cast, active, given):
    review(cast, active)
    assert (
        refusal_of(actions.draw_check, by=cast.reviewer, union=cast.mill, year=clock.today().year, **given)
        == "比例（1 至 100）和户数（1 至 1000）填一个。"
    )


def test_a_wrong_review_makes_the_file_due_again_and_may_be_done_anew(cast, active):
    review(cast, active)
    item = draw(cast).items.get()
    actions.record_check(by=cast.reviewer, item=item, version=1, result="wrong", note="收入与流水不符")
    assert fresh(active).review_due_on == clock.today()
    assert FieldChange.objects.filter(dossier=active, field="复核抽查").get().reason == "收入与流水不符"
    again = review(cast, active, text="已按流水更正")
    assert (YearlyReview.objects.count(), again.text) == (1, "已按流水更正")


def test_a_finding_needs_words_and_the_version_seen(cast, active):
    review(cast, active)
    item = draw(cast).items.get()
    given = {"by": cast.reviewer, "item": item}
    assert refusal_of(actions.record_check, version=1, result="flawed", note="", **given) == "抽查要写明理由。"
    actions.record_check(version=1, result="right", note="", **given)
    assert refusal_of(actions.record_check, version=1, result="wrong", note="不符", **given).startswith("这条记录在您")


def test_another_level_does_not_draw_or_see_the_draw(client, cast, active):
    review(cast, active)
    check = draw(cast)
    assert refusal_of(
        actions.draw_check, by=cast.county_reviewer, union=cast.mill, year=clock.today().year, share=30
    ).startswith("“抽取复核名单”由青岬县第一中学工会的审核办理")
    assert log_in(client, cast.county_reviewer).get(reverse("check_list", args=[check.pk])).status_code == 404


def test_the_pages_of_the_check(client, cast, active):
    review(cast, active)
    log_in(client, cast.reviewer)
    assert client.post(reverse("check_draw"), {"year": clock.today().year}).status_code == 422
    drawn = client.post(reverse("check_draw"), {"year": clock.today().year, "share": 30})
    check = SpotCheck.objects.get()
    assert drawn.url == reverse("check_list", args=[check.pk])
    item = check.items.get()
    done = client.post(reverse("check_record", args=[item.pk]), {"version": 1, "result": "right", "note": ""})
    assert done.url == reverse("check_list", args=[check.pk])
    assert [row["label"] for row in client.get(done.url).context["rows"]] == ["相符"]


def test_the_pages_of_the_check_cost_the_same_for_one_and_three(client, cast, clerk, mill, active):
    review(cast, active)
    one = draw(cast)
    log_in(client, cast.reviewer)
    costs = [queries(client, reverse("check_lists")), queries(client, reverse("check_list", args=[one.pk]))]
    for n in range(3):
        review(cast, made.walk(cast, made.draft(clerk, mill, id_number=made.number(1960 + n, 9))))
    three = draw(cast, asked=3)
    draws = [reverse("check_lists"), reverse("check_list", args=[three.pk])]
    assert ([queries(client, url) for url in draws], three.items.count()) == (costs, 3)
