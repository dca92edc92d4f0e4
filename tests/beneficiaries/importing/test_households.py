"""Households and members from Excel: drafts, files in force changed only with a reason, nothing told of other files."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.models import Dossier, DossierPeriod, FieldChange, Member, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households
from tests.beneficiaries.households import CHILD, HOLDER_ID, WIFE, WIFE_ID, number
from tests.campaigns.importing.desk import checked, confirmed, counts, ran
from unions.enums import JobState
from unions.imports import jobs
from unions.models import AuditEvent

HEAD = [
    "与户主关系",
    "姓名",
    "身份证号",
    "健康状况",
    "主要致困原因",
    "手机",
    "工作单位",
    "工作状态",
    "月收入（元）",
    "人员身份",
]
HOLDER = ["户主", "唐志远", HOLDER_ID, "尿毒症", "患重特大疾病", "13900550826", "青岬县第一中学", "在岗", 2600, ""]
SPOUSE = ["妻子", WIFE, WIFE_ID, "糖尿病", "", "", "", "", "２，１００", "在岗"]
GIRL = ["女儿", CHILD, number(2019, 4), "良好", "", "", "实验小学", "", "", "小学"]
SINGLE = ["", "秦素云", number(1980, 2), "", "子女上学", "", "", "", "", ""]


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


def told(job):
    return [(each["rows"], each["letter"], each["tail"], each["says"]) for each in jobs.report_of(job)["told"]]


def test_rows_under_a_householder_become_one_household(cast):
    job = checked(cast.clerk, cast.mill, "households", ["困难职工花名册"], HEAD, HOLDER, SPOUSE, GIRL, SINGLE)
    assert (counts(job), Dossier.objects.count()) == (
        {"seen": 4, "new": 4, "changed": 0, "same": 0, "wrong": 0, "faults": 0}, 0,
    )  # fmt: skip
    assert "旧的说法 1 处，已换成现在的词" in jobs.report_of(job)["notes"]
    assert confirmed(cast.clerk, job).state == JobState.DONE
    first, second = Dossier.objects.order_by("number")
    assert (first.number, first.name, first.id_number, first.health, first.cause, first.sex, first.state) == (
        "G1-0001", "唐志远", HOLDER_ID, "终末期肾病", "illness", "male", "draft",
    )  # fmt: skip
    assert [
        (m.relation, m.name, m.id_number, m.monthly_income, m.role, m.particulars) for m in first.members.all()
    ] == [
        ("wife", WIFE, WIFE_ID, "2100.00", "在岗", None),
        ("daughter", CHILD, number(2019, 4), "", "小学", {"place": "实验小学"}),
    ]
    assert (second.number, second.members.count(), DossierPeriod.objects.count()) == ("G1-0002", 0, 2)
    acts = AuditEvent.objects.filter(act__startswith="dossier").order_by("pk").values_list("act", "detail")
    assert [(act, detail.get("asked", detail.get("new"))) for act, detail in acts] == [
        ("dossier.probe", 4), ("dossier.import", 4),
    ]  # fmt: skip


def test_members_may_stand_on_a_sheet_of_their_own(cast):
    def more(book):
        book.create_sheet("家庭成员").append(["户主姓名", "户主身份证号", "姓名", "关系", "身份证号"])
        book["家庭成员"].append(["唐志远", HOLDER_ID, WIFE, "妻子", WIFE_ID])

    job = checked(cast.clerk, cast.mill, "households", HEAD, HOLDER, change=more)
    assert (told(job), confirmed(cast.clerk, job).state) == ([], JobState.DONE)
    assert Dossier.objects.get().members.get().name == WIFE


def test_the_same_list_again_changes_nothing(cast):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "households", HEAD, HOLDER, SPOUSE, GIRL))
    job = checked(cast.clerk, cast.mill, "households", HEAD, HOLDER, SPOUSE, GIRL, SINGLE)
    assert counts(job) == {"seen": 4, "new": 1, "changed": 0, "same": 3, "wrong": 0, "faults": 0}


def test_a_draft_is_changed_and_members_not_named_stay(cast):
    confirmed(cast.clerk, checked(cast.clerk, cast.mill, "households", HEAD, HOLDER, SPOUSE, GIRL))
    job = checked(
        cast.clerk,
        cast.mill,
        "households",
        HEAD,
        [*HOLDER[:6], "青岬县第二中学", *HOLDER[7:]],
        ["儿子", "唐小帆", number(2016, 1), *SPOUSE[3:8], "", ""],
    )
    assert counts(job) == {"seen": 2, "new": 0, "changed": 2, "same": 0, "wrong": 0, "faults": 0}
    assert jobs.report_of(job)["changes"] == [
        ["筹集", 2, [["工作单位", "青岬县第一中学", "青岬县第二中学"]]],
        ["筹集", 3, [["家庭成员", "（空）", "新增 1 人"]]],
    ]
    confirmed(cast.clerk, job)
    file = Dossier.objects.get()
    assert (file.employer, sorted(file.members.values_list("relation", flat=True))) == (
        "青岬县第二中学", ["daughter", "son", "wife"],
    )  # fmt: skip


def test_an_active_file_changes_only_with_a_reason(cast):
    file = households.walk(cast, households.draft(cast.clerk, cast.mill))
    row = ["户主", "唐志远", HOLDER_ID, "", "", "", "青岬县第二中学", "", "", ""]
    job = checked(cast.clerk, cast.mill, "households", HEAD, row)
    assert told(job) == [([2], "", "", f"档案 {file.number} 已经在档，内容与文件不同，修改要写明原因。")]
    job = checked(cast.clerk, cast.mill, "households", [*HEAD, "修改原因"], [*row, "调动"])
    assert confirmed(cast.clerk, job).state == JobState.DONE
    assert (Dossier.objects.get().employer, Dossier.objects.get().state) == ("青岬县第二中学", "active")
    assert list(FieldChange.objects.filter(reason="调动").values_list("field", "old", "new")) == [
        ("工作单位", "青岬县第一中学", "青岬县第二中学")
    ]
    assert Member.objects.filter(dossier=file).count() == 2


def test_another_account_on_an_active_file_is_announced(cast):
    households.walk(cast, households.draft(cast.clerk, cast.mill))
    row = ["唐志远", HOLDER_ID, "6222020000000000000", "换卡"]
    job = checked(cast.clerk, cast.mill, "households", ["姓名", "身份证号", "卡号", "修改原因"], row)
    assert [each["says"] for each in jobs.report_of(job)["hints"]] == [
        "档案 G1-0001 已经在档，换了证件号或账号，导入后要重新走申请到审批。"
    ]
    confirmed(cast.clerk, job)
    assert Dossier.objects.get().state == "applied"


def test_a_person_in_another_file_is_told_by_union_alone(cast):
    households.walk(cast, households.draft(cast.clerk, cast.mill), "applied")
    rows = [HOLDER, [*SINGLE[:2], number(1981, 2), *SINGLE[3:]], SPOUSE]
    job = checked(cast.school_clerk, cast.school, "households", HEAD, *rows)
    says = "身份证号已登记在“青岬县第一中学工会”的档案里，一人只能在一份档案里。"
    assert told(job) == [([2, 4], "C", f"…{HOLDER_ID[-4:]}", says)]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([SPOUSE], [([2], "A", "不知道是哪一户的成员。")]),
        ([[*SINGLE[:2], "", *SINGLE[3:]]], [([2], "C", "户主没有身份证号，认不出是哪一户。")]),
        ([HOLDER, HOLDER], [([3], "C", "与“筹集”第 2 行是同一个户主。")]),
        ([HOLDER, SINGLE, ["女儿", WIFE, WIFE_ID, *GIRL[3:]], ["妻子", WIFE, HOLDER_ID, *SPOUSE[3:]]], [
            ([5], "C", "与“筹集”第 2 行的身份证号相同，一人只能在一户里。"),
        ]),
        ([[*SINGLE[:4], "", *SINGLE[5:]]], [([2], "E", "请选择主要致困原因。")]),
        ([HOLDER, [*SPOUSE[:2], HOLDER_ID, *SPOUSE[3:]]], [([3], "C", "第 1 位成员与户主的身份证号相同。")]),
        ([[*SINGLE[:3], "感冒", *SINGLE[4:]]], [([2], "D", "不在“健康状况”的可选范围里。")]),
        ([[*SINGLE[:4], "残疾", *SINGLE[5:]]], [([2], "E", "这是旧的说法。请按本人情况在“患重特大疾病”和“无劳动能力”里选择。")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(cast, rows, faults):
    job = checked(cast.clerk, cast.mill, "households", HEAD, *rows)
    assert [(rows, letter, says) for rows, letter, _, says in told(job)] == faults
    assert Dossier.objects.count() == 0


def test_checking_asks_as_much_for_fifteen_households_as_for_three(cast):
    def asked(first, count):
        rows = [["", "职工", number(1950 + first, 2 * each), *SINGLE[3:]] for each in range(count)]
        job = checked(cast.clerk, cast.mill, "households", HEAD, *rows)
        jobs.confirm(by=cast.clerk, job=job)
        with CaptureQueriesContext(connection) as caught:
            assert ran(job).state == JobState.DONE
        return len(caught)

    asked(1, 3)
    assert asked(2, 10) == asked(3, 3)
