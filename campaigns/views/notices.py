"""The notice as its readers see it: text, own dates, versions, files, 签收, PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.enums import NoticeState
from campaigns.models import Acknowledgement, Addressee, Campaign, Notice
from campaigns.notices.pdf import document, notice_pdf
from relief.lib import clock
from relief.lib.pdf import PdfFailed
from unions import attachments
from unions.models import Union
from unions.policy import Decision, Refused, can, may_anywhere
from unions.web import current_union, page, person_of


@page("notice.read")
def notice_current(request: HttpRequest, pk: int) -> HttpResponse:
    """The version in force, else the newest one in sight; a campaign without text leads its organiser to step 1."""
    person = person_of(request)
    found = Notice.objects.visible_to(person).filter(campaign=pk)
    current = found.filter(state=NoticeState.PUBLISHED).first()
    if current is None:
        campaign = get_object_or_404(Campaign.objects.visible_to(person), pk=pk)
        if not found.exists() and can(person, "campaign.edit", campaign):
            return redirect("campaign_notice", pk)
        draft = get_object_or_404(found.order_by("-number")[:1])
        return redirect("notice_version", pk, draft.number)
    return _notice_page(request, current)


@page("notice.read")
def notice_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version of the notice."""
    return _notice_page(request, _one(request, pk, number))


def _one(request: HttpRequest, pk: int, number: int) -> Notice:
    found = Notice.objects.visible_to(person_of(request)).select_related("campaign__issuer")
    return get_object_or_404(found, campaign=pk, number=number)


def _notice_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    person, campaign = person_of(request), notice.campaign
    union = _reading_union(request, campaign)
    own = list(
        Addressee.objects.visible_to(person)
        .filter(deliverable__campaign=campaign, union=union)
        .select_related("deliverable")
    )
    context = {
        **document(notice),
        "campaign": campaign,
        "union": union,
        "rows": _dates(campaign, own),
        "is_addressee": any(row.reports_to_id for row in own),
        "versions": list(campaign.notices.visible_to(person).filter(published_at__isnull=False).order_by("-number")),
        "files": list(attachments.of(notice)),
        "acknowledgement": Acknowledgement.objects.filter(notice=notice, union=union).select_related("person").first(),
        "acknowledge": _may_acknowledge(request, notice, union, own),
        "edit": can(person, "campaign.edit", campaign),
        "may_bundle": notice.published_at is not None and may_anywhere(person, "bundle.create"),
        "arrivals": _arrivals(notice, union),
        "now": clock.db_now(),
    }
    return render(request, "campaigns/notice.html", context)


def _reading_union(request: HttpRequest, campaign: Campaign) -> Union:
    """The current union when the campaign reaches it, else another own union that it reaches."""
    here = current_union(request)
    mine = {post.union_id: post.union for post in person_of(request).posts_now()}
    reached = set(
        Addressee.objects.filter(deliverable__campaign=campaign, union__in=mine).values_list("union_id", flat=True)
    )
    return here if here.pk in reached or not reached else mine[min(reached)]


def _dates(campaign: Campaign, own: list[Addressee]) -> list[dict[str, Any]]:
    """Per deliverable the issuer's dates and the own line's; before publishing those of the draft."""
    mine = {row.deliverable_id: row for row in own}
    issuers = {
        row.deliverable_id: row
        for row in Addressee.objects.filter(deliverable__campaign=campaign, reports_to__isnull=True)
    }
    rows = []
    for deliverable in campaign.deliverables.all():
        if campaign.published_at is not None and deliverable.pk not in issuers:
            continue  # added in the draft of the next version, not in force yet
        rows.append(
            {
                "deliverable": deliverable,
                "issuer": issuers.get(deliverable.pk, deliverable),
                "own": mine.get(deliverable.pk),
            }
        )
    return rows


def _may_acknowledge(request: HttpRequest, notice: Notice, union: Union, own: list[Addressee]) -> Decision:
    if notice.state != NoticeState.PUBLISHED:
        return Decision(False, "这一版不是现行的通知，不用签收。")
    if not any(row.reports_to_id for row in own):
        return Decision(False, "本单位不在报送范围内，不用签收。")
    return can(person_of(request), "notice.acknowledge", union)


def _arrivals(notice: Notice, union: Union) -> dict[str, Any] | None:
    """Who below the union acknowledged this version, who has not; None when nobody is below."""
    below = (
        Addressee.objects.under(union.pk)
        .filter(deliverable__campaign=notice.campaign_id)
        .order_by("union__code")
        .values_list("union_id", "union_name")
        .distinct()
    )
    names = dict(below)
    if not names or notice.published_at is None:
        return None
    rows = Acknowledgement.objects.filter(notice=notice, union__in=names).select_related("person").order_by("at")
    arrived = list(rows)
    seen = {row.union_id for row in arrived}
    return {
        "total": len(names),
        "arrived": [{"name": names[row.union_id], "person": row.person.name, "at": row.at} for row in arrived],
        "missing": [name for union_id, name in names.items() if union_id not in seen],
    }


@page("notice.acknowledge", methods=("POST",))
def notice_acknowledge(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """签收 by the reading union."""
    notice = _one(request, pk, number)
    union = _reading_union(request, notice.campaign)
    actions.acknowledge(by=person_of(request), notice=notice, union=union)
    messages.success(request, f"{union.name}已签收第 {notice.number} 版通知。")
    return redirect("notice_version", pk, number)


@page("notice.read")
def notice_document(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The notice as PDF."""
    notice = _one(request, pk, number)
    try:
        content = notice_pdf(notice)
    except PdfFailed as fault:
        raise Refused(str(fault), "请稍后再试；仍不成功时请联系系统管理员。", act="notice.read", obj=notice) from None
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="notice-{notice.campaign.code}-{notice.number}.pdf"'
    return answer


@page("notice.read")
def notice_attachment(request: HttpRequest, pk: int, number: int, attachment_id: int) -> HttpResponse:
    """One file of the notice as a download."""
    notice = _one(request, pk, number)
    return attachments.download_response(get_object_or_404(attachments.of(notice), pk=attachment_id))


@page("campaign.edit", methods=("POST",))
def campaign_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the draft of the next version."""
    campaign = get_object_or_404(Campaign.objects.visible_to(person_of(request)).select_related("issuer"), pk=pk)
    notice = actions.start_reissue(by=person_of(request), campaign=campaign)
    messages.info(request, f"已按现行通知建立第 {notice.number} 版草稿。请写明本版变化；改期限请到第 2 步。")
    return redirect("campaign_notice", pk)
