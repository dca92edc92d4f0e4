"""How the rows of this app are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from campaigns.enums import DriveState, RemittanceState
from unions.enums import BUSINESS_ROLES, Role
from unions.querysets import nothing, path_within

if TYPE_CHECKING:
    from unions.models import Person, Union


def _business_posts(person: Person) -> list:
    return [post for post in person.posts_now() if post.role in BUSINESS_ROLES]


def own_line(person: Person, field: str) -> Q:
    """Rows whose union (by path at `field`) lies in the subtree of a business post."""
    reach = nothing()
    for post in _business_posts(person):
        reach |= path_within(post.union.path, field)
    return reach


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> CampaignQuerySet:
        """Campaigns that the person's unions issue, and published ones that reach the person's unions."""
        issued = Q(issuer__in=person.union_ids({Role.ORGANISE, Role.REVIEW, Role.APPROVE, Role.ENTER, Role.AUDIT}))
        line = nothing()
        for post in _business_posts(person):
            line |= Q(deliverables__addressees__line_path__contains=f"/{post.union_id}/")
            line |= Q(deliverables__addressees__union=post.union_id)
        reached = self.model.objects.filter(line, published_at__isnull=False).values("pk")
        return self.filter(issued | Q(pk__in=reached))

    def published(self) -> CampaignQuerySet:
        return self.filter(published_at__isnull=False)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> NoticeQuerySet:
        """Drafts at the issuer (organisers and approvers), published versions wherever the campaign reaches."""
        campaigns = self.model._meta.get_field("campaign").related_model.objects.visible_to(person).values("pk")
        drafts = Q(campaign__issuer__in=person.union_ids({Role.ORGANISE, Role.APPROVE}))
        return self.filter(drafts | Q(campaign__in=campaigns, published_at__isnull=False))


class DeliverableQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> DeliverableQuerySet:
        campaigns = self.model._meta.get_field("campaign").related_model.objects.visible_to(person).values("pk")
        return self.filter(campaign__in=campaigns)


class AddresseeQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> AddresseeQuerySet:
        """Along the frozen line: the addressee itself and every union above it (D10)."""
        reach = nothing()
        for post in _business_posts(person):
            reach |= Q(union=post.union_id) | Q(line_path__contains=f"/{post.union_id}/")
        return self.filter(reach)

    def under(self, union_id: int) -> AddresseeQuerySet:
        """Everything that reports, directly or through others, to the union, itself excluded."""
        return self.filter(line_path__contains=f"/{union_id}/").exclude(union=union_id)


class TakenBackQuerySet(models.QuerySet):
    """Rows that are taken back by a row of their own (`reverses`)."""

    def not_reversed(self) -> Self:
        """Rows that count: neither a reversal nor reversed."""
        reversal = self.model.objects.filter(reverses=OuterRef("pk"))
        return self.filter(reverses__isnull=True).filter(~Exists(reversal))


class LedgerQuerySet(TakenBackQuerySet):
    """Funds, donations, activities: figures of a union, visible to its business posts and the line above it."""

    def visible_to(self, person: Person) -> LedgerQuerySet:
        return self.filter(own_line(person, "union__path"))

    def between(self, first: object, last: object, field: str) -> LedgerQuerySet:
        return self.filter(**{f"{field}__gte": first, f"{field}__lte": last})


class RemittanceQuerySet(LedgerQuerySet):
    def visible_to(self, person: Person) -> RemittanceQuerySet:
        """Like the ledger, and for the union that confirms them, wherever it stands."""
        return self.filter(own_line(person, "union__path") | own_line(person, "confirms_at__path"))

    def standing(self) -> LedgerQuerySet:
        """Money that is with the receiver or on its way: neither taken back nor sent back."""
        return self.not_reversed().exclude(state=RemittanceState.RETURNED)


class DriveQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> DriveQuerySet:
        """Drives of the person's unions, of those above them, and of those below them."""
        posts = _business_posts(person)
        above = {pk for post in posts for pk in post.union.line_ids()}
        return self.filter(Q(issuer__in=above) | own_line(person, "issuer__path"))

    def open_for(self, union: Union) -> DriveQuerySet:
        """The open drives in which the union records, newest first."""
        found = self.filter(state=DriveState.OPEN, issuer__in=union.line_ids())
        return found.select_related("campaign", "issuer", "receiver").order_by("-year", "-pk")


class NothingCollectedQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> NothingCollectedQuerySet:
        return self.filter(own_line(person, "union__path"))

    def standing(self) -> NothingCollectedQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class AllocationQuerySet(TakenBackQuerySet):
    def visible_to(self, person: Person) -> AllocationQuerySet:
        return self.filter(own_line(person, "giver__path") | own_line(person, "receiver__path"))


class AcknowledgementQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> AcknowledgementQuerySet:
        return self.filter(own_line(person, "union__path"))
