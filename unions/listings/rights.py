"""Whether an export may be fetched now: asked when its file is made and again at every download (R-10, R-22)."""

from __future__ import annotations

import datetime

from django.db.models import Sum

from relief.lib import clock
from unions.listings.gate import WINDOW, needs_second
from unions.listings.model import Listing, listing_of
from unions.models import ListExport, Person
from unions.policy import Refused, require

TAKE = "list.take"


def earlier_rows(by: Person, grade: str, before: ListExport | None = None) -> int:
    """Rows of this grade that the person asked for in the last day (before that export), refused ones apart."""
    since: datetime.datetime = clock.db_now() - WINDOW
    asked = ListExport.objects.filter(asked_by=by, grade=grade, asked_at__gt=since)
    if before is not None:
        asked = asked.filter(pk__lt=before.pk)
    return asked.exclude(state=ListExport.State.REFUSED).aggregate(total=Sum("rows"))["total"] or 0


def allowed(by: Person, export: ListExport) -> Listing:
    """The list of the export, when this person may have it now; Refused with what to do otherwise."""
    require(by, TAKE, export)
    if export.asked_by_id != by.pk:
        raise Refused("只有申请人能下载。", "请由申请人登录后下载。", status=403, act=TAKE, obj=export)
    listing = listing_of(export.listing)
    if listing is None:
        raise Refused("这份清单现在不能导出了。", "请回到列表重新申请。", act=TAKE, obj=export)
    require(by, listing.act)
    if export.full:
        require(by, listing.full_act)
    if export.expires_at is None or export.expires_at <= clock.db_now():
        raise Refused("下载期限已过（同意后 24 小时）。", "还需要的话，请回到列表重新申请。", act=TAKE, obj=export)
    _require_agreement(by, export)
    if not export.held:
        raise Refused("这次申请没有记下包含哪些行。", "请回到列表重新申请。", act=TAKE, obj=export)
    return listing


def _require_agreement(by: Person, export: ListExport) -> None:
    """What nobody agreed to must still be little enough for one person alone."""
    earlier = earlier_rows(by, export.grade, export)
    if export.decided_by_id is None and needs_second(export.grade, export.rows, earlier):
        raise Refused("这份清单要第二个人同意才能下载。", "请回到列表重新申请。", act=TAKE, obj=export)
