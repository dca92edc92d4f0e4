"""The list of files over 2,000 and over 200,000 files: the same queries, and nearly the same time.

One database, one reviewer who sees every file; measured after the first filling and again after the second. The page goes
through the whole stack of middleware. Goal of issue 4: the same number of queries, at most 1.3 times as long.
"""

from __future__ import annotations

import datetime
import statistics
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.models import Dossier, Payout
from relief.lib import clock, crypto, idnumber
from relief.lib.crypto import new_row_key
from unions import actions
from unions.enums import Role, UnionKind
from unions.models import Account, Person, Union

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
GOAL = 1.3
UNIONS, LOAD = 100, 2000
STATES = ("active",) * 16 + ("applied", "posted", "reviewed", "closed")
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", ("志远", "秀英", "建国", "若水", "文秀", "小满")
PAGES = {"first page": "", "one state": "?state=active", "one class": "?class=deep", "never helped": "?ask=unhelped"}


def measure(few: int, many: int, rounds: int = 25) -> list[dict[str, Any]]:
    """Fill the empty database of the settings twice, then one line per page."""
    call_command("migrate", verbosity=0)
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    client, unions, county, clerk = people()
    fill(unions, county, clerk, 0, few)
    small = pages(client, rounds, few)
    fill(unions, county, clerk, few, many)
    large = pages(client, rounds, many)
    return [_line(name, small[name], large[name], few, many) for name in small]


def people() -> tuple[Client, list[Union], Union, Person]:
    """A county with its grassroots unions, a reviewer of all their files who is logged in, and a clerk."""
    province = actions.create_union(by=None, code="P", name="云岭省总工会", kind=UnionKind.PROVINCE, parent=None)
    county = actions.create_union(by=None, code="K", name="青岬县总工会", kind=UnionKind.COUNTY, parent=province)
    unions = [
        actions.create_union(
            by=None, code=f"G{place}", name=f"第 {place} 基层工会", kind=UnionKind.GRASSROOTS, parent=county
        )
        for place in range(1, UNIONS + 1)
    ]
    reviewer, clerk = (actions.create_person(by=None, name=name) for name in ("姜若水", "何晓芸"))
    actions.grant_post(by=None, person=reviewer, union=county, role=Role.REVIEW)
    actions.create_account(
        by=None, person=reviewer, username="reviewer", password="Songwennuan-2024", must_change=False, check=False
    )
    client = Client()
    client.force_login(Account.objects.get(person=reviewer), backend="django.contrib.auth.backends.ModelBackend")
    return client, unions, county, clerk


def fill(unions: list[Union], county: Union, clerk: Person, first: int, last: int) -> None:
    """Files `first` to `last`, four in ten of them helped."""
    now = clock.db_now()
    for start in range(first, last, LOAD):
        files = [_file(place, unions, county, clerk, now) for place in range(start, min(start + LOAD, last))]
        Dossier.objects.bulk_create(files)
        Payout.objects.bulk_create(
            _payout(file, place, clerk, now) for place, file in enumerate(files, start) if place % 10 < 4
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _file(place: int, unions: list[Union], county: Union, clerk: Person, now: datetime.datetime) -> Dossier:
    number = idnumber.make(
        "999901", datetime.date(1960, 1, 1) + datetime.timedelta(days=place % 14000), place % 997 + 1
    )
    state = STATES[place % len(STATES)]
    return Dossier(
        row_key=new_row_key(),
        union=unions[place % UNIONS],
        number=f"G{place % UNIONS + 1}-{place:07d}",
        state=state,
        hardship_class=("deep", "relative", "accidental")[place % 3],
        name=FAMILY[place % len(FAMILY)] + GIVEN[place % len(GIVEN)],
        sex="male",
        id_number=number,
        id_index=crypto.blind_index(f"{place}", "bench"),
        cause="other",
        opened_on=now.date() - datetime.timedelta(days=place % 1500),
        approved_at=now,
        review_due_on=now.date() + datetime.timedelta(days=place % 365),
        entered_by=clerk,
        entered_at=now,
        changed_at=now - datetime.timedelta(days=place % 400),
        review_union=county,
        approve_union=county,
    )


def _payout(file: Dossier, place: int, clerk: Person, now: datetime.datetime) -> Payout:
    return Payout(
        row_key=new_row_key(),
        number=f"B-{place:07d}",
        union=file.union,
        paid_from=file.union,
        state="paid",
        dossier=file,
        recipient=file.name,
        relief_group="dossier_holder",
        purpose="relief_visit",
        planned_on=now.date(),
        paid_on=now.date(),
        entered_by=clerk,
        entered_at=now,
    )


def pages(client: Client, rounds: int, files: int) -> dict[str, tuple[int, float]]:
    """(queries, median milliseconds) of each page; the last page is reached by the key of its first row."""
    last = Dossier.objects.order_by("-number").values_list("number", flat=True)[30]
    asked = PAGES | {"last page": f"?after={last}", "one name": ""}
    return {name: _timed(client, name, query, rounds) for name, query in asked.items()}


def _timed(client: Client, name: str, query: str, rounds: int) -> tuple[int, float]:
    client.post(reverse("dossier_search"), {"name": "沈文秀"} if name == "one name" else {"clear": "1"})
    path = reverse("dossier_list") + query
    for _ in range(3):
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as context:
        client.get(path)
    # counted now: the next request empties the log
    queries = len(context)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
    return queries, statistics.median(taken)


def _line(name: str, small: tuple[int, float], large: tuple[int, float], few: int, many: int) -> dict[str, Any]:
    return {
        "page": name,
        "files": many,
        "files_compared": few,
        "median_ms": round(large[1], 1),
        "median_ms_compared": round(small[1], 1),
        "ratio": round(large[1] / small[1], 2),
        "ratio_goal": GOAL,
        "queries": large[0],
        "queries_goal": small[0],
    }
