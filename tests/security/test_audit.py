"""The audit record: append-only in the database, chained, and nothing happens without it (R-13…R-15, R-20, NL4)."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from relief.lib import crypto
from tests.cast import log_in
from unions import actions, audit, triggers
from unions.models import AuditChain, AuditEvent, Union
from unions.policy import Refused
from unions.verifiers import audit_chain


@pytest.fixture
def loose(db):
    """The audit table without its triggers, as whoever owns the database could make it; put back at rollback."""
    triggers.take_off(connection)


def findings() -> list[tuple[str, str]]:
    return [(found.row, found.message) for found in audit_chain()]


def last(chain: str = audit.SITE) -> AuditEvent:
    return AuditEvent.objects.filter(chain__key=chain).order_by("-seq").first()


@pytest.mark.parametrize("change", [lambda rows: rows.update(act="made.up"), lambda rows: rows.delete()])
def test_an_audit_row_is_neither_changed_nor_deleted(cast, change):
    before = list(AuditEvent.objects.values_list())
    with pytest.raises(DatabaseError), transaction.atomic():
        change(AuditEvent.objects.filter(pk=last().pk))
    assert list(AuditEvent.objects.values_list()) == before


@pytest.mark.parametrize("sql", ["UPDATE unions_auditevent SET act = 'x'", "DELETE FROM unions_auditevent"])
def test_not_even_by_hand(cast, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_chain_of_the_cast_is_whole(cast):
    assert findings() == []


def test_a_changed_row_is_named(cast, loose):
    row = last()
    AuditEvent.objects.filter(pk=row.pk).update(detail={"role": "none"})
    assert findings() == [(f"site#{row.seq}", "审计记录被改动")]


def test_a_deleted_row_is_named(cast, loose):
    row = AuditEvent.objects.filter(chain__key=audit.SITE).order_by("seq")[2]
    AuditEvent.objects.filter(pk=row.pk).delete()
    assert findings() == [("site#3", "审计记录缺失（被删除）")]


def test_a_deleted_last_row_is_named(cast, loose):
    row = last()
    row.delete()
    assert findings() == [(f"site#{row.seq}", "审计记录缺失（被删除）")]


def test_a_row_put_in_by_hand_is_named(cast, loose):
    row = last()
    row.pk, row.seq = None, row.seq + 1
    row.save(force_insert=True)
    assert findings()[0] == (f"site#{row.seq}", "审计记录被改动")


def test_two_rows_that_changed_places_are_named(cast, loose):
    first, second = AuditEvent.objects.filter(chain__key=audit.SITE).order_by("seq")[1:3]
    AuditEvent.objects.filter(pk=first.pk).update(seq=99_999)
    AuditEvent.objects.filter(pk=second.pk).update(seq=first.seq)
    AuditEvent.objects.filter(pk=first.pk).update(seq=second.seq)
    assert [row for row, _ in findings()][:2] == [f"site#{first.seq}", f"site#{second.seq}"]


def test_a_cut_chain_is_named_although_its_head_was_turned_back(cast, loose):
    """Whoever deletes the last row and turns the head back leaves no trace in the rows; the MAC of the head is theirs."""
    row = last()
    row.delete()
    AuditChain.objects.filter(key=audit.SITE).update(head_seq=row.seq - 1)
    assert findings() == [("site", "链头与最后一条审计记录不符")]


def test_verify_ends_with_findings(cast, loose, capsys):
    AuditEvent.objects.filter(pk=last().pk).update(act="made.up")
    with pytest.raises((SystemExit, CommandError)) as stopped:
        call_command("verify")
    assert getattr(stopped.value, "code", getattr(stopped.value, "returncode", None)) == 1


def test_no_audit_row_no_act(cast, organiser, mill):
    """The database refuses the audit row: the act is undone as a whole (R-15)."""
    refuse_audit()
    before = Union.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.create_union(by=None, code="G9", name="青岬县第九小学工会", kind="grassroots", parent=cast.county)
    assert Union.objects.count() == before


def refuse_audit() -> None:
    """A trigger that lets no audit row in: the disk is full, the table is locked, somebody tampered."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION no_audit() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no audit'; END; $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                "CREATE TRIGGER no_audit BEFORE INSERT ON unions_auditevent FOR EACH ROW EXECUTE FUNCTION no_audit()"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER no_audit BEFORE INSERT ON unions_auditevent BEGIN SELECT RAISE(ABORT, 'no audit'); END"
            )


def test_an_act_outside_a_transaction_is_a_fault_of_ours(cast):
    """Recording wants the transaction of its act; asked through a connection that has none it refuses."""
    assert transaction.get_connection().in_atomic_block
    with transaction.atomic():
        assert audit.record(act="session.login", by=cast.clerk).seq == last().seq


def test_a_refused_act_leaves_its_row(client, clerk):
    """Written after the rollback in a transaction of its own, with who, what and the request id of the page."""
    page = log_in(client, clerk).get("/system/")
    row = last()
    assert page.status_code == 403
    assert (row.act, row.outcome, row.person, row.request_id) == (
        "integrity.verify",
        "refused",
        clerk,
        page["X-Request-Id"],
    )


def test_grants_and_refusals_are_recorded(cast, security_admin, clerk, mill):
    post = actions.grant_post(by=security_admin, person=clerk, union=mill, role="review")
    row = last(audit.chain_key(mill))
    assert (row.act, row.person, row.object_id, row.detail) == (
        "post.grant",
        security_admin,
        str(post.pk),
        {"role": "review"},
    )
    with pytest.raises(Refused):
        actions.grant_post(by=clerk, person=security_admin, union=mill, role="enter")


def test_digests_are_keyed(db):
    """A bare hash of an ID number can be guessed; these need the key (T5)."""
    assert crypto.keyed_digest("x") != crypto.keyed_digest("y")
    assert len(crypto.keyed_digest("x")) > 32
