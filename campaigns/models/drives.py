"""A drive: what a union asks those below it to collect, for whom and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from campaigns.enums import DonationBody, DonationKind, DriveState
from campaigns.models.notices import Campaign
from campaigns.querysets import DriveQuerySet, NothingCollectedQuerySet
from unions.field_classes import field_classes
from unions.models import Person, Union


class Drive(models.Model):
    """One 一日捐 or 联合募捐 that a union opens for itself and everybody below: bodies, days, the day to account by."""

    issuer = models.ForeignKey(Union, models.PROTECT, related_name="drives", verbose_name="发起工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    title = models.CharField("名称", max_length=80)
    kind = models.CharField("募捐种类", max_length=16, choices=DonationKind)
    year = models.PositiveSmallIntegerField("年度")
    bodies = models.JSONField("接收机构", default=list)
    starts_on = models.DateField("捐款开始")
    ends_on = models.DateField("捐款截止")
    account_by = models.DateField("缴款截止")
    receiver = models.ForeignKey(
        Union, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="汇款由谁确认"
    )
    keeps = models.BooleanField("允许留存", default=False)
    note = models.CharField("说明", max_length=500, blank=True)
    state = models.CharField("状态", max_length=8, choices=DriveState, default=DriveState.OPEN)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="发起人")
    entered_at = models.DateTimeField("发起时间")
    version = models.PositiveIntegerField(default=1)

    objects = DriveQuerySet.as_manager()
    classes = field_classes(
        L2="id issuer campaign title kind year bodies starts_on ends_on account_by receiver keeps note state entered_by"
        " entered_at version"
    )

    class Meta:
        ordering = ["-year", "-starts_on", "-id"]
        verbose_name = "募捐"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "title"], name="drive_title_once_a_year"),
            models.CheckConstraint(condition=Q(kind__in=DonationKind.values), name="drive_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=DriveState.values), name="drive_state_is_known"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on"), ends_on__lte=F("account_by")), name="drive_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> list[tuple[str, str]]:
        """(code, words) of the receiving bodies, in the order of the list."""
        return [(code, str(label)) for code, label in DonationBody.choices if code in self.bodies]


class NothingCollected(models.Model):
    """A union's word that it collected nothing in a drive (报 0), with who said it; withdrawn when something comes in."""

    drive = models.ForeignKey(Drive, models.PROTECT, related_name="zeros", verbose_name="募捐")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="工会")
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="报送人")
    said_at = models.DateTimeField("报送时间")
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = NothingCollectedQuerySet.as_manager()
    classes = field_classes(L2="id drive union said_by said_at withdrawn_by withdrawn_at")

    class Meta:
        ordering = ["-id"]
        verbose_name = "零捐款"
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "union"], condition=Q(withdrawn_at__isnull=True), name="nothing_collected_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="nothing_collected_withdrawn_by_somebody",
            ),
        ]
