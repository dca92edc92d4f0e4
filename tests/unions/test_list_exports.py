"""Lists as Excel: as filtered, masked unless asked in full, and much of it only with a second person (R-22)."""

import datetime

import pytest
from django.urls import reverse

from campaigns.enums import FundSource
from campaigns.models import FundsRaised
from relief.lib import clock, xlsx
from tests.beneficiaries import households
from tests.cast import log_in
from unions.actions import grant_post
from unions.actions import listings as actions
from unions.enums import Role
from unions.listings import listing_of, needs_second
from unions.listings.gate import ALONE, WINDOW
from unions.models import AuditEvent, ListExport, Person
from unions.policy import Refused

PURPOSE = "报县总工会核对"
DAY = datetime.date(2024, 1, 20)


def funds(cast, count, *, source=FundSource.OWN_UNION, union=None):
    FundsRaised.objects.bulk_create(
        FundsRaised(
            union=union or cast.mill,
            source=source,
            amount=number + 1,
            received_on=DAY,
            voucher=f"记-{number:03}",
            entered_by=cast.clerk,
            entered_at=clock.db_now(),
        )
        for number in range(count)
    )


def ask(cast, key="funds", *, by=None, conditions=None, full=False, purpose=PURPOSE):
    return actions.ask_export(
        by=by or cast.clerk,
        union=cast.mill,
        listing=listing_of(key),
        conditions=conditions or {},
        full=full,
        purpose=purpose,
    )


def table(data):
    (sheet,) = xlsx.read_workbook(data).sheets
    return sheet.rows


def test_a_list_comes_out_as_it_is_filtered(client, cast):
    funds(cast, 3)
    funds(cast, 2, source=FundSource.CENTRAL)
    funds(cast, 1, union=cast.museum)
    logged = log_in(client, cast.clerk)
    address = reverse("list_export_new", args=["funds"]) + f"?code={FundSource.CENTRAL}&page=7"
    page = logged.get(address)
    assert (page.context["rows"], page.context["conditions"]) == (2, f"来源：{FundSource.CENTRAL.label}")
    answer = logged.post(address, {"purpose": PURPOSE, "full": "0"})
    export = ListExport.objects.get()
    assert answer.url == reverse("list_export", args=[export.pk])
    file = logged.post(reverse("list_export_file", args=[export.pk]))
    head, *rows = table(file.content)
    assert head[:6] == ["到账日期", "工会", "资金来源", "形式", "金额（元）", "凭证号"]
    assert [(row[2], row[4], row[5]) for row in rows] == [
        (FundSource.CENTRAL.label, amount, f"记-{amount - 1:03}") for amount in (2, 1)
    ]
    acts = list(AuditEvent.objects.filter(act__startswith="list.").order_by("pk").values_list("act", "detail__rows"))
    assert acts == [("list.export", 2), ("list.take", 2)]


@pytest.mark.parametrize(
    "kind",
    [
        "funds",
        "allocations",
        "donations",
        "remittances",
        "activities",
        "unions",
        "dossiers",
        "payouts",
        "batches",
        "visits",
        "headcounts",
    ],
)
def test_every_list_has_its_way_out(client, cast, kind):
    listing = listing_of(kind)
    page = log_in(client, cast.clerk).get(reverse(listing.back))
    assert f'href="{reverse("list_export_new", args=[kind])}' in page.content.decode()
    assert log_in(client, cast.clerk).get(reverse("list_export_new", args=[kind])).status_code == 200


def test_an_empty_list_is_said_and_not_exported(client, cast):
    with pytest.raises(Refused, match="没有一行可导出"):
        ask(cast)
    page = log_in(client, cast.clerk).get(reverse("list_export_new", args=["funds"]))
    assert "没有可导出的内容" in page.content.decode()


def test_a_purpose_is_asked_for_and_what_was_typed_stays(client, cast):
    funds(cast, 1)
    page = log_in(client, cast.clerk).post(reverse("list_export_new", args=["funds"]), {"purpose": "用", "full": "0"})
    assert (page.status_code, page.context["fault"]) == (
        422,
        "没有写明用途。请写清楚导出做什么用、交给谁，至少 4 个字。",
    )
    assert page.context["purpose"] == "用"
    assert not ListExport.objects.exists()


@pytest.mark.parametrize(
    ("grade", "rows", "earlier", "second"),
    [
        ("property", 24, 0, False),
        ("property", 25, 0, True),
        ("property", 1, 24, True),
        ("health", 249, 0, False),
        ("health", 200, 50, True),
        ("other", 2499, 0, False),
        ("other", 2500, 0, True),
    ],
)
def test_when_a_second_person_is_needed(grade, rows, earlier, second):
    assert needs_second(grade, rows, earlier) is second


@pytest.fixture
def many(cast, monkeypatch):
    """Three rows are much."""
    monkeypatch.setitem(ALONE, "other", 3)
    funds(cast, 3)
    return cast


def test_much_waits_for_another_person(client, many):
    cast = many
    export = ask(cast)
    assert (export.state, export.confirm_union, export.expires_at) == ("waiting", cast.mill, None)
    fetch = reverse("list_export_file", args=[export.pk])
    assert log_in(client, cast.clerk).post(fetch).status_code == 409
    assert log_in(client, cast.clerk).post(reverse("list_export_confirm", args=[export.pk])).status_code == 403
    assert log_in(client, cast.approver).post(reverse("list_export_confirm", args=[export.pk])).status_code == 302
    assert log_in(client, cast.approver).post(fetch).status_code == 403
    assert len(table(log_in(client, cast.clerk).post(fetch).content)) == 4
    again = log_in(client, cast.approver).post(reverse("list_export_refuse", args=[export.pk]), {"reason": "不必"})
    assert again.status_code == 409


def test_small_lists_of_one_day_add_up(many):
    cast = many
    ListExport.objects.all().delete()
    FundsRaised.objects.filter(amount=3).delete()
    assert [ask(cast).state, ask(cast).state] == ["ready", "waiting"]
    ListExport.objects.update(asked_at=clock.db_now() - WINDOW)
    assert ask(cast).state == "ready"


def test_a_refusal_says_why_and_ends_it(client, many):
    cast = many
    export = ask(cast)
    address = reverse("list_export_refuse", args=[export.pk])
    empty = log_in(client, cast.approver).post(address, {"reason": " "})
    assert (empty.status_code, empty.context["fault"]) == (422, "没有写不同意的原因。请写明原因，申请人会看到。")
    log_in(client, cast.approver).post(address, {"reason": "用途不清楚"})
    page = log_in(client, cast.clerk).get(reverse("list_export", args=[export.pk]))
    assert "用途不清楚" in page.content.decode()
    assert log_in(client, cast.clerk).post(reverse("list_export_file", args=[export.pk])).status_code == 409


def vouchers(data):
    return {row[5] for row in table(data)[1:]}


def test_the_permission_ends_after_a_day_and_does_not_grow(cast):
    funds(cast, 2)
    export = ask(cast)
    FundsRaised.objects.filter(amount=1).delete()
    assert vouchers(actions.take_export(by=cast.clerk, export=export)) == {"记-001"}
    funds(cast, 2, source=FundSource.CENTRAL)
    assert vouchers(actions.take_export(by=cast.clerk, export=export)) == {"记-001"}
    export.expires_at = clock.db_now()
    with pytest.raises(Refused, match="下载期限已过"):
        actions.take_export(by=cast.clerk, export=export)


def test_an_agreement_is_not_of_use_for_another_list_of_the_same_size(many):
    """Three rows were agreed to; two of them make room for two others, so that there are three again."""
    cast = many
    export = actions.confirm_export(by=cast.approver, export=ask(cast))
    FundsRaised.objects.filter(amount__gt=1).delete()
    FundsRaised.objects.bulk_create(
        FundsRaised(
            union=cast.mill,
            source=FundSource.OWN_UNION,
            amount=amount,
            received_on=DAY,
            voucher=f"换-{amount}",
            entered_by=cast.clerk,
            entered_at=clock.db_now(),
        )
        for amount in (2, 3)
    )
    assert vouchers(actions.take_export(by=cast.clerk, export=export)) == {"记-000"}
    FundsRaised.objects.filter(voucher="记-000").delete()
    with pytest.raises(Refused, match="一行也不在清单里了"):
        actions.take_export(by=cast.clerk, export=export)


def test_what_was_agreed_is_told_to_the_audit_by_its_rows(many):
    cast = many
    actions.confirm_export(by=cast.approver, export=ask(cast))
    FundsRaised.objects.filter(amount=3).delete()
    funds(cast, 1)
    ask(cast)
    told = list(
        AuditEvent.objects.filter(act__startswith="list.").order_by("pk").values_list("detail__digest", flat=True)
    )
    assert [told[0] == told[1], told[1] == told[2]] == [True, False]


def test_an_export_nobody_agreed_to_ends_when_it_would_need_a_second_person(cast, monkeypatch):
    funds(cast, 3)
    export = ask(cast)
    monkeypatch.setitem(ALONE, "other", 3)
    with pytest.raises(Refused, match="要第二个人同意才能下载"):
        actions.take_export(by=cast.clerk, export=export)


def test_an_export_from_before_rows_were_held_is_asked_for_anew(cast):
    funds(cast, 1)
    export = ask(cast)
    export.held = b""
    with pytest.raises(Refused, match="没有记下包含哪些行"):
        actions.take_export(by=cast.clerk, export=export)


def test_names_are_masked_unless_asked_in_full(cast):
    dossier = households.draft(cast.clerk, cast.mill)
    masked = actions.take_export(by=cast.clerk, export=ask(cast, "dossiers"))
    full = actions.take_export(by=cast.clerk, export=ask(cast, "dossiers", full=True))
    told = ["".join(str(value) for value in table(data)[1]) for data in (masked, full)]
    secrets = (households.HOLDER_ID, households.CARD, dossier.name)
    assert [[secret in said for secret in secrets] for said in told] == [[False] * 3, [True] * 3]
    assert ListExport.objects.get(full=True).grade == "property"


def test_the_full_form_is_for_who_works_on_cases(cast):
    households.draft(cast.clerk, cast.mill)
    with pytest.raises(Refused, match="查看完整信息"):
        ask(cast, "dossiers", by=cast.cashier, full=True)


def test_in_full_only_what_the_person_works_on(cast):
    """A clerk of the mill who audits the school reads its files masked, and takes them along masked."""
    households.draft(cast.clerk, cast.mill)
    households.draft(cast.school_clerk, cast.school, id_number=households.number(1969, 9), card_number="", bank="")
    grant_post(by=None, person=cast.clerk, union=cast.school, role=Role.AUDIT)
    clerk = Person.objects.get(pk=cast.clerk.pk)
    rows = [ask(cast, "dossiers", by=clerk, full=full).rows for full in (False, True)]
    assert rows == [2, 1]


def test_strangers_and_administrators_do_not_find_it(client, cast):
    funds(cast, 1)
    export = ask(cast)
    for person in (cast.stranger, cast.system_admin, cast.county_approver):
        assert log_in(client, person).get(reverse("list_export", args=[export.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_of_exports_asks_the_same_queries(client, cast, count, django_assert_num_queries):
    funds(cast, 1)
    for _ in range(count):
        ask(cast)
    logged = log_in(client, cast.clerk)
    logged.get(reverse("list_exports"))
    with django_assert_num_queries(7):
        assert len(logged.get(reverse("list_exports")).context["rows"]) == count
