"""What `manage.py verify` checks in this app: the audit chains, row by row (NL4, R-14, R-20)."""

from __future__ import annotations

from collections.abc import Iterator

from relief.lib import crypto
from unions.audit import canonical
from unions.models import AuditChain, AuditEvent
from unions.registry import Finding, register_verifier

TABLE = AuditEvent._meta.db_table


def register() -> None:
    register_verifier("audit_chain", audit_chain)


def audit_chain() -> Iterator[Finding]:
    """Name every audit row that was altered, removed or added by hand, and every chain whose head does not fit."""
    for chain in AuditChain.objects.order_by("pk"):
        yield from _walk(chain)


def _walk(chain: AuditChain) -> Iterator[Finding]:
    previous, expected = "", 1
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        row = f"{chain.key}#{event.seq}"
        for missing in range(expected, min(event.seq, expected + 20)):
            yield Finding("audit_chain", TABLE, f"{chain.key}#{missing}", "审计记录缺失（被删除）")
        if not crypto.mac_ok(canonical(event), event.mac):
            yield Finding("audit_chain", TABLE, row, "审计记录被改动")
        elif event.previous_mac != previous and event.seq == expected:
            yield Finding("audit_chain", TABLE, row, "与前一条审计记录接不上")
        previous, expected = event.mac, event.seq + 1
    if chain.head_seq >= expected:
        for missing in range(expected, min(chain.head_seq + 1, expected + 20)):
            yield Finding("audit_chain", TABLE, f"{chain.key}#{missing}", "审计记录缺失（被删除）")
    elif chain.head_mac != previous:
        yield Finding("audit_chain", AuditChain._meta.db_table, chain.key, "链头与最后一条审计记录不符")
