"""What the page of one dossier shows: chain, next step, assessment, aid, history. Only masked values leave here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from django import forms

from beneficiaries.actions import chain, restarts
from beneficiaries.actions.evidence import KINDS, needed_for
from beneficiaries.assessing import assessment, classrules, classtests, income
from beneficiaries.enums import DossierState, Step
from beneficiaries.forms.dossiers import ApproveStepForm, PostStepForm, StepForm, VisitStepForm
from beneficiaries.models import Assessment, AssessmentLines, Dossier, Opinion
from beneficiaries.publiclists import standing_of
from relief.lib import clock
from relief.lib.money import grouped
from unions import attachments
from unions.enums import Role
from unions.models import Attachment, Person, Union
from unions.policy import Decision

REVIEW_NOTICE = datetime.timedelta(days=60)
CHAIN = (Step.APPLY, Step.VISIT, Step.POST, Step.REVIEW, Step.APPROVE)
OUTCOMES = {
    Step.APPLY: "已提交",
    Step.VISIT: "已入户",
    Step.POST: "已公示",
    Step.REVIEW: "同意，提请审批",
    Step.APPROVE: "审批通过",
    Step.CLOSE: "已退出",
    Step.TRANSFER: "已转移",
    Step.RETURN: "退回修改",
}


@dataclass(frozen=True)
class StepKind:
    """One step a form on the page can take."""

    key: str
    act: str
    label: str
    button: str
    role: str
    form: type[forms.Form]


STEPS = {
    DossierState.DRAFT: StepKind("apply", "dossier.apply", "提交申请", "提交申请", Role.ENTER, StepForm),
    DossierState.APPLIED: StepKind("visit", "dossier.visit", "登记入户调查", "登记入户", Role.ENTER, VisitStepForm),
    DossierState.VISITED: StepKind("post", "dossier.post", "登记公示", "登记公示", Role.ENTER, PostStepForm),
    DossierState.POSTED: StepKind("review", "dossier.review", "审核", "审核通过", Role.REVIEW, StepForm),
    DossierState.REVIEWED: StepKind(
        "approve", "dossier.approve", "审批建档", "审批通过，建档", Role.APPROVE, ApproveStepForm
    ),
}
BY_KEY = {kind.key: kind for kind in STEPS.values()}


@dataclass
class NextStep:
    """The step the file waits for: the form, whether this person may take it, and who may in words."""

    kind: StepKind
    form: forms.Form
    decision: Decision
    who: str
    warnings: list[str] = field(default_factory=list)
    back: Decision = field(default_factory=lambda: Decision(False))


def next_step(dossier: Dossier, person: Person, form: forms.Form | None = None) -> NextStep | None:
    """The next step of the chain; None when the file waits for nothing."""
    kind = STEPS.get(DossierState(dossier.state))
    if kind is None:
        return None
    if form is None:
        form = kind.form(initial=_initial(dossier), auto_id=f"id_{kind.key}_%s")
    back = "dossier.send_back" if dossier.state == DossierState.REVIEWED else "dossier.return"
    return NextStep(
        kind=kind,
        form=form,
        decision=chain.may(person, kind.act, dossier),
        who=_who(dossier, kind),
        warnings=posting_warnings(dossier) if kind.key in ("review", "approve") else [],
        back=chain.may(person, back, dossier) if dossier.state != DossierState.DRAFT else Decision(False),
    )


def chain_steps(dossier: Dossier, opinions: list[Opinion]) -> list[dict[str, Any]]:
    """The chain for `_steps.html`: the present round, a return as a step back, leaving and transfers behind."""
    last = max((place for place, opinion in enumerate(opinions) if opinion.step == Step.APPLY), default=None)
    present = opinions[last:] if last is not None else []
    returned = next((opinion for opinion in present if opinion.step == Step.RETURN), None)
    done = {} if returned else {opinion.step: opinion for opinion in present if opinion.step in CHAIN}
    if dossier.state == DossierState.DRAFT:
        done = {}
    steps = [_step(returned, "back")] if returned else []
    waiting = dossier.state in STEPS
    for step in CHAIN:
        if step in done:
            steps.append(_step(done[step], "done"))
        else:
            steps.append({"label": Step(step).label, "state": "current" if waiting else "todo"})
            waiting = False
    steps += [_step(o, "done") for o in present if o.step in (Step.CLOSE, Step.TRANSFER)]
    return steps


def assessment_card(dossier: Dossier) -> dict[str, Any] | None:
    """The latest assessment with its sum, its limits and its words; None when there is none."""
    row = Assessment.objects.filter(dossier=dossier).select_related("rule", "assessed_by").first()
    if row is None:
        return None
    parameters = assessment.Parameters.read(row.rule.parameters)
    amounts = (row.yearly_income, row.rigid_expenses, row.job_cost, row.accidental_loss, row.savings)
    outcome = assessment.assess(assessment.Inputs(row.persons, *amounts), parameters, row.standard, row.exclusions)
    shown = outcome.per_head if outcome.computed == "deep" else outcome.after_job_cost
    lines = AssessmentLines.objects.filter(assessment=row).first()
    return {
        "row": row,
        "outcome": outcome,
        "months": parameters.months,
        "shown": shown,
        "drawn": max(shown, Decimal(0)),
        "lines": [income.sentence(line) for line in income.opened(cast(Any, lines.body))] if lines else [],
        "checks": [
            {"words": one.words, "origin": one.origin, "ticked": one.key in row.exclusions}
            for one in parameters.exclusions
        ],
        "references": _references(row),
    }


def _references(row: Assessment) -> list[dict[str, Any]]:
    """What the rules of other times and offices would say of the same sums."""
    amounts = {
        "income": row.yearly_income,
        "rigid": row.rigid_expenses,
        "job": row.job_cost,
        "loss": row.accidental_loss,
        "savings": row.savings,
    }
    found = []
    for rule in classrules.references():
        verdicts = classtests.verdicts(rule.parameters, amounts, row.persons, row.standard)
        found.append({"title": rule.title, "result": classtests.first_result(verdicts), "verdicts": verdicts})
    return found


def evidence_tiles(dossier: Dossier) -> list[dict[str, Any]]:
    """One tile per type that is there or must be; names of files are never shown."""
    held: dict[str, list[Attachment]] = {}
    needed = needed_for(dossier)
    for attachment in attachments.of(dossier):
        held.setdefault(attachment.kind, []).append(attachment)
    return [
        {"kind": kind, "count": len(held.get(kind, [])), "files": held.get(kind, [])}
        for kind in KINDS
        if kind in held or kind in needed
    ]


def review_is_due(dossier: Dossier, today: datetime.date) -> bool:
    """Whether the yearly review comes within sixty days or has passed."""
    due = dossier.review_due_on
    return bool(due and dossier.state == DossierState.ACTIVE and due <= today + REVIEW_NOTICE)


def _initial(dossier: Dossier) -> dict[str, Any]:
    today = clock.today()
    found = {
        "version": dossier.version,
        "on": today,
        "until": today + datetime.timedelta(days=7),
        "opened_on": dossier.opened_on or today,
        "level": dossier.level,
        "amount": _last_amount(dossier),
    }
    line, _ = standing_of(dossier) if dossier.state == DossierState.VISITED else (None, 0)
    if line is None:
        return found
    listed = line.public_list
    return found | {"on": listed.starts_on, "until": listed.ends_on, "text": f"见公示《{listed.title}》"}


def _last_amount(dossier: Dossier) -> Decimal | None:
    """What the step before suggested; a draft starts with nothing."""
    if dossier.state == DossierState.DRAFT:
        return None
    said = Opinion.objects.filter(dossier=dossier, amount__isnull=False).order_by("-pk").first()
    return said.amount if said else None


def _step(opinion: Opinion, state: str) -> dict[str, Any]:
    day = f"{opinion.on} 至 {opinion.until:%m-%d}" if opinion.until else str(opinion.on)
    outcome = OUTCOMES[Step(opinion.step)]
    if opinion.until:
        outcome = f"{chain.working_days(opinion.on, opinion.until)} 个工作日"
    if opinion.amount is not None:
        outcome += f"，建议 {grouped(opinion.amount, 2)} 元"
    label = Step.APPROVE.label if opinion.step == Step.APPROVE else opinion.get_step_display()
    return {
        "label": label,
        "state": state,
        "date": day,
        "outcome": outcome,
        "quote": opinion.text,
        "person": f"{opinion.person.name} · {opinion.union.called}",
    }


def _who(dossier: Dossier, kind: StepKind) -> str:
    """Who may take the step, in words: the union, the post, and the people who hold it and had no hand in the file."""
    unions: dict[str, Union | None] = {Role.REVIEW: dossier.review_union, Role.APPROVE: dossier.approve_union}
    union = unions.get(kind.role, dossier.union) or dossier.union
    holders = Person.objects.filter(posts__in=union.posts.in_force(clock.db_now()).filter(role=kind.role))
    if kind.role != Role.ENTER:
        holders = holders.exclude(pk__in=[pk for pk in restarts.hands(dossier) if pk])
    names = "、".join(holders.distinct().order_by("pk").values_list("name", flat=True)[:5])
    return f"由 {union.called} 的{Role(kind.role).label}岗位办理" + (f"（{names}）" if names else "")


def posting_warnings(dossier: Dossier) -> list[str]:
    """What the reviewer should know about the public list of the file, open objections included."""
    post = Opinion.objects.filter(dossier=dossier, step=Step.POST).order_by("-pk").first()
    found = chain.posting_warnings(post.on, post.until, clock.today()) if post else []
    _, objections = standing_of(dossier)
    return [*found, f"公示收到的 {objections} 件异议还没有处理。"] if objections else found
