"""How households and payouts are reached: the union that keeps the file, and the levels that decide the case (R-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from beneficiaries.enums import DossierState, PayoutState
from unions.enums import Role

if TYPE_CHECKING:
    from unions.models import Person

KEEPER_ROLES = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE, Role.PAY, Role.AUDIT})


class DossierQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> DossierQuerySet:
        """Files kept by the person's unions, and files whose case is routed to them, from the application on.

        Drafts belong to the keeping union alone. A file marked `restricted` is gone from every list (R-27).
        """
        kept = Q(union__in=person.union_ids(KEEPER_ROLES))
        routed = Q(review_union__in=person.union_ids({Role.REVIEW})) | Q(
            approve_union__in=person.union_ids({Role.APPROVE})
        )
        return self.filter(kept | (routed & ~Q(state=DossierState.DRAFT)), restricted=False)

    def active(self) -> DossierQuerySet:
        return self.filter(state=DossierState.ACTIVE)


class OfDossierQuerySet(models.QuerySet):
    """Members, assessments, opinions: seen with their dossier."""

    def visible_to(self, person: Person) -> OfDossierQuerySet:
        dossiers = self.model._meta.get_field("dossier").related_model.objects.visible_to(person).values("pk")
        return self.filter(dossier__in=dossiers)


class OfAssessmentQuerySet(models.QuerySet):
    """Lines of an assessment: seen with its dossier."""

    def visible_to(self, person: Person) -> OfAssessmentQuerySet:
        rows = self.model._meta.get_field("assessment").related_model.objects.visible_to(person).values("pk")
        return self.filter(assessment__in=rows)


class EntryDraftQuerySet(models.QuerySet):
    """What somebody typed and has not saved: seen by that person alone."""

    def visible_to(self, person: Person) -> EntryDraftQuerySet:
        return self.filter(person=person)


class PayoutQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> PayoutQuerySet:
        """Payouts entered at the person's unions, and those routed to them for review, approval or paying out."""
        kept = Q(union__in=person.union_ids(KEEPER_ROLES))
        routed = (
            Q(review_union__in=person.union_ids({Role.REVIEW}))
            | Q(approve_union__in=person.union_ids({Role.APPROVE}))
            | Q(pay_union__in=person.union_ids({Role.PAY}))
        )
        return self.filter(kept | (routed & ~Q(state=PayoutState.DRAFT)))

    def counted(self) -> PayoutQuerySet:
        """Paid and without a confirmed reversal: what figures count (D5)."""
        reversal = self.model._meta.get_field("reversals").related_model.objects.filter(
            payout=OuterRef("pk"), confirmed_at__isnull=False
        )
        return self.filter(state=PayoutState.PAID).filter(~Exists(reversal))


class OfPayoutQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> OfPayoutQuerySet:
        payouts = self.model._meta.get_field("payout").related_model.objects.visible_to(person).values("pk")
        return self.filter(payout__in=payouts)


class VisitQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> VisitQuerySet:
        """Visits recorded by the person's unions: they may name a household."""
        return self.filter(union__in=person.union_ids(KEEPER_ROLES))

    def counting(self) -> VisitQuerySet:
        return self.filter(voided_at__isnull=True)
