"""Payout batches (发放批次): many payouts prepared, decided and handed out together, and the papers that go with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from beneficiaries.enums import Purpose, ReliefGroup, Route, ThresholdWay
from beneficiaries.models.payouts import Payout
from beneficiaries.querysets import GoodsInvoiceQuerySet, OfPayoutQuerySet, PayoutBatchQuerySet, ThresholdQuerySet
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib.crypto import EncryptedTextField, new_row_key
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class PayoutBatch(models.Model):
    """One list of payouts of one union, for one occasion, source and route; what it holds are the values of new lines.

    Its state is read from its payouts and never stored.
    """

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    number = models.CharField("批次号", max_length=40, unique=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="payout_batches", verbose_name="发放工会")
    paid_from = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="出资工会")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="payout_batches", verbose_name="活动"
    )
    title = models.CharField("批次名称", max_length=60)
    relief_group = models.CharField("对象类别", max_length=20, choices=ReliefGroup)
    purpose = models.CharField("用途", max_length=12, choices=Purpose)
    planned_on = models.DateField("计划发放日期")
    source = models.CharField("资金来源", max_length=16, choices=FundSource)
    route = models.CharField("方式", max_length=10, choices=Route)
    amount = MoneyField("每笔金额或折价（元）", null=True, blank=True)
    item = models.CharField("实物名称", max_length=60, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="开立人")
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PayoutBatchQuerySet.as_manager()
    classes = field_classes(
        L2="id row_key number union paid_from campaign title relief_group purpose planned_on source route amount item"
        " entered_by entered_at version"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "发放批次"
        constraints = [
            models.CheckConstraint(condition=Q(relief_group__in=ReliefGroup.values), name="batch_group_is_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="batch_purpose_is_known"),
            models.CheckConstraint(condition=Q(source__in=FundSource.values), name="batch_source_is_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="batch_route_is_known"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="batch_amount_is_positive"),
            models.CheckConstraint(condition=~Q(route=Route.GOODS) | ~Q(item=""), name="batch_goods_are_named"),
        ]

    def __str__(self) -> str:
        return self.number


class PayoutProxy(models.Model):
    """代领: who collected cash or goods for the recipient, as the signed list says."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    payout = models.OneToOneField(Payout, models.CASCADE, related_name="proxy")
    name = models.CharField("代领人", max_length=40)
    relation = models.CharField("与领款人关系", max_length=20)
    id_number = EncryptedTextField("代领人身份证号", blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfPayoutQuerySet.as_manager()
    classes = field_classes(L2="id row_key payout recorded_by recorded_at", L3="name relation", L4="id_number")

    class Meta:
        ordering = ["id"]


class GoodsInvoice(models.Model):
    """The invoice (发票) that proves the value of goods handed out in a batch or in one payout."""

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, null=True, blank=True, related_name="invoices")
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="invoices")
    number = models.CharField("发票号码", max_length=40)
    issued_on = models.DateField("开票日期")
    amount = MoneyField("发票金额（元）")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = GoodsInvoiceQuerySet.as_manager()
    classes = field_classes(L2="id batch payout number issued_on amount added_by added_at")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=True, payout__isnull=False) | Q(batch__isnull=False, payout__isnull=True),
                name="invoice_belongs_to_a_batch_or_a_payout",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_is_positive"),
            models.UniqueConstraint(
                fields=["batch", "number"], condition=Q(batch__isnull=False), name="one_invoice_number_per_batch"
            ),
            models.UniqueConstraint(
                fields=["payout", "number"], condition=Q(payout__isnull=False), name="one_invoice_number_per_payout"
            ),
        ]


class ApprovalThreshold(models.Model):
    """审批限额: above these amounts the next level up approves, or a second approver too. Holds for the union and
    everybody below it."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="approval_thresholds", verbose_name="工会")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="approval_thresholds", verbose_name="活动"
    )
    per_payout = MoneyField("每笔超过（元）", null=True, blank=True)
    per_batch = MoneyField("每批超过（元）", null=True, blank=True)
    way = models.CharField("超过时", max_length=8, choices=ThresholdWay, default=ThresholdWay.UPWARD)
    origin = models.CharField("依据", max_length=160)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField()

    objects = ThresholdQuerySet.as_manager()
    classes = field_classes(
        L1="id union campaign per_payout per_batch way origin valid_from valid_to", L2="set_by set_at"
    )

    class Meta:
        ordering = ["union", "-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(per_payout__gt=0) | Q(per_batch__gt=0), name="approval_threshold_names_an_amount"
            ),
            models.CheckConstraint(condition=Q(way__in=ThresholdWay.values), name="approval_threshold_way_is_known"),
        ]
