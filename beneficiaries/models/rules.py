"""The rules about relief money as data (domain.md 2.4), and where somebody went on with a written reason."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from beneficiaries.enums import RuleEffect, RuleState
from beneficiaries.models.payouts import Payout
from beneficiaries.querysets import OfPayoutQuerySet
from campaigns.models import Campaign
from unions.field_classes import field_classes
from unions.models import Person, Union


class FundRule(models.Model):
    """One version of a rule: what it asks, of which sources, with which effect, from whom and since when.

    A version is never edited: another value is another version, and stopping a rule is a version that is off. Without a
    scope it came with the system; with one it binds that union and everything below it. With a campaign it speaks for that
    campaign only.
    """

    key = models.SlugField(max_length=40)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="fund_rules")
    scope = models.ForeignKey(
        Union, models.PROTECT, null=True, blank=True, related_name="fund_rules", verbose_name="适用范围"
    )
    sources = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    effect = models.CharField("效力", max_length=8, choices=RuleEffect)
    origin = models.CharField("依据", max_length=160)
    issuer = models.CharField("发布单位", max_length=80, blank=True)
    issued_year = models.PositiveSmallIntegerField("发布年份", null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField("状态", max_length=10, choices=RuleState, default=RuleState.CONFIRMED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    classes = field_classes(
        L1="id key campaign scope sources parameters effect origin issuer issued_year valid_from valid_to version state",
        L2="proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        ordering = ["key", "-version"]
        verbose_name = "资金规则"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(campaign__isnull=True, scope__isnull=True),
                name="one_shipped_rule_per_version",
            ),
            models.UniqueConstraint(
                fields=["key", "scope", "version"],
                condition=Q(campaign__isnull=True, scope__isnull=False),
                name="one_rule_per_scope_and_version",
            ),
            models.UniqueConstraint(
                fields=["key", "campaign", "version"],
                condition=Q(campaign__isnull=False),
                name="one_rule_per_campaign_and_version",
            ),
            models.CheckConstraint(condition=Q(effect__in=RuleEffect.values), name="rule_effect_is_known"),
            models.CheckConstraint(condition=Q(state__in=RuleState.values), name="rule_state_is_known"),
        ]

    @property
    def place(self) -> Union | None:
        """The union whose organisers decide about this version; None for what came with the system."""
        return self.campaign.issuer if self.campaign is not None else self.scope

    @property
    def place_id(self) -> int | None:
        return self.campaign.issuer_id if self.campaign is not None else self.scope_id

    @property
    def confirmation_excludes(self) -> int | None:
        """Who may not confirm: the proposer, unless the installation has one person only (decisions, roles)."""
        return None if settings.RELIEF_SMALL_INSTALLATION else self.proposed_by_id


class RuleOverride(models.Model):
    """A step that went on although a rule asked for a reason: which rule, what it said, and the reason given."""

    payout = models.ForeignKey(Payout, models.CASCADE, related_name="overrides")
    rule = models.ForeignKey(FundRule, models.PROTECT, related_name="+")
    step = models.CharField("步骤", max_length=20)
    sentence = models.CharField("提醒", max_length=400)
    reason = models.CharField("原因", max_length=200)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = OfPayoutQuerySet.as_manager()
    classes = field_classes(L2="id payout rule step made_by made_at", L3="sentence reason")

    class Meta:
        ordering = ["id"]
        verbose_name = "说明原因后继续"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rule_override_has_a_reason")]
