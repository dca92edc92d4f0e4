"""How submissions and figures are reached: along the frozen line of addressees (D10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from unions.enums import BUSINESS_ROLES, Role
from unions.querysets import nothing

if TYPE_CHECKING:
    from unions.models import Person


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> SubmissionQuerySet:
        """The union itself and every union above it on the line; a draft shows its figures to its own union only
        on the pages, but its existence and state to the line (the board needs them)."""
        reach = nothing()
        for post in person.posts_now():
            if post.role in BUSINESS_ROLES:
                reach |= Q(union=post.union_id) | Q(addressee__line_path__contains=f"/{post.union_id}/")
        return self.filter(reach)


class FormDraftQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> FormDraftQuerySet:
        """Drafts of the unions where the person organises campaigns."""
        return self.filter(union__in=person.union_ids({Role.ORGANISE}))


class OfSubmissionQuerySet(models.QuerySet):
    """Rounds, figures, comments: seen with their submission."""

    def visible_to(self, person: Person) -> OfSubmissionQuerySet:
        submissions = self.model._meta.get_field("submission").related_model.objects.visible_to(person).values("pk")
        return self.filter(submission__in=submissions)


class OfRoundQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> OfRoundQuerySet:
        rounds = self.model._meta.get_field("round").related_model.objects.visible_to(person).values("pk")
        return self.filter(round__in=rounds)
