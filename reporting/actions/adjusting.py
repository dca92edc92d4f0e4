"""Named adjustments of summed cells: proposed by one person, confirmed by another (D4, D11)."""

from __future__ import annotations

from django.db import transaction

from relief.lib import clock
from reporting.figures import sheet_of
from reporting.models import Adjustment, Submission
from unions import audit
from unions.models import Person
from unions.policy import Refused, require


@transaction.atomic
def propose_adjustment(
    *, by: Person, submission: Submission, code: str, number: int, title: str, reason: str
) -> Adjustment:
    """Propose to change a summed leaf by `number` base units; it counts once another person confirms it."""
    require(by, "adjustment.propose", submission)
    sheet = sheet_of(submission)
    if code not in sheet.spec.leaves or not sheet.spec.item(code).is_numeric:
        raise Refused(
            f"“{code}”不能调整：它是公式或文字。",
            "请调整它的组成项。",
            status=422,
            act="adjustment.propose",
            obj=submission,
        )
    if not sheet.has_children:
        raise Refused(
            "没有下级的填报不用调整，直接改数即可。", "请在填报页改这一格。", act="adjustment.propose", obj=submission
        )
    if number == 0 or not title.strip() or not reason.strip():
        raise Refused(
            "调整要有数、名目和理由。",
            "例如：−6 人次，“重复慰问”，写明哪两家。",
            status=422,
            act="adjustment.propose",
            obj=submission,
        )
    row = Adjustment.objects.create(
        submission=submission,
        code=code,
        number=number,
        title=title.strip()[:60],
        reason=reason.strip()[:200],
        proposed_by=by,
        proposed_at=clock.db_now(),
    )
    audit.record(
        act="adjustment.propose", by=by, union=submission.union, obj=row, fields=[code], detail={"number": number}
    )
    return row


@transaction.atomic
def confirm_adjustment(*, by: Person, adjustment: Adjustment) -> Adjustment:
    """Confirm an adjustment as the second person; the roll-up is then editable only by a new adjustment."""
    require(by, "adjustment.confirm", adjustment)
    require_editable(adjustment.submission)
    touched = Adjustment.objects.filter(pk=adjustment.pk, confirmed_at__isnull=True).update(
        confirmed_by=by, confirmed_at=clock.db_now()
    )
    if touched != 1:
        raise Refused("这项调整已经复核过了。", "请刷新页面。", act="adjustment.confirm", obj=adjustment)
    adjustment.refresh_from_db()
    audit.record(
        act="adjustment.confirm", by=by, union=adjustment.submission.union, obj=adjustment, fields=[adjustment.code]
    )
    return adjustment


def require_editable(submission: Submission) -> None:
    if submission.state not in ("draft", "returned"):
        raise Refused(
            f"当前状态是“{submission.get_state_display()}”，不能再改汇总。",
            "请先撤回或等上级退回。",
            act="adjustment.confirm",
            obj=submission,
        )
