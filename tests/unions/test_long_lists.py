"""Long lists are made by a job: kept sealed for the one who asked, asked about again at the download, gone with the day."""

import datetime

import pytest
from django.conf import settings as site
from django.urls import reverse

from campaigns.models import FundsRaised
from relief.lib import clock
from reporting.todos.exports import exports
from tests.cast import log_in
from tests.unions.test_list_exports import PURPOSE, ask, funds, table, vouchers
from unions import attachments, background
from unions.actions import list_files, revoke_post
from unions.actions import listings as actions
from unions.enums import JobState
from unions.listings import listing_of
from unions.listings.gate import ALONE
from unions.models import Account, Attachment, AuditEvent, Job, ListExport, Person
from unions.policy import Refused

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def long(cast, settings):
    """Three rows are a long list."""
    settings.RELIEF_LIST_ROWS = 2
    funds(cast, 3)
    return cast


def later(by):
    return clock.as_of(clock.db_now() + by)


def asked(cast):
    """A long list whose job waits."""
    return ask(cast)


def fresh(export):
    return ListExport.objects.select_related("job", "union", "asked_by").get(pk=export.pk)


def made(cast):
    export = asked(cast)
    list_files.run(export.job.pk)
    return fresh(export)


def content(cast, export):
    return b"".join(attachments.pieces(list_files.give_out(by=cast.clerk, export=export)))


def acts():
    return list(AuditEvent.objects.filter(act__startswith="list.").order_by("pk").values_list("act", flat=True))


def test_a_short_list_has_no_job(cast):
    funds(cast, 3)
    assert ask(cast).job is None


def test_a_long_list_is_made_outside_the_request_and_fetched(client, long, django_capture_on_commit_callbacks):
    cast = long
    logged = log_in(client, cast.clerk)
    with django_capture_on_commit_callbacks(execute=True):
        logged.post(reverse("list_export_new", args=["funds"]), {"purpose": PURPOSE, "full": "0"})
    export = ListExport.objects.select_related("job").get()
    assert (export.job.state, export.job.done, export.job.total) == (JobState.DONE, 3, 3)
    page = logged.get(reverse("list_export", args=[export.pk]))
    assert page.context["making"]["file"].filename == f"资金筹集 {clock.today():%Y%m%d}.xlsx"
    file = logged.post(reverse("list_export_file", args=[export.pk]))
    assert vouchers(b"".join(file.streaming_content)) == {"记-000", "记-001", "记-002"}
    assert acts() == ["list.export", "list.made", "list.take"]


def test_the_file_waits_for_the_second_person(long, monkeypatch):
    cast = long
    monkeypatch.setitem(ALONE, "other", 3)
    export = asked(cast)
    assert (export.state, export.job, Job.objects.count()) == ("waiting", None, 0)
    actions.confirm_export(by=cast.approver, export=export)
    list_files.run(fresh(export).job.pk)
    assert len(table(content(cast, fresh(export)))) == 4


def test_only_who_asked_fetches_it(client, long):
    cast = long
    export = made(cast)
    for person in (cast.approver, cast.stranger, cast.system_admin):
        assert log_in(client, person).post(reverse("list_export_file", args=[export.pk])).status_code == 404
    with pytest.raises(Refused, match="只有申请人能下载"):
        list_files.give_out(by=cast.approver, export=export)


def test_the_bytes_on_disk_are_sealed(long):
    export = made(long)
    data = attachments._path(Attachment.objects.get(owner_id=export.job.pk)).read_bytes()
    assert b"PK\x03\x04" not in data[:64]
    assert content(long, export)[:4] == b"PK\x03\x04"


def test_the_page_tells_how_far_it_is(client, long):
    cast = long
    export = asked(cast)
    background.take(export.job)
    Job.objects.filter(pk=export.job.pk).update(done=2)
    logged, address = log_in(client, cast.clerk), reverse("list_export", args=[export.pk])
    assert "2 / 3 笔" in logged.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "正在生成" in logged.get(reverse("list_exports")).content.decode()
    fetched = logged.post(reverse("list_export_file", args=[export.pk]))
    assert fetched.status_code == 409


def test_a_row_that_left_the_list_is_not_given_out_with_the_file(client, long):
    cast = long
    export = made(cast)
    FundsRaised.objects.filter(amount=2).delete()
    funds(cast, 1)
    with pytest.raises(Refused, match="文件里有 1 行现在已不在清单里"):
        list_files.give_out(by=cast.clerk, export=export)
    log_in(client, cast.clerk).post(reverse("list_export_again", args=[export.pk]))
    export = fresh(export)
    list_files.run(export.job.pk)
    assert len(table(content(cast, fresh(export)))) == 3
    assert Attachment.objects.filter(kind=list_files.FILE, removed_at__isnull=True).count() == 1


def test_rights_are_asked_again_when_it_is_made_and_when_it_is_fetched(long):
    cast = long
    export, waiting = made(cast), asked(cast)
    for post in cast.clerk.posts.all():
        revoke_post(by=cast.security_admin, post=post)
    clerk = Person.objects.get(pk=cast.clerk.pk)
    with pytest.raises(Refused):
        list_files.give_out(by=clerk, export=export)
    list_files.run(waiting.job.pk)
    assert (fresh(waiting).job.state, Attachment.objects.filter(owner_id=waiting.job.pk).count()) == ("failed", 0)


def test_a_closed_login_gets_no_file(long):
    export = asked(long)
    Account.objects.filter(person=long.clerk).update(is_active=False)
    list_files.run(export.job.pk)
    assert fresh(export).job.outcome["message"] == "申请人的账号已停用，没有生成文件。"


def test_a_killed_job_is_seen_and_starts_again(client, long):
    cast = long
    export = asked(cast)
    killed = export.job
    background.take(killed)
    with pytest.raises(Refused, match="文件正在生成"):
        list_files.again(by=cast.clerk, export=fresh(export))
    logged = log_in(client, cast.clerk)
    with later(HOUR):
        page = logged.get(reverse("list_export", args=[export.pk]))
        assert page.context["making"]["state"] == "killed"
        assert list_files.KILLED in page.content.decode()
        logged.post(reverse("list_export_again", args=[export.pk]))
    again = fresh(export)
    assert (Job.objects.get(pk=killed.pk).state, again.job.state) == (JobState.FAILED, JobState.WAITING)
    list_files.run(again.job.pk)
    assert len(table(content(cast, fresh(export)))) == 4


def test_a_worker_that_wakes_up_too_late_leaves_nothing(long, monkeypatch):
    export = asked(long)

    def given_up(job):
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)

    monkeypatch.setattr(list_files, "SPOKEN", 1)
    monkeypatch.setattr(list_files, "workbook", lambda listing, rows, full: given_up(export.job) or bytes(list(rows)))
    list_files.run(export.job.pk)
    folder = site.RELIEF_FILES_DIR / attachments.UNFINISHED
    assert (list(folder.glob("*")), Attachment.objects.filter(owner_id=export.job.pk).count()) == ([], 0)


def test_a_fault_is_said_without_what_stood_in_the_cell(long, monkeypatch, caplog):
    export = asked(long)

    def broken(*args, **named):
        raise ValueError("张三 999999")

    monkeypatch.setattr(list_files, "stream_table", broken)
    list_files.run(export.job.pk)
    assert (fresh(export).job.state, fresh(export).job.outcome["message"]) == ("failed", list_files.UNEXPECTED)
    assert "张三" not in caplog.text


def test_the_file_vanishes_with_the_permission(long, django_capture_on_commit_callbacks):
    export = made(long)
    row = list_files.file_of(export)
    assert list_files.purge() == 0
    with later(25 * HOUR):
        with pytest.raises(Refused, match="下载期限已过"):
            list_files.give_out(by=long.clerk, export=export)
        with django_capture_on_commit_callbacks(execute=True):
            assert list_files.purge() == 1
    assert (attachments._path(row).exists(), acts()[-1]) == (False, "list.purge")


def test_no_more_than_ten_in_an_hour(long, settings):
    settings.RELIEF_EXPORTS_PER_HOUR = 1
    with pytest.raises(Refused, match="一小时内最多生成 1 次"):
        list_files.again(by=long.clerk, export=made(long))


def test_the_first_page_tells_when_it_is_ready_until_it_is_fetched(long):
    cast = long

    def told():
        return [todo.title for todo in exports(cast.clerk, clock.db_now())]

    export = asked(cast)
    assert told() == []
    list_files.run(export.job.pk)
    assert told() == ["导出的清单可以下载：资金筹集"]
    list_files.give_out(by=cast.clerk, export=fresh(export))
    assert told() == []


def test_the_first_page_tells_the_second_person(long, monkeypatch):
    monkeypatch.setitem(ALONE, "other", 3)
    asked(long)

    def told(person):
        return [todo.title for todo in exports(person, clock.db_now())]

    assert (told(long.approver), told(long.clerk)) == (["导出待您同意：资金筹集"], [])


@pytest.mark.parametrize("key", ["audit_funds", "audit_gaps", "audit_filings"])
def test_lists_that_are_not_of_one_model_tell_their_rows_apart_by_facts(key):
    assert listing_of(key).row_key is not None
