"""Showing a household in full: one person, one purpose, one audit row (R-30, D18)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import TextChoices

from beneficiaries.actions import restarts
from beneficiaries.actions.chain import may
from beneficiaries.models import Dossier
from relief.lib import clock, idnumber
from unions import audit
from unions.enums import Role
from unions.models import AuditEvent, Person
from unions.policy import Refused, require

ACT = "household.unmask"
FIELDS = (
    "name",
    "id_number",
    "birth_date",
    "phone",
    "address",
    "health",
    "cause",
    "bank",
    "card_number",
    "members",
    "disability",
    "other_contact",
    "other_causes",
    "cause_note",
    "assessment_lines",
)


class Purpose(TextChoices):
    """Why somebody looks at a household in full."""

    VERIFY = "verify", "核对材料"
    CORRECT = "correct", "更正档案"
    CONTACT = "contact", "联系本人"
    PAY = "pay", "办理发放"
    INSPECT = "inspect", "检查、审计"
    DECIDE = "decide", "审核审批"


TYPED = [choice for choice in Purpose.choices if choice[0] != Purpose.DECIDE]
"""The purposes a person chooses from; deciding is preset."""


@transaction.atomic
def unmask(*, by: Person, dossier: Dossier, purpose: str, reason: str) -> None:
    """Write the audit row that lets the page show this household once; refused above the hourly limit."""
    require(by, ACT, dossier)
    if not works_on(by, dossier):
        raise Refused(
            "这份档案不由您的岗位办理，不能查看完整信息。",
            "请联系建档工会的填报、审核或审批人员。",
            status=403,
            act=ACT,
            obj=dossier,
        )
    if purpose not in dict(TYPED):
        raise Refused("请选择查看用途。", "选一项用途，再写一句事由。", status=422, act=ACT, obj=dossier)
    if not reason.strip() or len(reason) > 100:
        raise Refused(
            "请写一句查看事由（100 字以内）。", "事由会记入审计，不要写病名和证件号。", status=422, act=ACT, obj=dossier
        )
    if idnumber.contains_number(reason):
        raise Refused(
            "事由里有证件号或卡号一类的号码。", "请改用档案号说明，再查看。", status=422, act=ACT, obj=dossier
        )
    if _in_the_last_hour(by) >= _limit():
        raise Refused(
            f"一小时内查看完整信息已达 {_limit()} 次，暂不能再看。",
            "请稍后再试；确需批量核对，请走导出审批。",
            status=429,
            act=ACT,
            obj=dossier,
        )
    audit.record(
        act=ACT,
        by=by,
        union=dossier.union,
        obj=dossier,
        fields=FIELDS,
        detail={"purpose": purpose, "reason": reason.strip()},
    )


@transaction.atomic
def open_case(*, by: Person, dossier: Dossier) -> bool:
    """True when the case waits for this person's decision: it is then shown in full, with one audit row (D18)."""
    act = "dossier.review" if dossier.state == "posted" else "dossier.approve"
    if not Dossier.objects.filter(restarts.decided_by(by, dossier)).exists() or not may(by, act, dossier):
        return False
    audit.record(
        act=ACT, by=by, union=dossier.union, obj=dossier, fields=FIELDS, detail={"purpose": Purpose.DECIDE.value}
    )
    return True


def works_on(person: Person, dossier: Dossier) -> bool:
    """Whether the household is opened in this person's work: at the union that keeps it, or where its case is decided."""
    return person.holds({Role.ENTER, Role.REVIEW, Role.APPROVE}, dossier.union_id) or routed_to(person, dossier)


def routed_to(person: Person, dossier: Dossier) -> bool:
    """Whether the case was routed to one of the person's deciding posts."""
    return dossier.review_union_id in person.union_ids({Role.REVIEW}) or dossier.approve_union_id in person.union_ids(
        {Role.APPROVE}
    )


def looked_at(by: Person, dossier: Dossier) -> bool:
    """Whether the person opened this household in full, with a purpose, within the last hour."""
    since = clock.db_now() - datetime.timedelta(hours=1)
    looks = AuditEvent.objects.filter(
        act=ACT, person=by, at__gte=since, outcome="done", object_type=dossier._meta.label, object_id=str(dossier.pk)
    )
    return any("purpose" in detail for detail in looks.values_list("detail", flat=True))


def _limit() -> int:
    return int(getattr(settings, "RELIEF_UNMASK_PER_HOUR", 30))


def _in_the_last_hour(by: Person) -> int:
    """Looks by typed purpose; opening cases routed to oneself is work and not counted."""
    since = clock.db_now() - datetime.timedelta(hours=1)
    seen = AuditEvent.objects.filter(act=ACT, person=by, at__gte=since, outcome="done")
    return sum(detail.get("purpose") != Purpose.DECIDE for detail in seen.values_list("detail", flat=True))
