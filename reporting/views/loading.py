"""How pages reach a submission: through `visible_to`, with what every page of it needs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from campaigns.enums import DeliverableKind
from reporting.models import Submission
from unions.enums import Role
from unions.models import Person
from unions.policy import can
from unions.web import person_of


def sent(request: HttpRequest) -> dict[str, list[str]]:
    """What the page sent, without its token: two sendings of one page are equal, a changed one is not (R-32)."""
    return {name: texts for name, texts in sorted(request.POST.lists()) if name != "csrfmiddlewaretoken"}


def submissions(person: Person) -> QuerySet[Submission]:
    """Submissions the person may see, with all that a page shows of each."""
    return Submission.objects.visible_to(person).select_related(
        "union",
        "deliverable__campaign__issuer",
        "deliverable__form_link__form_version",
        "addressee__reports_to",
        "submitted_by",
        "opened_by",
        "decided_by",
    )


def load(request: HttpRequest, pk: int) -> Submission:
    """The submission, or 404 when it is out of reach."""
    return get_object_or_404(submissions(person_of(request)), pk=pk)


def is_own(person: Person, submission: Submission) -> bool:
    """Whether the person works at the union that files: the live draft is theirs alone."""
    return any(post.union_id == submission.union_id for post in person.posts_now())


def is_form(submission: Submission) -> bool:
    return submission.deliverable.kind == DeliverableKind.FORM


def reviews(person: Person, submission: Submission) -> bool:
    """Whether the person sits where the filing is reviewed."""
    union = submission.review_union
    return union is not None and person.holds({Role.REVIEW}, union.pk)


def tabs(person: Person, submission: Submission, active: str, *, has_children: bool) -> list[dict[str, object]]:
    """The pages of one filing, those the person can use."""
    found: list[tuple[str, str, str]] = []
    if is_own(person, submission):
        found.append(("page", "填报" if is_form(submission) else "报告", "submission_page"))
    if is_form(submission) and has_children:
        found.append(("rollup", "汇总表", "rollup_page"))
    if submission.round_number:
        found.append(("review", "审核", "review_page"))
        found.append(("history", "历次上报与往来", "history_page"))
    return [
        {"label": label, "url": reverse(url, args=[submission.pk]), "active": key == active}
        for key, label, url in found
    ]


def may(person: Person, act: str, submission: Submission) -> bool:
    return bool(can(person, act, submission))
