"""What stands beside a file: who pairs with the household, the lines of an assessment, what is typed and not yet saved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.households import Assessment, Dossier
from beneficiaries.querysets import EntryDraftQuerySet, OfAssessmentQuerySet, OfDossierQuerySet
from relief.lib.crypto import EncryptedJSONField, new_row_key
from unions.field_classes import field_classes
from unions.models import Person, Union


class Pairing(models.Model):
    """结对帮扶: one helper stands by a household from one day to another; an ended one stays as history."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="pairings")
    helper = models.CharField("结对人", max_length=40)
    unit = models.CharField("单位和职务", max_length=120, blank=True)
    phone = models.CharField("工作电话", max_length=20, blank=True)
    valid_from = models.DateField("结对日期")
    valid_to = models.DateField("结束日期", null=True, blank=True)
    ended_why = models.CharField("结束原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(L2="id dossier helper unit phone valid_from valid_to ended_why entered_by entered_at")

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = "结对帮扶"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="pairing_in_order"
            ),
            models.CheckConstraint(condition=~Q(helper=""), name="pairing_names_the_helper"),
        ]

    def __str__(self) -> str:
        return self.helper


class AssessmentLines(models.Model):
    """The lines of income and expense an assessment was added up from; sealed, their totals are on the assessment."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="lines")
    body = EncryptedJSONField(default=list)

    objects = OfAssessmentQuerySet.as_manager()
    classes = field_classes(L2="id row_key assessment", L4="body")


class EntryDraft(models.Model):
    """What one person typed on the form of a file and has not saved yet; nobody else ever sees it."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    union = models.ForeignKey(Union, models.CASCADE, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, null=True, blank=True, related_name="+")
    body = EncryptedJSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = EntryDraftQuerySet.as_manager()
    classes = field_classes(L2="id row_key person union dossier saved_at", L4="body")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "dossier"], condition=Q(dossier__isnull=False), name="one_draft_per_person_and_file"
            ),
            models.UniqueConstraint(
                fields=["person", "union"], condition=Q(dossier__isnull=True), name="one_draft_of_a_new_file"
            ),
        ]
