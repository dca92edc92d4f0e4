"""What an upper union asks for and whom it asks: campaign, notice, deliverables, addressees."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.enums import CampaignKind, DeliverableKind, NoticeState
from campaigns.querysets import (
    AcknowledgementQuerySet,
    AddresseeQuerySet,
    CampaignQuerySet,
    DeliverableQuerySet,
    NoticeQuerySet,
)
from relief.lib.crypto import EncryptedTextField, new_row_key
from unions.enums import UnionKind
from unions.field_classes import field_classes
from unions.models import Person, Union


class Campaign(models.Model):
    """One 送温暖 campaign of an issuing union: its notice versions, deliverables and rules."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    code = models.SlugField("活动代码", max_length=40, unique=True)
    title = models.CharField("活动名称", max_length=120)
    issuer = models.ForeignKey(Union, models.PROTECT, related_name="issued_campaigns", verbose_name="发文工会")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("活动类型", max_length=16, choices=CampaignKind, default=CampaignKind.TWO_FESTIVALS)
    starts_on = models.DateField("统计期间起")
    ends_on = models.DateField("统计期间止")
    count_secret = EncryptedTextField("去重密钥", editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    closed_at = models.DateTimeField("封存时间", null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="创建人")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CampaignQuerySet.as_manager()
    classes = field_classes(
        L1="code title issuer year kind starts_on ends_on published_at",
        L2="id row_key closed_at created_by created_at version",
        L4="count_secret",
    )

    class Meta:
        ordering = ["-year", "-id"]
        verbose_name = "活动"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(kind__in=CampaignKind.values), name="campaign_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


NOTICE_FACTS = (
    "campaign_id number document_number title salutation body annexes signatories issued_on contact copied_to printed_by"
    " change_note proposed_by_id published_by_id"
)


class Notice(models.Model):
    """One version of a campaign's 通知. A published version is never edited, it is re-issued (A5)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="notices", verbose_name="活动")
    number = models.PositiveSmallIntegerField("第几版", default=1)
    state = models.CharField("状态", max_length=12, choices=NoticeState, default=NoticeState.DRAFT)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=160)
    salutation = models.CharField("主送机关", max_length=240)
    body = models.TextField("正文")
    annexes = models.JSONField("附件名称", default=list, blank=True)
    signatories = models.JSONField("落款单位", default=list, blank=True)
    issued_on = models.DateField("成文日期")
    contact = models.CharField("附注（联系人和电话）", max_length=160, blank=True)
    copied_to = models.CharField("抄送", max_length=240, blank=True)
    printed_by = models.CharField("印发机关", max_length=120, blank=True)
    change_note = models.CharField("本版变化", max_length=240, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    mac = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NoticeQuerySet.as_manager()
    classes = field_classes(
        L1="campaign number document_number title salutation body annexes signatories issued_on contact copied_to printed_by"
        " change_note published_at",
        L2="id state proposed_by proposed_at published_by mac version",
    )

    class Meta:
        ordering = ["campaign", "-number"]
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_notice_per_number"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state=NoticeState.PUBLISHED), name="one_published_notice_per_campaign"
            ),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def confirmation_excludes(self) -> int | None:
        """Who may not confirm: the proposer, unless the installation has one person only (decisions, roles)."""
        return None if settings.RELIEF_SMALL_INSTALLATION else self.proposed_by_id

    def facts(self) -> dict[str, Any]:
        """What the MAC of a published version covers: the text and who published it when, not the state (D22)."""
        named = {name: getattr(self, name) for name in NOTICE_FACTS.split()}
        return {**named, "published_at": self.published_at and self.published_at.isoformat(timespec="milliseconds")}


class Deliverable(models.Model):
    """One thing that every addressee must hand in: a form, a written report, another file (应报材料)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deliverables", verbose_name="活动")
    key = models.SlugField("代码", max_length=40)
    order = models.PositiveSmallIntegerField("序号", default=1)
    kind = models.CharField("形式", max_length=8, choices=DeliverableKind)
    title = models.CharField("材料名称", max_length=120)
    required = models.BooleanField("必报", default=True)
    period_from = models.DateField("统计期间起")
    period_to = models.DateField("统计期间止")
    second_from = models.DateField("第二期间起", null=True, blank=True)
    second_to = models.DateField("第二期间止", null=True, blank=True)
    opens_at = models.DateTimeField("开放填报")
    due_at = models.DateTimeField("上报截止")
    late_until = models.DateTimeField("迟报截止", null=True, blank=True)
    edit_until = models.DateTimeField("退回后可改至", null=True, blank=True)
    visible_until = models.DateTimeField("可查看至", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DeliverableQuerySet.as_manager()
    classes = field_classes(
        L1="campaign key order kind title required period_from period_to second_from second_to opens_at due_at late_until"
        " edit_until visible_until",
        L2="id version",
    )

    class Meta:
        ordering = ["campaign", "order"]
        verbose_name = "应报材料"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="one_deliverable_per_key"),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="deliverable_period_in_order"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="deliverable_due_after_opening"),
            models.CheckConstraint(
                condition=Q(late_until__isnull=True) | Q(late_until__gte=F("due_at")), name="deliverable_late_after_due"
            ),
            models.CheckConstraint(condition=Q(kind__in=DeliverableKind.values), name="deliverable_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


class LeadTime(models.Model):
    """How many days earlier than the issuer's date a kind of union must hand in (D10)."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="leads")
    union_kind = models.CharField("层级", max_length=16, choices=UnionKind)
    days = models.PositiveSmallIntegerField("提前天数", default=0)

    classes = field_classes(L1="id deliverable union_kind days")

    class Meta:
        ordering = ["deliverable", "days"]
        constraints = [models.UniqueConstraint(fields=["deliverable", "union_kind"], name="one_lead_per_kind_of_union")]


class Addressee(models.Model):
    """Who must hand in what to whom until when, frozen at publishing: the denominator of every rate (D10).

    `line_path` holds the ids from the issuer down to the union itself ("/1/7/91/"), along which figures are visible.
    """

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="addressees")
    union = models.ForeignKey(Union, models.PROTECT, related_name="addressed")
    reports_to = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    line_path = models.CharField(max_length=255)
    depth = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)
    union_name = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    late_until = models.DateTimeField(null=True, blank=True)
    edit_until = models.DateTimeField(null=True, blank=True)
    visible_until = models.DateTimeField(null=True, blank=True)

    objects = AddresseeQuerySet.as_manager()
    classes = field_classes(
        L1="union_name",
        L2="id deliverable union reports_to line_path depth required opens_at due_at late_until edit_until visible_until",
    )

    class Meta:
        ordering = ["deliverable", "depth", "union__code"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "union"], name="one_addressee_per_deliverable_and_union"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="addressee_due_after_opening"),
        ]
        indexes = [models.Index(fields=["union", "deliverable"], name="addressee_by_union")]


class Selection(models.Model):
    """A union picked for a campaign that is still being drafted; publishing turns the picks into addressees."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="selections")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    required = models.BooleanField(default=True)

    classes = field_classes(L2="id campaign union required")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "union"], name="one_selection_per_union")]


class Acknowledgement(models.Model):
    """签收: a union says that a version of the notice arrived."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="acknowledgements")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AcknowledgementQuerySet.as_manager()
    classes = field_classes(L2="id notice union person at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "union"], name="one_acknowledgement_per_union_and_version")
        ]
