"""Files that go to another union, persons that stand in two files, and files that become one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.enums import CaseState, MoveKind
from beneficiaries.models.households import Dossier
from beneficiaries.querysets import ClaimQuerySet, MergeQuerySet, MoveQuerySet
from unions.field_classes import field_classes
from unions.models import Person, Union


class DossierMove(models.Model):
    """One union asks another for a file, or offers it one; the other side answers (C4, domain.md 3.3)."""

    kind = models.CharField("方式", max_length=8, choices=MoveKind)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="moves", verbose_name="档案")
    from_union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="转出工会")
    to_union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="转入工会")
    state = models.CharField("状态", max_length=10, choices=CaseState, default=CaseState.WAITING)
    asked_about = models.CharField("申请人填的是谁", max_length=60, blank=True)
    as_member = models.BooleanField(default=False)
    reason = models.CharField("理由", max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField()
    answer = models.CharField("答复", max_length=200, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MoveQuerySet.as_manager()
    classes = field_classes(
        L2="id kind dossier from_union to_union state asked_by asked_at decided_by decided_at version",
        L3="asked_about as_member reason answer",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "档案转移"
        indexes = [models.Index(fields=["state", "from_union"], name="move_by_state_and_keeper")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="move_state_is_known"),
            models.CheckConstraint(condition=~Q(from_union=F("to_union")), name="move_goes_somewhere_else"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(state=CaseState.WITHDRAWN) | ~Q(decided_by=F("asked_by")),
                name="move_is_answered_by_another_person",
            ),
            models.UniqueConstraint(
                fields=["dossier", "to_union"],
                condition=Q(state=CaseState.WAITING),
                name="one_waiting_move_per_dossier_and_union",
            ),
        ]

    @property
    def asking_union(self) -> Union:
        """The union that asked for the file, or offered it."""
        return self.to_union if self.kind == MoveKind.ASKED else self.from_union

    @property
    def answering_union(self) -> Union:
        """The union whose answer is waited for."""
        return self.from_union if self.kind == MoveKind.ASKED else self.to_union


class DuplicateClaim(models.Model):
    """Somebody says why a person of their draft may stand in a second file; another person above both unions clears it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="claims", verbose_name="档案")
    held_by = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    held_union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="已有档案的工会")
    number_index = models.CharField(max_length=64)
    number_index_generation = models.PositiveSmallIntegerField(default=1)
    asked_about = models.CharField("申请人填的是谁", max_length=60, blank=True)
    householders = models.BooleanField(default=False)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=CaseState, default=CaseState.WAITING)
    clear_union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="核准工会")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField()
    answer = models.CharField("答复", max_length=200, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClaimQuerySet.as_manager()
    classes = field_classes(
        L2="id dossier held_by held_union state clear_union asked_by asked_at decided_by decided_at version"
        " number_index_generation",
        L3="asked_about householders reason answer",
        L4="number_index",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "重复登记申请"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="claim_state_is_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(state=CaseState.WITHDRAWN) | ~Q(decided_by=F("asked_by")),
                name="claim_is_cleared_by_another_person",
            ),
            models.UniqueConstraint(
                fields=["dossier", "number_index"],
                condition=Q(state__in=[CaseState.WAITING, CaseState.ACCEPTED]),
                name="one_claim_per_dossier_and_person",
            ),
        ]


class DossierMerge(models.Model):
    """Two files of one household became one: the closed one points to the kept one; payouts stay where they are."""

    closed = models.OneToOneField(Dossier, models.PROTECT, related_name="merged", verbose_name="注销的档案")
    kept = models.ForeignKey(Dossier, models.PROTECT, related_name="absorbed", verbose_name="保留的档案")
    reason = models.CharField("说明", max_length=400)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MergeQuerySet.as_manager()
    classes = field_classes(L2="id closed kept by at", L3="reason")

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(closed=F("kept")), name="merge_joins_two_dossiers")]
