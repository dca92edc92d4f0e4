"""The pages: order, watch, list; links from board, roll-up, notice and history; queries that do not grow."""

import pytest
from django.urls import reverse

from reporting.actions import bundling
from reporting.bundles.asking import BundleKind
from tests.cast import log_in
from unions.enums import JobState
from unions.models import Job


def page_url(desk):
    return reverse("bundle_page", args=[desk.published.campaign.pk])


def order(desk, **more):
    return {"kind": "bundle.forms", "deliverable": desk.published.form.pk, "scope": "all", "formats": ["xlsx"], **more}


def test_the_page_counts_what_is_there(client, cast, desk):
    page = log_in(client, cast.county_reviewer).get(page_url(desk))
    counts = [
        (d.title, *(d.counts[of] for of in ("filed", "returned", "expected"))) for d in page.context["deliverables"]
    ]
    assert counts == [("送温暖统计表", 2, 0, 3), ("送温暖活动报告", 0, 0, 3)]


def test_a_union_without_lower_ones_takes_its_own_material_along(client, cast, desk):
    page = log_in(client, cast.clerk).get(page_url(desk))
    assert (page.status_code, page.context["forms"], page.context["has_lower"]) == (200, [], False)
    answer = client.post(page_url(desk), order(desk, kind="bundle.campaign", formats=["xlsx", "pdf"]))
    assert Job.objects.get().kind == BundleKind.CAMPAIGN
    assert answer.url == reverse("bundle_job", args=[Job.objects.get().pk])


@pytest.mark.parametrize(
    ("kind", "kept"), [("bundle.forms", ["xlsx"]), ("bundle.book", ["xlsx", "pdf"]), ("bundle.campaign", ["xlsx"])]
)
def test_an_order_keeps_what_was_asked(client, cast, desk, kind, kept):
    log_in(client, cast.county_reviewer).post(page_url(desk), order(desk, kind=kind, scope="direct"))
    asked = Job.objects.get().outcome["asked"]
    form = None if kind == "bundle.campaign" else desk.published.form.pk
    assert asked == {
        "kind": kind,
        "campaign": desk.published.campaign.pk,
        "deliverable": form,
        "scope": "direct",
        "formats": kept,
    }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "bundle.nothing"}, "请先选择导出什么、导出哪些单位。"),
        ({"scope": "world"}, "请先选择导出什么、导出哪些单位。"),
        ({"deliverable": "9" * 17}, "请选择要导出的统计表。"),
        ({"formats": ["exe"]}, "请至少选一种格式：Excel 或 PDF。"),
    ],
)
def test_a_wrong_order_gets_a_sentence(client, cast, desk, wrong, words):
    answer = log_in(client, cast.county_reviewer).post(page_url(desk), order(desk, **wrong))
    assert (answer.status_code, answer.context["fault"], Job.objects.count()) == (422, words, 0)


def test_the_progress_asks_again_until_the_file_is_there(client, cast, desk):
    job = desk.order(cast.county_reviewer, cast.county)
    url = reverse("bundle_job", args=[job.pk])
    page = log_in(client, cast.county_reviewer).get(url)
    assert (page.context["row"]["busy"], b'<noscript><meta http-equiv="refresh"' in page.content) == (True, True)
    part = client.get(url, headers={"HX-Request": "true"})
    assert (part.templates[0].name, b"hx-trigger" in part.content) == ("reporting/_bundle_progress.html", True)
    bundling.run(job.pk)
    done = client.get(url, headers={"HX-Request": "true"})
    assert (b"hx-trigger" in done.content, reverse("bundle_file", args=[job.pk]).encode() in done.content) == (
        False,
        True,
    )


def test_a_failed_export_can_be_started_again(client, cast, desk):
    job = desk.order(cast.county_reviewer, cast.county)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, outcome={**job.outcome, "message": "没有生成。"})
    page = log_in(client, cast.county_reviewer).get(reverse("bundle_job", args=[job.pk]))
    assert (page.context["row"]["may_restart"], page.context["row"]["message"]) == (True, "没有生成。")
    client.post(reverse("bundle_again", args=[job.pk]))
    assert [j.state for j in Job.objects.order_by("pk")] == [JobState.FAILED, JobState.WAITING]


def test_an_empty_list_says_what_to_do(client, cast):
    page = log_in(client, cast.county_reviewer).get(reverse("bundle_list"))
    assert (page.status_code, page.context["rows"]) == (200, [])


def test_the_number_of_queries_of_the_list_does_not_grow(
    client, cast, desk, django_assert_num_queries, django_assert_max_num_queries
):
    desk.made(cast.county_reviewer, cast.county)
    log_in(client, cast.county_reviewer).get(reverse("bundle_list"))
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("bundle_list"))
    for scope in ("direct", "all"):
        desk.made(cast.county_reviewer, cast.county, scope=scope)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(reverse("bundle_list"))


def test_the_number_of_queries_of_the_order_page_does_not_grow(
    client, cast, desk, django_assert_num_queries, django_assert_max_num_queries
):
    log_in(client, cast.county_reviewer).get(page_url(desk))
    with django_assert_max_num_queries(24) as county:
        client.get(page_url(desk))
    many = len(county.captured_queries)
    log_in(client, cast.city_reviewer).get(page_url(desk))
    with django_assert_num_queries(many):
        client.get(page_url(desk))


def test_the_links_lead_here(client, cast, desk):
    here = page_url(desk)
    county_form = desk.submission(cast.county)
    log_in(client, cast.county_reviewer)
    pages = [
        reverse("board_deliverable", args=[desk.published.form.pk]),
        reverse("rollup_page", args=[county_form.pk]),
        reverse("notice", args=[desk.published.campaign.pk]),
    ]
    assert [here in client.get(url).content.decode() for url in pages] == [True, True, True]


def test_a_receipt_is_for_the_line_alone(client, cast, desk):
    mill = desk.submission(cast.mill)
    url = reverse("round_receipt", args=[mill.pk, 1])
    answer = log_in(client, cast.clerk).get(url)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert url in client.get(reverse("history_page", args=[mill.pk])).content.decode()
    assert client.get(reverse("round_receipt", args=[mill.pk, 2])).status_code == 404
    assert log_in(client, cast.school_clerk).get(url).status_code == 404
