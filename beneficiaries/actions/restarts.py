"""What apply and a restarted chain share: the unions that decide the case, and who may not be among the deciders."""

from __future__ import annotations

import datetime

from django.db.models import F, Q

from beneficiaries.dossiers import periods
from beneficiaries.enums import DossierState, Step
from beneficiaries.models import Dossier, FieldChange, Opinion
from relief.lib import clock
from unions.enums import Role
from unions.models import Person, Post, Union
from unions.policy import Refused


def deciding_union(union: Union, role: str, not_by: set[int | None], *, act: str, obj: Dossier) -> Union:
    """The nearest union at or above where somebody holds the role who did none of the earlier steps."""
    line = union.line_ids()
    posts = Post.objects.in_force(clock.db_now()).filter(union__in=line, role=role)
    held = set(posts.exclude(person__in=[pk for pk in not_by if pk]).values_list("union_id", flat=True))
    found = next((union_id for union_id in reversed(line) if union_id in held), None)
    if found is None:
        raise Refused(
            f"{union.called}及其上级工会都没有其他人担任{Role(role).label}岗位，不能提交。",
            "请联系安全管理员授岗后再提交。",
            act=act,
            obj=obj,
        )
    return Union.objects.get(pk=found)


def hands(dossier: Dossier) -> set[int | None]:
    """Everybody who entered, changed or visited: none of them may decide the case (R-09)."""
    changed = FieldChange.objects.filter(dossier=dossier).exclude(field="状态").values_list("by_id", flat=True)
    entered = Opinion.objects.filter(dossier=dossier, step__in=(Step.APPLY, Step.VISIT, Step.POST))
    return {dossier.entered_by_id, dossier.visited_by_id, *changed, *entered.values_list("person_id", flat=True)}


def restart(*, by: Person, dossier: Dossier, text: str, day: datetime.date) -> None:
    """Send an active file through the whole chain again; called inside the action that changed it."""
    own = hands(dossier) | {by.pk}
    now = clock.db_now()
    moved = Dossier.objects.filter(pk=dossier.pk, state=DossierState.ACTIVE, version=dossier.version).update(
        state=DossierState.APPLIED,
        version=F("version") + 1,
        changed_at=now,
        visited_by=None,
        reviewed_by=None,
        approved_by=None,
        review_union=deciding_union(dossier.union, Role.REVIEW, own, act="dossier.save", obj=dossier),
        approve_union=deciding_union(dossier.union, Role.APPROVE, own, act="dossier.save", obj=dossier),
    )
    if moved != 1:
        raise Refused("档案状态刚刚变了，没有写入。", "请刷新页面后再办理。", act="dossier.save", obj=dossier)
    note_state(by=by, dossier=dossier, after=DossierState.APPLIED, reason=text)
    Opinion.objects.create(
        dossier=dossier,
        step=Step.APPLY,
        union=dossier.union,
        person=by,
        text=f"变更重走审批：{text}"[:400],
        on=day,
        at=now,
    )
    dossier.refresh_from_db()
    periods.turn(dossier, day, act="dossier.save")


def note_state(*, by: Person, dossier: Dossier, after: str, reason: str) -> None:
    """The state change as a line of the change history; `dossier` still holds the state before."""
    FieldChange.objects.create(
        dossier=dossier,
        field="状态",
        old=dossier.get_state_display(),
        new=DossierState(after).label,
        reason=reason[:200],
        by=by,
        at=clock.db_now(),
    )


def decided_by(person: Person, dossier: Dossier) -> Q:
    """A condition: the case waits for this person's review or approval now (D18)."""
    review = Q(state=DossierState.POSTED, review_union__in=person.union_ids({Role.REVIEW}))
    approve = Q(state=DossierState.REVIEWED, approve_union__in=person.union_ids({Role.APPROVE}))
    return (review | approve) & Q(pk=dossier.pk)
