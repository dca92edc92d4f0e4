"""The activity record: counts of services, journeys home, recovered wages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from campaigns.enums import ActivityKind
from campaigns.models.notices import Campaign
from campaigns.querysets import LedgerQuerySet
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class Activity(models.Model):
    """One activity or a day's counts of it (服务, 返乡, 欠薪…): numbers only, no persons (D21)."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="activities", verbose_name="工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    kind = models.CharField("类别", max_length=20, choices=ActivityKind)
    held_on = models.DateField("日期")
    number = models.PositiveIntegerField("场次", default=0)
    contacts = models.PositiveIntegerField("人次", default=0)
    persons = models.PositiveIntegerField("人数", default=0)
    quantity = models.PositiveIntegerField("数量", default=0)
    amount = MoneyField("金额（元）", default=0)
    farmer_contacts = models.PositiveIntegerField("其中农民工人次", default=0)
    farmer_persons = models.PositiveIntegerField("其中农民工人数", default=0)
    farmer_amount = MoneyField("其中农民工金额（元）", default=0)
    new_contacts = models.PositiveIntegerField("其中新生代农民工人次", default=0)
    new_persons = models.PositiveIntegerField("其中新生代农民工人数", default=0)
    note = models.CharField("说明", max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = LedgerQuerySet.as_manager()
    classes = field_classes(
        L2="id union campaign kind held_on number contacts persons quantity amount farmer_contacts farmer_persons"
        " farmer_amount new_contacts new_persons note voided_at entered_by entered_at version"
    )

    class Meta:
        ordering = ["-held_on", "-id"]
        verbose_name = "服务记录"
        indexes = [models.Index(fields=["union", "held_on"], name="activity_by_union_and_day")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_is_known"),
            models.CheckConstraint(
                condition=Q(
                    farmer_contacts__lte=F("contacts"), farmer_persons__lte=F("persons"), farmer_amount__lte=F("amount")
                ),
                name="activity_farmer_part_within_whole",
            ),
            models.CheckConstraint(
                condition=Q(new_contacts__lte=F("contacts"), new_persons__lte=F("persons")),
                name="activity_new_generation_part_within_whole",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, farmer_amount__gte=0), name="activity_amounts_not_negative"
            ),
        ]
