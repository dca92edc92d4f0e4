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
            | Q(second_union__in=person.union_ids({Role.APPROVE}))
            | Q(pay_union__in=person.union_ids({Role.PAY}))
        )
        return self.filter(kept | (routed & ~Q(state=PayoutState.DRAFT)))

    def counted(self) -> PayoutQuerySet:
        """Paid and without a confirmed reversal: what figures count (D5)."""
        reversal = self.model._meta.get_field("reversals").related_model.objects.filter(
            payout=OuterRef("pk"), confirmed_at__isnull=False
        )
        return self.filter(state=PayoutState.PAID).filter(~Exists(reversal))


class PayoutBatchQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> PayoutBatchQuerySet:
        """Batches opened at the person's unions, and those with a payout that is routed to them."""
        payouts = self.model._meta.get_field("payouts").related_model.objects.visible_to(person)
        kept = Q(union__in=person.union_ids(KEEPER_ROLES))
        return self.filter(kept | Q(pk__in=payouts.filter(batch__isnull=False).values("batch")))


class GoodsInvoiceQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> GoodsInvoiceQuerySet:
        """Invoices of the batches and payouts that the person sees."""
        meta = self.model._meta
        batches = meta.get_field("batch").related_model.objects.visible_to(person).values("pk")
        payouts = meta.get_field("payout").related_model.objects.visible_to(person).values("pk")
        return self.filter(Q(batch__in=batches) | Q(payout__in=payouts))


class ThresholdQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> ThresholdQuerySet:
        """The thresholds that bind a union of the person: its own and those of everybody above it."""
        line = {union_id for post in person.posts_now() for union_id in post.union.line_ids()}
        return self.filter(union__in=line)


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


class MoveQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> MoveQuerySet:
        """Moves from or to a union where the person keeps files."""
        unions = person.union_ids({Role.ENTER})
        return self.filter(Q(from_union__in=unions) | Q(to_union__in=unions))


class MergeQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> MergeQuerySet:
        """Merges seen with either file."""
        dossiers = self.model._meta.get_field("kept").related_model.objects.visible_to(person).values("pk")
        return self.filter(Q(closed__in=dossiers) | Q(kept__in=dossiers))


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> ClaimQuerySet:
        """Claims of the person's own drafts, and those that wait at a union where the person reviews."""
        asked = Q(dossier__union__in=person.union_ids({Role.ENTER}))
        return self.filter(asked | Q(clear_union__in=person.union_ids({Role.REVIEW})))


class CheckQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> CheckQuerySet:
        """Draws of the unions where the person reviews or approves."""
        return self.filter(union__in=person.union_ids({Role.REVIEW, Role.APPROVE}))


class CheckItemQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> CheckItemQuerySet:
        return self.filter(check_list__union__in=person.union_ids({Role.REVIEW, Role.APPROVE}))


class PublicListQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> PublicListQuerySet:
        """Lists of the person's unions, and those that wait for or got their publishing at one."""
        return self.filter(
            Q(union__in=person.union_ids(KEEPER_ROLES)) | Q(approve_union__in=person.union_ids({Role.APPROVE}))
        )


class OfPublicListQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> OfPublicListQuerySet:
        lists = self.model._meta.get_field("public_list").related_model.objects.visible_to(person).values("pk")
        return self.filter(public_list__in=lists)


class PlanQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> PlanQuerySet:
        """Plans of the unions that record visits."""
        return self.filter(union__in=person.union_ids({Role.ENTER}))


class StopQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> StopQuerySet:
        return self.filter(plan__union__in=person.union_ids({Role.ENTER}))
