"""The pages of bank files: masked, out of reach is 404, every fault at once, the whole way there and back."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.bankfiles.facts import planned, seen_digest, waiting, with_everything
from beneficiaries.models import BankFile, BankProfile, BankResult, Payout
from relief.lib.xlsx import read_workbook
from tests.beneficiaries.banking.answers import CARDS, csv_file
from tests.beneficiaries.payouts.conftest import fresh
from tests.beneficiaries.payouts.test_batches import opened
from tests.cast import log_in
from unions.models import AuditEvent


@pytest.fixture
def cashier(cast) -> Client:
    return log_in(Client(), cast.cashier)


def text(response) -> str:
    return response.content.decode()


def make(cashier: Client, cast, count: int, total: str, **more) -> object:
    """What the button of the page posts."""
    given = {"from": cast.mill.pk, "batch": "0", "profile": "generic", "count": count, "total": total}
    return cashier.post(reverse("bank_file_new"), {**given, "request_key": "key", **more})


def upload(data: bytes, name: str = "结果.xlsx") -> dict:
    return {"file": SimpleUploadedFile(name, data)}


def test_the_empty_list_says_what_to_do(desk, cashier, cast):
    page = text(cashier.get(reverse("bank_file_list")))
    assert [page.count(words) for words in ("没有等着做文件的发放", "还没有做过银行文件")] == [1, 1]
    auditor = log_in(Client(), cast.auditor)
    assert text(auditor.get(reverse("bank_file_list"))).count("没有等着做文件的发放") == 0
    assert text(cashier.get(reverse("bank_file_new"), {"from": cast.mill.pk})).count("都做过文件了") == 0


def test_the_whole_way_there_and_back(desk, cashier, cast):
    payouts = desk.released(5)
    page = text(cashier.get(reverse("bank_file_list")))
    assert page.count(f"?from={cast.mill.pk}&amp;batch=0") == 1
    page = text(cashier.get(reverse("bank_file_new"), {"from": cast.mill.pk, "batch": 0}))
    assert (page.count("1,500.00"), [card for card in CARDS if card in page]) == (2, [])
    answer = make(cashier, cast, 5, "1500.00")
    made = BankFile.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("bank_file", args=[made.pk]))
    page = text(cashier.get(answer.url))
    assert (page.count("尾号 0000"), [card for card in CARDS if card in page]) == (4, [])
    taken = cashier.post(reverse("bank_file_take", args=[made.pk]))
    assert (taken["Content-Type"], taken["Cache-Control"]) == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "private, no-store",
    )
    assert len(read_workbook(taken.content).sheets[0].rows) == 6
    data = desk.answer(made, {2: "账户已销户", 4: "户名与账号不符"})
    answer = cashier.post(reverse("bank_result_read", args=[made.pk]), upload(data))
    result = BankResult.objects.get()
    assert answer.url == reverse("bank_result", args=[result.pk])
    page = text(cashier.get(answer.url))
    assert [page.count(words) for words in ("账户已销户", "登记结果", "尾号 0000")] == [1, 1, 4]
    assert [fresh(payout).state for payout in payouts] == ["released"] * 5
    given = {"paid_on": "2024-01-16", "seen": seen_digest(result, planned(result)), "request_key": "yes"}
    answer = cashier.post(answer.url, given)
    assert answer.url == reverse("bank_file", args=[made.pk])
    assert [fresh(payout).state for payout in payouts] == ["paid", "failed", "paid", "failed", "paid"]
    page = text(cashier.get(answer.url))
    assert page.count("重新出账 2 笔") == 1
    again = cashier.post(reverse("bank_result_read", args=[made.pk]), upload(data), follow=True)
    assert text(again).count("这份结果文件以前读过，这里是那一次的结果。") == 1


def test_every_fault_of_the_lines_is_on_the_page_before_anything_is_made(desk, cashier, cast):
    desk.released(2, bank="")
    page = text(cashier.get(reverse("bank_file_new"), {"from": cast.mill.pk, "profile": "union_sheet"}))
    assert page.count("没有开户行及支行，这一列必填。") == 2
    refused = make(cashier, cast, 2, "300.00", profile="union_sheet")
    assert (refused.status_code, BankFile.objects.count()) == (422, 0)
    assert AuditEvent.objects.get(act="bank.make", outcome="refused").person == cast.cashier


def test_a_shipped_layout_that_needs_the_own_account_says_so(desk, cashier, cast):
    desk.released(1)
    page = text(cashier.get(reverse("bank_file_new"), {"from": cast.mill.pk, "profile": "icbc"}))
    assert page.count("第 2 列“付款账号”要填固定值，例如本单位的付款账号。") == 1
    assert page.count(reverse("bank_profile_new", args=["icbc"])) == 1


def test_a_faulty_answer_tells_everything_and_records_nothing(desk, cashier, cast):
    desk.file(desk.released(3))
    made = BankFile.objects.get()
    rows = [
        ["账号", "户名", "金额", "处理结果"],
        [CARDS[0], "魏建国", 100, "或许"],
        [CARDS[1], "孟广田", 201, "成功"],
        ["6222020000000001111", "郑立新", 50, "成功"],
    ]
    answer = cashier.post(reverse("bank_result_read", args=[made.pk]), upload(csv_file(rows), "结果.csv"))
    page = text(answer)
    assert (answer.status_code, BankResult.objects.count()) == (422, 0)
    assert [
        page.count(words)
        for words in (
            "认不出是成功还是失败。",
            "金额不一致：回盘 201.00 元，报盘 200.00 元。",
            "我们的文件里没有这一笔（账号尾号 1111）。",
            "6222020000000001111",
        )
    ] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\x00\xff\xfe", "文件不是 Excel，也不是文本，请上传银行下载的 .xlsx、.csv 或 .txt 文件。"),
        (b"PK\x03\x04broken", "结果文件读不了，什么也没有登记。"),
        (b"\xd0\xcf\x11\xe0", "请在 Excel 或 WPS 里另存为不带密码的 .xlsx 后再上传。"),
    ],
)
def test_a_hostile_answer_is_refused_with_a_sentence(desk, cashier, data, sentence):
    (made,) = desk.file(desk.released(1))
    answer = cashier.post(reverse("bank_result_read", args=[made.pk]), upload(data))
    assert (answer.status_code, text(answer).count(sentence)) == (422, 1)


def test_no_file_chosen_is_said(desk, cashier):
    (made,) = desk.file(desk.released(1))
    answer = cashier.post(reverse("bank_result_read", args=[made.pk]), {})
    assert (answer.status_code, text(answer).count("还没有选择文件。")) == (422, 1)


def test_a_copy_needs_a_reason_and_warns(desk, cashier):
    (made,) = desk.file(desk.released(1))
    url = reverse("bank_file_copy", args=[made.pk])
    assert cashier.post(url, {"request_key": "k"}).status_code == 422
    page = text(cashier.post(url, {"request_key": "k", "reason": "网银没有收到"}, follow=True))
    assert page.count("原文件如果已经交给银行，这一份不要再交，否则会付两次。") == 1
    assert BankFile.objects.count() == 2


def test_other_unions_do_not_know_the_file(desk, cast):
    (made,) = desk.file(desk.released(1))
    result = desk.read(made, desk.answer(made, {}))
    other = log_in(Client(), cast.county_cashier)
    for name, pk in (("bank_file", made.pk), ("bank_result", result.pk)):
        assert other.get(reverse(name, args=[pk])).status_code == 404
    for name in ("bank_file_take", "bank_file_copy", "bank_result_read"):
        assert other.post(reverse(name, args=[made.pk])).status_code == 404
    assert other.get(reverse("bank_file_new"), {"from": cast.mill.pk}).status_code == 404


def columns(*rows: tuple[str, str, str], required: tuple[int, ...] = ()) -> dict:
    return {
        "order": [str(at) for at in range(1, len(rows) + 1)],
        "head": [row[0] for row in rows],
        "field": [row[1] for row in rows],
        "fixed": [row[2] for row in rows],
        "required": [str(at) for at in required],
    }


FACTS = {
    "title": "云岭银行代发",
    "kind": "csv",
    "encoding": "gb18030",
    "separator": "bar",
    "headed": "on",
    "max_lines": "50",
    "longest_name": "20",
    "own_bank_only": "on",
    "own_bank": "云岭银行",
}
OWN = columns(("户名", "name", ""), ("卡号", "account", ""), ("金额", "amount", ""), ("短信", "", "是"), ("", "", ""))


def test_an_own_layout_is_made_from_a_shipped_one(desk, cashier, cast):
    new = reverse("bank_profile_new", args=["city_bank"])
    assert cashier.get(new).status_code == 200
    look = cashier.post(new, {**FACTS, **OWN, "do": "look"})
    assert (look.status_code, BankProfile.objects.count(), text(look).count("样例甲")) == (200, 0, 1)
    answer = cashier.post(new, {**FACTS, **OWN, "do": "save"})
    profile = BankProfile.objects.get()
    assert answer.url == reverse("bank_profile", args=[profile.pk])
    assert [(each["head"], each["field"], each["fixed"]) for each in profile.layout["columns"]] == [
        ("户名", "name", ""),
        ("卡号", "account", ""),
        ("金额", "amount", ""),
        ("短信", "", "是"),
    ]
    assert (profile.union, profile.layout["separator"], profile.layout["max_lines"]) == (cast.mill, "|", 50)
    desk.released(1)
    made = make(cashier, cast, 1, "100.00", profile=f"own-{profile.pk}")
    taken = cashier.post(reverse("bank_file_take", args=[BankFile.objects.get().pk]))
    assert made.status_code == 302
    assert taken.content.decode("gb18030") == f"户名|卡号|金额|短信\r\n魏建国|{CARDS[0]}|100.00|是\r\n"


def test_columns_are_put_in_order_by_their_numbers(cashier):
    moved = {**OWN, "order": ["3", "1", "2", "9", "10"]}
    cashier.post(reverse("bank_profile_new", args=["generic"]), {**FACTS, **moved, "do": "save"})
    assert [each["head"] for each in BankProfile.objects.get().layout["columns"]] == ["卡号", "金额", "户名", "短信"]


def test_every_fault_of_a_layout_is_on_the_page(cashier):
    bad = columns(("户名", "name", ""), ("户名", "account", ""), ("付款账号", "", ""), required=(2,))
    answer = cashier.post(reverse("bank_profile_new", args=["generic"]), {**FACTS, **bad, "do": "save"})
    assert (answer.status_code, BankProfile.objects.count()) == (422, 0)
    assert [
        text(answer).count(words)
        for words in ("有 2 列的表头都是“户名”", "还缺一列金额。", "第 3 列“付款账号”要填固定值")
    ] == [1, 1, 1]


def test_an_old_page_does_not_overwrite_a_layout(cashier):
    cashier.post(reverse("bank_profile_new", args=["generic"]), {**FACTS, **OWN, "do": "save"})
    profile = BankProfile.objects.get()
    url = reverse("bank_profile", args=[profile.pk])
    saved = cashier.post(url, {**FACTS, **OWN, "version": "1", "title": "甲", "do": "save"})
    stale = cashier.post(url, {**FACTS, **OWN, "version": "1", "title": "乙", "do": "save"})
    assert (saved.status_code, stale.status_code, BankProfile.objects.get().title) == (302, 409, "甲")
    assert text(stale).count("已被别人改过") == 1


def test_a_layout_of_the_union_above_is_used_below_and_changed_above(cast, cashier):
    county = log_in(Client(), cast.county_cashier)
    new = reverse("bank_profile_new", args=["generic"])
    county.post(new, {**FACTS, **OWN, "title": "只自己用", "do": "save"})
    county.post(new, {**FACTS, **OWN, "title": "全县都用", "subtree": "on", "do": "save"})
    page = text(cashier.get(reverse("bank_profile_list")))
    assert (page.count("全县都用"), page.count("只自己用")) == (1, 0)
    shared = BankProfile.objects.get(subtree=True)
    assert cashier.post(reverse("bank_profile", args=[shared.pk]), {**FACTS, **OWN, "do": "save"}).status_code == 403
    county.post(reverse("bank_profile_retire", args=[shared.pk]))
    assert text(cashier.get(reverse("bank_profile_list"))).count("全县都用") == 0


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_ask_the_same_for_one_and_for_three(desk, cashier, cast):
    new = f"{reverse('bank_file_new')}?from={cast.mill.pk}&profile=generic"
    desk.released(1)
    one = [queries(cashier, new)]
    (first,) = desk.file(list(_waiting(cast)), key="one")
    result = desk.read(first, desk.answer(first, {}))
    one += [
        queries(cashier, reverse(name, args=[pk])) for name, pk in (("bank_file", first.pk), ("bank_result", result.pk))
    ]
    one.append(queries(cashier, reverse("bank_file_list")))
    for start in (100, 110):
        desk.file(desk.released(1, start=start), key=f"file-{start}")
    desk.released(3, start=80)
    three = [queries(cashier, new)]
    (third,) = desk.file(list(_waiting(cast)), key="three")
    result = desk.read(third, desk.answer(third, {}))
    three += [
        queries(cashier, reverse(name, args=[pk])) for name, pk in (("bank_file", third.pk), ("bank_result", result.pk))
    ]
    three.append(queries(cashier, reverse("bank_file_list")))
    assert three == one


def _waiting(cast):
    return with_everything(waiting(cast.cashier)).order_by("number")


def test_amounts_that_are_no_numbers_stop_at_the_control_totals(desk, cashier, cast):
    desk.released(1)
    answers = [make(cashier, cast, 1, total, request_key=f"k{total}") for total in ("NaN", "1e9999", "一百", "")]
    assert [answer.status_code for answer in answers] == [409] * 4
    assert BankFile.objects.count() == 0


def test_the_page_of_a_batch_leads_to_its_file(desk, cashier, cast):
    batch = opened(desk.till, route="card", amount=Decimal("150.00"))
    Payout.objects.filter(pk__in=[payout.pk for payout in desk.released(2)]).update(batch=batch)
    page = text(cashier.get(reverse("batch_detail", args=[batch.pk])))
    # once in the card of bank files, once among the batch's next steps
    assert page.count(f"{reverse('bank_file_new')}?from={cast.mill.pk}&amp;batch={batch.pk}") == 2
    make(cashier, cast, 2, "300.00", batch=batch.pk)
    made = BankFile.objects.get()
    page = text(cashier.get(reverse("batch_detail", args=[batch.pk])))
    assert (made.batch, page.count(reverse("bank_file", args=[made.pk])), page.count("还没有做文件")) == (batch, 1, 0)
    reviewer = log_in(Client(), cast.reviewer)
    assert text(reviewer.get(reverse("batch_detail", args=[batch.pk]))).count(made.number) == 0


def test_a_file_at_hand_is_held_against_what_was_made(desk, cashier, cast):
    (made,) = desk.file(desk.released(2))
    page, check = reverse("bank_file", args=[made.pk]), reverse("bank_file_check", args=[made.pk])
    data = cashier.post(reverse("bank_file_take", args=[made.pk])).content
    answer = cashier.post(check, {"check-file": SimpleUploadedFile("报盘.xlsx", data)}, follow=True)
    assert text(answer).count("一致：2 笔，300.00 元，与系统里的逐格相同。") == 1
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.active["B2"] = "6222020000009999"
    out = io.BytesIO()
    book.save(out)
    answer = cashier.post(check, {"check-file": SimpleUploadedFile("报盘.xlsx", out.getvalue())})
    words = ("这份文件与系统里的不一样。", "与系统里的不一致。", "…9999", "6222020000009999", made.check_code)
    assert (answer.status_code, [text(answer).count(each) for each in words]) == (422, [1, 1, 1, 0, 1])
    assert [event.detail["differences"] for event in AuditEvent.objects.filter(act="bank.check").order_by("pk")] == [
        0,
        1,
    ]
    answer = cashier.post(check, {"check-file": SimpleUploadedFile("报盘.xls", b"\xd0\xcf\x11\xe0")})
    assert text(answer).count("文件读不了，没有核对。") == 1
    assert text(cashier.post(check, {})).count("还没有选择文件。") == 1
    assert text(cashier.get(page)).count(made.check_code) == 1


def test_a_file_whose_lines_were_corrected_since_is_not_compared(desk, cashier, cast):
    (payout,) = desk.released(1)
    (made,) = desk.file([payout])
    data = cashier.post(reverse("bank_file_take", args=[made.pk])).content
    Payout.objects.filter(pk=payout.pk).update(recipient="别人")
    answer = cashier.post(
        reverse("bank_file_check", args=[made.pk]), {"check-file": SimpleUploadedFile("报盘.xlsx", data)}
    )
    assert text(answer).count("做好这份文件以后，里面有的发放退回改过，不能再逐格核对。") == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([CARDS[0], "魏建国", 101, "成功"], "金额不一致：回盘 101.00 元，报盘 100.00 元。"),
        ([CARDS[0], "郑立新", 100, "成功"], "户名与报盘不一致。"),
        (["6222020000009999", "魏建国", 100, "成功"], "我们的文件里没有这一笔（账号尾号 9999）。"),
    ],
)
def test_an_answer_about_other_money_than_was_released_records_nothing(desk, cashier, row, told):
    (made,) = desk.file(desk.released(1))
    data = csv_file([["账号", "户名", "金额", "处理结果"], row])
    answer = cashier.post(reverse("bank_result_read", args=[made.pk]), upload(data, "结果.csv"))
    assert (answer.status_code, text(answer).count(told), BankResult.objects.count()) == (422, 1, 0)
