"""A list of 50,000 payouts from Excel, check and write together, beside a bare loop that only does what cannot be left out.

Both on the same fresh PostgreSQL. The bare loop reads with the same guarded reader, looks each cell up in a dict, checks
numbers and doubles, makes the blind index, encrypts and inserts: once, while the product reads and checks twice, asks the
rules, the files and the ledger, reports and writes down what it did. The peak is that of the worker and its reader together.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from benchmarks import lists
from beneficiaries.importing import words
from beneficiaries.models import Payout, PayoutLine
from campaigns.models import FundsRaised
from relief.lib import clock, crypto, idnumber
from relief.lib.xlsx import read_workbook
from unions import actions
from unions.enums import JobState, Role, UnionKind
from unions.imports import jobs, resource_of
from unions.models import Person, Union

RATIO_GOAL, MEMORY_GOAL = 2.5, 512
HEAD = "姓名 身份证号 对象类别 发放日期 用途 资金来源 方式 金额（元） 实物名称 开户行 银行卡号 农民工 备注".split()
FIRST_DAY = date(2024, 1, 8)


def measure(rows: int) -> list[dict[str, Any]]:
    """One line for the time, one for the memory, one for the same list taken out as Excel (`lists`)."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
    person, union = _ground()
    with override_settings(RELIEF_IMPORT_ROWS=50_000):
        data = workbook(rows, 0)
        with Peak() as peak:
            seconds = _product(person, union, data)
        whole = sum(seconds)
        # before the bare loop adds its own: the list taken along is the one that came in
        listed = lists.measure(person, union)
        bare = _bare(person, union, workbook(rows, 1))
    return [
        {
            "name": f"import of {rows} payouts, dry run and write",
            "ms": round(whole * 1000),
            "check_ms": round(seconds[0] * 1000),
            "write_ms": round(seconds[1] * 1000),
            "bare_ms": round(bare * 1000),
            "ratio": round(whole / bare, 2),
            "ratio_goal": RATIO_GOAL,
        },
        {
            "name": f"peak memory of the import of {rows} payouts, worker and reader, MB",
            "mb": peak.megabytes,
            "ratio": round(peak.megabytes / MEMORY_GOAL, 2),
            "ratio_goal": 1,
        },
        listed,
    ]


class Peak(Thread):
    """Megabytes that this process and its children hold together at most while the block runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.megabytes, self.over = 0, Event()

    def run(self) -> None:
        me = os.getpid()
        while not self.over.wait(0.02):
            children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
            self.megabytes = max(self.megabytes, sum(map(_resident, [str(me), *children])) // 1024)

    def __enter__(self) -> Peak:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()


def _resident(pid: str) -> int:
    """Kilobytes; 0 for a process that has ended."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _ground() -> tuple[Person, Union]:
    """A union with one clerk and money enough."""
    union = actions.create_union(by=None, code="K1", name="测试县工会", kind=UnionKind.COUNTY, parent=None, phone="")
    person = actions.create_person(by=None, name="测试员", phone="")
    actions.grant_post(by=None, person=person, union=union, role=Role.ENTER)
    actions.create_account(by=None, person=person, username="bench", password="Bench-2024-mark", check=False)
    FundsRaised.objects.create(
        union=union,
        source="own_union",
        amount=Decimal(100_000_000),
        received_on=FIRST_DAY,
        entered_by=person,
        entered_at=clock.db_now(),
    )
    return Person.objects.get(pk=person.pk), union


def workbook(rows: int, series: int) -> bytes:
    """A list of so many people, each once; another series, other people."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("发放明细")
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(_rows(rows, series), 1):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def _rows(rows: int, series: int) -> Iterator[list[Any]]:
    groups, purposes = list(words.GROUPS)[:11], list(words.PURPOSES)[:9]
    for at in range(rows):
        born = date(1950 + series * 20, 1, 1) + timedelta(days=at // 999)
        number = idnumber.make("999901", born, at % 999)
        day = (FIRST_DAY + timedelta(days=at % 30)).isoformat()
        card = _card(at)
        yield [
            f"测试{at % 5000}", number, groups[at % 11], day, purposes[at % 9], "本级工会经费", "银行卡", 300 + at % 700, "",
            "测试银行青岬支行", card, "是" if at % 4 == 0 else "", "会议纪要第2项" if at % 3 == 0 else "",
        ]  # fmt: skip


def _card(at: int) -> str:
    body = f"622126{at:09}"
    doubled = (sum(divmod(int(digit) * 2, 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(body))
    return f"{body}{-sum(doubled) % 10}"


def _product(person: Person, union: Union, data: bytes) -> tuple[float, float]:
    """Seconds of the check and of the write, as the worker does them."""
    kind = resource_of("payouts")
    assert kind is not None
    upload = SimpleUploadedFile("发放明细.xlsx", data)
    start = time.perf_counter()
    job = jobs.start(by=person, union=union, resource=kind, upload=upload)
    jobs.run(job.pk)
    middle = time.perf_counter()
    job.refresh_from_db()
    if job.outcome.get("report", {}).get("faults", 1):
        raise SystemExit(f"the check found faults: {jobs.report_of(job)}")
    jobs.confirm(by=person, job=job)
    jobs.run(job.pk)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise SystemExit(f"the write failed: {job.outcome.get('message')}")
    return middle - start, time.perf_counter() - middle


def _bare(person: Person, union: Union, data: bytes) -> float:
    """Seconds of the bare loop."""
    start = time.perf_counter()
    sheet = read_workbook(data, jobs.list_profile()).sheets[0]
    places = {name: at for at, name in enumerate(sheet.rows[0])}
    now, seen, payouts, lines = clock.db_now(), set(), [], []
    for row in sheet.rows[1:]:
        cell = {name: row[at] if at < len(row) else None for name, at in places.items()}
        number, card = idnumber.normalise(cell["身份证号"]), idnumber.normalise_card(cell["银行卡号"])
        amount, day = Decimal(cell["金额（元）"]), date.fromisoformat(cell["发放日期"])
        index = crypto.blind_index(number, "id_number")
        key = (index, cell["用途"], day)
        if idnumber.fault(number) or idnumber.card_fault(card) or key in seen or amount <= 0 or len(cell["姓名"]) > 40:
            raise SystemExit("the bare loop found a fault")
        seen.add(key)
        payout = Payout(
            union=union, paid_from=union, recipient=cell["姓名"], id_number=number, id_index=index, household_index=index,
            bank=cell["开户行"], card_number=card, relief_group=words.GROUPS[cell["对象类别"]],
            purpose=words.PURPOSES[cell["用途"]], planned_on=day, farmer_worker=cell["农民工"] == "是",
            reason=cell["备注"] or "", entered_by=person, entered_at=now,
        )  # fmt: skip
        payout.number = payout.row_key
        payouts.append(payout)
        source, route = words.SOURCES[cell["资金来源"]], words.ROUTES[cell["方式"]]
        lines.append(PayoutLine(payout=payout, source=source, route=route, amount=amount))
    with transaction.atomic():
        Payout.objects.bulk_create(payouts, batch_size=1000)
        for line in lines:
            line.payout_id = line.payout.pk
        PayoutLine.objects.bulk_create(lines, batch_size=1000)
    return time.perf_counter() - start
