"""The triggers that keep the audit record append-only on both databases (R-14). Kept apart from the migration so that
the test suite can take them off a *test* database for the moment in which it is emptied."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "unions_auditevent"

_POSTGRESQL_ON = [
    """
    CREATE OR REPLACE FUNCTION relief_audit_append_only() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'the audit record is append-only';
    END;
    $$ LANGUAGE plpgsql
    """,
    f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION relief_audit_append_only()",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION relief_audit_append_only()",
]
_POSTGRESQL_OFF = [
    f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
]
_SQLITE_ON = [
    f"CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON {TABLE}"
    " BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END",
    f"CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON {TABLE}"
    " BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END",
]
_SQLITE_OFF = ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"]


def put_on(connection: BaseDatabaseWrapper) -> None:
    """Forbid update, delete (and on PostgreSQL truncate) of audit rows."""
    _run(connection, _POSTGRESQL_ON if connection.vendor == "postgresql" else _SQLITE_ON)


def take_off(connection: BaseDatabaseWrapper) -> None:
    """Allow them again: for the reversal of the migration and for emptying a test database."""
    _run(connection, _POSTGRESQL_OFF if connection.vendor == "postgresql" else _SQLITE_OFF)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
