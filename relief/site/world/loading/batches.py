"""Batches: opened, filled and moved on through the same actions as on their pages, hop by hop, each at its own instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries import actions
from beneficiaries.actions import banking
from beneficiaries.actions.batch_entries import Recipient, of_households
from beneficiaries.actions.batch_steps import control
from beneficiaries.bankfiles.facts import bank_amount, examined, planned, seen_digest
from beneficiaries.banking import shipped
from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout, PayoutBatch
from relief.site.world.instants import at_hour, read_day
from relief.site.world.loading.cast import Cast, Timeline
from unions import idempotency
from unions.enums import Role
from unions.models import Person, Union

WAY = {
    "entered": (),
    "sent": ("send",),
    "reviewed": ("send", "review"),
    "approved": ("send", "review", "approve"),
    "seconded": ("send", "review", "approve", "second"),
    "released": ("send", "review", "approve", "release"),
    "in_file": ("send", "review", "approve", "release", "make_file"),
    "answered": ("send", "review", "approve", "release", "make_file", "answer"),
    "signed": ("send", "review", "approve", "sign"),
}
MINUTES = timedelta(minutes=5)
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def plan(cast: Cast, world: dict[str, Any], timeline: Timeline) -> None:
    """Put thresholds and batches on the timeline; the payouts of a batch come with it."""
    for place, row in enumerate(world.get("thresholds", [])):
        at = at_hour(read_day(row["valid_from"]), 8)
        timeline.add(at, f"$.thresholds[{place}]", lambda row=row: _threshold(cast, row))
    lines: dict[str, list[dict[str, Any]]] = {}
    for payout in world.get("payouts", []):
        if payout.get("batch"):
            lines.setdefault(payout["batch"], []).append(payout)
    for place, row in enumerate(world.get("batches", [])):
        batch = _Batch(cast, row, lines.get(row["key"], []))
        start = at_hour(read_day(row["planned_on"]), 9)
        for number, do in enumerate(batch.way()):
            timeline.add(start + number * MINUTES, f"$.batches[{place}]", do)


def _threshold(cast: Cast, row: dict[str, Any]) -> None:
    union = cast.unions[row["union"]]
    amounts = {name: Decimal(row[name]) if row.get(name) else None for name in ("per_payout", "per_batch")}
    actions.set_threshold(
        by=cast.person(row.get("by"), union, Role.APPROVE),
        union=union,
        origin=row["origin"],
        way=row.get("way", "upward"),
        valid_from=read_day(row["valid_from"]),
        **amounts,
    )


class _Batch:
    """One batch of the file with its lines, in the hands of those who do its steps."""

    def __init__(self, cast: Cast, row: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        self.cast, self.row, self.lines = cast, row, lines
        self.union: Union = cast.unions[row["union"]]
        self.batch = PayoutBatch()

    def way(self) -> list[Callable[[], None]]:
        """What is done with it, in order."""
        return [self.open, *(getattr(self, name) for name in WAY[self.row["reached"]])]

    def open(self) -> None:
        row, by = self.row, self._enterer()
        self.batch = actions.open_batch(
            by=by,
            union=self.union,
            campaign=self.cast.campaign(row.get("campaign")),
            title=row["title"],
            relief_group=row["group"],
            purpose=row["purpose"],
            planned_on=read_day(row["planned_on"]),
            source=row["source"],
            route=row["route"],
            amount=Decimal(row["amount"]) if row.get("amount") else None,
            item=row.get("item", ""),
            paid_from=self.cast.unions[row.get("paid_from") or row["union"]],
        )
        recipients = [self._recipient(place, line) for place, line in enumerate(self.lines, 1)]
        if recipients:
            actions.add_recipients(by=by, batch=self.batch, recipients=recipients)
        for line, payout in zip(self.lines, self.batch.payouts.order_by("pk"), strict=True):
            self.cast.payouts[line["key"]] = payout

    def _recipient(self, place: int, line: dict[str, Any]) -> Recipient:
        more: dict[str, Any] = {
            "line": place,
            "amount": Decimal(line["lines"][0]["amount"]),
            "reason": line.get("reason", ""),
        }
        if line.get("household"):
            (found,), _ = of_households(self.batch, [self.cast.dossiers[line["household"]]])
            return replace(found, **more)
        return Recipient(**{"id_number": "", **line["recipient"]}, traits=frozenset(line.get("traits", ())), **more)

    def _enterer(self) -> Person:
        return self.cast.person(self.row.get("by"), self.union, Role.ENTER)

    def _hand(self, place: str, role: str) -> tuple[Payout, Person]:
        """A line of the batch as it stands, and somebody in the role at the place who had no hand in it yet."""
        payout = self.batch.payouts.select_related(place).order_by("pk")[0]
        done = tuple(getattr(payout, f"{step}_by_id") for step in ("entered", "reviewed", "approved", "second"))
        return payout, self.cast.person(None, getattr(payout, place), role, not_by=done)

    def _step(self, run: Callable[..., str], name: str, by: Person) -> None:
        run(by=by, batch=self.batch, seen=control(self.batch, name).token, key=idempotency.new_key())

    def send(self) -> None:
        self._step(actions.plan_batch, "plan", self._enterer())

    def review(self) -> None:
        self._step(actions.review_batch, "review", self._hand("review_union", Role.REVIEW)[1])

    def approve(self) -> None:
        self._step(actions.approve_batch, "approve", self._hand("approve_union", Role.APPROVE)[1])

    def second(self) -> None:
        self._step(actions.second_batch, "second", self._hand("second_union", Role.APPROVE)[1])

    def release(self) -> None:
        self._step(actions.release_batch, "release", self._cashier())

    def _cashier(self) -> Person:
        return self._hand("pay_union", Role.PAY)[1]

    def make_file(self) -> None:
        rows = list(self.batch.payouts.prefetch_related("lines").order_by("pk"))
        banking.make_bank_files(
            by=self._cashier(),
            payouts=rows,
            layout=shipped()["generic"],
            count=len(rows),
            total=sum((bank_amount(payout) for payout in rows), Decimal(0)),
            key=idempotency.new_key(),
            batch=self.batch,
        )

    def answer(self) -> None:
        """The bank's result file as the world tells it: some lines came back."""
        bank_file, by = self.batch.bank_files.get(), self._cashier()
        said = [["序号", "处理结果", "失败原因"]]
        for serial, line in enumerate(self.lines, 1):
            failed = line["state"] == PayoutState.FAILED
            said.append([str(serial), "失败" if failed else "成功", line.get("failure", "") if failed else ""])
        data = "\r\n".join(",".join(row) for row in said).encode("gb18030")
        found, _ = examined(bank_file, data)
        result = banking.keep_result(by=by, bank_file=bank_file, data=data, control=found)
        seen = seen_digest(result, planned(result))
        banking.record_result(
            by=by, result=result, paid_on=self._paid_on(), seen=seen, partial=False, key=idempotency.new_key()
        )

    def sign(self) -> None:
        """The signed list is there, and whoever is paid in the world has signed it."""
        signed = [self.cast.payouts[line["key"]].pk for line in self.lines if line["state"] == PayoutState.PAID]
        actions.settle_signed(
            by=self._cashier(),
            batch=self.batch,
            signed=signed,
            paid_on=self._paid_on(),
            seen=control(self.batch, "settle").token,
            key=idempotency.new_key(),
            upload=SimpleUploadedFile("签收表.pdf", SCAN, content_type="application/pdf"),
        )

    def _paid_on(self) -> Any:
        return read_day(next(line["paid_on"] for line in self.lines if line.get("paid_on")))
