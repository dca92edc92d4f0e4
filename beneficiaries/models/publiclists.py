"""Public lists (公示): frozen lines of allowed fields, an expiring link, and objections against them (R-29)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.enums import ListKind, ListState, ObjectionOutcome
from beneficiaries.models.households import Dossier, Opinion
from beneficiaries.models.payouts import Payout
from beneficiaries.querysets import OfPublicListQuerySet, PublicListQuerySet
from campaigns.models import Campaign
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class PublicList(models.Model):
    """What a union puts up for everybody to read from one day to another; it expires by itself."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="公示工会")
    kind = models.CharField("公示内容", max_length=10, choices=ListKind)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    title = models.CharField("标题", max_length=80)
    starts_on = models.DateField("公示起")
    ends_on = models.DateField("公示至")
    with_amount = models.BooleanField("公布金额", default=False)
    amount_basis = models.CharField("公布金额的依据", max_length=120, blank=True)
    contact = models.CharField("监督电话或地点", max_length=80)
    state = models.CharField("状态", max_length=10, choices=ListState, default=ListState.DRAFT)
    token = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField("人数")
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="拟稿")
    prepared_at = models.DateTimeField()
    approve_union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="发布工会")
    published_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤下"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField("撤下原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PublicListQuerySet.as_manager()
    classes = field_classes(
        L1="title starts_on ends_on contact",
        L2="id union kind campaign with_amount amount_basis state token count prepared_by prepared_at approve_union"
        " published_by published_at withdrawn_by withdrawn_at withdrawn_why version",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "公示"
        indexes = [models.Index(fields=["union", "state"], name="public_list_by_union_and_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListState.values), name="public_list_state_is_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="public_list_days_in_order"),
            models.CheckConstraint(
                condition=Q(with_amount=False) | ~Q(amount_basis=""), name="public_amount_names_its_rule"
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("prepared_by")),
                name="public_list_is_published_by_another_person",
            ),
        ]


class PublicListLine(models.Model):
    """One line as everybody reads it; what it was made from is known inside only."""

    public_list = models.ForeignKey(PublicList, models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField("序号")
    name = models.CharField("姓名", max_length=40)
    unit = models.CharField("单位", max_length=120)
    class_word = models.CharField("类别", max_length=40)
    amount = MoneyField("金额（元）", null=True, blank=True)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="public_lines")
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="public_lines")
    posting = models.OneToOneField(Opinion, models.PROTECT, null=True, blank=True, related_name="public_line")

    objects = OfPublicListQuerySet.as_manager()
    classes = field_classes(L1="name unit class_word amount place", L2="id public_list posting", L3="dossier payout")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["public_list", "place"], name="one_public_line_per_place"),
            models.CheckConstraint(
                condition=Q(dossier__isnull=False, payout__isnull=True) | Q(dossier__isnull=True, payout__isnull=False),
                name="public_line_has_one_origin",
            ),
        ]


class Objection(models.Model):
    """What somebody objected to a public list, and what came of it."""

    public_list = models.ForeignKey(PublicList, models.PROTECT, related_name="objections")
    line = models.ForeignKey(
        PublicListLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对象"
    )
    received_on = models.DateField("收到日期")
    text = models.CharField("异议内容", max_length=400)
    outcome = models.CharField("处理结果", max_length=10, choices=ObjectionOutcome, default=ObjectionOutcome.OPEN)
    answer = models.CharField("核查情况", max_length=400, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfPublicListQuerySet.as_manager()
    classes = field_classes(
        L2="id public_list received_on outcome recorded_by recorded_at decided_by decided_at version",
        L3="line text answer",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=ObjectionOutcome.values), name="objection_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome=ObjectionOutcome.OPEN) | ~Q(answer=""), name="decided_objection_has_an_answer"
            ),
        ]
