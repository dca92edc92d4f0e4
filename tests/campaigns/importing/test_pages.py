"""The pages of an import: upload, report, yes, list, template; and how many queries they ask."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import FundsRaised
from tests.campaigns.importing.desk import FUNDS, FUNDS_HEAD, checked, file, ran
from tests.campaigns.test_campaign_pages import text_of
from tests.cast import log_in
from unions.enums import JobState
from unions.models import Job

BAD = [*FUNDS[:2], "三百", *FUNDS[3:]]


def test_from_upload_to_rows(client, cast, django_capture_on_commit_callbacks):
    log_in(client, cast.clerk)
    assert "认得的列" in text_of(client.get(reverse("import_new", args=["funds"])))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("import_new", args=["funds"]), {"file": file(FUNDS_HEAD, FUNDS)})
    job = Job.objects.get()
    url = reverse("import_job", args=[job.pk])
    assert (answer.url, job.state) == (url, JobState.DONE)
    shown = client.get(url)
    assert (shown.context["may_confirm"], "没有错误。" in text_of(shown)) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("import_confirm", args=[job.pk])).url == url
    shown = client.get(url)
    assert (shown.context["row"]["state"], "导入完成" in text_of(shown)) == ("written", True)
    assert FundsRaised.objects.count() == 1


def test_a_faulty_file_comes_back_coloured(client, cast):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS, BAD)
    log_in(client, cast.clerk)
    shown = client.get(reverse("import_job", args=[job.pk]))
    assert (shown.context["may_confirm"], "不是金额。" in text_of(shown)) == (False, True)
    copy = client.get(reverse("import_marked", args=[job.pk]))
    ws = openpyxl.load_workbook(io.BytesIO(copy.content)).active
    assert (ws["C3"].fill.start_color.rgb, ws["H3"].value) == (
        "FFFFC7CE",
        "金额（元）：不是金额。只写数字，单位是元，例如 1234.56。",
    )
    refused = client.post(reverse("import_confirm", args=[job.pk]))
    assert (refused.status_code, FundsRaised.objects.count()) == (409, 0)


def test_a_waiting_job_shows_its_progress_and_asks_again(client, cast):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.WAITING, done=0, total=0, outcome={"name": "筹集.xlsx", "size": 1}
    )
    log_in(client, cast.clerk)
    shown = client.get(reverse("import_job", args=[job.pk]))
    assert (b'http-equiv="refresh"' in shown.content, "还没有开始" in text_of(shown)) == (True, True)


def test_a_killed_check_is_started_again(client, cast, django_capture_on_commit_callbacks):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, outcome={**job.outcome, "beat": "2024-01-01T00:00:00+00:00"}
    )
    log_in(client, cast.clerk)
    assert "后台任务中断了" in text_of(client.get(reverse("import_job", args=[job.pk])))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_again", args=[job.pk]))
    assert Job.objects.get().state == JobState.DONE


def test_a_login_that_was_closed_reads_no_file(cast):
    cast.clerk.accounts.update(is_active=False)
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS)
    assert (job.state, FundsRaised.objects.count()) == (JobState.FAILED, 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "没有选文件。请选择填好的 Excel（.xlsx）。"),
        ({"file": "xls"}, "只能导入 .xlsx 文件。请在 Excel 或 WPS 里另存为 .xlsx 再上传。"),
    ],
)
def test_a_wrong_upload_is_said(client, cast, data, said):
    log_in(client, cast.clerk)
    sent = {name: file(name="筹集.xls") for name in data}
    answer = client.post(reverse("import_new", args=["funds"]), sent)
    assert (answer.status_code, answer.context["fault"], Job.objects.count()) == (422, said, 0)


def test_imports_of_others_are_not_there(client, cast):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, BAD)
    log_in(client, cast.second_clerk)
    names = ("import_job", "import_marked")
    assert [client.get(reverse(name, args=[job.pk])).status_code for name in names] == [404, 404]
    assert "还没有导入过" in text_of(client.get(reverse("import_list")))
    assert client.get(reverse("import_new", args=["persons"])).status_code == 404
    log_in(client, cast.reviewer)
    assert client.get(reverse("import_new", args=["funds"])).status_code == 403


@pytest.mark.parametrize("kind", ["funds", "activities"])
def test_the_template_offers_the_words(client, cast, kind):
    log_in(client, cast.clerk)
    answer = client.get(reverse("import_template", args=[kind]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    first = book.worksheets[0]
    assert book.sheetnames[1:] == ["填写说明", "词表"]
    assert len(first.data_validations.dataValidation) == {"funds": 3, "activities": 2}[kind]
    job = checked(cast.clerk, cast.mill, kind, [cell.value for cell in first[1]])
    assert (job.outcome["report"]["told"], job.outcome["report"]["seen"]) == ([], 0)


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_list_asks_as_much_for_three_as_for_one(client, cast):
    log_in(client, cast.clerk)
    checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, BAD)
    client.get(reverse("import_list"))
    one = queries(client, reverse("import_list"))
    for _ in range(2):
        checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, BAD)
    assert queries(client, reverse("import_list")) == one


def test_the_report_asks_as_much_for_three_faults_as_for_one(client, cast):
    log_in(client, cast.clerk)
    few = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, BAD)
    many = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, BAD, [*FUNDS[:2], "四百"], [*FUNDS[:2], "五百"])
    client.get(reverse("import_job", args=[few.pk]))
    assert queries(client, reverse("import_job", args=[few.pk])) == queries(
        client, reverse("import_job", args=[many.pk])
    )


def test_checking_asks_as_much_for_three_rows_as_for_one(cast):
    def asked(*rows):
        job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, *rows)
        Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
        with CaptureQueriesContext(connection) as caught:
            ran(job)
        return len(caught)

    rows = [["2024-01-05", "本级工会经费", number + 1, "资金", f"记-{number}", None, ""] for number in range(3)]
    asked(rows[0])
    assert asked(*rows) == asked(rows[0])
