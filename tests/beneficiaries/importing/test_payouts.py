"""Payouts and named recipients from Excel: drafts with lines, the rules of a typed one, and what is never told."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries import actions
from beneficiaries.models import Payout, PayoutBatch, PayoutLine
from tests.beneficiaries.payouts.conftest import CARD, DAY, fresh, make_till, number_of, pairs
from tests.campaigns.importing.desk import checked, confirmed, counts, ran
from unions.enums import JobState
from unions.imports import jobs
from unions.models import AuditEvent, Job
from unions.policy import Refused

HEAD = [
    "姓名",
    "身份证号",
    "对象类别",
    "发放日期",
    "用途",
    "资金来源",
    "方式",
    "金额（元）",
    "实物名称",
    "开户行",
    "银行卡号",
    "农民工",
    "自付医疗费",
]
HOLDER = [
    "唐志远",
    number_of(1),
    "建档困难职工",
    "2024-01-16",
    "医疗救助",
    "中央财政",
    "银行卡",
    300,
    "",
    "",
    "",
    "",
    900,
]
GUARD = [
    "魏建国",
    number_of(50),
    "坚守岗位职工",
    "2024年1月16日",
    "慰问金",
    "本级经费",
    "现金",
    "１５０",
    "",
    "",
    "",
    "是",
]
RICE = [*GUARD[:6], "物资", 80, "大米", "", "", "是"]
NAMED_HEAD = ["姓名", "证件号码", "慰问类别", "慰问日期", "资金来源", "方式", "慰问金额"]
NAMED = ["魏建国", number_of(50), "坚守岗位职工", "2024-01-16", "工会经费", "现金", 150]


@pytest.fixture
def till(cast):
    return make_till(cast)


def told(job):
    return [(each["rows"], each["letter"], each["tail"], each["says"]) for each in jobs.report_of(job)["told"]]


def hints(job):
    return [(each["rows"], each["count"], each["says"]) for each in jobs.report_of(job)["hints"]]


def test_rows_of_one_person_become_one_draft_with_lines(cast, till):
    job = checked(
        cast.clerk, cast.mill, "payouts", ["2024年慰问发放明细"], HEAD, HOLDER, GUARD, RICE, ["合计", *[None] * 6, 530]
    )
    assert counts(job) == {"seen": 3, "new": 3, "changed": 0, "same": 0, "wrong": 0, "faults": 0}
    assert (job.outcome["report"]["amount"], Payout.objects.count()) == ("530.00", 0)
    job = confirmed(cast.clerk, job)
    assert job.state == JobState.DONE
    rows = Payout.objects.order_by("pk")
    assert [
        (
            row.number,
            row.recipient,
            row.id_number,
            row.card_number,
            row.purpose,
            row.farmer_worker,
            row.planned_on,
            row.state,
        )
        for row in rows
    ] == [
        (f"FF-2024-{rows[0].pk:06d}", "唐志远", number_of(1), CARD, "medical", False, DAY, "draft"),
        (f"FF-2024-{rows[1].pk:06d}", "魏建国", number_of(50), "", "relief_visit", True, DAY, "draft"),
    ]
    assert (rows[0].dossier, rows[0].household_index, rows[0].entered_by) == (
        till.dossier,
        till.dossier.id_index,
        cast.clerk,
    )
    assert list(PayoutLine.objects.order_by("pk").values_list("source", "route", "amount", "item")) == [
        ("central", "card", Decimal("300.00"), ""),
        ("own_union", "cash", Decimal("150.00"), ""),
        ("own_union", "goods", Decimal("80.00"), "大米"),
    ]
    assert list(AuditEvent.objects.filter(act__startswith="payout").values_list("act", flat=True)) == ["payout.import"]


def test_drafts_of_one_occasion_stand_in_one_batch(cast, till):
    other = ["李春", number_of(51), *GUARD[2:]]
    job = checked(cast.clerk, cast.mill, "payouts", HEAD, HOLDER, GUARD, RICE, other)
    confirmed(cast.clerk, job)
    first, second = PayoutBatch.objects.order_by("pk")
    assert [
        (batch.number, batch.title, batch.source, batch.route, batch.payouts.count()) for batch in (first, second)
    ] == [
        (f"PC-2024-{first.pk:05d}", "导入 2024-01-16 建档困难职工", "central", "card", 1),
        (f"PC-2024-{second.pk:05d}", "导入 2024-01-16 春节坚守岗位职工", "own_union", "cash", 2),
    ]
    assert (first.entered_by, first.union, first.purpose) == (cast.clerk, cast.mill, "medical")


def test_an_imported_draft_is_what_a_typed_one_is(cast, till):
    typed = till.named(reason="会议纪要")
    confirmed(
        cast.clerk,
        checked(
            cast.clerk,
            cast.mill,
            "recipients",
            [*NAMED_HEAD, "备注"],
            [*NAMED[:3], "2024-01-17", *NAMED[4:], "会议纪要"],
        ),
    )
    made = Payout.objects.exclude(pk=typed.pk).get()
    other = {"id", "row_key", "number", "planned_on", "entered_at", "id_number", "snapshot", "campaign_id", "batch_id"}
    plain = [
        {name: value for name, value in vars(row).items() if name not in other and name[0] != "_"}
        for row in (fresh(typed), fresh(made))
    ]
    assert plain[0] == plain[1]
    assert (made.id_number, made.snapshot) == (typed.id_number, typed.snapshot)


def test_the_same_file_again_is_recognised_and_another_amount_asked_about(cast, till):
    nameless = ["李春", "", *GUARD[2:11], ""]
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "payouts", HEAD, HOLDER, GUARD, RICE, nameless))
    job = checked(cast.clerk, cast.mill, "payouts", HEAD, HOLDER, GUARD, RICE, nameless, nameless)
    assert counts(job) == {"seen": 5, "new": 1, "changed": 0, "same": 4, "wrong": 0, "faults": 0}
    job = checked(cast.clerk, cast.mill, "payouts", HEAD, [*HOLDER[:7], 500, *HOLDER[8:]])
    assert told(job) == [([2], "H", "500", "同一个人同一活动、同一天、同一用途已有一笔 300.00 元（草稿）。")]


def test_the_rules_refuse_and_remind(cast, till):
    job = checked(
        cast.clerk, cast.mill, "payouts", HEAD,
        [*GUARD[:5], "中央财政", "现金", 150, "", "", "", ""],
        [*HOLDER[:6], "实物", 300, "五粮液", "", "", "", 900],
        ["赵全", number_of(51), *GUARD[2:7], 99999, "", "", "", ""],
    )  # fmt: skip
    assert [(rows, letter, says.split("：")[0].split("依据")[0]) for rows, letter, _, says in told(job)] == [
        ([2], "", "中央财政资金先建档、后帮扶"),
        ([2], "E", "中央财政资金只能用于生活救助、医疗救助、子女助学、法律援助、职业培训、职业介绍，不能用于“慰问”。"),
        ([2], "G", "中央财政资金只能通过银行卡发放，不能发现金。"),
        ([3], "G", "中央财政资金只能通过银行卡发放，不能发实物。"),
        ([3], "I", "“五粮液”在禁购清单内，不能作慰问品。"),
    ]
    assert [(rows, says.split("，")[0]) for rows, _, says in hints(job)] == [
        ([2, 3, 4], "现金、实物须有实名签收表"),
        ([4], "本级工会经费可用的钱不够文件里的全部发放：请减少金额"),
    ]


def test_a_thousand_rows_with_fifty_faults_give_fifty_messages_and_no_write(cast, till):
    rows = [["职工", number_of(number % 999, 1950 + number // 999), *GUARD[2:]] for number in range(1000)]
    wrong = {2: "第{}类", 3: "2024.2.{}", 4: "{}用途", 5: "第{}种来源", 6: "第{}种方式", 7: "{}万"}
    for number in range(48):
        column = 2 + number % len(wrong)
        rows[number * 20][column] = wrong[column].format(number + 30)
    rows[970][1], rows[990][10] = "9999011", "6222020000012E+17"
    job = checked(cast.clerk, cast.mill, "payouts", HEAD, *rows)
    report = jobs.report_of(job)
    assert (counts(job)["seen"], counts(job)["wrong"]) == (1000, 50)
    assert [each["count"] for each in report["told"]] == [1] * 50
    assert len({(rows[0], letter, says) for rows, letter, _, says in told(job)}) == 50
    assert Payout.objects.count() == 0


def test_what_a_report_says_of_people_is_sealed_and_short(cast, till):
    row = [*HOLDER[:1], f"{number_of(1)[:-1]}0", *HOLDER[2:10], "6222020000009876", ""]
    job = checked(cast.clerk, cast.mill, "payouts", HEAD, row, [*row[:10], "62220200000098", ""])
    stored = str(Job.objects.get(pk=job.pk).outcome)
    for secret in ("唐志远", number_of(1)[-5:-1], "9876"):
        assert secret not in stored
    assert {tail for _, _, tail, _ in told(job)} <= {"", "300", "…", f"…{number_of(1)[-4:-1]}0", "…098", "…9876"}


def test_files_of_other_unions_do_not_exist(cast, till):
    job = checked(cast.school_clerk, cast.school, "payouts", [*HEAD, "档案号"], [*HOLDER, till.dossier.number])
    assert told(job) == [([2], "N", till.dossier.number, "本单位没有这份档案，或已经注销。")]
    with pytest.raises(Refused):
        checked(cast.reviewer, cast.mill, "payouts", HEAD, HOLDER)


def test_whoever_imported_a_draft_takes_no_later_step_after_another_changed_it(cast, till):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "recipients", NAMED_HEAD, NAMED))
    payout = Payout.objects.get()
    changed = actions.change_payout(
        by=cast.second_clerk, payout=payout, version=1, campaign=till.campaign, planned_on=DAY, relief_group="festival_duty",
        purpose="relief_visit", recipient="魏建国", id_number=number_of(50),
        lines=[{"source": "own_union", "route": "cash", "amount": Decimal(160), "item": ""}],
    )  # fmt: skip
    actions.plan_payouts(by=cast.second_clerk, payouts=pairs(changed), key="plan")
    event = AuditEvent.objects.get(act="payout.change")
    assert event.detail["enterer"] == cast.clerk.pk


def test_checking_and_writing_ask_as_much_for_fifteen_rows_as_for_three(cast, till):
    def asked(first, count):
        rows = [["职工", number_of(first + each), *GUARD[2:]] for each in range(count)]
        job = checked(cast.clerk, cast.mill, "payouts", HEAD, *rows)
        jobs.confirm(by=cast.clerk, job=job)
        with CaptureQueriesContext(connection) as caught:
            assert ran(job).state == JobState.DONE
        return len(caught)

    asked(100, 3)
    assert asked(200, 15) == asked(300, 3)


def test_a_draft_in_another_campaign_is_no_double(cast, till):
    till.named()
    job = checked(cast.clerk, cast.mill, "recipients", [*NAMED_HEAD, "活动"], [*NAMED, "常态化"])
    assert counts(job)["new"] == 1
