"""Plans of visits (D21): who goes where on which day, in which order."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from beneficiaries.models.households import Dossier, Visit
from beneficiaries.querysets import PlanQuerySet, StopQuerySet
from unions.field_classes import field_classes
from unions.models import Person, Union


class VisitPlan(models.Model):
    """One route of one day with its leader."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="工会")
    planned_on = models.DateField("走访日期")
    route = models.CharField("线路", max_length=60)
    leader = models.CharField("带队人", max_length=40)
    companions = models.CharField("同行", max_length=80, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()
    classes = field_classes(L2="id union planned_on route leader companions cancelled_at made_by made_at version")

    class Meta:
        ordering = ["-planned_on", "id"]
        verbose_name = "走访计划"
        indexes = [models.Index(fields=["union", "planned_on"], name="visit_plan_by_union_and_day")]


class VisitStop(models.Model):
    """One household or enterprise on the route; done when its visit is recorded."""

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="stops")
    place = models.PositiveSmallIntegerField("顺序")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="+")
    enterprise = models.CharField("企业名称", max_length=120, blank=True)
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, blank=True, related_name="stop")

    objects = StopQuerySet.as_manager()
    classes = field_classes(L2="id plan place enterprise visit", L3="dossier")

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_stop_per_place"),
            models.CheckConstraint(
                condition=Q(dossier__isnull=False, enterprise="") | (Q(dossier__isnull=True) & ~Q(enterprise="")),
                name="stop_is_a_household_or_an_enterprise",
            ),
        ]
