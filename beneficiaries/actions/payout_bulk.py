"""One act on many payouts inside one transaction: what every step of payouts shares (R-32, R-33, D22)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, F, Model, Value, When

from beneficiaries.actions.payouts import refuse_double
from beneficiaries.models import Payout, PayoutBatch
from beneficiaries.payouts.facts import for_checking
from beneficiaries.payouts.seal import sealed_facts
from relief.lib import clock
from relief.lib.money import to_fen
from unions import audit, idempotency
from unions.models import Person
from unions.policy import ACTS, Refused, Stale, require

Pair = tuple[Payout, int]
Values = Callable[[Payout], dict[str, Any]]
AT_MOST = 500
OWN = ("approved_mac", "snapshot")
"""What every payout gets of its own; all other values of a step are shared by many."""
LETTERS = {
    "payout.plan": "SS",
    "payout.review": "SH",
    "payout.approve": "SP",
    "payout.second": "ES",
    "payout.release": "CZ",
    "payout.settle": "FF",
}
"""What a receipt begins with: 送审, 审核, 审批, 二审, 出账, 发放."""


class Bulk:
    """Loads, checks, moves by compare-and-swap, and writes one audit row.

    With a `batch` the audit row is the batch's, and names it instead of every payout.
    """

    def __init__(
        self,
        *,
        by: Person,
        act: str,
        payouts: Sequence[Pair],
        key: str | None = None,
        body: Iterable[Any] = (),
        batch: PayoutBatch | None = None,
    ) -> None:
        self.by, self.act, self.batch = by, act, batch
        seen = {payout.pk: version for payout, version in payouts}
        if not seen:
            raise Refused("没有选中任何发放。", "请先在列表里勾选。", status=422, act=act)
        if len(seen) > AT_MOST:
            raise Refused(f"一次最多办理 {AT_MOST} 笔，现在选了 {len(seen)} 笔。", "请分批办理。", status=422, act=act)
        self.answered, self.receipt, self._claim = False, "", None
        if key is not None:
            self._claim, new = idempotency.claim(by=by, act=act, key=key, body=[sorted(seen.items()), *body])
            self.answered = not new
            self.receipt = f"{LETTERS[act]}{clock.today():%Y%m%d}-{self._claim.pk:06d}" if new else self._claim.receipt
        if not self.answered:
            self.rows = self._load(seen)

    def _load(self, seen: dict[int, int]) -> list[Payout]:
        rows = list(for_checking().filter(pk__in=seen).order_by("pk"))
        for payout in rows:
            require(self.by, self.act, payout)
        stale = [
            (row.number, f"第 {row.version} 版", f"第 {seen[row.pk]} 版") for row in rows if row.version != seen[row.pk]
        ]
        if stale or len(rows) != len(seen):
            raise Stale(stale or [("发放", "已删除", "选中")], act=self.act, obj=rows[0] if rows else None)
        return rows

    @property
    def obj(self) -> Model | None:
        """What the audit row and a refusal point at."""
        return self.batch or (self.rows[0] if len(self.rows) == 1 else None)

    def refused(self, reason: str, next_step: str) -> Refused:
        return Refused(reason, next_step, act=self.act, obj=self.obj)

    def move(self, values: Values) -> None:
        """Change the rows only if each is still in the state and version that was checked.

        Rows that get the same values are changed together; only what is a row's own (`OWN`) differs in one update.
        """
        after = ACTS.get(self.act).after  # type: ignore[union-attr]
        own: dict[int, dict[str, Any]] = {}
        groups: dict[tuple[Any, ...], tuple[dict[str, Any], list[Payout]]] = {}
        for payout in self.rows:
            shared = {"state": after or payout.state, **values(payout)}
            own[payout.pk] = {name: shared.pop(name) for name in OWN if name in shared}
            kind = (payout.state, payout.version, *((name, shared[name]) for name in sorted(shared)))
            groups.setdefault(kind, (shared, []))[1].append(payout)
        for shared, rows in groups.values():
            self._change(rows, shared)
        for name in OWN:
            self._write_own(name, {pk: held[name] for pk, held in own.items() if name in held})

    def _change(self, rows: list[Payout], shared: dict[str, Any]) -> None:
        found = Payout.objects.filter(
            pk__in=[row.pk for row in rows], state=rows[0].state, version=rows[0].version
        ).order_by()
        try:
            with transaction.atomic():
                updated = found.update(version=F("version") + 1, **shared)
        except IntegrityError as fault:
            if "one_payout_per" not in str(fault) and "payout.id_index" not in str(fault):
                raise
            if len(rows) == 1:
                raise refuse_double(rows[0]) from None
            for row in rows:
                self._change([row], shared)
            return
        if updated != len(rows):
            which = f"发放 {rows[0].number} " if len(rows) == 1 else f"选中的发放里有 {len(rows) - updated} 笔"
            raise self.refused(f"{which}刚刚已由别人办理，没有重复办理。", "请刷新列表，按最新状态办理。")

    def _write_own(self, name: str, held: dict[int, Any]) -> None:
        """One value per row, inside the transaction that has just moved the rows."""
        if name == "approved_mac" and len(held) > 1:
            cases = [When(pk=pk, then=Value(value)) for pk, value in held.items()]
            Payout.objects.filter(pk__in=held).update(**{name: Case(*cases, output_field=CharField())})
            return
        for pk, value in held.items():
            # a sealed value takes no expression: this one costs an update per row that differs
            Payout.objects.filter(pk=pk).update(**{name: value})

    def finish(self, **detail: Any) -> str:
        """Write the audit row with count, sum and digest, keep the receipt and return it (D22)."""
        unions = {payout.union_id: payout.union for payout in self.rows}
        which = {"batch": self.batch.number} if self.batch else {"numbers": [payout.number for payout in self.rows]}
        audit.record(
            act=self.act,
            by=self.by,
            union=next(iter(unions.values())) if len(unions) == 1 else None,
            obj=self.obj,
            after=[sealed_facts(payout) for payout in self.rows],
            detail={
                "count": len(self.rows),
                "fen": sum(to_fen(line.amount) for payout in self.rows for line in payout.lines.all()),
                **which,
                "receipt": self.receipt,
                **detail,
            },
            money=True,
        )
        if self._claim is not None:
            idempotency.remember(self._claim, self.receipt)
        return self.receipt
