"""Excel in as a job: check, yes, all or nothing, once; and what is told of a bad file."""

import datetime
from decimal import Decimal

import pytest

from campaigns import actions
from campaigns.models import Activity, FundsRaised
from relief.lib import clock
from tests.campaigns.importing.desk import (
    DAYS,
    DAYS_HEAD,
    FUNDS,
    FUNDS_HEAD,
    GOODS,
    checked,
    confirmed,
    counts,
    file,
    ran,
)
from unions import attachments, background
from unions.enums import JobState
from unions.imports import jobs, resource_of
from unions.models import AuditEvent, Job
from unions.policy import Refused

DAY = datetime.date(2024, 1, 5)
HOUR = datetime.timedelta(hours=1)


def told(job):
    return [(each["rows"], each["letter"], each["tail"], each["says"]) for each in job.outcome["report"]["told"]]


def acts(job):
    rows = AuditEvent.objects.filter(object_type="unions.Job", object_id=str(job.pk)).order_by("pk")
    return list(rows.values_list("act", flat=True))


def test_a_good_file_is_written_in_one_act(cast):
    job = checked(cast.clerk, cast.mill, "funds", ["2024年筹集"], FUNDS_HEAD, FUNDS, GOODS, ["合计", None, 17200.5])
    assert (job.state, FundsRaised.objects.count()) == (JobState.DONE, 0)
    assert counts(job) == {"seen": 2, "new": 2, "changed": 0, "same": 0, "wrong": 0, "faults": 0}
    assert (job.outcome["report"]["amount"], job.outcome["before"]) == ("17200.50", "")
    job = confirmed(cast.clerk, job)
    rows = FundsRaised.objects.order_by("received_on")
    assert list(rows.values_list("union", "source", "form", "amount", "received_on", "voucher", "note")) == [
        (cast.mill.pk, "own_union", "cash", Decimal("16000.00"), DAY, "记-012", ""),
        (cast.mill.pk, "donation", "goods", Decimal("1200.50"), datetime.date(2024, 1, 8), "记-013", "棉被 12 床"),
    ]
    assert (job.state, acts(job)) == (JobState.DONE, ["import.check", "import.confirm", "funds.import"])


def test_the_same_file_is_recognised_and_writes_nothing_twice(cast):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS))
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS, GOODS)
    assert counts(job) == {"seen": 2, "new": 1, "changed": 0, "same": 1, "wrong": 0, "faults": 0}
    upload = file(FUNDS_HEAD, FUNDS)
    first = jobs.start(by=cast.clerk, union=cast.mill, resource=resource_of("funds"), upload=upload)
    first = ran(first)
    with pytest.raises(Refused) as refusal:
        jobs.confirm(by=cast.clerk, job=first)
    assert refusal.value.reason == "文件里没有要写入的行。"
    assert FundsRaised.objects.count() == 1


def test_the_very_same_bytes_say_when_they_were_imported(cast):
    upload = file(FUNDS_HEAD, FUNDS)
    resource = resource_of("funds")
    written = confirmed(cast.clerk, ran(jobs.start(by=cast.clerk, union=cast.mill, resource=resource, upload=upload)))
    upload.seek(0)
    second = jobs.start(by=cast.clerk, union=cast.mill, resource=resource, upload=upload)
    assert second.outcome["before"] == written.finished_at.isoformat()


def test_pressing_yes_twice_writes_once(cast):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS)
    jobs.confirm(by=cast.clerk, job=job)
    stale = job
    with pytest.raises(Refused) as refusal:
        jobs.confirm(by=cast.clerk, job=stale)
    assert refusal.value.reason == "检查还没有完成，或已经确认过。"
    job = ran(job)
    jobs.run(job.pk)
    assert jobs.confirm(by=cast.clerk, job=job).state == JobState.DONE
    assert FundsRaised.objects.count() == 1


def test_one_bad_row_keeps_all_rows_out(cast):
    bad = ["2024.2.31", "中央专项", "三百", "资金", "1.2E+18", "没有的活动", ""]
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS, bad, bad)
    assert counts(job) == {"seen": 3, "new": 1, "changed": 0, "same": 0, "wrong": 2, "faults": 5}
    assert told(job) == [
        ([3, 4], "A", "2024.2.31", "没有这一天。2月最后一天是 29 日。"),
        ([3, 4], "B", "中央专项", "不在资金来源表里。最接近的是“中央财政”。"),
        ([3, 4], "C", "三百", "不是金额。"),
        ([3, 4], "E", "1.2E+18", "显示成科学计数法，后几位已丢失。"),
        ([3, 4], "F", "没有的活动", "不在活动表里。"),
    ]
    with pytest.raises(Refused) as refusal:
        jobs.confirm(by=cast.clerk, job=job)
    assert (refusal.value.reason, FundsRaised.objects.count()) == ("文件里还有错误，不能导入。", 0)
    assert jobs.marked_file(job).filename == "检查结果-筹集.xlsx"


def test_rules_of_the_act_are_told_at_the_row(cast):
    later = clock.today() + datetime.timedelta(days=1)
    job = checked(
        cast.clerk,
        cast.mill,
        "funds",
        [*FUNDS_HEAD, "工会"],
        [later.isoformat(), *FUNDS[1:], ""],
        [*FUNDS[:2], 0, *FUNDS[3:], ""],
        [*GOODS, "青岬县实验小学工会"],
        [*FUNDS, "G1"],
        [*FUNDS, "青岬县第一中学工会"],
    )
    assert told(job) == [
        ([2], "A", later.isoformat(), f"到账日期{later.year}年{later.month}月{later.day}日还没有到。"),
        ([3], "C", "0", "金额要大于 0。"),
        ([4], "H", "青岬县实验小学工会", "不在本单位名称表里。最接近的是“青岬县第一中学工会”。"),
        ([6], "C", "16000", "与“筹集”第 5 行重复。"),
    ]


def test_another_amount_under_the_same_voucher_is_asked_about(cast):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS))
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, [*FUNDS[:2], 17000, *FUNDS[3:]])
    assert told(job) == [([2], "C", "17000", "台账里同一天、同一来源、同一凭证号的是 16,000.00 元。")]


def test_activities_are_added_changed_and_left(cast):
    confirmed(
        cast.clerk, checked(cast.clerk, cast.mill, "activities", DAYS_HEAD, DAYS, [DAYS[0], "法律援助", 3, None, ""])
    )
    again = [[*DAYS[:2], 35, 12, "讲座"], [DAYS[0], "法律援助", 3, None, ""], [DAYS[0], "政策宣传", 9, None, ""]]
    job = checked(cast.clerk, cast.mill, "activities", DAYS_HEAD, *again)
    assert counts(job) == {"seen": 3, "new": 1, "changed": 1, "same": 1, "wrong": 0, "faults": 0}
    assert job.outcome["report"]["changes"] == [["筹集", 2, [["人次", "30", "35"]]]]
    confirmed(cast.clerk, job)
    rows = Activity.objects.order_by("pk").values_list("kind", "contacts", "new_contacts", "version")
    assert list(rows) == [("mental_health", 35, 12, 2), ("legal_aid", 3, 0, 1), ("policy_publicity", 9, 0, 1)]


def test_counts_that_contradict_are_told(cast):
    rows = [[*DAYS[:2], 3, 12, ""], [DAYS[0], "学习宣传会议", 5, None, ""], [DAYS[0], "法律援助", None, None, ""]]
    job = checked(cast.clerk, cast.mill, "activities", DAYS_HEAD, *rows)
    assert [each[3] for each in told(job)] == [
        "其中新生代农民工人次 12 大于人次 3。",
        "“学习宣传会议”不记人次。",
        "没有填写任何数。",
    ]


def test_a_record_changed_meanwhile_stops_the_write(cast):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "activities", DAYS_HEAD, DAYS))
    job = checked(
        cast.clerk, cast.mill, "activities", DAYS_HEAD, [*DAYS[:2], 35, 12, "讲座"], [DAYS[0], "法律援助", 3, None, ""]
    )
    record = Activity.objects.get()
    actions.change_activity(
        by=cast.second_clerk, activity=record, version=1, held_on=record.held_on, counts={"contacts": 40}, note="讲座"
    )
    job = confirmed(cast.clerk, job)
    assert (job.state, job.outcome["message"]) == (JobState.FAILED, jobs.MOVED)
    assert list(Activity.objects.values_list("contacts", flat=True)) == [40]


def test_a_worker_that_dies_in_the_write_leaves_nothing(cast, monkeypatch):
    job = jobs.confirm(by=cast.clerk, job=checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS, GOODS))

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("unions.imports.jobs.audit.record", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, FundsRaised.objects.count()) == (JobState.RUNNING, 0)
    with clock.as_of(clock.db_now() + HOUR):
        assert background.is_silent(job, clock.db_now()) is True
        job = ran(jobs.again(by=cast.clerk, job=job))
        assert (job.kind, job.state) == ("import.check.funds", JobState.DONE)
    assert confirmed(cast.clerk, job).state == JobState.DONE
    assert FundsRaised.objects.count() == 2


def test_a_worker_that_wakes_up_late_writes_nothing(cast):
    job = jobs.confirm(by=cast.clerk, job=checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS))
    sleeper = Job.objects.select_related("started_by", "union").get(pk=job.pk)
    assert background.take(sleeper) is True
    with clock.as_of(clock.db_now() + HOUR):
        jobs.again(by=cast.clerk, job=Job.objects.get(pk=job.pk))
    with pytest.raises(background.Superseded):
        jobs._write(sleeper)
    assert FundsRaised.objects.count() == 0


def test_a_file_that_is_no_workbook_is_said(cast):
    with pytest.raises(Refused) as refusal:
        jobs.start(by=cast.clerk, union=cast.mill, resource=resource_of("funds"), upload=file(name="筹集.xls"))
    assert refusal.value.reason == "只能导入 .xlsx 文件。"
    job = checked(cast.clerk, cast.mill, "funds", ["姓名", "电话"])
    assert told(job) == [([0], "", "", "文件里认不出表头。")]


def test_only_the_clerk_of_the_union_imports(cast):
    with pytest.raises(Refused):
        checked(cast.reviewer, cast.mill, "funds", FUNDS_HEAD, FUNDS)
    with pytest.raises(Refused):
        checked(cast.county_clerk, cast.mill, "funds", FUNDS_HEAD, FUNDS)


def test_files_vanish_after_their_days(cast, django_capture_on_commit_callbacks):
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, [*FUNDS[:2], "三百"])
    assert attachments.of(job).count() == 2
    with clock.as_of(clock.db_now() + datetime.timedelta(days=8)), django_capture_on_commit_callbacks(execute=True):
        assert jobs.purge() == 2
    assert attachments.of(job).count() == 0


def test_a_thousand_rows_with_fifty_faults_give_fifty_messages_and_no_write(cast):
    rows = [["2024-01-05", "本级工会经费", number + 1, "资金", f"记-{number}", None, ""] for number in range(1000)]
    wrong = {0: "2024.2.{}", 1: "第{}种", 2: "{}万", 3: "形式{}", 4: "5.{}E+17"}
    for number in range(50):
        column = number % 5
        rows[number * 20][column] = wrong[column].format(number + 30)
    job = checked(cast.clerk, cast.mill, "funds", FUNDS_HEAD, *rows)
    assert counts(job) == {"seen": 1000, "new": 950, "changed": 0, "same": 0, "wrong": 50, "faults": 50}
    assert [each["count"] for each in job.outcome["report"]["told"]] == [1] * 50
    assert FundsRaised.objects.count() == 0
