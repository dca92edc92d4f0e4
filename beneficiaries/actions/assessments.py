"""Assessing a household by the rule in force, and registering the standards it is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import F, Max

from beneficiaries.actions import restarts
from beneficiaries.assessing import assessment, classrules, income
from beneficiaries.dossiers import intake, periods
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.models import Assessment, AssessmentLines, ClassRule, Dossier, FieldChange, SubsistenceStandard
from relief.lib import clock, idnumber
from unions import audit
from unions.enums import UnionKind
from unions.models import Person, Union
from unions.policy import Decision, Refused, Stale, can, require

BELOW_COUNTY = frozenset({UnionKind.GRASSROOTS, UnionKind.DIRECT, UnionKind.UNIT})


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
    savings: Decimal | int = 0,
    lines: Sequence[income.Line] = (),
    exclusions: Sequence[str] = (),
    exclusion_note: str = "",
    override: str = "",
    override_reason: str = "",
    version: int | None = None,
) -> Assessment:
    """Compute and keep an assessment; the file takes its class, or the overriding one with its reason.

    `lines` are what the two sums were added up from; they are kept sealed. A ticked exclusion means “not eligible”
    unless overridden. On an active file another class sends it through the chain again; “not eligible” leaves the class
    as it is: the way out of a file is leaving it.
    """
    require(by, "dossier.assess", dossier)
    if version is not None and version != dossier.version:
        raise Stale(act="dossier.assess", obj=dossier)
    inputs = assessment.Inputs(
        persons,
        Decimal(yearly_income),
        Decimal(rigid_expenses),
        Decimal(job_cost),
        Decimal(accidental_loss),
        Decimal(savings),
    )
    today = clock.today()
    rule = classrules.rule_on(today, dossier.union)
    parameters = assessment.Parameters.read(rule.parameters)
    faults = assessment.faults(inputs) | _override_faults(override, override_reason)
    faults |= _line_faults(inputs, lines) | _exclusion_faults(parameters, exclusions, exclusion_note)
    if faults:
        raise intake.Faults(faults, act="dossier.assess", obj=dossier)
    standard = classrules.standard_for(dossier.union, today.year)
    outcome = assessment.assess(inputs, parameters, standard.monthly, exclusions)
    row = Assessment.objects.create(
        dossier=dossier,
        rule=rule,
        persons=inputs.persons,
        yearly_income=inputs.yearly_income,
        rigid_expenses=inputs.rigid_expenses,
        job_cost=inputs.job_cost,
        accidental_loss=inputs.accidental_loss,
        savings=inputs.savings,
        exclusions=[one.key for one in parameters.excluded(exclusions)],
        exclusion_note=exclusion_note.strip(),
        standard=standard.monthly,
        per_head=outcome.per_head,
        result=outcome.result,
        override=override,
        override_reason=override_reason.strip(),
        assessed_by=by,
        assessed_at=clock.db_now(),
    )
    if lines:
        AssessmentLines.objects.create(assessment=row, body=cast(Any, income.stored(lines)))
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


def _line_faults(inputs: assessment.Inputs, lines: Sequence[income.Line]) -> dict[str, str]:
    """The two sums must be those of the lines, where there are lines of that side."""
    found = {}
    for side, name, said in (
        (income.INCOME, "yearly_income", "年可支配收入"),
        (income.DEDUCTION, "rigid_expenses", "年刚性支出"),
    ):
        if any(line.side == side for line in lines) and income.total(lines, side) != getattr(inputs, name):
            found[name] = f"{said}与各项之和不一致，请核对各项。"
    return found


def _exclusion_faults(parameters: assessment.Parameters, ticked: Sequence[str], note: str) -> dict[str, str]:
    known = {exclusion.key for exclusion in parameters.exclusions}
    if set(ticked) - known:
        return {"exclusions": "不在可选范围里，请从列表里选择。"}
    if len(note) > 200:
        return {"exclusion_note": "核实情况最多 200 个字，请缩短。"}
    if idnumber.contains_number(note):
        return {"exclusion_note": "核实情况里有证件号或卡号一类的号码，请去掉。"}
    if ticked and not note.strip():
        return {"exclusion_note": "勾选了不予建档情形，请写明核实的情况和依据。"}
    return {}


def effective(row: Assessment) -> str:
    """The class that holds: the overriding one where there is one."""
    return row.override or row.result


def may_set_standard(person: Person, union: Union) -> Decision:
    """Whether the person registers standards for the union: classes and caps of payouts follow from them (R-09).

    Below the county they are not a matter of those who enter households and payouts.
    """
    standard = SubsistenceStandard(union=union)
    decision = can(person, "standard.set", standard)
    if decision and union.kind in BELOW_COUNTY and not can(person, "standard.set_below_county", standard):
        return Decision(
            False,
            f"低保标准决定困难类别和救助限额，{union.called}的标准不由填报员登记。",
            "请县级以上工会登记，或请本工会的审核、审批人登记。",
        )
    return decision


@transaction.atomic
def set_standard(*, by: Person, union: Union, year: int, monthly: Decimal) -> SubsistenceStandard:
    """Register or correct the subsistence standard of a union for a year; assessments keep the one they used."""
    act = "standard.set"
    decision = may_set_standard(by, union)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act=act, obj=union)
    _refuse_second_standard(union, year)
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


def _refuse_second_standard(union: Union, year: int) -> None:
    """Below the county, what a union above has registered for the year holds."""
    if union.kind not in BELOW_COUNTY:
        return
    rows = SubsistenceStandard.objects.filter(union__in=union.line_ids(), year=year).exclude(union=union)
    above = rows.select_related("union").order_by("-union__depth").first()
    if above is not None:
        said = f"{above.union.called}已登记 {year} 年的低保标准，{union.called}不能另设。"
        raise intake.Faults({"year": said}, act="standard.set")


@transaction.atomic
def adopt_rule(*, by: Person, union: Union, rule: ClassRule) -> ClassRule:
    """Let a shipped rule decide the classes of this union and everybody below, from today on; the copy is returned."""
    require(by, "classrule.adopt", SubsistenceStandard(union=union))
    if rule.union_id is not None or not rule.decides:
        raise Refused("这条规则不能采用。", "请从列表里选择。", status=422, act="classrule.adopt")
    last = ClassRule.objects.filter(key=rule.key).aggregate(last=Max("version"))["last"]
    copy = ClassRule.objects.create(
        key=rule.key,
        version=last + 1,
        title=rule.title,
        parameters=rule.parameters,
        valid_from=clock.today(),
        union=union,
        issuer=union.name[:120],
        origin=f"采用“{rule.title}”第 {rule.version} 版：{rule.origin}"[:200],
    )
    audit.record(
        act="classrule.adopt",
        by=by,
        union=union,
        obj=copy,
        fields=["parameters"],
        detail={"rule": f"{rule.key} v{rule.version}"},
    )
    return copy


def _override_faults(override: str, reason: str) -> dict[str, str]:
    if override and override not in HardshipClass.values:
        return {"override": "不在可选范围里，请从列表里选择。"}
    if override and not reason.strip():
        return {"override_reason": "人工认定要写明理由；测算结果仍会保留在旁边。"}
    if len(reason) > 200:
        return {"override_reason": "理由最多 200 个字，请缩短。"}
    if idnumber.contains_number(reason):
        return {"override_reason": "理由里有证件号或卡号一类的号码，请去掉。"}
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
