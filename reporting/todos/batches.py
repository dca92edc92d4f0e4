"""What waits for a person around payout batches and bank files; joins the other todos. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse

from beneficiaries.bankfiles.facts import waiting
from beneficiaries.enums import PayoutState
from beneficiaries.models import BankFile, BankFileLine, BankResult, Payout
from reporting.todos import Todo, payout_steps, planned_words
from unions.enums import Role
from unions.models import Person

MOST = 12
"""Batches, files or results told one by one; their own lists show all."""
WORDS = {
    "draft": ("批次待送审", "继续制单", ""),
    "review": ("批次待审核", "核对并审核", "warn"),
    "approve": ("批次待审批", "核对并审批", "warn"),
    "second": ("批次待第二审批", "核对并审批", "warn"),
    "release": ("批次待发放", "去发放", "warn"),
    "failed": ("银行退回，待重发", "核对后重发", "bad"),
}
"""Title, verb and tone by the key of the step; what lies at the bank is told with its bank file."""


def batches(person: Person, now: datetime) -> Iterator[Todo]:
    """Batches with lines that wait for a step of this person, one todo per batch and step (one query)."""
    steps = {key: condition for key, condition, *_ in payout_steps(person) if key in WORDS}
    if not steps:
        return
    mine = Payout.objects.visible_to(person).filter(reduce(or_, steps.values()), batch__isnull=False)
    heads = mine.order_by().values("batch", "batch__title", "batch__number")
    counts = {f"n_{key}": Count("pk", filter=condition) for key, condition in steps.items()}
    days = {f"on_{key}": Min("planned_on", filter=condition) for key, condition in steps.items()}
    for row in heads.annotate(**counts, **days).order_by("-batch")[:MOST]:
        for key in steps:
            if row[f"n_{key}"]:
                title, verb, tone = WORDS[key]
                said = f"{row['batch__number']}，{row[f'n_{key}']} 笔"
                text, due = planned_words(said, row[f"on_{key}"], "计划", now)
                url = reverse("batch_detail", args=[row["batch"]])
                yield Todo(f"{title}：{row['batch__title']}", text, url, verb, "banknotes", tone, due, "计划发放")


def bank(person: Person) -> Iterator[Todo]:
    """What a cashier does with the bank: make files, read answers, record them."""
    unions = person.union_ids({Role.PAY})
    if not unions:
        return
    count = waiting(person).exclude(entered_by=person).count()
    if count:
        yield Todo(
            f"待做银行文件 {count} 笔",
            "已出账，还没有交银行",
            reverse("bank_file_new"),
            "做银行文件",
            "banknotes",
            "warn",
        )
    still = Q(payout__state=PayoutState.RELEASED, payout__receipt=F("release"))
    open_lines = BankFileLine.objects.filter(still, bank_file=OuterRef("pk"))
    unread = BankResult.objects.filter(bank_file=OuterRef("pk"), applied_at__isnull=True)
    files = BankFile.objects.visible_to(person).filter(Exists(open_lines), ~Exists(unread), union__in=unions)
    for file in files.filter(copies__isnull=True).select_related("batch")[:MOST]:
        what = f"，{file.batch.title}" if file.batch is not None else ""
        yield Todo(
            "银行回盘待读入", f"{file.number}，{file.count} 笔{what}", reverse("bank_file", args=[file.pk]),
            "读入银行结果", "building-library",
        )  # fmt: skip
    results = BankResult.objects.visible_to(person).filter(bank_file__union__in=unions, applied_at__isnull=True)
    for result in results.select_related("bank_file")[:MOST]:
        yield Todo(
            "银行结果待登记", f"{result.bank_file.number}，{result.returned} 笔", reverse("bank_result", args=[result.pk]),
            "核对并登记", "building-library", "warn",
        )  # fmt: skip
