"""The pages of one filing, over HTTP, as each role."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.models import Figure, Round, Submission
from tests.cast import log_in
from tests.reporting.test_main_job import accept, fresh, hand_in, helped_home


@pytest.fixture
def at(published, cast):
    """A logged-in client per member of the cast."""
    return lambda name: log_in(Client(), getattr(cast, name))


def entry_data(client, submission, **cells) -> dict[str, str]:
    """What the entry page would post back, with some cells changed."""
    page = client.get(reverse("submission_page", args=[submission.pk]))
    shown = page.context["cells"]
    data = {
        "version": str(page.context["submission"].version),
        "request_key": page.context["request_key"],
        "act": "save",
    }
    for code, cell in shown.items():
        if cell.editable:
            data |= {f"v-{code}": cell.entry, f"s-{code}": cell.seen}
            if cell.differs:
                data[f"n-{code}"] = cell.note
    return data | {name.replace("_", "-", 1): text for name, text in cells.items()}


def test_the_entry_page_shows_all_49_blanks(at, published, mill):
    page = at("clerk").get(reverse("submission_page", args=[published.submission(mill).pk]))
    assert page.status_code == 200
    assert sum(f'id="c-{code}"' in page.content.decode() for code in page.context["cells"]) == 49


def test_typing_a_difference_asks_for_a_reason_and_keeps_the_records_beside_it(at, published, mill, clerk):
    helped_home(clerk, mill, published.campaign, 7)
    submission, client = published.submission(mill), at("clerk")
    url = reverse("submission_page", args=[submission.pk])
    assert client.post(url, entry_data(client, submission, v_G="9")).status_code == 302
    page = client.get(url)
    cell = page.context["cells"]["G"]
    assert (cell.entry, cell.records_text, cell.look) == ("9", "7", "failed")
    refused = client.post(url, entry_data(client, submission, act="submit"))
    assert refused.status_code == 422
    assert Round.objects.count() == 0
    done = client.post(url, entry_data(client, submission, n_G="另有2人自行乘车", act="submit"))
    assert done.status_code == 302
    assert Round.objects.get().number == 1


def test_the_list_of_filings_names_the_round_once(at, published, mill, clerk):
    hand_in(clerk, published.submission(mill))
    words = at("clerk").get(reverse("submission_list")).content.decode()
    assert re.findall(r"第+1轮", words) == ["第1轮"]


def test_a_wrong_entry_keeps_everything_typed_and_writes_nothing(at, published, mill):
    submission, client = published.submission(mill), at("clerk")
    page = client.post(
        reverse("submission_page", args=[submission.pk]), entry_data(client, submission, v_G="三十", v_H="4")
    )
    assert page.status_code == 422
    assert (page.context["cells"]["G"].entry, page.context["cells"]["H"].entry) == ("三十", "4")
    assert page.content.decode().count("这是上次保存时的结果。") == 1
    assert Figure.objects.count() == 0


def test_a_stale_page_shows_both_values(at, published, mill):
    submission, first, second = published.submission(mill), at("clerk"), at("second_clerk")
    url = reverse("submission_page", args=[submission.pk])
    mine = entry_data(second, submission, v_G="4", n_G="乙")
    first.post(url, entry_data(first, submission, v_G="9", n_G="甲"))
    page = second.post(url, mine)
    assert page.status_code == 409
    assert page.context["stale"].differences == [("G 元旦春节期间共帮助农民工平安返乡", "9", "4")]
    assert page.context["cells"]["G"].entry == "4"


def test_a_stranger_gets_404_for_every_page_of_a_filing(at, published, mill):
    pk = published.submission(mill).pk
    client = at("stranger")
    for name, *rest in [
        ("submission_page",),
        ("review_page",),
        ("history_page",),
        ("figure_page", "G"),
        ("form_export", "xlsx"),
    ]:
        assert client.get(reverse(name, args=[pk, *rest])).status_code == 404


def test_the_line_above_does_not_see_a_draft(at, published, mill, clerk):
    helped_home(clerk, mill, published.campaign, 7)
    pk = published.submission(mill).pk
    page = at("county_reviewer").get(reverse("submission_page", args=[pk]))
    assert (page.status_code, "cells" in page.context) == (200, False)
    assert at("county_reviewer").get(reverse("figure_page", args=[pk, "G"])).status_code == 404


def test_review_return_with_a_pin_and_accept_over_http(at, published, mill, clerk):
    helped_home(clerk, mill, published.campaign, 7)
    submission = published.submission(mill)
    hand_in(clerk, submission)
    client, url = at("county_reviewer"), reverse("review_page", args=[submission.pk])
    client.post(url, {"act": "open", "version": fresh(submission).version})
    empty = client.post(url, {"act": "return", "version": fresh(submission).version, "reason": ""})
    assert empty.status_code == 422
    client.post(url, {"act": "return", "version": fresh(submission).version, "reason": "请核对", "pin-G": "是否漏报"})
    assert fresh(submission).state == "returned"
    own = at("clerk").get(reverse("submission_page", args=[submission.pk]))
    assert [comment.text for comment in own.context["cells"]["G"].comments] == ["是否漏报"]
    helped_home(clerk, mill, published.campaign, 1)
    hand_in(clerk, fresh(submission))
    client.post(url, {"act": "open", "version": fresh(submission).version})
    page = client.get(url)
    assert [(row["code"], row["before"], row["after"]) for row in page.context["changes"]] == [("G", "7", "8")]
    client.post(url, {"act": "accept", "version": fresh(submission).version})
    assert fresh(submission).state == "accepted"


def test_two_people_deciding_at_once_the_second_is_told_who_was_faster(at, published, mill, clerk, cast):
    submission = published.submission(mill)
    hand_in(clerk, submission)
    accept(cast.county_reviewer, submission)
    page = at("county_reviewer").post(
        reverse("review_page", args=[submission.pk]), {"act": "accept", "version": fresh(submission).version - 1}
    )
    assert page.status_code == 409
    assert "当前状态是“已接收”" in page.content.decode()


def test_the_figure_page_lists_the_records_for_the_filer(at, published, mill, clerk):
    helped_home(clerk, mill, published.campaign, 7)
    page = at("clerk").get(reverse("figure_page", args=[published.submission(mill).pk, "G"]))
    assert [listing.totals for listing in page.context["listings"]] == ["1 条 · 7"]


@pytest.mark.parametrize(("fmt", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{")])
def test_the_form_downloads_as_draft_and_as_round(at, published, mill, clerk, fmt, start):
    submission = published.submission(mill)
    url = reverse("form_export", args=[submission.pk, fmt])
    assert at("clerk").get(url, {"live": "1"}).content.startswith(start)
    hand_in(clerk, submission)
    assert at("county_reviewer").get(url).content.startswith(start)


def test_a_report_is_written_and_handed_in(at, published, mill):
    submission, client = published.submission(mill, published.report), at("clerk")
    url = reverse("submission_page", args=[submission.pk])
    key = client.get(url).context["request_key"]
    empty = client.post(url, {"version": "1", "report_text": "", "act": "submit", "request_key": key})
    assert empty.status_code == 422
    client.post(
        url, {"version": fresh(submission).version, "report_text": "走访十户。", "act": "submit", "request_key": key}
    )
    assert Submission.objects.get(pk=submission.pk).state == "submitted"


def queries_of(client, url) -> int:
    """How many queries a page takes, once its form is parsed."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["submission_page", "submission_list"])
def test_a_page_needs_as_many_queries_for_one_record_as_for_three(at, published, mill, clerk, name):
    client = at("clerk")
    args = [published.submission(mill).pk] if name == "submission_page" else []
    helped_home(clerk, mill, published.campaign, 2)
    one = queries_of(client, reverse(name, args=args))
    helped_home(clerk, mill, published.campaign, 2)
    helped_home(clerk, mill, published.campaign, 2)
    assert queries_of(client, reverse(name, args=args)) == one


def test_the_review_page_needs_as_many_queries_for_three_children_as_for_one(at, published, cast):
    hand_in(cast.clerk, published.submission(cast.mill))
    client, url = at("county_reviewer"), reverse("review_page", args=[published.submission(cast.mill).pk])
    one = queries_of(client, url)
    hand_in(cast.school_clerk, published.submission(cast.school))
    assert queries_of(client, url) == one


@pytest.mark.parametrize("version", ["²", "-1", "abc", "9" * 5000])
def test_a_version_that_is_no_number_is_stale_and_no_error_page(at, published, mill, version):
    client, submission = at("clerk"), published.submission(mill)
    data = entry_data(client, submission, v_G="30") | {"version": version}
    assert client.post(reverse("submission_page", args=[submission.pk]), data).status_code == 409


def test_a_hand_in_sent_twice_shows_the_one_receipt_and_a_changed_one_is_refused(at, published, mill):
    """The page saves before it hands in; the lost answer's second sending must not end in a refusal (NL2)."""
    client, submission = at("clerk"), published.submission(mill)
    url = reverse("submission_page", args=[submission.pk])
    data = entry_data(client, submission, v_G="30") | {"n-G": "车站名单", "act": "submit"}
    first, second = client.post(url, data), client.post(url, data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == reverse("history_page", args=[submission.pk])
    assert client.post(url, data | {"v-G": "31"}).status_code == 422
    assert list(Round.objects.filter(submission=submission).values_list("number", flat=True)) == [1]


def test_the_entry_page_after_hand_in_points_to_the_round_and_prints_it(at, published, mill):
    """Records may change later; what was handed in must not be taken for what the ledgers say now."""
    client, submission = at("clerk"), published.submission(mill)
    url = reverse("submission_page", args=[submission.pk])
    assert client.get(url).context["handed_in"] is False
    data = entry_data(client, submission, v_G="30") | {"n-G": "车站名单", "act": "submit"}
    client.post(url, data)
    page = client.get(url)
    assert page.context["handed_in"] is True
    text = page.content.decode()
    assert [text.count(f"form.{fmt}?round=1&amp;part=own") for fmt in ("xlsx", "pdf")] == [1, 1]
    assert text.count("live=1") == 0
