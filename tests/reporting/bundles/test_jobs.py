"""An export as a job: ordered, made, failed, killed, given out, vanished; and who may."""

import datetime

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from relief.lib import clock
from relief.lib.crypto import Tampered
from reporting.actions import bundling
from reporting.bundles.asking import BundleKind
from reporting.models import RoundFigure
from tests.cast import log_in
from tests.reporting.bundles.conftest import PDF, content
from unions import attachments, background
from unions.enums import JobState
from unions.models import Attachment, AuditEvent, Job, Person, Post
from unions.policy import Refused

WHOLE = BundleKind.CAMPAIGN
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def files_on_disk() -> list:
    root = settings.RELIEF_FILES_DIR
    return sorted(path for path in root.rglob("*") if path.is_file())


def later(delta):
    return clock.as_of(clock.db_now() + delta)


def acts(job) -> list[str]:
    rows = AuditEvent.objects.filter(object_type="unions.Job", object_id=str(job.pk)).order_by("pk")
    return list(rows.values_list("act", flat=True))


def test_a_finished_job_says_how_much_and_until_when(cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert {key: job.outcome[key] for key in ("files", "filed", "missing")} == {"files": 5, "filed": 2, "missing": 1}
    row = bundling.file_of(job)
    assert (row.size, row.uploaded_at) == (len(content(job)), job.finished_at)
    assert acts(job) == ["bundle.create", "bundle.finish"]


def test_progress_counts_each_step(cast, desk, monkeypatch):
    seen = []
    say = background.say
    monkeypatch.setattr(background, "say", lambda job: (say(job), seen.append((job.done, job.total))))
    desk.made(cast.county_reviewer, cast.county, kind=WHOLE)
    # Notice, two forms, two receipts, the lists.
    assert seen == [(done, 6) for done in range(7)]


def test_the_bytes_on_disk_are_sealed(cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    (path,) = [p for p in files_on_disk() if p.name == bundling.file_of(job).row_key]
    sealed = path.read_bytes()
    assert (b"PK\x03\x04" in sealed, "青岬县".encode() in sealed) == (False, False)
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Tampered):
        content(job)


def test_an_altered_round_stops_the_export_and_leaves_no_file(cast, desk):
    before = files_on_disk()
    figure = RoundFigure.objects.filter(round__submission__union=cast.school, number__isnull=False).first()
    RoundFigure.objects.filter(pk=figure.pk).update(number=figure.number + 1)
    job = desk.made(cast.county_reviewer, cast.county)
    assert job.state == JobState.FAILED
    assert job.outcome["message"] == (
        "青岬县实验小学工会的“送温暖统计表”第1轮没有通过完整性核对，导出已停止，没有留下文件。请保留现场，并通知审计管理员。"
    )
    assert (files_on_disk(), Attachment.objects.filter(owner_type="unions.Job").count()) == (before, 0)
    assert acts(job) == ["bundle.create", "bundle.finish"]


def test_a_missing_attachment_stops_the_export_with_words(cast, desk):
    desk.report(cast.clerk, cast.mill, "走访。", "现场.pdf")
    row = attachments.of(desk.submission(cast.mill, desk.published.report)).get()
    attachments._path(row).unlink()
    job = desk.made(cast.county_reviewer, cast.county, kind=WHOLE)
    assert (job.state, job.outcome["message"]) == (
        JobState.FAILED,
        "青岬县第一中学工会的“送温暖活动报告”的文件不完整或被改动，导出已停止，没有留下文件。请通知系统管理员做完整性检查。",
    )


def test_too_many_sheets_are_refused_with_words(cast, desk, monkeypatch):
    monkeypatch.setattr("reporting.bundles.book.MOST_SHEETS", 1)
    job = desk.made(cast.county_reviewer, cast.county, kind=BundleKind.BOOK)
    assert (job.state, job.outcome["message"]) == (
        JobState.FAILED,
        "共有 2 家已上报，一个工作簿最多放 1 家。请只选直接下级，或改用压缩包。",
    )


def test_a_post_that_was_revoked_stops_the_waiting_job(cast, desk):
    job = desk.order(cast.county_reviewer, cast.county)
    Post.objects.filter(person=cast.county_reviewer).update(revoked_at=clock.db_now())
    bundling.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED


def test_a_job_is_made_once(cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    bundling.run(job.pk)
    assert Attachment.objects.filter(owner_type="unions.Job", owner_id=job.pk).count() == 1


def test_the_same_order_twice_is_one_job_while_it_waits(cast, desk):
    first = desk.order(cast.county_reviewer, cast.county)
    assert desk.order(cast.county_reviewer, cast.county) == first
    bundling.run(first.pk)
    assert desk.order(cast.county_reviewer, cast.county) != first


def test_no_more_than_ten_in_an_hour(cast, desk, settings):
    settings.RELIEF_EXPORTS_PER_HOUR = 1
    desk.made(cast.county_reviewer, cast.county)
    with pytest.raises(Refused) as refusal:
        desk.order(cast.county_reviewer, cast.county)
    assert refusal.value.reason == "一小时内最多导出 1 次。"
    with later(HOUR * 2):
        assert desk.order(cast.county_reviewer, cast.county).state == JobState.WAITING


def killed(desk, by, union) -> Job:
    """A job whose worker died in the middle."""
    job = desk.order(by, union)
    background.take(job)
    return job


def test_a_killed_job_is_seen_and_starts_again(client, cast, desk):
    job = killed(desk, cast.county_reviewer, cast.county)
    with pytest.raises(Refused):
        bundling.again(by=cast.county_reviewer, job=job)
    log_in(client, cast.county_reviewer)
    with later(HOUR):
        assert client.get(reverse("bundle_job", args=[job.pk])).context["row"]["state"] == "killed"
        answer = client.post(reverse("bundle_again", args=[job.pk]))
    fresh = Job.objects.order_by("-pk").first()
    assert (answer.url, fresh.state) == (reverse("bundle_job", args=[fresh.pk]), JobState.WAITING)
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED


def test_a_worker_that_wakes_up_too_late_leaves_nothing(cast, desk, monkeypatch):
    before, job = files_on_disk(), desk.order(cast.county_reviewer, cast.county)
    say = background.say

    def given_up(running):
        if running.done == 1:
            Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
        say(running)

    monkeypatch.setattr(background, "say", given_up)
    bundling.run(job.pk)
    assert (Job.objects.get(pk=job.pk).state, files_on_disk()) == (JobState.FAILED, before)


def test_a_half_that_a_kill_left_is_swept_away(cast, desk, monkeypatch):
    folder = settings.RELIEF_FILES_DIR / attachments.UNFINISHED
    folder.mkdir(exist_ok=True)
    (folder / "half").write_bytes(b"half")
    bundling.purge()
    assert (folder / "half").is_file()
    monkeypatch.setattr(attachments, "ABANDONED", -1)
    bundling.purge()
    assert not (folder / "half").exists()


def test_files_vanish_after_their_days(cast, desk, django_capture_on_commit_callbacks):
    job = desk.made(cast.county_reviewer, cast.county)
    row = bundling.file_of(job)
    with later(6 * DAY):
        assert bundling.purge() == 0
    with later(8 * DAY):
        assert bundling.file_of(job) is None
        with pytest.raises(Refused) as refusal:
            bundling.give_out(by=cast.county_reviewer, job=job)
        assert refusal.value.reason == "这次导出没有文件，或者文件已过保存期被清除。"
        with django_capture_on_commit_callbacks(execute=True):
            assert bundling.purge() == 1
        assert bundling.purge() == 0
    assert not attachments._path(row).exists()
    assert AuditEvent.objects.filter(act="bundle.purge").count() == 1


def test_a_download_leaves_an_audit_row(client, cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    answer = log_in(client, cast.county_reviewer).get(reverse("bundle_file", args=[job.pk]))
    assert (b"".join(answer.streaming_content), answer["Content-Length"]) == (content(job), str(len(content(job))))
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    event = AuditEvent.objects.get(act="bundle.read")
    assert (event.person, event.union, event.detail["size"]) == (cast.county_reviewer, cast.county, len(content(job)))


def test_rights_are_asked_again_at_the_download(client, cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    Post.objects.filter(person=cast.county_reviewer).update(union=cast.mill)
    person = Person.objects.get(pk=cast.county_reviewer.pk)
    with pytest.raises(Refused):
        bundling.give_out(by=person, job=job)


def test_a_login_that_was_closed_gets_no_export(cast, desk):
    cast.county_reviewer.accounts.update(is_active=False)
    job = desk.made(cast.county_reviewer, cast.county)
    assert (job.state, bundling.file_of(job)) == (JobState.FAILED, None)


@pytest.mark.parametrize("name", ["bundle_job", "bundle_file"])
def test_another_s_export_does_not_exist(client, cast, desk, name):
    job = desk.made(cast.county_reviewer, cast.county)
    for person in (cast.city_reviewer, cast.stranger, cast.county_clerk):
        assert log_in(client, person).get(reverse(name, args=[job.pk])).status_code == 404


def test_a_foreign_union_has_no_page_for_the_campaign(client, cast, published):
    url = reverse("bundle_page", args=[published.campaign.pk])
    assert log_in(client, cast.stranger).get(url).status_code == 404
    # A union named in the address that is not one's own does not count.
    page = log_in(client, cast.county_reviewer).get(f"{url}?union={cast.city.pk}")
    assert page.context["union"] == cast.county


def test_a_cashier_may_not_export(cast, desk):
    with pytest.raises(Refused):
        desk.order(cast.county_cashier, cast.county)


def test_only_exports_vanish_not_what_other_jobs_keep(cast, desk):
    job = desk.made(cast.county_reviewer, cast.county)
    upload = SimpleUploadedFile("a.pdf", PDF, content_type="application/pdf")
    kept = attachments.attach(by=cast.clerk, union=cast.county, owner=job, upload=upload, kind="名单")
    with later((settings.RELIEF_EXPORT_DAYS + 1) * DAY):
        assert bundling.purge() == 1
    kept.refresh_from_db()
    assert (kept.removed_at, attachments.is_there(kept)) == (None, True)
