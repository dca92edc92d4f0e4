"""Assessing a household by the rule in force, and registering the standards it is measured by."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import F

from beneficiaries import assessment, classrules, intake, periods
from beneficiaries.actions import restarts
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.models import Assessment, Dossier, FieldChange, SubsistenceStandard
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Stale, require


@transaction.atomic
def assess(
    *,
    by: Person,
    dossier: Dossier,
    persons: int,
    yearly_income: Decimal,
    rigid_expenses: Decimal,
    job_cost: Decimal | int = 0,
    accidental_loss: Decimal | int = 0,
    override: str = "",
    override_reason: str = "",
    version: int | None = None,
) -> Assessment:
    """Compute and keep an assessment; the file takes its class, or the overriding one with its reason.

    On an active file another class sends it through the chain again; “not eligible” leaves the class as it is: the way
    out of a file is leaving it.
    """
    require(by, "dossier.assess", dossier)
    if version is not None and version != dossier.version:
        raise Stale(act="dossier.assess", obj=dossier)
    inputs = assessment.Inputs(
        persons, Decimal(yearly_income), Decimal(rigid_expenses), Decimal(job_cost), Decimal(accidental_loss)
    )
    faults = assessment.faults(inputs) | _override_faults(override, override_reason)
    if faults:
        raise intake.Faults(faults, act="dossier.assess", obj=dossier)
    today = clock.today()
    rule = classrules.rule_on(today)
    standard = classrules.standard_for(dossier.union, today.year)
    outcome = assessment.assess(inputs, assessment.Parameters.read(rule.parameters), standard.monthly)
    row = Assessment.objects.create(
        dossier=dossier,
        rule=rule,
        persons=inputs.persons,
        yearly_income=inputs.yearly_income,
        rigid_expenses=inputs.rigid_expenses,
        job_cost=inputs.job_cost,
        accidental_loss=inputs.accidental_loss,
        standard=standard.monthly,
        per_head=outcome.per_head,
        result=outcome.result,
        override=override,
        override_reason=override_reason.strip(),
        assessed_by=by,
        assessed_at=clock.db_now(),
    )
    _take_class(by, dossier, row)
    audit.record(
        act="dossier.assess",
        by=by,
        union=dossier.union,
        obj=dossier,
        fields=["persons", "yearly_income", "rigid_expenses", "job_cost", "accidental_loss", "hardship_class"],
        after={"assessment": row.pk, "result": row.result, "override": override, "per_head": str(row.per_head)},
        detail={"rule": f"{rule.key} v{rule.version}", "overridden": bool(override)},
    )
    return row


def effective(row: Assessment) -> str:
    """The class that holds: the overriding one where there is one."""
    return row.override or row.result


@transaction.atomic
def set_standard(*, by: Person, union: Union, year: int, monthly: Decimal) -> SubsistenceStandard:
    """Register or correct the subsistence standard of a union for a year; assessments keep the one they used."""
    require(by, "standard.set", SubsistenceStandard(union=union))
    if not 2000 <= year <= clock.today().year + 1:
        raise intake.Faults({"year": "年度不对，请填写四位数的年份。"}, act="standard.set")
    if not 0 < monthly < 100000:
        raise intake.Faults({"monthly": "月标准应大于 0 元、小于 10 万元，请核对单位。"}, act="standard.set")
    row, _ = SubsistenceStandard.objects.update_or_create(union=union, year=year, defaults={"monthly": monthly})
    audit.record(
        act="standard.set",
        by=by,
        union=union,
        obj=row,
        fields=["monthly"],
        detail={"year": year, "monthly": f"{monthly:.2f}"},
    )
    return row


def _override_faults(override: str, reason: str) -> dict[str, str]:
    if override and override not in HardshipClass.values:
        return {"override": "不在可选范围里，请从列表里选择。"}
    if override and not reason.strip():
        return {"override_reason": "人工认定要写明理由；测算结果仍会保留在旁边。"}
    if len(reason) > 200:
        return {"override_reason": "理由最多 200 个字，请缩短。"}
    return {}


def _take_class(by: Person, dossier: Dossier, row: Assessment) -> None:
    """Write the class on the file and into its history; one update that names the version it saw."""
    new = effective(row)
    active = dossier.state == DossierState.ACTIVE
    kept = dossier.hardship_class if active and new == HardshipClass.NONE else new
    updated = Dossier.objects.filter(pk=dossier.pk, state=dossier.state, version=dossier.version).update(
        hardship_class=kept, version=F("version") + 1, changed_at=clock.db_now()
    )
    if updated != 1:
        raise Stale(act="dossier.assess", obj=dossier)
    old = dossier.hardship_class
    dossier.refresh_from_db()
    FieldChange.objects.create(
        dossier=dossier,
        field="困难类别",
        old=HardshipClass(old).label if old else "（空）",
        new=HardshipClass(new).label + ("（人工认定）" if row.override else "（测算）"),
        reason=row.override_reason,
        by=by,
        at=row.assessed_at,
    )
    if kept == old:
        return
    today = clock.today()
    if active and old:
        restarts.restart(by=by, dossier=dossier, text="重新评估，困难类别有变", day=today)
    else:
        periods.turn(dossier, today, act="dossier.assess")
