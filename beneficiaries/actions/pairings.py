"""Pairing helpers with households (结对帮扶): begun, ended, and kept as history."""

from __future__ import annotations

import datetime

from django.db import transaction

from beneficiaries.dossiers import intake
from beneficiaries.dossiers.entries import PHONE
from beneficiaries.models import Dossier, FieldChange, Pairing
from relief.lib import clock, idnumber
from unions import audit
from unions.models import Person
from unions.policy import Stale, require

ACT = "dossier.pair"


@transaction.atomic
def pair_household(
    *, by: Person, dossier: Dossier, helper: str, valid_from: datetime.date, unit: str = "", phone: str = ""
) -> Pairing:
    """Write down who stands by the household from a day on; the same helper twice at a time is refused in words."""
    require(by, ACT, dossier)
    helper, unit, phone = helper.strip(), unit.strip(), phone.strip()
    faults = {}
    if not helper or len(helper) > 40:
        faults["helper"] = "请填写结对人姓名，最多 40 个字。"
    elif Pairing.objects.filter(dossier=dossier, helper=helper, valid_to__isnull=True).exists():
        faults["helper"] = "这个人已经和本户结对；要改日期，请先结束原来的一条。"
    if phone and not PHONE.fullmatch(phone):
        faults["phone"] = "电话应是 7 至 20 位数字，可以带区号和横线，请核对。"
    if idnumber.contains_number(unit):
        faults["unit"] = "单位和职务里不要写证件号或卡号。"
    if valid_from > clock.today():
        faults["valid_from"] = "结对日期在今天之后，请核对。"
    if faults:
        raise intake.Faults(faults, act=ACT, obj=dossier)
    row = Pairing.objects.create(
        dossier=dossier,
        helper=helper,
        unit=unit[:120],
        phone=phone,
        valid_from=valid_from,
        entered_by=by,
        entered_at=clock.db_now(),
    )
    _note(by, dossier, "（空）", f"{helper}，{valid_from} 起", "")
    audit.record(act=ACT, by=by, union=dossier.union, obj=dossier, fields=["pairing"], detail={"pairing": row.pk})
    return row


@transaction.atomic
def end_pairing(*, by: Person, pairing: Pairing, valid_to: datetime.date, why: str) -> None:
    """End a pairing on a day, with the reason; the row stays as history."""
    dossier = pairing.dossier
    require(by, ACT, dossier)
    faults = {}
    if not pairing.valid_from <= valid_to <= clock.today():
        faults["valid_to"] = "结束日期应在结对日期以后、今天以前。"
    if not why.strip() or len(why) > 200:
        faults["why"] = "请写明结束原因，最多 200 个字。"
    if faults:
        raise intake.Faults(faults, act=ACT, obj=dossier)
    open_row = Pairing.objects.filter(pk=pairing.pk, valid_to__isnull=True)
    if open_row.update(valid_to=valid_to, ended_why=why.strip()) != 1:
        raise Stale([("结对帮扶", "已结束", "结对中")], act=ACT, obj=dossier)
    _note(by, dossier, f"{pairing.helper}，{pairing.valid_from} 起", f"{valid_to} 结束", why.strip())
    audit.record(act=ACT, by=by, union=dossier.union, obj=dossier, fields=["pairing"], detail={"pairing": pairing.pk})


def _note(by: Person, dossier: Dossier, old: str, new: str, reason: str) -> None:
    FieldChange.objects.create(
        dossier=dossier, field="结对帮扶", old=old, new=new, reason=reason, by=by, at=clock.db_now()
    )
