"""How bank files and layouts are reached: by the union whose cashier made them, and its auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from unions.enums import Role

if TYPE_CHECKING:
    from unions.models import Person

BANK_ROLES = frozenset({Role.PAY, Role.AUDIT})


class BankProfileQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> BankProfileQuerySet:
        """Layouts of the unions where the person pays, and those that a union above lets its subtree use."""
        here, above = person.union_ids({Role.PAY}), set()
        for post in person.posts_now():
            if post.role == Role.PAY:
                above |= set(post.union.line_ids())
        return self.filter(Q(union__in=here) | Q(union__in=above, subtree=True))

    def in_use(self) -> BankProfileQuerySet:
        return self.filter(retired_at__isnull=True)


class BankFileQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> BankFileQuerySet:
        """Files made by the cashiers of the person's unions."""
        return self.filter(union__in=person.union_ids(BANK_ROLES))


class OfBankFileQuerySet(models.QuerySet):
    """Lines and results: seen with their file."""

    def visible_to(self, person: Person) -> OfBankFileQuerySet:
        return self.filter(bank_file__union__in=person.union_ids(BANK_ROLES))
