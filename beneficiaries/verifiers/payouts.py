"""What `manage.py verify` checks about payouts; findings name rows, never people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from beneficiaries.enums import PayoutState, RuleEffect
from beneficiaries.funds import balances
from beneficiaries.models import FundRule, Payout
from beneficiaries.payouts.facts import for_checking
from beneficiaries.payouts.seal import is_sealed
from campaigns.enums import FundSource
from campaigns.models import Allocation
from relief.lib import crypto
from unions.models import Union
from unions.registry import Finding, register_verifier

TABLE = Payout._meta.db_table
SEALED_STATES = (PayoutState.APPROVED, PayoutState.RELEASED, PayoutState.PAID, PayoutState.FAILED)
CHUNK = 1000
KEEPS = ("dossier_required", "route_allowed", "real_name", "purpose_allowed", "banned_goods")


def register() -> None:
    """Add the checks; called once when Django starts."""
    register_verifier("payout_seal", payout_seal)
    register_verifier("payout_lines", payout_lines)
    register_verifier("payout_index", payout_index)
    register_verifier("payout_allocation", payout_allocation)
    register_verifier("fund_balance", fund_balance)
    register_verifier("fund_rules", fund_rules)


def payout_seal() -> Iterator[Finding]:
    """Every approved payout is still what was approved (R-20)."""
    for payout in for_checking().filter(state__in=SEALED_STATES).order_by("pk").iterator(chunk_size=CHUNK):
        if not is_sealed(payout):
            yield Finding("payout_seal", TABLE, payout.number, "发放的对象、金额或账号与审批时不一致")


def payout_lines() -> Iterator[Finding]:
    """A payout that left the draft hands out something."""
    rows = Payout.objects.exclude(state=PayoutState.DRAFT).filter(lines__isnull=True).order_by("pk")
    for number in rows.values_list("number", flat=True).iterator(chunk_size=CHUNK):
        yield Finding("payout_lines", TABLE, number, "发放没有款物")


def payout_index() -> Iterator[Finding]:
    """The blind index belongs to the sealed number, so that persons are counted rightly."""
    for payout in Payout.objects.order_by("pk").iterator(chunk_size=CHUNK):
        try:
            wanted = crypto.blind_index(payout.id_number, "id_number", payout.id_index_generation)
        except crypto.Tampered:
            yield Finding("payout_index", TABLE, payout.number, "身份证号的密文被改动，无法解开")
            continue
        if payout.id_index != wanted:
            yield Finding("payout_index", TABLE, payout.number, "身份证号与去重索引不符")


def payout_allocation() -> Iterator[Finding]:
    """Money of another union came by an allocation of the same amount per source (D6)."""
    wanted: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for payout in for_checking().counted().order_by("pk").iterator(chunk_size=CHUNK):
        if payout.paid_from_id != payout.union_id:
            for line in payout.lines.all():
                wanted[payout.number][line.source] += line.amount
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = Allocation.objects.filter(payout_ref__startswith="FF-").values_list("payout_ref", "source", "amount")
    for number, source, amount in rows.iterator(chunk_size=CHUNK):
        found[number][source] += amount
    for number in sorted(wanted.keys() | found.keys()):
        if wanted[number] != {source: amount for source, amount in found[number].items() if amount}:
            yield Finding("payout_allocation", TABLE, number, "出资工会的拨付与发放金额不符")


def fund_balance() -> Iterator[Finding]:
    """No source is overdrawn unless every unsettled payout on it says why."""
    unions = dict(Union.objects.order_by("code").values_list("pk", "code"))
    explained = set(
        Payout.objects.exclude(reason="").values_list("union_id", "lines__source").distinct()
    )  # fmt: skip
    for union_id, sources in balances.balances(unions).items():
        for source, funds in sources.items():
            if funds.balance < 0 and (union_id, source) not in explained:
                label = FundSource(source).label
                yield Finding(
                    "fund_balance", Union._meta.db_table, unions[union_id], f"{label}余额为负，且没有写明原因"
                )


def fund_rules() -> Iterator[Finding]:
    """The rules that protect central and provincial money are there and in force."""
    shipped = FundRule.objects.filter(campaign=None, scope=None, effect=RuleEffect.REFUSE, valid_to=None)
    held = set(shipped.values_list("key", flat=True))
    for key in KEEPS:
        if key not in held:
            yield Finding("fund_rules", FundRule._meta.db_table, key, "资金规则缺失或已停用")
