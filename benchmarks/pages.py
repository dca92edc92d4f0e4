"""Median time of the pages that people open all day, through the whole stack of middleware, on the demo.

Goal of issue 2: form page, board and dossier list under 150 ms. The floor is a bare page of the same stack (the list of
forms' login redirect target), so that a slow machine can be told from a slow page.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from reporting.models import Submission
from unions.models import Account, Post

GOAL_MS = 150


def measure(requests: int) -> list[dict[str, Any]]:
    """One line per page: path, number of requests, median and 95th percentile in ms, goal, ratio to the bare page."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    form = (
        Submission.objects.filter(deliverable__kind="form", union__kind="grassroots", state__in=["draft", "returned"])
        .select_related("union")
        .first()
    )
    if form is None:
        raise SystemExit("no draft form of a grassroots union: load the demo first (./run)")
    clerk = client_of("enter", form.union_id)
    reviewer = client_of("review", root_union())
    pages = [
        ("bare page", clerk, reverse("password"), None),
        ("form page", clerk, reverse("submission_page", args=[form.pk]), GOAL_MS),
        ("dossier list", clerk, reverse("dossier_list"), GOAL_MS),
        ("board", reviewer, reverse("board"), GOAL_MS),
        ("first page", clerk, reverse("home"), None),
    ]
    lines = [timed(name, client, path, goal, requests) for name, client, path, goal in pages]
    for line in lines:
        line["ratio_to_bare"] = round(line["median_ms"] / lines[0]["median_ms"], 1)
    return lines


def root_union() -> int:
    """The issuer's union."""
    return Submission.objects.filter(addressee__reports_to__isnull=True).values_list("union_id", flat=True)[0]


def client_of(role: str, union_id: int) -> Client:
    """A logged-in client of somebody in the role at the union."""
    post = Post.objects.filter(role=role, union=union_id, revoked_at__isnull=True).first()
    client = Client()
    account = Account.objects.get(person=post.person_id) if post else None
    if account is None:
        raise SystemExit(f"nobody is {role} at union {union_id}")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def timed(name: str, client: Client, path: str, goal: int | None, requests: int) -> dict[str, Any]:
    """Warm up, then time the requests one by one."""
    for _ in range(3):
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    taken = []
    for _ in range(requests):
        start = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return {
        "page": name,
        "path": path,
        "requests": requests,
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95) - 1], 1),
        "goal_ms": goal,
    }
