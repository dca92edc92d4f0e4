"""Bank files: made for released payouts, made again knowingly, taken away, and answered by the bank (R-09, R-32, D22)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.actions.payout_steps import settle_payouts
from beneficiaries.bankfiles.facts import (
    CONTRARY,
    FAIL,
    OPEN,
    SAME,
    SETTLE,
    PlannedLine,
    amount_of,
    check_code,
    content_digest,
    fen_of,
    file_digest,
    lines_of,
    planned,
    seen_digest,
    transfers_of,
    with_everything,
)
from beneficiaries.banking import Control, Layout, from_json, layout_faults, line_faults, parts, render, to_json
from beneficiaries.enums import PayoutState
from beneficiaries.models import BankFile, BankFileLine, BankResult, Payout, PayoutBatch
from beneficiaries.payouts.seal import is_sealed, sealed_facts
from relief.lib import clock
from relief.lib.money import to_fen
from unions import audit, idempotency
from unions.models import Person
from unions.policy import Refused, Stale, require
from unions.words import refuse_numbers

AT_MOST = 2000
DANGER = "同一笔再交给银行一次，可能付两次。"
CHANGED = "打开页面之后，这些发放有了变化，没有做文件。"


def make_bank_files(
    *,
    by: Person,
    payouts: Sequence[Payout],
    layout: Layout,
    count: int,
    total: Decimal,
    key: str,
    batch: PayoutBatch | None = None,
) -> list[BankFile]:
    """Return the files for these released payouts, cut at the layout's limit; each release goes into one file only.

    `count` and `total` are the control totals that were on the page.
    """
    pks = [payout.pk for payout in payouts]
    body = [pks, to_json(layout), count, to_fen(total)]
    with transaction.atomic():
        claim, new = idempotency.claim(by=by, act="bank.make", key=key, body=body)
        if not new:
            return list(BankFile.objects.filter(number__startswith=f"{claim.receipt}-").order_by("part"))
        rows = _releasable(by, pks)
        transfers = transfers_of(rows)
        _refuse_faults(layout, transfers, "bank.make")
        real = sum((each.amount for each in transfers), Decimal(0))
        if (len(rows), real) != (count, total):
            raise Refused(CHANGED, "请刷新页面，核对笔数和金额后再做。", act="bank.make")
        series = f"YH{clock.today():%Y%m%d}-{claim.pk:06d}"
        files = _write_files(by, series, rows, layout, batch=batch)
        audit.record(
            act="bank.make", by=by, union=rows[0].pay_union, obj=files[0] if len(files) == 1 else None,
            after=[each.digest for each in files], money=True,
            detail={"count": len(rows), "fen": to_fen(real), "files": [each.number for each in files],
                    "numbers": [row.number for row in rows], "profile": layout.title},
        )  # fmt: skip
        idempotency.remember(claim, series)
    return files


def copy_bank_file(*, by: Person, bank_file: BankFile, reason: str, key: str) -> BankFile:
    """Return a second file for the lines that still wait for their result; on record with its reason."""
    require(by, "bank.copy", bank_file)
    reason = reason.strip()
    if not reason or len(reason) > 120:
        raise _refused("再做一份须写明原因（120 字以内）。", DANGER, bank_file, "bank.copy", status=422)
    refuse_numbers(reason, "原因", "发放编号", act="bank.copy", obj=bank_file)
    with transaction.atomic():
        claim, new = idempotency.claim(by=by, act="bank.copy", key=key, body=[bank_file.pk, reason])
        if not new:
            return BankFile.objects.get(number=f"{claim.receipt}-1")
        lines = [line for line in lines_of(bank_file) if _waits(line)]
        if not lines:
            raise _refused("这份文件的每一笔都有结果了，不用再做。", DANGER, bank_file, "bank.copy")
        rows = _releasable(by, [line.payout_id for line in lines])
        layout = from_json(bank_file.layout)
        _refuse_faults(layout, transfers_of(rows), "bank.copy")
        series = f"YH{clock.today():%Y%m%d}-{claim.pk:06d}"
        (copy,) = _write_files(by, series, rows, layout, batch=bank_file.batch, original=bank_file, reason=reason)
        audit.record(
            act="bank.copy", by=by, union=bank_file.union, obj=copy, after=[copy.digest], money=True,
            detail={"count": copy.count, "fen": to_fen(copy.total), "files": [copy.number], "of": bank_file.number},
        )  # fmt: skip
        idempotency.remember(claim, series)
    return copy


def take_bank_file(*, by: Person, bank_file: BankFile) -> bytes:
    """The bytes for the bank, made anew from the lines; every time is on record.

    Refused when a line has a result or was changed: such a file must not reach the bank.
    """
    require(by, "bank.take", bank_file)
    layout = from_json(bank_file.layout)
    with transaction.atomic():
        lines = lines_of(bank_file)
        done = [line for line in lines if not _waits(line)]
        if done:
            raise _refused(
                f"这份文件里有 {len(done)} 笔已有结果或已退回重办，不能再下载。",
                f"{DANGER}没有结果的几笔，请用“再做一份”。",
                bank_file,
                "bank.take",
            )
        transfers = transfers_of(line.payout for line in lines)
        if content_digest(layout, transfers) != bank_file.digest or not all(is_sealed(each.payout) for each in lines):
            raise _refused(
                "完整性异常：文件内容与做文件时不一致，不能下载。",
                "请联系系统管理员做完整性检查。",
                bank_file,
                "bank.take",
            )
        BankFile.objects.filter(pk=bank_file.pk).update(taken=F("taken") + 1)
        audit.record(
            act="bank.take", by=by, union=bank_file.union, obj=bank_file, fields=["card_number", "recipient"],
            detail={"number": bank_file.number, "count": len(lines), "fen": fen_of(lines)}, money=True,
        )  # fmt: skip
    return render(layout, transfers)


def keep_result(*, by: Person, bank_file: BankFile, data: bytes, control: Control) -> BankResult:
    """Keep what a faultless result file says, line by line; nothing is recorded yet. The same file is kept once.

    Neither the file nor an account number is kept.
    """
    require(by, "bank.read_result", bank_file)
    if control.faults:
        raise _refused(
            "结果文件里还有错误，没有读入。", "请改正后重新上传。", bank_file, "bank.read_result", status=422
        )
    with transaction.atomic():
        result, new = BankResult.objects.get_or_create(
            bank_file=bank_file,
            digest=file_digest(data),
            defaults={
                "outcomes": [[line.serial, line.outcome, line.reason] for line in control.lines],
                "returned": control.returned,
                "returned_total": control.returned_amount,
                "read_by": by,
                "read_at": clock.db_now(),
            },
        )
        if new:
            audit.record(
                act="bank.read_result", by=by, union=bank_file.union, obj=result, after=result.outcomes, money=True,
                detail={"number": bank_file.number, "count": control.returned, "fen": to_fen(control.returned_amount),
                        "missing": len(control.missing)},
            )  # fmt: skip
    return result


def record_result(
    *, by: Person, result: BankResult, paid_on: datetime.date, seen: str, partial: bool, key: str
) -> dict[str, int]:
    """Record the bank's answer: what succeeded is paid, what failed waits for a retry. Returns the lines per effect.

    All in one transaction. `seen` is what the page showed; `partial` accepts that lines have no outcome yet.
    """
    require(by, "bank.record_result", result)
    with transaction.atomic():
        waits = BankResult.objects.filter(pk=result.pk, applied_at__isnull=True)
        if waits.update(applied_by=by, applied_at=clock.db_now(), paid_on=paid_on) != 1:
            raise _refused("这份结果已经登记过，没有重复登记。", "请刷新页面查看。", result, "bank.record_result")
        lines = planned(result)
        if seen_digest(result, lines) != seen:
            raise Stale([("逐笔结果", "有了变化", "打开页面时")], act="bank.record_result", obj=result)
        counts = {effect: amount_of(lines, effect)[0] for effect in (SETTLE, FAIL, SAME, CONTRARY, OPEN)}
        if counts[OPEN] and not partial:
            raise _refused(
                f"有 {counts[OPEN]} 笔没有结果，没有登记。",
                "请向银行要完整的结果文件；先登记已返回的，请勾选“先登记已返回的”。",
                result,
                "bank.record_result",
                status=422,
            )
        if not counts[SETTLE] and not counts[FAIL]:
            raise _refused("这份结果里没有要登记的。", "每一笔都登记过，或还没有结果。", result, "bank.record_result")
        good = [each.payout for each in lines if each.effect == SETTLE]
        if good:
            settle_payouts(by=by, payouts=[(each, each.version) for each in good], paid_on=paid_on, key=key)
        _fail(by, [each for each in lines if each.effect == FAIL])
        audit.record(
            act="bank.record_result", by=by, union=result.bank_file.union, obj=result, after=result.outcomes,
            detail={"number": result.bank_file.number, **counts, "fen": to_fen(amount_of(lines, SETTLE)[1]),
                    "paid_on": paid_on.isoformat()},
            money=True,
        )  # fmt: skip
    return counts


def _releasable(by: Person, pks: Sequence[int]) -> list[Payout]:
    """The payouts in this order, each allowed, unaltered, and of one fund; refused otherwise."""
    if not pks:
        raise Refused("没有选中任何发放。", "请先选择已出账的发放。", status=422, act="bank.make")
    if len(pks) > AT_MOST:
        raise Refused(f"一次最多 {AT_MOST} 笔。", "请分批做文件。", status=422, act="bank.make")
    found = {payout.pk: payout for payout in with_everything(Payout.objects.filter(pk__in=pks))}
    if len(found) != len(pks):
        raise Refused(CHANGED, "请刷新页面。", act="bank.make")
    rows = [found[pk] for pk in pks]
    for payout in rows:
        require(by, "bank.make", payout)
        if not is_sealed(payout):
            raise Refused(
                f"完整性异常：发放 {payout.number} 的内容与审批时不一致，已停止办理。",
                "请联系系统管理员做完整性检查。",
                act="bank.make",
            )
    if len({(row.paid_from_id, row.pay_union_id) for row in rows}) > 1:
        raise Refused(
            "这些发放由不同的工会出资。", "一个文件只能从一个账户付款，请分开做。", status=422, act="bank.make"
        )
    return rows


def _refuse_faults(layout: Layout, transfers, act: str) -> None:
    wrong = layout_faults(layout)
    if wrong:
        raise Refused(f"方案“{layout.title}”还不能用：{''.join(wrong[:3])}", "请先改好方案。", status=422, act=act)
    bad = [fault for fault in line_faults(layout, transfers) if not fault.warning]
    if bad:
        told = "".join(f"发放 {fault.number}：{fault.says}" for fault in bad[:5])
        more = f"（另有 {len(bad) - 5} 处）" if len(bad) > 5 else ""
        raise Refused(told + more, "改正以前一笔也不写进文件。", status=422, act=act)


def _write_files(
    by: Person,
    series: str,
    rows: Sequence[Payout],
    layout: Layout,
    *,
    batch: PayoutBatch | None = None,
    original: BankFile | None = None,
    reason: str = "",
) -> list[BankFile]:
    now, by_number = clock.db_now(), {row.number: row for row in rows}
    cut = parts(transfers_of(rows), layout.max_lines)
    files = []
    for place, part in enumerate(cut, 1):
        bank_file = BankFile(
            number=f"{series}-{place}",
            union=rows[0].pay_union,
            paid_from=rows[0].paid_from,
            batch=batch,
            profile=layout.title,
            layout=to_json(layout),
            kind=layout.kind,
            part=place,
            of_parts=len(cut),
            count=len(part),
            total=sum((each.amount for each in part), Decimal(0)),
            digest=content_digest(layout, part),
            check_code=check_code(part),
            copy_of=original,
            reason=reason,
            made_by=by,
            made_at=now,
        )
        bank_file.save(force_insert=True)
        _write_lines(bank_file, [(each.serial, by_number[each.number], each.amount) for each in part])
        files.append(bank_file)
    return files


def _write_lines(bank_file: BankFile, lines: Sequence[tuple[int, Payout, Decimal]]) -> None:
    rows = [
        BankFileLine(
            bank_file=bank_file,
            payout=payout,
            serial=serial,
            release=payout.receipt,
            amount=amount,
            copied=bank_file.copy_of_id is not None,
        )
        for serial, payout, amount in lines
    ]
    try:
        with transaction.atomic():
            BankFileLine.objects.bulk_create(rows)
    except IntegrityError as fault:
        if "one_bank_file_per_payout" not in str(fault) and "bankfileline.payout_id" not in str(fault):
            raise
        raise Refused(
            f"这几笔里有的已经做过银行文件，没有再做。{DANGER}",
            "请在银行文件列表里找到原来的文件；确要再做，用那一份上的“再做一份”。",
            act="bank.make",
        ) from None


def _waits(line: BankFileLine) -> bool:
    """Whether the payout is still out under the release the line was made for."""
    return line.payout.state == PayoutState.RELEASED and line.payout.receipt == line.release


def _fail(by: Person, lines: Sequence[PlannedLine]) -> None:
    """Turn the lines to failed with the bank's words, reason by reason, and write one audit row."""
    if not lines:
        return
    reasons: dict[str, list[Payout]] = defaultdict(list)
    for each in lines:
        require(by, "payout.fail", each.payout)
        reasons[each.reason].append(each.payout)
    for reason, payouts in reasons.items():
        still = Payout.objects.filter(
            pk__in=[payout.pk for payout in payouts],
            state=PayoutState.RELEASED,
            receipt__in={payout.receipt for payout in payouts},
        )
        if still.update(state=PayoutState.FAILED, failure=reason, version=F("version") + 1) != len(payouts):
            raise Refused("刚刚有人办理了其中的发放，没有登记。", "请刷新页面，按最新状态办理。", act="payout.fail")
    rows = [each.payout for each in lines]
    unions = {row.union_id: row.union for row in rows}
    audit.record(
        act="payout.fail", by=by, union=next(iter(unions.values())) if len(unions) == 1 else None,
        obj=rows[0] if len(rows) == 1 else None, after=[sealed_facts(row) for row in rows], money=True,
        detail={"count": len(rows), "fen": sum(to_fen(each.line.amount) for each in lines),
                "numbers": [row.number for row in rows]},
    )  # fmt: skip


def _refused(reason: str, next_step: str, obj: BankFile | BankResult, act: str, *, status: int = 409) -> Refused:
    return Refused(reason, next_step, status=status, act=act, obj=obj)


__all__ = ["copy_bank_file", "keep_result", "make_bank_files", "record_result", "take_bank_file"]
