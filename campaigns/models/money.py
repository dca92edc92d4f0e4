"""Money recorded under a campaign: raised, handed down, donated in a drive and remitted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from campaigns.enums import AllocationKind, DonationBody, DonationKind, FundForm, FundSource, RemittanceState
from campaigns.models.drives import Drive
from campaigns.models.notices import Campaign
from campaigns.querysets import AllocationQuerySet, LedgerQuerySet, RemittanceQuerySet
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class FundsRaised(models.Model):
    """Money or valued goods that came in at a union (筹集), counted where it came in. Corrected by reversal rows.

    With a `drive` it is what the union kept of the drive's donations (留存): the one way of such money into the funds (D30).
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="funds_raised", verbose_name="工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    source = models.CharField("资金来源", max_length=16, choices=FundSource)
    form = models.CharField("形式", max_length=8, choices=FundForm, default=FundForm.CASH)
    amount = MoneyField("金额（元）")
    received_on = models.DateField("到账日期")
    voucher = models.CharField("凭证号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    drive = models.ForeignKey(
        Drive, models.PROTECT, null=True, blank=True, related_name="retained", verbose_name="留存自募捐"
    )
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = LedgerQuerySet.as_manager()
    classes = field_classes(
        L2="id union campaign source form amount received_on voucher note drive reverses entered_by entered_at"
    )

    class Meta:
        ordering = ["-received_on", "-id"]
        verbose_name = "筹集"
        indexes = [models.Index(fields=["union", "received_on"], name="funds_by_union_and_day")]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=FundSource.values), name="fund_source_is_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0, reverses__isnull=False),
                name="funds_positive_unless_reversal",
            ),
            models.CheckConstraint(
                condition=Q(drive__isnull=True) | Q(source=FundSource.DONATION, form=FundForm.CASH),
                name="retained_money_is_donated_money",
            ),
        ]


class Allocation(models.Model):
    """Money handed down inside the tree (拨付) or back up (退回上级): counted by nobody (D6).

    The giver has it no longer from the day of the row; the receiver has it from the day it confirms. Between the two
    days it is on its way (在途).
    """

    giver = models.ForeignKey(Union, models.PROTECT, related_name="allocations_given", verbose_name="拨出工会")
    receiver = models.ForeignKey(Union, models.PROTECT, related_name="allocations_received", verbose_name="收到工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    source = models.CharField("资金来源", max_length=16, choices=FundSource)
    amount = MoneyField("金额（元）")
    allocated_on = models.DateField("拨付日期")
    voucher = models.CharField("凭证号", max_length=60, blank=True)
    payout_ref = models.CharField("由发放带出", max_length=40, blank=True)
    kind = models.CharField("方向", max_length=8, choices=AllocationKind, default=AllocationKind.GRANT)
    note = models.CharField("说明", max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    confirmed_on = models.DateField("收到日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = AllocationQuerySet.as_manager()
    classes = field_classes(
        L2="id giver receiver campaign source amount allocated_on voucher payout_ref kind note reverses entered_by"
        " entered_at confirmed_on confirmed_by confirmed_at"
    )

    class Meta:
        ordering = ["-allocated_on", "-id"]
        verbose_name = "拨付"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_moves_something"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="allocation_goes_to_another_union"),
            models.CheckConstraint(condition=Q(source__in=FundSource.values), name="allocation_source_is_known"),
            models.CheckConstraint(condition=Q(kind__in=AllocationKind.values), name="allocation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_on__isnull=False, confirmed_at__isnull=False),
                name="allocation_is_confirmed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(amount__lt=0, payout_ref=""),
                name="allocation_reversal_takes_a_typed_row_back",
            ),
        ]


class Donation(models.Model):
    """What a union's drive collected for one receiving body (捐款), or with body "" how many persons gave at all.

    One donor may give to several bodies, so the persons of a drive are a row of their own without money. Such money
    goes on to the body: it enters the union's funds only through a row of its own (D30). Corrected by reversal rows.
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="donations", verbose_name="工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    drive = models.ForeignKey(
        Drive, models.PROTECT, null=True, blank=True, related_name="donations", verbose_name="募捐"
    )
    kind = models.CharField("募捐种类", max_length=16, choices=DonationKind)
    body = models.CharField("接收机构", max_length=16, choices=DonationBody, blank=True)
    donated_on = models.DateField("捐款日期")
    donors = models.IntegerField("捐款人数", default=0)
    amount = MoneyField("金额（元）", default=0)
    voucher = models.CharField("凭证号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = LedgerQuerySet.as_manager()
    classes = field_classes(
        L2="id union campaign drive kind body donated_on donors amount voucher note reverses entered_by entered_at"
    )

    class Meta:
        ordering = ["-donated_on", "-id"]
        verbose_name = "捐款"
        indexes = [models.Index(fields=["union", "donated_on"], name="donation_by_union_and_day")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DonationKind.values), name="donation_kind_is_known"),
            models.CheckConstraint(condition=Q(body__in=["", *DonationBody.values]), name="donation_body_is_known"),
            models.CheckConstraint(condition=~Q(body="") | Q(amount=0), name="donors_over_all_bodies_carry_no_money"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, donors__gte=0, amount__gte=0)
                | Q(reverses__isnull=False, donors__lte=0, amount__lte=0),
                name="donation_positive_unless_reversal",
            ),
            models.CheckConstraint(condition=~Q(donors=0, amount=0), name="donation_says_something"),
        ]


class Remittance(models.Model):
    """Donations sent on by bank (汇款): the amount on the slip, whose scan is attached. Corrected by reversal rows.

    Another person at `confirms_at`, as a rule the union above, says that the money arrived or sends the row back.
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="remittances", verbose_name="工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    drive = models.ForeignKey(
        Drive, models.PROTECT, null=True, blank=True, related_name="remittances", verbose_name="募捐"
    )
    remitted_on = models.DateField("汇款日期")
    amount = MoneyField("汇款金额（元）")
    slip_number = models.CharField("汇款凭证号", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=RemittanceState, blank=True, default="")
    confirms_at = models.ForeignKey(
        Union, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由谁确认"
    )
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    arrived_on = models.DateField("到账日期", null=True, blank=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = RemittanceQuerySet.as_manager()
    classes = field_classes(
        L2="id union campaign drive remitted_on amount slip_number note state confirms_at decided_by decided_at arrived_on"
        " returned_reason version reverses entered_by entered_at"
    )

    class Meta:
        ordering = ["-remitted_on", "-id"]
        verbose_name = "汇款"
        indexes = [
            models.Index(fields=["union", "remitted_on"], name="remittance_by_union_and_day"),
            models.Index(fields=["confirms_at", "state"], name="remittance_by_who_confirms"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0, reverses__isnull=False),
                name="remittance_positive_unless_reversal",
            ),
            models.CheckConstraint(condition=~Q(slip_number=""), name="remittance_names_its_slip"),
            models.CheckConstraint(
                condition=Q(state__in=["", *RemittanceState.values]), name="remittance_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="") | Q(confirms_at__isnull=False), name="remittance_waits_for_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state=RemittanceState.CONFIRMED)
                | Q(decided_by__isnull=False, decided_at__isnull=False, arrived_on__isnull=False),
                name="remittance_is_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=RemittanceState.RETURNED) | ~Q(returned_reason=""),
                name="remittance_is_returned_with_a_reason",
            ),
        ]
