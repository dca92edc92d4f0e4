"""The gaps an audit looks for, each a kind with its rows: what is missing, of which union, day, source and amount.

A gap of a payout is a gap of its lines: each has one source, so that both kinds of money stay apart. Rows of payouts that
the person does not keep carry the ledger's facts alone: no name, no file, no reason (R-11, docs/decisions/0017).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Concat, NullIf

from beneficiaries.actions.batch_steps import SIGNED
from beneficiaries.auditing.scope import Scope
from beneficiaries.enums import PayoutState, Route
from beneficiaries.models import (
    BankFileLine,
    GoodsInvoice,
    Payout,
    PayoutBatch,
    PayoutLine,
    PayoutReversal,
    RuleOverride,
)
from campaigns.fund_kinds import HARDSHIP_SOURCES
from campaigns.models import Allocation, FundsRaised
from relief.lib import clock
from unions.models import Attachment

PATIENCE = datetime.timedelta(days=15)
"""How long a bank may take before a released payout without a result is a gap."""
COLUMNS = ("gap", "union_name", "called", "day", "paper", "who", "opens", "said", "opened")


@dataclass(frozen=True)
class Gap:
    """One kind: its name, what is missing in words, and its rows in a scope."""

    key: str
    label: str
    missing: str
    found: Callable[[Scope], QuerySet[Any]]
    table: str = "lines"
    day: str = "payout__paid_on"
    reason: Q | None = None

    def rows(self, scope: Scope) -> QuerySet[Any, Any]:
        """One dict per gap with `COLUMNS`, source, amount and pk, newest first."""
        rows = self.found(scope).annotate(**_told(self, scope))
        rows = rows.order_by(f"-{self.day}", "-pk")
        return rows.values(*COLUMNS, "source", "amount", "pk")


@dataclass(frozen=True)
class Tally:
    """How many rows of a kind, and their sum."""

    key: str
    union_id: int
    source: str
    count: int
    total: Any


def tallies(scope: Scope) -> list[Tally]:
    """Count and sum of every kind by union and source, all from one query."""
    arms = []
    for gap in GAPS:
        rows = gap.found(scope).order_by().annotate(gap=Value(gap.key, CharField()), of=F(_UNION[gap.table]))
        rows = rows.values("gap", "of", "source").annotate(number=Count("pk"), total=Sum("amount"))
        arms.append(rows.values_list("gap", "of", "source", "number", "total"))
    return [Tally(*row) for row in arms[0].union(*arms[1:], all=True)]


# What is found where

_UNION = {"lines": "payout__union_id", "funds": "union_id", "given": "giver_id", "coming": "receiver_id"}
_PAPER = {"lines": "payout__number", "funds": "voucher", "given": "voucher", "coming": "voucher"}


def _told(gap: Gap, scope: Scope) -> dict[str, Any]:
    """What a row says beside its own columns; a reason and the day of a file only where the payout may be opened."""
    missing = Value(gap.missing, CharField())
    told: dict[str, Any] = {"gap": Value(gap.key, CharField()), "day": F(gap.day), "paper": F(_PAPER[gap.table])}
    union = _UNION[gap.table].removesuffix("_id")
    told["union_name"] = F(f"{union}__name")
    told["called"] = Coalesce(NullIf(f"{union}__short_name", Value("")), f"{union}__name")
    if gap.table != "lines":
        nobody, no_day = Value("", CharField()), Value(None, DateField())
        return told | {"who": nobody, "opens": Value(None, IntegerField()), "said": missing, "opened": no_day}
    told["opens"] = scope.opens("payout_id")
    seen = Q(opens__isnull=False)
    told["who"] = Case(When(seen, then=F("payout__recipient")), default=Value(""), output_field=CharField())
    told["opened"] = Case(
        When(seen, then=F("payout__dossier__opened_on")), default=Value(None), output_field=DateField()
    )
    told["said"] = missing
    if gap.reason is not None:
        told["said"] = Case(When(seen, then=_reason(gap.reason)), default=missing, output_field=CharField())
    return told


def _reason(keys: Q) -> Subquery:
    newest = RuleOverride.objects.filter(keys, payout=OuterRef("payout_id")).order_by("-pk")
    return Subquery(newest.annotate(whole=Concat("sentence", Value("原因："), "reason")).values("whole")[:1])


def _lines(scope: Scope, *conditions: Any, **states: Any) -> QuerySet[PayoutLine]:
    return PayoutLine.objects.filter(scope.of("payout__union"), *conditions, source__in=scope.sources, **states)


def _paid(scope: Scope, *conditions: Any) -> QuerySet[PayoutLine]:
    """Lines that figures count: paid in the period and not taken back (D5)."""
    back = PayoutReversal.objects.filter(payout=OuterRef("payout_id"), confirmed_at__isnull=False)
    return _lines(scope, ~Exists(back), *conditions, payout__state=PayoutState.PAID, payout__paid_on__range=scope.days)


def _files(owner: type[Model], owner_id: str, kind: str = "") -> Exists:
    """Whether a file lies with the row; of one kind or of any."""
    kept = Attachment.objects.filter(owner_type=owner._meta.label, owner_id=OuterRef(owner_id), removed_at__isnull=True)
    return Exists(kept.filter(kind=kind) if kind else kept)


def _no_voucher(scope: Scope) -> QuerySet[FundsRaised]:
    return _funds(scope).filter(voucher="")


def _no_scan(scope: Scope) -> QuerySet[FundsRaised]:
    return _funds(scope).filter(~_files(FundsRaised, "pk"))


def _funds(scope: Scope) -> QuerySet[FundsRaised]:
    rows = FundsRaised.objects.not_reversed().filter(scope.of("union"), source__in=scope.sources)
    return rows.filter(received_on__range=scope.days)


def _standing(scope: Scope, union: str) -> QuerySet[Allocation]:
    """Allocations of their own: neither a payout's, nor taken back, nor the row that takes back."""
    rows = Allocation.objects.filter(scope.of(union), source__in=scope.sources, allocated_on__range=scope.days)
    return rows.not_reversed().filter(payout_ref="")


def _given_without_voucher(scope: Scope) -> QuerySet[Allocation]:
    return _standing(scope, "giver").filter(voucher="")


def _unconfirmed(scope: Scope) -> QuerySet[Allocation]:
    return _standing(scope, "receiver").filter(confirmed_on__isnull=True)


def _signed() -> Q:
    return Q(_files(PayoutBatch, "payout__batch_id", SIGNED)) | Q(_files(Payout, "payout_id", SIGNED))


def _billed() -> Q:
    batch = GoodsInvoice.objects.filter(batch=OuterRef("payout__batch_id"))
    return Q(Exists(batch)) | Q(Exists(GoodsInvoice.objects.filter(payout=OuterRef("payout_id"))))


def _sent() -> Q:
    return Q(Exists(BankFileLine.objects.filter(payout=OuterRef("payout_id"))))


def _no_sign_list(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope, ~_signed()).filter(route__in=(Route.CASH, Route.GOODS))


def _no_invoice(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope, ~_billed()).filter(route=Route.GOODS)


def _no_bank_file(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope, ~_sent()).filter(route__in=(Route.CARD, Route.PASSBOOK))


def lines_with_papers(scope: Scope) -> QuerySet[PayoutLine]:
    """Every line paid in the period, newest first, with `signed`, `billed`, `sent`, and the day it was taken back on."""
    back = PayoutReversal.objects.filter(payout=OuterRef("payout_id"), confirmed_at__isnull=False)
    rows = _lines(scope, payout__state=PayoutState.PAID, payout__paid_on__range=scope.days)
    rows = rows.annotate(opens=scope.opens("payout_id"), union_name=F("payout__union__name"))
    return rows.annotate(
        paid_day=F("payout__paid_on"),
        paper=F("payout__number"),
        who=Case(When(opens__isnull=False, then=F("payout__recipient")), default=Value(""), output_field=CharField()),
        signed=ExpressionWrapper(_signed(), BooleanField()),
        billed=ExpressionWrapper(_billed(), BooleanField()),
        sent=ExpressionWrapper(_sent(), BooleanField()),
        back_day=Subquery(back.values("reversed_on")[:1]),
    ).order_by("-paid_day", "-pk")


def raised_with_papers(scope: Scope) -> QuerySet[FundsRaised]:
    """Every row that came in or was taken back in the period, newest first, with whether it is `scanned`."""
    rows = FundsRaised.objects.filter(scope.of("union"), source__in=scope.sources, received_on__range=scope.days)
    return rows.annotate(scanned=_files(FundsRaised, "pk")).select_related("union").order_by("-received_on", "-pk")


def _no_dossier(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope).filter(source__in=HARDSHIP_SOURCES, payout__dossier__isnull=True)


def _before_opened(scope: Scope) -> QuerySet[PayoutLine]:
    late = Q(payout__dossier__opened_on__gte=F("payout__paid_on")) | Q(payout__dossier__opened_on__isnull=True)
    return _paid(scope, late).filter(payout__dossier__isnull=False)


def _no_number(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope).filter(source__in=HARDSHIP_SOURCES, payout__id_index="")


_CAPS = Q(rule__key__startswith="cap_") | Q(rule__key="case_decision")
_FUNDS = Q(rule__key="funds_cover")


def _went_past(keys: Q) -> Callable[[Scope], QuerySet[PayoutLine]]:
    def found(scope: Scope) -> QuerySet[PayoutLine]:
        return _paid(scope, Exists(RuleOverride.objects.filter(keys, payout=OuterRef("payout_id"))))

    return found


def _failed(scope: Scope) -> QuerySet[PayoutLine]:
    return _lines(scope, payout__state=PayoutState.FAILED, payout__planned_on__range=scope.days)


def _unsettled(scope: Scope) -> QuerySet[PayoutLine]:
    since = clock.db_now() - PATIENCE
    state = {"payout__state": PayoutState.RELEASED, "payout__released_at__lt": since}
    return _lines(scope, payout__planned_on__range=scope.days, **state)


def _reversal_waiting(scope: Scope) -> QuerySet[PayoutLine]:
    return _paid(scope, Exists(PayoutReversal.objects.filter(payout=OuterRef("payout_id"), confirmed_at__isnull=True)))


_PLANNED = "payout__planned_on"
_GONE_PAST = "已写明原因，由发放工会保管"
GAPS = (
    Gap("no_voucher", "筹集没有凭证号", "没有凭证号", _no_voucher, "funds", "received_on"),
    Gap("no_scan", "筹集没有凭证原件", "没有上传到账凭证", _no_scan, "funds", "received_on"),
    Gap("given_without_voucher", "拨付没有凭证号", "没有凭证号", _given_without_voucher, "given", "allocated_on"),
    Gap("unconfirmed", "拨付没有确认收到", "收款工会没有确认收到", _unconfirmed, "coming", "allocated_on"),
    Gap("no_sign_list", "现金、实物没有签收表", "没有上传签收表", _no_sign_list),
    Gap("no_invoice", "实物没有发票", "没有登记发票", _no_invoice),
    Gap("no_bank_file", "转账没有银行文件", "没有进过银行文件", _no_bank_file),
    Gap("no_dossier", "帮扶资金没有档案", "没有职工档案", _no_dossier),
    Gap("before_opened", "先发放、后建档", "建档日期不早于发放日期", _before_opened),
    Gap("no_number", "帮扶资金没有实名", "没有身份证号", _no_number),
    Gap("over_cap", "超过限额，写了原因", _GONE_PAST, _went_past(_CAPS), reason=_CAPS),
    Gap("short_of_funds", "余额不足，写了原因", _GONE_PAST, _went_past(_FUNDS), reason=_FUNDS),
    Gap("went_past", "其他提醒，写了原因", _GONE_PAST, _went_past(~_CAPS & ~_FUNDS), reason=~_CAPS & ~_FUNDS),
    Gap("failed", "发放失败，没有再办", "没有重新出账，也没有退回", _failed, day=_PLANNED),
    Gap("unsettled", "出账后没有结果", "出账超过 15 天，没有登记结果", _unsettled, day=_PLANNED),
    Gap("reversal_waiting", "冲正没有确认", "冲正等另一个人确认", _reversal_waiting),
)
OF: dict[str, Gap] = {gap.key: gap for gap in GAPS}
