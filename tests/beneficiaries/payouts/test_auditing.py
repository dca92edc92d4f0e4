"""The auditor's workspace: the figures of many unions are those of each statement, and every gap is found once."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beneficiaries import actions
from beneficiaries.actions.batch_steps import SIGNED
from beneficiaries.auditing.gaps import GAPS, OF, tallies
from beneficiaries.auditing.overdrawn import overdrawn
from beneficiaries.auditing.scope import Scope
from beneficiaries.auditing.sums import by_kind, year_sums
from beneficiaries.funds.statement import COLUMNS, Period, statement, year_of
from beneficiaries.models import FundRule, GoodsInvoice, Payout, PayoutReversal, RuleOverride
from campaigns import actions as ledger
from campaigns.models import Allocation, FundsRaised
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, open_dossier, pairs, raise_funds
from tests.beneficiaries.payouts.test_steps import to_approved, to_paid
from tests.cast import log_in
from unions import attachments
from unions.actions import listings as exporting
from unions.enums import Role
from unions.listings import listing_of
from unions.models import Person

YEAR = year_of(2024)
CLEAN = {"no_voucher": 4, "no_scan": 4}
"""What the till itself lacks: four amounts that came in without any paper."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def inside(cast) -> Person:
    """An auditor of the mill itself, who keeps its payouts."""
    cast.person("mill_auditor", "余慎独", ("mill", Role.AUDIT))
    return cast.mill_auditor


def scope(person, **more) -> Scope:
    return Scope(person, **{"period": YEAR, **more})


def found(person, **more) -> dict[str, int]:
    """How many rows each kind of gap has, without those that have none."""
    counts: dict[str, int] = {}
    for tally in tallies(scope(person, **more)):
        counts[tally.key] = counts.get(tally.key, 0) + tally.count
    return counts


def paid(till, lines, **changes) -> Payout:
    """A paid payout as an older file may have brought it: written straight, past the rules."""
    payout = till.draft(lines, **changes) if changes.pop("file", False) else till.named(lines=lines, **changes)
    Payout.objects.filter(pk=payout.pk).update(state="paid", paid_on=DAY)
    return fresh(payout)


# Sums


@pytest.fixture
def years(till, cast):
    """Two years of two unions: raised, allocated, confirmed late, paid, taken back, handed up."""
    raise_funds(cast.county, cast.county_clerk, "central", "9000.00")
    down = ledger.record_allocation(
        by=cast.county_clerk, giver=cast.county, receiver=cast.mill, campaign=None, source="central",
        amount=Decimal("4000.00"), allocated_on=day("2024-12-30"),
    )  # fmt: skip
    ledger.confirm_allocation(by=cast.clerk, allocation=down, confirmed_on=day("2025-01-02"))
    first = till.named(id_number="", lines=[line("own_union", "cash", "150.00")])
    second = till.named(id_number="", lines=[line("own_union", "cash", "250.00"), line("donation", "cash", "20.00")])
    for payout in (first, second):
        to_approved(cast, payout)
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key=f"pay-{payout.pk}")
    reversal = actions.propose_reversal(
        by=cast.cashier, payout=fresh(first), reversed_on=day("2025-03-03"), reason="重复发放"
    )
    actions.confirm_reversal(by=cast.approver, reversal=reversal)
    up = ledger.return_funds(
        by=cast.clerk, giver=cast.mill, receiver=cast.county, campaign=None, source="central",
        amount=Decimal("1000.00"), allocated_on=day("2025-02-01"),
    )  # fmt: skip
    ledger.confirm_allocation(by=cast.county_clerk, allocation=up, confirmed_on=day("2025-02-03"))
    return till


PERIODS = [YEAR, year_of(2025), year_of(2026), Period(day("2024-01-10"), day("2025-01-31"))]


@pytest.mark.parametrize("period", PERIODS)
def test_the_figures_of_many_unions_are_those_of_each_statement(years, cast, period):
    sums = year_sums(scope(cast.auditor, period=period))
    for union in (cast.county, cast.mill, cast.school):
        alone = {each.source: each for each in statement(union.pk, period).lines}
        mine = {source: each for (union_id, source), each in sums.items() if union_id == union.pk}
        for source in {*alone, *mine}:
            one, other = alone[source], mine[source]
            assert (one.opening, one.flows, one.closing, one.on_the_way) == (
                other.opening,
                other.flows,
                other.closing,
                other.on_the_way,
            )


def test_both_kinds_of_money_stand_apart_and_add_up_to_everything(years, cast):
    kinds = by_kind(year_sums(scope(cast.auditor)))
    assert [(kind.value, str(total.closing), [each.source for each in lines]) for kind, total, lines in kinds] == [
        ("hardship", "25000.00", ["central", "province"]),
        ("campaign", "19580.00", ["own_union", "donation"]),
    ]
    for money in ("hardship", "campaign"):
        ((kind, total, _),) = by_kind(year_sums(scope(cast.auditor, money=money)))
        assert (kind, total) == next((each, line) for each, line, _ in kinds if each == money)


def test_a_year_costs_five_queries_for_any_number_of_unions(years, cast, django_assert_num_queries):
    wanted = scope(cast.auditor)
    wanted.person.posts_now()
    with django_assert_num_queries(5):
        year_sums(wanted)
    raise_funds(cast.school, cast.school_clerk, "local", "7.00")
    with django_assert_num_queries(5):
        year_sums(wanted)


def test_nothing_outside_the_audited_subtree_is_counted(years, cast, inside):
    raise_funds(cast.museum, cast.museum_clerk, "own_union", "5.00")
    assert {union_id for union_id, _ in year_sums(scope(cast.auditor))} == {cast.county.pk, cast.mill.pk}
    assert {union_id for union_id, _ in year_sums(scope(inside))} == {cast.mill.pk}
    assert year_sums(scope(cast.auditor, union=cast.museum)) == {}
    assert year_sums(scope(cast.clerk)) == {}
    assert tallies(scope(cast.clerk)) == []
    own = year_sums(scope(cast.auditor, union=cast.county, own=True))
    assert {union_id for union_id, _ in own} == {cast.county.pk}


# Gaps


def test_a_till_in_order_has_no_gap_but_its_vouchers(till, inside):
    assert found(inside) == CLEAN


def test_what_came_in_with_number_and_scan_is_in_order(till, cast, inside):
    row = FundsRaised.objects.get(source="central")
    FundsRaised.objects.filter(pk=row.pk).update(voucher="JZ-1")
    scan = SimpleUploadedFile("v.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    ledger.attach_voucher(by=cast.clerk, funds=row, upload=scan)
    assert found(inside) == {"no_voucher": 3, "no_scan": 3}
    assert found(inside, money="hardship") == {"no_voucher": 1, "no_scan": 1}


CASH, CARD = "cash", "card"
# lines, changes of the payout, the gaps beside those of the till
PAPERS = [
    ([line("own_union", CASH, "150.00")], {}, {"no_sign_list": 1}),
    ([line("own_union", "goods", "80.00", "大米")], {}, {"no_sign_list": 1, "no_invoice": 1}),
    ([line("own_union", CARD, "150.00")], {}, {"no_bank_file": 1}),
    ([line("central", CARD, "9.00"), line("own_union", CASH, "1.00")], {"file": True}, {"no_bank_file": 1, "no_sign_list": 1}),
    ([line("central", CARD, "150.00")], {}, {"no_bank_file": 1, "no_dossier": 1}),
    ([line("local", CARD, "150.00")], {"id_number": ""}, {"no_bank_file": 1, "no_dossier": 1, "no_number": 1}),
    ([line("donation", CARD, "150.00")], {"id_number": ""}, {"no_bank_file": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "changes", "expected"), PAPERS)
def test_papers_that_are_missing(till, inside, lines, changes, expected):
    paid(till, lines, **changes)
    assert found(inside) == CLEAN | expected


def test_papers_that_are_there(till, cast, inside):
    payout = paid(till, [line("own_union", "goods", "80.00", "大米")])
    GoodsInvoice.objects.create(
        payout=payout,
        number="F-1",
        issued_on=DAY,
        amount=Decimal("80.00"),
        added_by=cast.clerk,
        added_at=clock.db_now(),
    )
    scan = SimpleUploadedFile("s.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    kept = attachments.attach(by=cast.cashier, union=cast.mill, owner=payout, upload=scan, kind=SIGNED)
    assert found(inside) == CLEAN
    attachments.remove(by=cast.cashier, attachment=kept)
    assert found(inside) == CLEAN | {"no_sign_list": 1}


@pytest.mark.parametrize(("opened_on", "expected"), [("2024-01-15", 0), ("2024-01-16", 1), ("2024-01-17", 1)])
def test_a_file_must_be_opened_before_the_day_of_the_payout(till, cast, inside, opened_on, expected):
    dossier = open_dossier(cast.mill, cast.clerk, "韩照雪", 7, opened_on=day(opened_on))
    paid(till, [line("own_union", CARD, "5.00")], file=True, dossier=dossier)
    assert found(inside).get("before_opened", 0) == expected


def test_what_was_taken_back_is_no_gap_and_a_waiting_reversal_is_one(till, cast, inside):
    payout = paid(till, [line("own_union", CASH, "150.00")])
    row = PayoutReversal.objects.create(
        payout=payout, reversed_on=DAY, reason="重复", proposed_by=cast.cashier, proposed_at=timezone.now()
    )
    assert found(inside) == CLEAN | {"no_sign_list": 1, "reversal_waiting": 1}
    PayoutReversal.objects.filter(pk=row.pk).update(confirmed_by=cast.approver, confirmed_at=clock.db_now())
    assert found(inside) == CLEAN


@pytest.mark.parametrize(
    ("key", "kind"),
    [("cap_per_contact", "over_cap"), ("case_decision", "over_cap"), ("funds_cover", "short_of_funds"), ("sign_off", "went_past")],
)  # fmt: skip
def test_what_went_on_with_a_reason_is_listed_with_it(till, cast, inside, key, kind):
    payout = paid(till, [line("own_union", CARD, "150.00")])
    rule = FundRule.objects.filter(key=key).first() or FundRule.objects.create(
        key=key, version=1, effect="warn", origin="测试", valid_from=day("2020-01-01")
    )
    RuleOverride.objects.create(
        payout=payout, rule=rule, step="payout.approve", sentence="超过限额。", reason="主席会议同意", made_by=cast.approver,
        made_at=clock.db_now(),
    )  # fmt: skip
    assert found(inside) == CLEAN | {"no_bank_file": 1, kind: 1}
    (row,) = OF[kind].rows(scope(inside))
    assert (row["said"], row["who"], row["opens"]) == ("超过限额。原因：主席会议同意", "魏建国", payout.pk)
    (above,) = OF[kind].rows(scope(cast.auditor))
    assert (above["said"], above["who"], above["opens"]) == ("已写明原因，由发放工会保管", "", None)
    assert (above["paper"], above["amount"], above["day"]) == (payout.number, Decimal("150.00"), DAY)


def test_what_failed_or_hangs_is_listed_until_it_is_done(till, cast, inside):
    failed = till.named(lines=[line("own_union", CARD, "150.00")])
    hanging = till.named(51, lines=[line("own_union", CARD, "60.00")])
    Payout.objects.filter(pk=failed.pk).update(state="failed", failure="账号有误")
    late = clock.db_now() - datetime.timedelta(days=16)
    Payout.objects.filter(pk=hanging.pk).update(state="released", released_at=late)
    assert found(inside) == CLEAN | {"failed": 1, "unsettled": 1}
    Payout.objects.filter(pk=failed.pk).update(state="released", released_at=clock.db_now())
    assert found(inside) == CLEAN | {"unsettled": 1}


def test_an_allocation_is_a_gap_until_it_arrived_and_none_when_it_was_taken_back(till, cast):
    raise_funds(cast.county, cast.county_clerk, "central", "900.00")
    given = {
        "by": cast.county_clerk,
        "giver": cast.county,
        "receiver": cast.mill,
        "campaign": None,
        "source": "central",
    }
    one = ledger.record_allocation(**given, amount=Decimal("10.00"), allocated_on=DAY, voucher="BF-1")
    two = ledger.record_allocation(**given, amount=Decimal("20.00"), allocated_on=DAY)
    raised = {"no_voucher": 5, "no_scan": 5}
    assert found(cast.auditor) == raised | {"unconfirmed": 2, "given_without_voucher": 1}
    ledger.confirm_allocation(by=cast.clerk, allocation=one, confirmed_on=DAY)
    ledger.reverse_allocation(by=cast.county_clerk, allocation=two, reversed_on=DAY)
    assert found(cast.auditor) == raised
    assert Allocation.objects.count() == 3


def test_a_balance_below_zero_is_a_gap_of_the_sum(till, cast, inside):
    assert overdrawn(scope(inside)) == []
    paid(till, [line("local", CASH, "70.00")])
    (row,) = overdrawn(scope(inside))
    assert (row["source"], row["amount"], row["union_name"]) == ("local", Decimal("70.00"), cast.mill.name)


def test_every_kind_is_counted_and_listed_alike(till, cast, inside):
    """Count and sum of the summary are those of the rows, for each kind and on both sides of the tree."""
    for sequence, each in enumerate(("cash", "card", "passbook")):
        paid(till, [line("local", each, "5.00"), line("own_union", "goods", "3.00", "米")], sequence=60 + sequence)
    for person in (inside, cast.auditor):
        wanted = scope(person)
        totals = tallies(wanted)
        for gap in GAPS:
            rows, mine = list(gap.rows(wanted)), [each for each in totals if each.key == gap.key]
            assert (len(rows), sum((row["amount"] for row in rows), Decimal(0))) == (
                sum(each.count for each in mine),
                sum((each.total for each in mine), Decimal(0)),
            )


# Pages


def test_the_figure_on_the_desk_is_the_sum_of_the_lines_behind_it(client, years, cast):
    for person in (cast.auditor,):
        log_in(client, person)
        for year in ("2024", "2025"):
            desk = client.get(reverse("audit_desk"), {"year": year})
            rows = [row for kind in desk.context["kinds"] for row in (kind["total"], *kind["rows"])]
            for row in [*rows, desk.context["total"]]:
                for place, column in enumerate(COLUMNS):
                    amount, url = row["flows"][place]
                    if column in ("raised", "paid"):
                        assert client.get(url).context["figure"] == amount
    alone = client.get(reverse("audit_desk"), {"year": "2024", "union": cast.mill.pk, "own": "1"})
    opened = [url for kind in alone.context["kinds"] for row in kind["rows"] for _, url in row["flows"]]
    assert {client.get(url).status_code for url in opened} == {200}


def test_lines_carry_their_papers_and_names_only_where_they_are_kept(client, till, cast, inside):
    payout = paid(till, [line("own_union", CASH, "150.00")])
    address = reverse("audit_lines", args=["paid"])
    for person, who, opens in ((inside, "魏*国", payout.pk), (cast.auditor, "", None)):
        log_in(client, person)
        ((union, row),) = client.get(address, {"year": 2024}).context["rows"]
        assert (union, row.number, row.who, row.opens) == (cast.mill.called, payout.number, who, opens)
        assert [(paper.text, paper.missing) for paper in row.papers] == [("没有签收表", True)]
    raised = client.get(reverse("audit_lines", args=["raised"]), {"year": 2024, "source": "central"})
    ((_, row),) = raised.context["rows"]
    assert [paper.text for paper in row.papers] == ["没有凭证号", "没有凭证原件"]


def test_a_name_never_reaches_the_auditor_above(client, till, cast):
    payout = paid(till, [line("local", CASH, "150.00")])
    log_in(client, cast.auditor)
    pages = [client.get(reverse("audit_lines", args=["paid"]), {"year": 2024})]
    pages += [client.get(reverse("audit_gaps"), {"year": 2024, "gap": gap.key}) for gap in GAPS]
    told = "".join(page.content.decode() for page in pages)
    assert payout.number in told
    assert [text for text in ("魏建国", "魏*国", f"/payouts/{payout.pk}/") if text in told] == []


def test_unions_outside_and_odd_addresses_are_not_there(client, till, cast):
    log_in(client, cast.auditor)
    for name, arguments in (("audit_desk", []), ("audit_gaps", []), ("audit_lines", ["paid"])):
        address = reverse(name, args=arguments)
        assert client.get(address, {"union": cast.museum.pk}).status_code == 404
        assert client.get(address, {"union": "x"}).status_code == 404
        assert client.get(address, {"year": "²0", "first": "gestern", "last": "2", "money": "gold"}).status_code == 200
    assert client.get(reverse("audit_gaps"), {"gap": "gold"}).status_code == 404
    assert client.get(reverse("audit_lines", args=["given"])).status_code == 404
    assert client.get(reverse("audit_lines", args=["paid"]), {"source": "gold"}).status_code == 404
    log_in(client, cast.clerk)
    assert client.get(reverse("audit_desk")).status_code == 403


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, []),
        ({"year": "2024"}, []),
        ({"first": "2024-01-01", "last": "2024-03-31"}, []),
        ({"year": "24"}, ["网址里的年度认不出：要写成 2024 这样的四位数，从 2000 到 {next}。请在下面选年度。"]),
        ({"year": "1999"}, ["网址里的年度认不出：要写成 2024 这样的四位数，从 2000 到 {next}。请在下面选年度。"]),
        (
            {"first": "2024-03-31", "last": "2024-01-01"},
            ["网址里的起止日期认不出：要写成 2024-01-05 这样的日期，开始不晚于结束。请在下面选年度。"],
        ),
    ],
)
def test_a_year_that_cannot_be_read_is_told(client, cast, asked, told):
    log_in(client, cast.auditor)
    page = client.get(reverse("audit_desk"), asked)
    assert [str(each) for each in page.context["messages"]] == [
        each.format(next=clock.today().year + 1) for each in told
    ]


def test_an_empty_year_says_what_to_do(client, cast):
    log_in(client, cast.auditor)
    assert "这一期没有收支" in client.get(reverse("audit_desk"), {"year": 2003}).content.decode()
    assert "没有这一类疑点" in client.get(reverse("audit_gaps"), {"year": 2003}).content.decode()
    lines = client.get(reverse("audit_lines", args=["paid"]), {"year": 2003})
    assert "没有记录" in lines.content.decode()


def test_the_pages_ask_no_more_for_more_rows(client, till, cast, inside):
    urls = [
        reverse("audit_desk") + "?year=2024",
        *(f"{reverse('audit_gaps')}?year=2024&gap={key}" for key in ("no_sign_list", "no_voucher", "overdrawn")),
        reverse("audit_lines", args=["paid"]) + "?year=2024",
        reverse("audit_lines", args=["raised"]) + "?year=2024",
    ]
    counts = []
    log_in(client, inside)
    for turn in range(2):
        for sequence in range(turn, 2 * turn + 1):
            paid(till, [line("local", CASH, "5.00")], sequence=70 + sequence)
        counts.append([])
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts[turn].append(len(queries))
    assert counts[0] == counts[1]


# Excel


def test_everything_goes_to_excel_through_the_gate(till, cast, inside):
    paid(till, [line("local", CASH, "5.00")])
    ask = {"by": inside, "union": cast.mill, "full": False, "purpose": "2024 年专项审计"}
    sheets = {}
    for key, conditions in (("audit_gaps", {"year": "2024"}), ("audit_funds", {"year": "2024", "money": "campaign"})):
        export = exporting.ask_export(listing=listing_of(key), conditions=conditions, **ask)
        assert (export.state, export.grade) == ("ready", "other")
        sheets[key] = (export.rows, exporting.take_export(by=inside, export=export)[:2])
    # four vouchers, four scans, sign list, file and the balance below zero; own dues and donations
    assert sheets == {"audit_gaps": (11, b"PK"), "audit_funds": (2, b"PK")}
    rows = listing_of("audit_gaps").rows(inside, {"year": "2024", "gap": "no_sign_list"})
    (row,) = rows.iterator(chunk_size=10)
    said = {field.title: field.read(row) for field in listing_of("audit_gaps").fields}
    assert (said["疑点"], said["资金"], said["姓名（遮蔽）"], said["金额（元）"]) == (
        "现金、实物没有签收表",
        "困难帮扶资金",
        "魏*国",
        Decimal("5.00"),
    )
    assert listing_of("audit_gaps").rows(inside, {"union": str(cast.county.pk)}).count() == 0


def test_lines_go_to_excel_with_their_papers(years, cast, inside):
    """Both payouts of 2024 with their three lines; the one taken back in 2025 says so, and adds up to the statement."""
    given = {"year": "2024", "money": "campaign"}
    fields = {field.title: field.read for field in listing_of("audit_paid").fields}
    rows = list(listing_of("audit_paid").rows(inside, given))
    told = [
        (str(row.amount), fields["姓名（遮蔽）"](row), fields["签收表"](row), fields["冲正日期"](row)) for row in rows
    ]
    assert told == [
        ("20.00", "魏*国", "缺", None),
        ("250.00", "魏*国", "缺", None),
        ("150.00", "魏*国", "缺", day("2025-03-03")),
    ]
    above = list(listing_of("audit_paid").rows(cast.auditor, given))
    assert ({fields["姓名（遮蔽）"](row) for row in above}, len(above)) == ({""}, 3)
    raised = [row.amount for row in listing_of("audit_raised").rows(cast.auditor, given)]
    ((_, total, _),) = by_kind(year_sums(scope(cast.auditor, money="campaign")))
    assert (sum(raised), sum(row.amount for row in rows)) == (total.flows["raised"], total.flows["paid"])
    for key in ("audit_paid", "audit_raised"):
        ask = {"by": inside, "union": cast.mill, "full": False, "purpose": "2024 年专项审计"}
        export = exporting.ask_export(listing=listing_of(key), conditions=given, **ask)
        assert exporting.take_export(by=inside, export=export)[:2] == b"PK"


def test_a_walked_payout_shows_its_bank_gap(till, cast, inside):
    """Through all four hands: paid by card, and never in a bank file."""
    to_paid(cast, till.draft([line("central", CARD, "300.00")]))
    assert found(inside) == CLEAN | {"no_bank_file": 1}
