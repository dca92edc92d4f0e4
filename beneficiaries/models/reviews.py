"""The yearly look at active files (年度复核), and the drawn check of those looks (抽查)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from beneficiaries.enums import CheckResult, HardshipClass, ReviewOutcome
from beneficiaries.models.households import Dossier
from beneficiaries.querysets import CheckItemQuerySet, CheckQuerySet, OfDossierQuerySet
from unions.field_classes import field_classes
from unions.models import Person, Union


class YearlyReview(models.Model):
    """What the keeper found when looking at an active file this year; the next look is due a year later."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="reviews", verbose_name="档案")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="复核工会")
    year = models.PositiveSmallIntegerField("年度")
    outcome = models.CharField("结论", max_length=8, choices=ReviewOutcome)
    class_before = models.CharField("原类别", max_length=12, choices=HardshipClass, blank=True)
    class_after = models.CharField("复核后类别", max_length=12, choices=HardshipClass, blank=True)
    text = models.CharField("情况", max_length=400)
    reviewed_on = models.DateField("复核日期")
    due_before = models.DateField("原定复核日期", null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="复核人")
    at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(
        L2="id dossier union year reviewed_on due_before by at", L3="outcome class_before class_after text"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "年度复核"
        indexes = [models.Index(fields=["year", "union"], name="review_by_year_and_union")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=ReviewOutcome.values), name="review_outcome_is_known"),
            models.UniqueConstraint(fields=["dossier", "year"], name="one_review_per_dossier_and_year"),
        ]


class SpotCheck(models.Model):
    """A draw from the reviews of a year by the level that reviews: anybody can draw it again from the seed."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="抽查工会")
    year = models.PositiveSmallIntegerField("年度")
    share = models.PositiveSmallIntegerField("比例（%）", null=True, blank=True)
    asked = models.PositiveIntegerField("户数", null=True, blank=True)
    population = models.PositiveIntegerField("复核户数")
    population_digest = models.CharField(max_length=64)
    seed = models.CharField("随机种子", max_length=32)
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="抽取人")
    drawn_at = models.DateTimeField()

    objects = CheckQuerySet.as_manager()
    classes = field_classes(L2="id union year share asked population population_digest seed drawn_by drawn_at")

    class Meta:
        ordering = ["-id"]
        verbose_name = "复核抽查"
        constraints = [
            models.CheckConstraint(
                condition=Q(share__isnull=False, asked__isnull=True) | Q(share__isnull=True, asked__isnull=False),
                name="spot_check_has_a_share_or_a_number",
            ),
        ]


class SpotCheckItem(models.Model):
    """One drawn review and what its check found."""

    check_list = models.ForeignKey(SpotCheck, models.PROTECT, related_name="items")
    place = models.PositiveIntegerField("序号")
    review = models.ForeignKey(YearlyReview, models.PROTECT, related_name="+")
    result = models.CharField("抽查结果", max_length=8, choices=CheckResult, blank=True)
    note = models.CharField("情况", max_length=200, blank=True)
    checked_on = models.DateField("抽查日期", null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="抽查人")
    at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CheckItemQuerySet.as_manager()
    classes = field_classes(L2="id check_list place review checked_on by at version", L3="result note")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["check_list", "review"], name="a_review_is_drawn_once"),
            models.CheckConstraint(
                condition=Q(result="") | Q(checked_on__isnull=False, by__isnull=False),
                name="check_result_has_day_and_person",
            ),
        ]
