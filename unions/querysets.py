"""How the rows of this app are reached: every read starts at `visible_to` and fails closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Q

from unions.enums import ADMIN_ROLES, BUSINESS_ROLES, Role

if TYPE_CHECKING:
    from unions.models import Person, Union


def path_within(path: str, field: str = "path") -> Q:
    """A condition for the subtree whose root has `path` ("/1/7/"), the root included.

    startswith uses the pattern index on PostgreSQL; SQLite scans on LIKE, so it gets a range.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": path})
    return Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + "0"})


def nothing() -> Q:
    """A condition that no row meets: the answer for whoever holds no post."""
    return Q(pk__in=[])


class UnionQuerySet(models.QuerySet["Union"]):
    def subtree(self, union: Union) -> UnionQuerySet:
        """The union itself and everything below it."""
        return self.filter(path_within(union.path))

    def line_of(self, union: Union) -> UnionQuerySet:
        """The union and everything above it, root first."""
        return self.filter(pk__in=union.line_ids()).order_by("depth")

    def visible_to(self, person: Person) -> UnionQuerySet:
        """The unions of which the person may see name and place: own subtrees and the lines above them."""
        posts = person.posts_now()
        if not posts:
            return self.none()
        reach = Q()
        for post in posts:
            reach |= path_within(post.union.path) | Q(pk__in=post.union.line_ids())
        return self.filter(reach)

    def open_on(self, day: object) -> UnionQuerySet:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)


class HeadcountQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> HeadcountQuerySet:
        """Head counts of the person's own subtrees, for business posts and the system post that keeps them."""
        reach = nothing()
        for post in person.posts_now():
            if post.role in BUSINESS_ROLES or post.role == Role.SYSTEM:
                reach |= path_within(post.union.path, "union__path")
        return self.filter(reach)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Person) -> PersonQuerySet:
        """Staff of the person's own subtrees and of the lines above (name, role and work phone are L2)."""
        posts = person.posts_now()
        if not posts:
            return self.none()
        reach = Q()
        for post in posts:
            reach |= path_within(post.union.path, "posts__union__path") | Q(posts__union__in=post.union.line_ids())
        return self.filter(pk__in=self.model.objects.filter(reach | Q(pk=person.pk)).values("pk"))


class AccountQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> AccountQuerySet:
        """Logins of the subtrees where the person keeps accounts (system) or posts (security)."""
        reach = nothing()
        for post in person.posts_now():
            if post.role in (Role.SECURITY, Role.SYSTEM):
                reach |= path_within(post.union.path, "union__path")
        return self.filter(reach)


class PostQuerySet(models.QuerySet):
    def in_force(self, at: object) -> PostQuerySet:
        """Posts that count at the instant: begun, not ended, not revoked."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), revoked_at__isnull=True)

    def visible_to(self, person: Person) -> PostQuerySet:
        """Own posts; `security` and `system` see the posts of their subtree."""
        reach = Q(person=person)
        for post in person.posts_now():
            if post.role in (Role.SECURITY, Role.SYSTEM):
                reach |= path_within(post.union.path, "union__path")
        return self.filter(reach)


class AuditQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> AuditQuerySet:
        """`audit_admin` reads the trail of a subtree; `audit` (经审) the money acts of the same union line."""
        reach = nothing()
        for post in person.posts_now():
            if post.role == Role.AUDIT_ADMIN:
                reach |= path_within(post.union.path, "union__path")
                if post.union.parent_id is None:
                    reach |= Q(union__isnull=True)
            if post.role == Role.AUDIT:
                reach |= path_within(post.union.path, "union__path") & Q(money=True)
        return self.filter(reach)


class JobQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> JobQuerySet:
        """The jobs the person started."""
        return self.filter(started_by=person)


class ListExportQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> ListExportQuerySet:
        """Own exports, and those that wait for the approvers of the person's union or were decided there."""
        return self.filter(Q(asked_by=person) | Q(confirm_union__in=person.union_ids({Role.APPROVE})))


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> AttachmentQuerySet:
        """Attachments are reached through their owner; by themselves only by staff of the union that keeps them."""
        unions = person.union_ids(BUSINESS_ROLES)
        return self.filter(union__in=unions) if unions else self.none()


class IdempotencyQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> IdempotencyQuerySet:
        """The person's own keys."""
        return self.filter(person=person)


__all__ = ["ADMIN_ROLES", "path_within", "nothing"]
