"""Bank batch files: own layouts, the files made for released payouts with their lines, and what the bank answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.bankfiles.querysets import BankFileQuerySet, BankProfileQuerySet, OfBankFileQuerySet
from beneficiaries.banking.layouts import KINDS
from beneficiaries.models.batches import PayoutBatch
from beneficiaries.models.payouts import Payout
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class BankProfile(models.Model):
    """A union's own layout of a bank batch file; the shipped ones are data of the system (fixtures/codes)."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="工会")
    base = models.SlugField("依据的方案", max_length=40)
    title = models.CharField("方案名称", max_length=60)
    layout = models.JSONField("列和限制", default=dict)
    subtree = models.BooleanField("下级工会也用", default=False)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = BankProfileQuerySet.as_manager()
    classes = field_classes(L2="id union base title layout subtree changed_by changed_at retired_at version")

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["union", "title"],
                condition=Q(retired_at__isnull=True),
                name="one_bank_profile_per_union_and_title",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BankFile(models.Model):
    """One file as it goes to the bank: layout, count and sum as they were. Its bytes are made anew from its lines."""

    number = models.CharField("文件编号", max_length=40, unique=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="bank_files", verbose_name="出纳所在工会")
    paid_from = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="出资工会")
    batch = models.ForeignKey(
        PayoutBatch, models.PROTECT, null=True, blank=True, related_name="bank_files", verbose_name="发放批次"
    )
    profile = models.CharField("方案", max_length=60)
    layout = models.JSONField("当时的列和限制", default=dict)
    kind = models.CharField("文件类型", max_length=4, choices=list(KINDS.items()))
    part = models.PositiveSmallIntegerField("第几份", default=1)
    of_parts = models.PositiveSmallIntegerField("共几份", default=1)
    count = models.PositiveIntegerField("笔数")
    total = MoneyField("金额（元）")
    digest = models.CharField(max_length=80)
    check_code = models.CharField("核对码", max_length=16, blank=True)
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    reason = models.CharField("再做一份的原因", max_length=120, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="出盘")
    made_at = models.DateTimeField()
    taken = models.PositiveIntegerField("下载次数", default=0)

    objects = BankFileQuerySet.as_manager()
    classes = field_classes(
        L2="id number union paid_from batch profile layout kind part of_parts count total digest check_code copy_of reason made_by made_at"
        " taken"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "银行文件"
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0) & Q(total__gt=0), name="bank_file_has_lines_and_money"),
            models.CheckConstraint(condition=Q(part__gte=1, part__lte=F("of_parts")), name="bank_file_part_of_all"),
            models.CheckConstraint(
                condition=Q(copy_of__isnull=True) | ~Q(reason=""), name="copy_of_bank_file_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BankFileLine(models.Model):
    """One payout in a bank file, bound to the release it was made for: released again, it may go into a new file."""

    bank_file = models.ForeignKey(BankFile, models.CASCADE, related_name="lines")
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="bank_lines")
    serial = models.PositiveIntegerField("序号")
    release = models.CharField("出账回执", max_length=40)
    amount = MoneyField("金额（元）")
    copied = models.BooleanField(default=False)

    objects = OfBankFileQuerySet.as_manager()
    classes = field_classes(L2="id bank_file payout serial release amount copied")

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["bank_file", "serial"], name="one_bank_line_per_serial"),
            models.UniqueConstraint(
                fields=["payout", "release"],
                condition=Q(copied=False),
                name="one_bank_file_per_payout_and_release",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_is_positive"),
        ]


class BankResult(models.Model):
    """A result file of the bank as it was read: per line what became of it; nothing is recorded until it is confirmed."""

    bank_file = models.ForeignKey(BankFile, models.PROTECT, related_name="results")
    digest = models.CharField(max_length=80)
    outcomes = models.JSONField("逐笔结果", default=list)
    returned = models.PositiveIntegerField("回盘笔数")
    returned_total = MoneyField("回盘金额（元）")
    read_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="读入")
    read_at = models.DateTimeField()
    paid_on = models.DateField("到账日期", null=True, blank=True)
    applied_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = OfBankFileQuerySet.as_manager()
    classes = field_classes(
        L2="id bank_file digest returned returned_total read_by read_at paid_on applied_by applied_at", L3="outcomes"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["bank_file", "digest"], name="one_reading_per_result_file"),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(applied_by__isnull=False, paid_on__isnull=False),
                name="recorded_result_has_person_and_day",
            ),
        ]
