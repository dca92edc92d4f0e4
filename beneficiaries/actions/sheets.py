"""Taking the sheet of a file (困难职工档案表) away, masked or in full; every time is written down."""

from __future__ import annotations

from django.db import transaction

from beneficiaries.actions.households import FIELDS, looked_at, works_on
from beneficiaries.models import Dossier
from unions import audit
from unions.models import Person
from unions.policy import Refused, require

ACT = "dossier.sheet"


@transaction.atomic
def take_sheet(*, by: Person, dossier: Dossier, kind: str, full: bool) -> None:
    """Write the audit row of one sheet; in full only for who works on the case and opened it with a purpose (R-30)."""
    require(by, ACT, dossier)
    if full and not works_on(by, dossier):
        raise Refused(
            "这份档案不由您的岗位办理，不能取完整的档案表。",
            "可以改取遮蔽版，或联系建档工会。",
            status=403,
            act=ACT,
            obj=dossier,
        )
    if full and not looked_at(by, dossier):
        raise Refused(
            "取完整的档案表前要先写明用途。",
            "请在档案页选择用途、写事由，按“查看完整信息”后再取（一小时内有效），或改取遮蔽版。",
            act=ACT,
            obj=dossier,
        )
    audit.record(
        act=ACT,
        by=by,
        union=dossier.union,
        obj=dossier,
        fields=FIELDS if full else ["sheet"],
        detail={"kind": kind, "full": full},
    )
