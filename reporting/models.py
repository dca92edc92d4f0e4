"""Forms as data, what each union hands in, its frozen rounds and their roll-up."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q

from campaigns.models import Addressee, Deliverable
from reporting.enums import CountKind, FigureState, Origin, Part, SubmissionState
from reporting.querysets import FormDraftQuerySet, OfRoundQuerySet, OfSubmissionQuerySet, SubmissionQuerySet
from unions.enums import Role
from unions.field_classes import field_classes
from unions.models import Person, Union
from unions.policy import ACTS, step_union


class FormVersion(models.Model):
    """One version of a statistical form (统计表): items, relations, checks, sources and layout as data."""

    form_id = models.SlugField("表样代码", max_length=60)
    version = models.PositiveSmallIntegerField("版本")
    title = models.CharField("表名", max_length=120)
    spec = models.JSONField()
    digest = models.CharField(max_length=80)
    used_at = models.DateTimeField("首次使用", null=True, blank=True)
    created_at = models.DateTimeField()

    classes = field_classes(L1="id form_id version title spec digest used_at created_at")

    class Meta:
        ordering = ["form_id", "-version"]
        verbose_name = "表样"
        constraints = [models.UniqueConstraint(fields=["form_id", "version"], name="one_form_per_version")]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.version} 版）"

    @property
    def word(self) -> str:
        """第 n 版."""
        return f"第{self.version}版"


class FormDraft(models.Model):
    """A form that is being designed at a union: data that may still have faults, until it becomes a version (启用)."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="form_drafts", verbose_name="设计工会")
    form_id = models.SlugField("表样代码", max_length=60)
    title = models.CharField("表名", max_length=120)
    based_on = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name="由哪一版复制"
    )
    spec = models.JSONField(default=dict)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    enabled_as = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="启用为"
    )
    version = models.PositiveIntegerField(default=1)

    objects = FormDraftQuerySet.as_manager()
    classes = field_classes(
        L1="form_id title spec based_on enabled_as", L2="id union created_by created_at changed_by changed_at version"
    )

    class Meta:
        ordering = ["-changed_at", "-id"]
        verbose_name = "表样草稿"

    def __str__(self) -> str:
        return self.title


class DeliverableForm(models.Model):
    """Ties a deliverable of a campaign to the form version it asks for (D21)."""

    deliverable = models.OneToOneField(Deliverable, models.PROTECT, related_name="form_link")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="deliverable_links")

    classes = field_classes(L1="id deliverable form_version")


class Submission(models.Model):
    """What one union hands in for one deliverable: own row, pinned rounds of children, adjustments (D11)."""

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="submissions")
    union = models.ForeignKey(Union, models.PROTECT, related_name="submissions")
    addressee = models.OneToOneField(Addressee, models.PROTECT, related_name="submission")
    state = models.CharField("状态", max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    round_number = models.PositiveSmallIntegerField("轮次", default=0)
    sealed = models.BooleanField("封存", default=False)
    nil_reason = models.CharField("零报告理由", max_length=200, blank=True)
    missing_note = models.CharField("缺报说明", max_length=400, blank=True)
    report_text = models.TextField("报告正文", blank=True)
    filled_at = models.DateTimeField("取数时间", null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubmissionQuerySet.as_manager()
    classes = field_classes(
        L2="id deliverable union addressee state round_number sealed nil_reason missing_note report_text filled_at saved_at"
        " submitted_by opened_by decided_by decided_at version"
    )

    class Meta:
        ordering = ["deliverable", "union__code"]
        verbose_name = "填报"
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "union"], name="one_submission_per_deliverable_and_union"),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=SubmissionState.DRAFT) | Q(round_number__gte=1), name="handed_in_means_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.ACCEPTED) | ~Q(decided_by=F("submitted_by")),
                name="nobody_accepts_their_own",
            ),
        ]

    @property
    def round_word(self) -> str:
        """第 n 轮."""
        return f"第{self.round_number}轮"

    @property
    def review_union(self) -> Union | None:
        """The union that reviews this filing: the one it reports to, or the next above with a reviewer."""
        above = self.addressee.reports_to
        return None if above is None else step_union(above, Role.REVIEW)

    @property
    def is_issuers(self) -> bool:
        """The issuer has nobody above: it closes with 定稿 (D11)."""
        return self.addressee.reports_to_id is None


class Figure(models.Model):
    """One leaf of the live own row: what stands in the blank, and what the records say (D9)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="figures")
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=6, choices=FigureState, default=FigureState.EMPTY)
    number = models.BigIntegerField(null=True, blank=True)
    text = models.CharField(max_length=400, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TYPED)
    record_number = models.BigIntegerField(null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    typed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    mac = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(L2="id submission code state number text origin record_number note typed_by mac version")

    class Meta:
        ordering = ["submission", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "code"], name="one_figure_per_blank"),
            models.CheckConstraint(
                condition=Q(state=FigureState.FILLED) | Q(number__isnull=True, text=""),
                name="only_filled_figures_have_a_value",
            ),
        ]


class CheckNote(models.Model):
    """出错说明: the filer's explanation of a 核实 that fails, and the reviewer's waiver of it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="check_notes")
    check_key = models.CharField(max_length=60)
    text = models.CharField("说明", max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    waived_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waive_reason = models.CharField("认可理由", max_length=200, blank=True)
    waived_until = models.DateField("认可至", null=True, blank=True)

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(L2="id submission check_key text by at waived_by waived_at waive_reason waived_until")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "check_key"], name="one_note_per_check")]

    def is_waived_on(self, day: datetime.date) -> bool:
        """Whether a reviewer's waiver (认可) holds on the day."""
        return self.waived_at is not None and (self.waived_until is None or self.waived_until >= day)


class Adjustment(models.Model):
    """A named correction of a summed cell with its reason; counts when a second person confirms (D4, D11)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="adjustments")
    code = models.CharField(max_length=20)
    number = models.BigIntegerField()
    title = models.CharField("名目", max_length=60)
    reason = models.CharField("理由", max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(
        L2="id submission code number title reason proposed_by proposed_at confirmed_by confirmed_at"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(number=0), name="adjustment_changes_something"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="adjustment_confirmed_by_another_person",
            ),
        ]


class Round(models.Model):
    """One hand-in, frozen: figures, form version, union name, people, receipt and MAC. Never changed (D3)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("轮次")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="+")
    union_name = models.CharField(max_length=120)
    filer_name = models.CharField("填报人", max_length=40)
    filer_phone = models.CharField("电话", max_length=32, blank=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("上报时间")
    late = models.BooleanField("迟报", default=False)
    nil = models.BooleanField("零报告", default=False)
    receipt = models.CharField("回执号", max_length=40, unique=True)
    check_code = models.CharField("校验码", max_length=12)
    findings = models.JSONField("核实与说明", default=list)
    missing = models.JSONField("缺报单位", default=list)
    missing_note = models.CharField(max_length=400, blank=True)
    adjustments = models.JSONField(default=list)
    record_counts = models.JSONField(default=dict)
    report_text = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    figure_count = models.PositiveIntegerField(default=0)
    figures_digest = models.CharField(max_length=80)
    mac = models.CharField(max_length=80)

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(
        L2="id submission number form_version union_name filer_name filer_phone submitted_by handed_in_at late nil receipt"
        " check_code findings missing missing_note adjustments record_counts report_text attachments figure_count"
        " figures_digest mac"
    )

    class Meta:
        ordering = ["submission", "number"]
        verbose_name = "轮次"
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="one_round_per_number")]

    @property
    def word(self) -> str:
        """第 n 轮."""
        return f"第{self.number}轮"


class RoundFigure(models.Model):
    """One frozen blank of a round, own row or consolidated, with its own MAC (R-20)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="figures")
    part = models.CharField(max_length=12, choices=Part)
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=6, choices=FigureState)
    number = models.BigIntegerField(null=True, blank=True)
    text = models.CharField(max_length=400, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    record_number = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    mac = models.CharField(max_length=80)

    objects = OfRoundQuerySet.as_manager()
    classes = field_classes(L2="id round part code state number text origin record_number note mac")

    class Meta:
        ordering = ["round", "part", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "part", "code"], name="one_frozen_figure_per_blank")]


class RoundPin(models.Model):
    """Which round of which child went into a roll-up."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="pins")
    child = models.ForeignKey(Round, models.PROTECT, related_name="pinned_by")

    objects = OfRoundQuerySet.as_manager()
    classes = field_classes(L2="id round child")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "child"], name="one_pin_per_child")]


class RoundKey(models.Model):
    """A distinct person or household behind an item of a round's own row: HMAC under the campaign's secret (D7)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="keys")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=9, choices=CountKind)
    key = models.CharField(max_length=64)

    objects = OfRoundQuerySet.as_manager()
    classes = field_classes(L2="id round code kind", L4="key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "code", "key"], name="one_key_per_item")]


class Move(models.Model):
    """One step in a submission's life: who moved it from which state to which, when, and why."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="moves")
    act = models.CharField(max_length=40)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(L2="id submission act before after round reason by at")

    class Meta:
        ordering = ["id"]

    @property
    def word(self) -> str:
        """The act in the words of the buttons."""
        act = ACTS.get(self.act)
        return act.label if act is not None else self.act


class Comment(models.Model):
    """A remark of the review thread, pinned to a cell or to the whole filing, kept over all rounds (D2)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="comments")
    round = models.ForeignKey(Round, models.PROTECT, related_name="comments")
    code = models.CharField(max_length=20, blank=True)
    text = models.CharField("意见", max_length=400)
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = OfSubmissionQuerySet.as_manager()
    classes = field_classes(L2="id submission round code text answers by at solved_at")

    class Meta:
        ordering = ["id"]
