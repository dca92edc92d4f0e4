"""The list of files over 2,000 and over 200,000 files: the same queries, and nearly the same time.

Two databases of one server, one reviewer who sees every file; each page is asked of both in turn, round by round. It goes
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
LARGE = "large"
STATES = ("active",) * 16 + ("applied", "posted", "reviewed", "closed")
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", ("志远", "秀英", "建国", "若水", "文秀", "小满")
PAGES = {"first page": "", "one state": "?state=active", "one class": "?class=deep", "never helped": "?ask=unhelped"}


def measure(few: int, many: int, rounds: int = 5) -> list[dict[str, Any]]:
    """Fill the empty database of the settings, copy it and grow the copy, then ask both in turn: one line per page."""
    call_command("migrate", verbosity=0)
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    client, unions, county, clerk = people()
    fill(unions, county, clerk, 0, few)
    small = str(connection.settings_dict["NAME"])
    _use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{LARGE}" TEMPLATE "{small}"')
    _use(LARGE)
    grow(few, many)
    return [_compared(client, name, (small, few), (LARGE, many), rounds) for name in (*PAGES, "last page", "one name")]


def _use(name: str) -> None:
    """Turn the connection, and all that the pages ask, to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def grow(few: int, many: int) -> None:
    """Multiply the rows until there are about `many` files: each copy has its own key, number, index and sealed ID."""
    files, payouts = Dossier._meta.db_table, Payout._meta.db_table
    times = max(1, many // few) - 1
    number = f"split_part({{}}.number, '-', 1) || '-' || lpad((split_part({{}}.number, '-', 2)::int + {few} * g)::text, 7, '0')"
    key = "md5(random()::text || o.id || g)"
    index = "md5(o.id || 'x' || g) || md5(g || 'y' || o.id)"
    sealed = Dossier._meta.get_field("id_number")
    with connection.cursor() as cursor:
        # The triggers that guard rows against hands are not asked about rows that nobody wrote.
        cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
        _copied(cursor, Dossier, times, {"row_key": key, "number": number.format("o", "o"), "id_index": index})
        cursor.execute(f"SELECT id, row_key, number FROM {files} WHERE split_part(number, '-', 2)::int >= {few}")
        again = [(pk, sealed.seal(row, _number(int(said[-7:]))).text) for pk, row, said in cursor.fetchall()]
        cursor.execute("CREATE TEMP TABLE again (id bigint PRIMARY KEY, sealed text)")
        with cursor.copy("COPY again FROM STDIN") as copy:
            for row in again:
                copy.write_row(row)
        cursor.execute(f"UPDATE {files} file SET id_number = again.sealed FROM again WHERE again.id = file.id")
        of = f"(SELECT n.id FROM {files} n JOIN {files} x ON x.id = o.dossier_id WHERE n.number = {number.format('x', 'x')})"
        _copied(cursor, Payout, times, {"row_key": key, "number": "'B' || g || '-' || o.id", "dossier_id": of})
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in (files, payouts):
            cursor.execute(f"VACUUM FULL ANALYZE {table}")


def _copied(cursor: Any, model: Any, times: int, changed: dict[str, str]) -> None:
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    into, out = ", ".join(columns), ", ".join(changed.get(name, f"o.{name}") for name in columns)
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({into}) SELECT {out} FROM {table} o, generate_series(1, {times}) g ORDER BY g, o.id"
    )


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
    state = STATES[place % len(STATES)]
    return Dossier(
        row_key=new_row_key(),
        union=unions[place % UNIONS],
        number=f"G{place % UNIONS + 1}-{place:07d}",
        state=state,
        hardship_class=("deep", "relative", "accidental")[place % 3],
        name=FAMILY[place % len(FAMILY)] + GIVEN[place % len(GIVEN)],
        sex="male",
        id_number=_number(place),
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


def _number(place: int) -> str:
    born = datetime.date(1960, 1, 1) + datetime.timedelta(days=place % 14000)
    return idnumber.make("999901", born, place % 997 + 1)


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


def _compared(client: Client, name: str, few: tuple[str, int], many: tuple[str, int], rounds: int) -> dict[str, Any]:
    """One page of both databases in turn, so that whatever else the machine does falls on both."""
    queries: dict[str, int] = {}
    taken: dict[str, list[float]] = {few[0]: [], many[0]: []}
    for _ in range(rounds):
        for database in taken:
            _use(database)
            queries[database], times = _timed(client, name)
            taken[database] += times
    small, large = (statistics.median(taken[database]) for database in (few[0], many[0]))
    return {
        "page": name,
        "files": many[1],
        "files_compared": few[1],
        "median_ms": round(large, 1),
        "median_ms_compared": round(small, 1),
        "ratio": round(large / small, 2),
        "ratio_goal": GOAL,
        "queries": queries[many[0]],
        "queries_goal": queries[few[0]],
    }


def _timed(client: Client, name: str, times: int = 8) -> tuple[int, list[float]]:
    """(queries, milliseconds of each request) of a page; the last page is reached by the key of its first row."""
    client.post(reverse("dossier_search"), {"name": "沈文秀"} if name == "one name" else {"clear": "1"})
    path = reverse("dossier_list") + PAGES.get(name, "")
    if name == "last page":
        path += f"?after={Dossier.objects.order_by('-number').values_list('number', flat=True)[30]}"
    for _ in range(2):
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as context:
        client.get(path)
    # counted now: the next request empties the log
    queries = len(context)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
    return queries, taken
