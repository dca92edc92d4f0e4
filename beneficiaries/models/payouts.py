"""Payouts (发放) of money and goods, and their reversals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.enums import (
    PayoutState,
    Purpose,
    ReliefGroup,
    Route,
    Trait,
)
from beneficiaries.models.households import Dossier
from beneficiaries.querysets import OfPayoutQuerySet, PayoutQuerySet
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib.crypto import EncryptedJSONField, EncryptedTextField, new_row_key
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class Payout(models.Model):
    """One act of handing out to one recipient on one day for one purpose: 1 人次 (D2)."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    number = models.CharField("发放编号", max_length=40, unique=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="payouts", verbose_name="发放工会")
    paid_from = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="出资工会")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="payouts", verbose_name="活动"
    )
    batch = models.ForeignKey(
        "beneficiaries.PayoutBatch", models.PROTECT, null=True, blank=True, related_name="payouts", verbose_name="批次"
    )
    state = models.CharField("状态", max_length=10, choices=PayoutState, default=PayoutState.DRAFT)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="payouts", verbose_name="档案"
    )
    recipient = models.CharField("姓名", max_length=40)
    id_number = EncryptedTextField("身份证号", blank=True)
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    id_index_generation = models.PositiveSmallIntegerField(default=1)
    household_index = models.CharField(max_length=64, blank=True)
    bank = EncryptedTextField("开户银行及支行", blank=True)
    card_number = EncryptedTextField("银行卡号", blank=True)
    snapshot = EncryptedJSONField("发放时的家庭情况", default=dict, blank=True)
    relief_group = models.CharField("对象类别", max_length=20, choices=ReliefGroup)
    purpose = models.CharField("用途", max_length=12, choices=Purpose)
    farmer_worker = models.BooleanField("农民工", default=False)
    new_generation = models.BooleanField("新生代农民工", default=False)
    gig_worker = models.BooleanField("新就业形态劳动者", default=False)
    disabled = models.BooleanField("残疾职工", default=False)
    model_worker = models.BooleanField("劳模", default=False)
    union_member = models.BooleanField("工会会员", null=True, blank=True)
    self_paid = EncryptedTextField("自付医疗费（元）", blank=True)
    students = models.PositiveSmallIntegerField("受助学生数", null=True, blank=True)
    planned_on = models.DateField("计划发放日期")
    paid_on = models.DateField("发放日期", null=True, blank=True)
    reason = models.CharField("提醒说明", max_length=200, blank=True)
    failure = models.CharField("失败原因", max_length=120, blank=True)
    receipt = models.CharField("出账回执", max_length=40, blank=True)
    review_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    approve_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    pay_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="制单")
    entered_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    second_needed = models.BooleanField("须第二人审批", default=False)
    second_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    second_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="第二审批"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="出账"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    approved_mac = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PayoutQuerySet.as_manager()
    classes = field_classes(
        L2="id row_key number union paid_from campaign batch state planned_on paid_on receipt review_union approve_union"
        " pay_union entered_by entered_at reviewed_by reviewed_at approved_by approved_at second_needed second_union second_by"
        " second_at released_by released_at settled_at approved_mac version id_index_generation failure",
        L3="dossier recipient relief_group purpose farmer_worker new_generation gig_worker disabled model_worker reason"
        " union_member students",
        L4="id_number id_index household_index bank card_number snapshot self_paid",
    )

    class Meta:
        ordering = ["-planned_on", "-id"]
        verbose_name = "发放"
        indexes = [
            # Everything a form counts contacts by, so that they are counted from the index and not from the wide rows.
            models.Index(
                fields=["union", "state", "paid_on", "relief_group", "purpose", *Trait.values],
                name="payout_contacts_of_union",
            ),
            models.Index(fields=["campaign", "id_index"], name="payout_by_campaign_recipient"),
            # What a household had so far is asked for at every check of a payout, whatever the campaign.
            models.Index(fields=["household_index", "campaign"], name="payout_by_household"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_is_known"),
            models.CheckConstraint(condition=Q(relief_group__in=ReliefGroup.values), name="payout_group_is_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="payout_purpose_is_known"),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID) | Q(paid_on__isnull=False), name="paid_payout_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("entered_by")),
                name="payout_reviewer_is_not_enterer",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("entered_by")) & ~Q(approved_by=F("reviewed_by"))),
                name="payout_approver_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | (
                    ~Q(released_by=F("entered_by"))
                    & ~Q(released_by=F("reviewed_by"))
                    & ~Q(released_by=F("approved_by"))
                ),
                name="payout_payer_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (
                    ~Q(second_by=F("entered_by"))
                    & ~Q(second_by=F("reviewed_by"))
                    & ~Q(second_by=F("approved_by"))
                    & Q(approved_by__isnull=False)
                ),
                name="payout_second_approver_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(second_by__isnull=True) | ~Q(released_by=F("second_by")),
                name="payout_payer_is_not_second_approver",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(PayoutState.DRAFT, PayoutState.PLANNED))
                | Q(second_needed=False)
                | Q(second_by__isnull=False),
                name="payout_that_needs_two_has_two_approvers",
            ),
            models.UniqueConstraint(
                fields=["campaign", "id_index", "purpose", "planned_on", "union"],
                condition=~Q(id_index="") & ~Q(state=PayoutState.FAILED),
                name="one_payout_per_recipient_purpose_and_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PayoutLine(models.Model):
    """The money or goods in a payout: one source, one route, one amount (D2)."""

    payout = models.ForeignKey(Payout, models.CASCADE, related_name="lines")
    source = models.CharField("资金来源", max_length=16, choices=FundSource)
    route = models.CharField("方式", max_length=10, choices=Route)
    amount = MoneyField("金额或折价（元）")
    item = models.CharField("实物名称", max_length=60, blank=True)

    objects = OfPayoutQuerySet.as_manager()
    classes = field_classes(L2="id payout source route amount", L3="item")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_line_is_positive"),
            models.CheckConstraint(condition=Q(source__in=FundSource.values), name="payout_line_source_is_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="payout_line_route_is_known"),
            models.CheckConstraint(condition=~Q(route=Route.GOODS) | ~Q(item=""), name="goods_are_named"),
        ]


class PayoutReversal(models.Model):
    """冲正: the ledger row that takes a payout back on its own date; counts when a second person confirms (D5)."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="reversals")
    reversed_on = models.DateField("冲正日期")
    reason = models.CharField("原因", max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = OfPayoutQuerySet.as_manager()
    classes = field_classes(L2="id payout reversed_on proposed_by proposed_at confirmed_by confirmed_at", L3="reason")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["payout"], name="one_reversal_per_payout"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="reversal_confirmed_by_another_person",
            ),
        ]
