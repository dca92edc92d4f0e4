"""What lies in an export: the same as each page gives, nothing of drafts, every gap listed, every digest true."""

import io
import json

import openpyxl
import pytest

from reporting import actions, exports
from reporting.actions.filling import Typed
from reporting.bundles.asking import BundleKind
from reporting.models import Submission
from reporting.values import Value
from tests.reporting.bundles.conftest import Desk, content, digests_of, manifest, unzipped
from unions import attachments
from unions.models import Union

FORM = BundleKind.FORMS
BOOK = BundleKind.BOOK
WHOLE = BundleKind.CAMPAIGN
LISTS = ["清单.xlsx", "SHA256SUMS.txt", "manifest.json"]


def cells(data: bytes) -> dict[str, list[list]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {ws.title: [[cell.value for cell in row] for row in ws.iter_rows()] for ws in book.worksheets}


def send_back(by, submission):
    submission = Submission.objects.get(pk=submission.pk)
    submission = actions.open_review(by=by, submission=submission, version=submission.version)
    return actions.return_submission(by=by, submission=submission, version=submission.version, reason="请核对")


def test_each_file_is_what_the_unit_s_own_page_gives(cast, desk):
    files = unzipped(desk.made(cast.county_reviewer, cast.county, formats=("xlsx", "pdf")))
    paths = [
        f"{place}.{fmt}"
        for place in ("002_G1_青岬县第一中学工会", "003_G2_青岬县实验小学工会")
        for fmt in ("xlsx", "pdf")
    ]
    assert list(files) == [*paths, *LISTS]
    for path, union in ((paths[0], cast.mill), (paths[2], cast.school)):
        assert cells(files[path]) == cells(exports.form_document(desk.submission(union), fmt="xlsx"))
    assert files[paths[1]] == exports.form_document(desk.submission(cast.mill), fmt="pdf")


def test_the_list_names_those_who_have_not_filed(cast, desk):
    rows = cells(unzipped(desk.made(cast.city_reviewer, cast.city))["清单.xlsx"])["清单"]
    assert [(row[2], row[6], row[12]) for row in rows[1:]] == [
        ("C1", "未上报", "没有文件"),
        ("D1", "未上报", "没有文件"),
        ("K1", "未上报", "没有文件"),
        ("G1", "已上报", "004_G1_青岬县第一中学工会.xlsx"),
        ("G2", "已上报", "005_G2_青岬县实验小学工会.xlsx"),
    ]


def test_only_direct_children_when_asked(cast, desk):
    told = manifest(desk.made(cast.city_reviewer, cast.city, scope="direct"))
    assert [(row["union"], row["state"]) for row in told["units"]] == [(code, "missing") for code in ("C1", "D1", "K1")]
    assert told["counts"] == {"expected": 3, "filed": 0, "missing": 3, "members": 2}


def test_drafts_and_what_was_taken_back_are_left_out(cast, desk):
    museum = desk.submission(cast.museum)
    actions.save_figures(
        by=cast.museum_clerk, submission=museum, version=museum.version, typed={"A": Typed(Value.of(7), "电话核对")}
    )
    mill = desk.submission(cast.mill)
    actions.withdraw(by=cast.clerk, submission=mill, version=mill.version)
    files = unzipped(desk.made(cast.city_reviewer, cast.city))
    assert list(files) == ["005_G2_青岬县实验小学工会.xlsx", *LISTS]
    states = {row[2]: row[6] for row in cells(files["清单.xlsx"])["清单"]}
    assert (states["D1"], states["G1"]) == ("未上报", "已撤回，待重报")


def test_the_latest_round_counts_and_keeps_its_state(cast, desk):
    send_back(cast.county_reviewer, desk.submission(cast.mill))
    desk.hand_in(cast.clerk, cast.mill)
    send_back(cast.county_reviewer, desk.submission(cast.school))
    units = {row["union"]: row for row in manifest(desk.made(cast.county_reviewer, cast.county))["units"]}
    assert (units["G1"]["round"], units["G1"]["state_words"], units["G1"]["receipt"][-2:]) == (2, "已上报", "02")
    assert (units["G2"]["round"], units["G2"]["state_words"]) == (1, "退回")


@pytest.mark.parametrize("kind", [FORM, WHOLE])
def test_every_digest_is_true(cast, desk, kind):
    desk.report(cast.clerk, cast.mill, "走访慰问情况。", "现场.pdf")
    files = unzipped(desk.made(cast.county_reviewer, cast.county, kind=kind))
    told = {member["path"]: member["sha256"] for member in manifest_of(files)["members"]}
    assert told == digests_of(files)
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS.txt"].decode().splitlines())
    assert sums == {path: digest for path, digest in told.items() if path != "SHA256SUMS.txt"}


def manifest_of(files):
    return json.loads(files["manifest.json"])


def test_the_same_job_again_gives_the_same_bytes(cast, desk):
    first, second = (desk.made(cast.county_reviewer, cast.county, kind=WHOLE) for _ in range(2))
    one, two = unzipped(first), unzipped(second)
    changing = {"manifest.json", "清单.xlsx", "SHA256SUMS.txt"}
    assert list(one) == list(two)
    assert {path: data for path, data in one.items() if path not in changing} == {
        path: data for path, data in two.items() if path not in changing
    }


def test_the_whole_material_of_a_campaign(cast, desk):
    desk.report(cast.clerk, cast.mill, "走访慰问情况。", "现场.pdf", "现场.pdf")
    send_back(cast.county_reviewer, desk.submission(cast.mill))
    desk.hand_in(cast.clerk, cast.mill)
    files = unzipped(desk.made(cast.county_reviewer, cast.county, kind=WHOLE, formats=("xlsx", "pdf")))
    form, report = "01_送温暖统计表", "02_送温暖活动报告"
    mill, school = "002_G1_青岬县第一中学工会", "003_G2_青岬县实验小学工会"
    assert list(files) == [
        "通知/云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知_第1版.pdf",
        *(f"{form}/{stem}.{fmt}" for stem in (mill, school) for fmt in ("xlsx", "pdf")),
        f"{report}/{mill}/报告正文.txt",
        f"{report}/{mill}/现场.pdf",
        f"{report}/{mill}/现场(2).pdf",
        f"回执/{form}/{mill}_第1轮.pdf",
        f"回执/{form}/{mill}_第2轮.pdf",
        f"回执/{form}/{school}_第1轮.pdf",
        f"回执/{report}/{mill}_第1轮.pdf",
        *LISTS,
    ]
    text = files[f"{report}/{mill}/报告正文.txt"].decode("utf-8-sig")
    assert text.splitlines()[-1] == "走访慰问情况。"
    (row,) = [r for r in manifest_of(files)["units"] if (r["union"], r["deliverable"]) == ("G1", "report")]
    assert row["files"] == [path for path in files if path.startswith((f"{report}/{mill}", f"回执/{report}/{mill}"))]


def test_a_file_taken_off_after_the_hand_in_stays_with_its_round(cast, desk):
    desk.report(cast.clerk, cast.mill, "走访。", "现场.pdf")
    submission = desk.submission(cast.mill, desk.published.report)
    actions.withdraw(by=cast.clerk, submission=submission, version=submission.version)
    desk.hand_in(cast.clerk, cast.mill, desk.published.report)
    attachments.remove(by=cast.clerk, attachment=attachments.of(submission).get())
    files = unzipped(desk.made(cast.county_reviewer, cast.county, kind=WHOLE))
    assert [path for path in files if path.endswith("现场.pdf")] == [
        "02_送温暖活动报告/002_G1_青岬县第一中学工会/现场.pdf"
    ]


def test_one_workbook_with_a_sheet_each(cast, desk):
    data = content(desk.made(cast.county_reviewer, cast.county, kind=BOOK))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["目录", "青岬县第一中学工会", "青岬县实验小学工会"]
    first = book["目录"]
    mill = desk.submission(cast.mill).rounds.get()
    assert [cell.value for cell in first[6]] == [
        2,
        "青岬县第一中学工会",
        "G1",
        "已上报",
        1,
        first["F6"].value,
        None,
        mill.receipt,
        mill.check_code,
    ]
    assert (first["B5"].value, first["D5"].value, first["B5"].hyperlink) == ("青岬县教育工会", "未上报", None)
    assert first["B6"].hyperlink.location == "'青岬县第一中学工会'!A1"
    own = cells(exports.form_document(desk.submission(cast.mill), fmt="xlsx"))
    assert cells(data)["青岬县第一中学工会"] == next(iter(own.values()))


def test_unions_with_long_and_equal_names_get_a_sheet_and_a_file_each(cast, desk):
    long = "青岬县" * 30 + "工会"
    Union.objects.filter(pk__in=[cast.mill.pk, cast.school.pk]).update(short_name=long[:60], name=long)
    book = openpyxl.load_workbook(io.BytesIO(content(desk.made(cast.county_reviewer, cast.county, kind=BOOK))))
    assert [len(name) for name in book.sheetnames] == [2, 28, 28]
    assert book.sheetnames[2].endswith("(2)")


@pytest.mark.parametrize("kind", [FORM, BOOK, WHOLE])
def test_nothing_handed_in_is_an_export_with_its_list_alone(cast, published, kind):
    job = Desk(cast, published).made(cast.county_reviewer, cast.county, kind=kind)
    if kind == BOOK:
        assert openpyxl.load_workbook(io.BytesIO(content(job))).sheetnames == ["目录"]
        return
    notice = ["通知/云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知_第1版.pdf"] if kind == WHOLE else []
    assert list(unzipped(job)) == [*notice, *LISTS]


def test_what_lies_outside_the_line_is_not_in_it(cast, desk):
    told = manifest(desk.made(cast.county_reviewer, cast.county, kind=WHOLE))
    assert sorted({row["union"] for row in told["units"]}) == ["G1", "G2", "K1"]
