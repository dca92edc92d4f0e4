"""The commands of administrators: what they print, and how they end (D27)."""

import json

import pytest
from django.db import connection
from django.test import override_settings

from beneficiaries.models import Payout
from reporting.models import RoundFigure
from tests.site.world import run
from unions import triggers
from unions.models import AuditEvent

pytestmark = pytest.mark.django_db


def findings(*only: str) -> list[tuple[str, str]]:
    """(check, table) of what verify finds; the exit status must agree."""
    options = [part for name in only for part in ("--only", name)]
    status, printed = run("verify", "--json", *options)
    rows = [json.loads(line) for line in printed.splitlines()]
    assert status == (1 if rows else 0)
    return [(row["check"], row["table"]) for row in rows]


def rows_named() -> set[str]:
    return {json.loads(line)["row"] for line in run("verify", "--json")[1].splitlines()}


# ---------------------------------------------------------------- verify


def test_verify_is_clean_after_a_load(loaded):
    assert findings() == []
    assert run("verify")[1].endswith(" 0 findings.\n")


def test_verify_names_a_changed_figure(loaded):
    figure = RoundFigure.objects.filter(code="C11", part="own").first()
    RoundFigure.objects.filter(pk=figure.pk).update(number=99)
    assert findings("rounds") == [("rounds", RoundFigure._meta.db_table)] * len(findings("rounds"))
    assert any(figure.round.receipt in row and "C11" in row for row in rows_named())


def test_verify_names_a_changed_approved_amount(loaded):
    payout = Payout.objects.get(recipient="何永福")
    payout.lines.update(amount=999)
    assert any(payout.number in row for row in rows_named())


@pytest.mark.parametrize("harm", ["update", "delete"])
def test_verify_names_an_audit_row(loaded, harm):
    event = AuditEvent.objects.filter(act="payout.approve").select_related("chain").first()
    place = f"{event.chain.key}#{event.seq}"
    triggers.take_off(connection)
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        if harm == "update":
            cursor.execute(f"UPDATE {table} SET act = 'payout.review' WHERE id = %s", [event.pk])
        else:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [event.pk])
    triggers.put_on(connection)
    named = {row["row"] for row in map(json.loads, run("verify", "--only", "audit_chain", "--json")[1].splitlines())}
    assert named == {place}


# ---------------------------------------------------------------- export_form

EXPORT = ("export_form", "--campaign", "small", "--form", "shaanxi-2024")


def export(path, *args: str) -> int:
    return run(*EXPORT, "--output", str(path), *args)[0]


def test_export_gives_the_latest_round(loaded, tmp_path):
    path = tmp_path / "g1.json"
    assert export(path, "--union", "G1", "--format", "json") == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["state"], told["round"], told["part"]) == ("accepted", 2, "own")
    figure = told["figures"]["C11"]
    assert (figure["value"], figure["unit"], figure["origin"]) == (1, "人次", "records")
    assert len(told["figures"]) == 49


def test_export_of_a_superior_is_consolidated_unless_asked(loaded, tmp_path):
    parts = []
    for more in ((), ("--part", "own"), ("--part", "consolidated")):
        path = tmp_path / "k1.json"
        assert export(path, "--union", "K1", "--format", "json", *more) == 0
        told = json.loads(path.read_text(encoding="utf-8"))
        parts.append((told["part"], told["figures"]["C"]["value"]))
    assert parts == [("consolidated", 3), ("own", 0), ("consolidated", 3)]


def test_export_writes_a_workbook(loaded, tmp_path):
    path = tmp_path / "g1.xlsx"
    assert export(path, "--union", "G1", "--format", "xlsx") == 0
    assert path.read_bytes()[:2] == b"PK"
    assert AuditEvent.objects.filter(act="form.export", union__code="G1").count() == 1


@pytest.mark.parametrize(
    "args",
    [
        ("--campaign", "other", "--form", "shaanxi-2024", "--union", "G1"),
        ("--campaign", "small", "--form", "suzhou-2013", "--union", "G1"),
        ("--campaign", "small", "--form", "shaanxi-2024", "--union", "G9"),
    ],
)
def test_export_says_what_does_not_fit(loaded, tmp_path, args):
    status, said = run("export_form", *args, "--format", "json", "--output", str(tmp_path / "x.json"))
    assert (status, args[1] in said or args[3] in said or args[5] in said) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_export_needs_a_folder_that_exists(loaded, tmp_path):
    assert export(tmp_path / "no" / "x.json", "--union", "G1", "--format", "json") == 2


def test_an_altered_round_is_not_exported(loaded, tmp_path):
    RoundFigure.objects.filter(code="C11", part="own", round__submission__union__code="G1").update(number=7)
    path = tmp_path / "x.json"
    assert (export(path, "--union", "G1", "--format", "json"), path.exists()) == (1, False)


@override_settings(RELIEF_DEMO=True)
def test_the_demo_refuses_another_world(loaded):
    assert run("demo")[0] == 2
    assert run("demo", "--accounts") == (0, "")


# ---------------------------------------------------------------- lists


def test_every_url_has_an_act():
    status, printed = run("list_urls", "--json")
    rows = [json.loads(line) for line in printed.splitlines()]
    assert (status, [row["url"] for row in rows if row["act"] is None]) == (0, [])


def test_acts_are_listed_with_their_rules():
    rows = {row["act"]: row for row in map(json.loads, run("list_acts", "--json")[1].splitlines())}
    approve = rows["payout.approve"]
    assert (approve["roles"], approve["before"], approve["after"]) == (["approve"], ["planned"], "approved")
    assert approve["other_than"] == ["entered_by_id", "reviewed_by_id"]
