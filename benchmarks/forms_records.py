"""Every blank of a form for all unions at once, beside the bare SQL that a person at the console would write.

Both run on one connection and one after the other, round by round; the median of the rounds counts. Time is what the
caller waits for: the database and, for the product, all of its Python as well.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import bulk
from campaigns.models import Addressee, Deliverable
from relief.lib import clock
from reporting import formstore
from reporting.models import DeliverableForm, Submission
from reporting.records import Records
from reporting.spec import FormSpec, load_spec
from unions.enums import Role
from unions.models import Account, Person, Post

FORM = "shaanxi-2024"
LONGEST = "suzhou-2013"
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
SUM_GOAL, DISTINCT_GOAL, QUERY_GOAL = 2, 1.5, 12


def measure(unions: int, payouts: int, rounds: int = 5) -> list[dict[str, Any]]:
    """Fill the empty database of the settings, then one line per measurement."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
    bulk.fill(unions, payouts)
    asked, where = range(1, unions + 1), bulk.raw_where()
    tables = "beneficiaries_payout p JOIN beneficiaries_payoutline l ON l.payout_id = p.id"
    by_group = f"SELECT union_id, relief_group, count(*), sum(l.amount) FROM {tables} WHERE {where} GROUP BY 1, 2"
    different = f"SELECT union_id, count(DISTINCT %s) FROM beneficiaries_payout p WHERE {where} GROUP BY 1"
    name = f"all blanks of {FORM}, {unions} unions, {payouts} payouts"
    return [
        _line(name, _form(FORM), asked, by_group, SUM_GOAL, rounds),
        _line("distinct persons", _one_blank("person"), asked, different % "id_index", DISTINCT_GOAL, rounds),
        _line(
            "distinct households", _one_blank("household"), asked, different % "household_index", DISTINCT_GOAL, rounds
        ),
        _entry_page(unions),
    ]


def _form(form_id: str) -> FormSpec:
    return load_spec(_raw(form_id))


def _raw(form_id: str) -> dict[str, Any]:
    path = Path(settings.BASE_DIR) / "fixtures" / "forms" / f"{form_id}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _one_blank(counted: str) -> FormSpec:
    """A form with a single blank that counts different ones among the payouts of the period."""
    unit = {"person": "人", "household": "户"}[counted]
    item = {"code": "N", "label": "受助", "unit": unit, "over_children": f"distinct_{counted}"}
    item |= {"source": {"terms": [{"measure": f"payouts.{counted}s"}]}}  # type: ignore[dict-item]
    cells = [{"col": 0, "style": "value", "content": [{"blank": "N"}]}]
    layout = {"orientation": "portrait", "columns": [{"width": 60}], "rows": [{"cells": cells}]}
    return load_spec({"id": "one-blank", "version": 1, "title": "一格", "items": [item], "layout": layout})


def _line(name: str, spec: FormSpec, asked: range, sql: str, goal: float, rounds: int) -> dict[str, Any]:
    deliverable = Deliverable.objects.select_related("campaign").get(pk=1)

    def ours() -> None:
        Records(deliverable, asked).numbers(spec)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    ours()
    bare()
    times = [(_seconds(ours), _seconds(bare)) for _ in range(rounds)]
    product, raw = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "name": name,
        "seconds": round(product, 3),
        "raw_seconds": round(raw, 3),
        "raw_ratio": round(product / raw, 2),
        "raw_ratio_goal": goal,
        "queries": _queries(ours),
        "queries_for_one_union": _queries(lambda: Records(deliverable, asked[:1]).numbers(spec)),
    }


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def _entry_page(unions: int) -> dict[str, Any]:
    """How many queries the entry page of the longest form asks, at a union with its share of the payouts."""
    # No manifest is written for a measurement: addresses of styles and scripts cost no query.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    submission = _filing(min(unions, 5))
    account = Account.objects.get(username="measurer")
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("submission_page", args=[submission.pk])

    def get() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"the entry page answered {answer.status_code}")

    get()
    asked, blanks = _queries(get), len(_form(LONGEST).items)
    ratio = round(asked / QUERY_GOAL, 2)
    return {
        "name": f"queries of the entry page with {blanks} blanks",
        "queries": asked,
        "queries_goal": QUERY_GOAL,
        "queries_ratio": ratio,
        "queries_ratio_goal": 1,
    }


def _filing(union_id: int) -> Submission:
    """An open draft of the longest form at the union, and somebody who may fill it in."""
    deliverable, now = Deliverable.objects.get(pk=1), clock.db_now()
    DeliverableForm.objects.create(deliverable=deliverable, form_version=formstore.store(_raw(LONGEST)))
    days = {"opens_at": now - timedelta(days=1), "due_at": now + timedelta(days=5)}
    addressee = Addressee.objects.create(
        deliverable=deliverable,
        union_id=union_id,
        reports_to_id=1,
        line_path=f"/1/{union_id}/",
        depth=2,
        union_name="测试工会",
        **days,
    )
    person = Person.objects.get(pk=1)
    Account.objects.create(username="measurer", login_key="measurer", person=person, created_at=now)
    Post.objects.create(person=person, union_id=union_id, role=Role.ENTER, granted_at=now)
    return Submission.objects.create(deliverable=deliverable, union_id=union_id, addressee=addressee)
