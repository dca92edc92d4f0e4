"""The five steps of a campaign that is being written: text, dates, forms, addressees, preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from campaigns import actions
from campaigns.actions.campaigns import must_be_open
from campaigns.deadlines import Finding
from campaigns.drafting import Checked, check_campaign, draft_of, published_of
from campaigns.enums import DeliverableKind, NoticeState
from campaigns.forms.campaigns import NoticeForm
from campaigns.models import Campaign, Notice
from campaigns.notices.pdf import document
from campaigns.notices.text import joined
from campaigns.views.answers import posted_version, show_refusal
from unions import attachments
from unions.models import Person
from unions.policy import Refused, can, require
from unions.web import page, person_of


@dataclass
class Draft:
    """A campaign under the hands of its organiser, with everything the frame of the steps shows."""

    person: Person
    campaign: Campaign
    notice: Notice | None
    checked: Checked
    locked: Refused | None

    def findings(self, *fields: str) -> list[Finding]:
        return [finding for finding in self.checked.all if finding.field in fields]


def draft(request: HttpRequest, pk: int, act: str = "campaign.edit") -> Draft:
    """Load the campaign for its organiser; `locked` says why nothing can be changed just now."""
    person = person_of(request)
    campaign = get_object_or_404(Campaign.objects.visible_to(person).select_related("issuer"), pk=pk)
    if act == "campaign.edit":
        require(person, act, campaign)
    notice = draft_of(campaign)
    locked = None
    try:
        must_be_open(campaign)
    except Refused as refusal:
        locked = refusal
    return Draft(person, campaign, notice, check_campaign(campaign, notice or published_of(campaign)), locked)


def frame(work: Draft, current: int) -> dict[str, Any]:
    """The context every step shares: its place among the five and the state of each."""
    return {
        "campaign": work.campaign,
        "notice": work.notice,
        "checked": work.checked,
        "locked": work.locked,
        "edit": can(work.person, "campaign.edit", work.campaign),
        "steps": _steps(work, current),
        "counts": _counts(work.checked),
    }


def _counts(checked: Checked) -> list[tuple[str, int]]:
    found = [finding.severity for finding in checked.all]
    return [(severity, found.count(severity)) for severity in ("error", "verify", "hint") if severity in found]


def _steps(work: Draft, current: int) -> list[dict[str, Any]]:
    campaign, checked = work.campaign, work.checked
    deliverables = campaign.deliverables.aggregate(all=Count("pk"))["all"]
    forms = campaign.deliverables.filter(kind=DeliverableKind.FORM).count()
    picked = campaign.selections.count()
    editable = can(work.person, "campaign.edit", campaign)
    date_errors = sum(finding.blocks for finding in checked.dates)
    text_errors = sum(finding.blocks for finding in checked.notice)
    said = [
        ("通知正文", "campaign_notice", _said(work.notice is not None, "已填", text_errors), text_errors),
        ("应报材料与期限", "campaign_dates", _said(deliverables > 0, f"{deliverables} 件", date_errors), date_errors),
        ("统计表", "campaign_forms", f"{forms} 件统计表" if forms else "没有统计表", 0),
        ("报送范围", "campaign_scope", f"{picked} 家" if picked else "未开始", 0 if picked else 1),
        ("预览发布", "campaign_preview", _waiting(work.notice), 0),
    ]
    done = [
        not text_errors and work.notice is not None,
        bool(deliverables) and not date_errors,
        False,
        picked > 0,
        False,
    ]
    return [
        {
            "number": number,
            "label": label,
            "url": _url(name, campaign.pk) if editable else "",
            "outcome": outcome,
            "bad": bool(errors) and outcome != "未开始",
            "state": "current" if number == current else "done" if done[number - 1] else "todo",
        }
        for number, (label, name, outcome, errors) in enumerate(said, 1)
    ]


def _url(name: str, pk: int) -> str:
    """The step's address; empty while the app above that owns it has none."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def _said(begun: bool, word: str, errors: int) -> str:
    if not begun:
        return "未开始"
    return f"{word}，{errors} 处错误" if errors else word


def _waiting(notice: Notice | None) -> str:
    if notice is not None and notice.state == NoticeState.PROPOSED:
        return "等待第二人确认"
    return "须第二人确认"


@page("campaign.edit", methods=("GET", "POST"))
def campaign_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1: the text of the notice."""
    work = draft(request, pk)
    reissue = work.campaign.published_at is not None
    if work.locked is not None and request.method == "POST":
        raise work.locked
    form = NoticeForm(request.POST or None, initial=NoticeForm.shown(work.notice, work.campaign), reissue=reissue)
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and "tidy" in request.POST:
        return _tidied(request, work, reissue)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_notice(
                by=work.person,
                campaign=work.campaign,
                version=form.cleaned_data["version"],
                fields=form.fields_to_save(),
            )
        except Refused as refusal:
            now = draft_of(work.campaign)
            differences = show_refusal(form, refusal, now.version if now else None)
        else:
            messages.success(request, "通知正文已保存。")
            return redirect("campaign_dates" if "next" in request.POST else "campaign_notice", pk)
    return _step_notice(request, work, form, differences)


def _tidied(request: HttpRequest, work: Draft, reissue: bool) -> HttpResponse:
    """The typed text with its broken lines joined, not saved yet."""
    typed = request.POST.copy()
    before = [line for line in str(typed.get("body", "")).splitlines() if line.strip()]
    typed["body"] = joined(typed.get("body", ""))
    fewer = len(before) - len(str(typed["body"]).splitlines())
    messages.info(request, f"已整理正文，合并了 {fewer} 处断行；请看一遍，再点“保存”。")
    return _step_notice(request, work, NoticeForm(typed, reissue=reissue), [])


def _step_notice(
    request: HttpRequest, work: Draft, form: NoticeForm, differences: list[tuple[str, str, str]]
) -> HttpResponse:
    files = list(attachments.of(work.notice)) if work.notice else []
    context = {
        **frame(work, 1),
        "form": form,
        "differences": differences,
        "files": files,
        "findings": work.checked.notice,
    }
    status = 422 if form.is_bound and "tidy" not in request.POST and form.errors else 200
    return render(request, "campaigns/step_notice.html", context, status=status)


@page("campaign.edit", methods=("POST",))
def notice_attachment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file beside the draft of the notice."""
    work = _open_draft(request, pk)
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("没有选择文件。", "请先选择文件，再点“上传附件”。", status=422)
    attachments.attach(by=work.person, union=work.campaign.issuer, owner=work.notice, upload=upload, kind="通知附件")
    messages.success(request, "附件已上传。")
    return redirect("campaign_notice", pk)


@page("campaign.edit", methods=("POST",))
def notice_attachment_remove(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """Take a file off the draft of the notice."""
    work = _open_draft(request, pk)
    attachments.remove(by=work.person, attachment=get_object_or_404(attachments.of(work.notice), pk=attachment_id))
    messages.success(request, "附件已移除。")
    return redirect("campaign_notice", pk)


def _open_draft(request: HttpRequest, pk: int) -> Any:
    work = draft(request, pk)
    if work.locked is not None:
        raise work.locked
    if work.notice is None:
        raise Refused("通知正文还没有保存。", "请先填写并保存通知正文，再上传附件。")
    return work


@page("notice.read")
def campaign_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 5: the draft as readers will see it, all findings, and the two persons' buttons."""
    work = draft(request, pk, "notice.read")
    if not Notice.objects.visible_to(work.person).filter(pk=work.notice.pk if work.notice else None).exists():
        require(work.person, "campaign.edit", work.campaign)
        if work.notice is None:
            return redirect("campaign_notice", pk)
        raise Http404
    notice = work.notice
    if notice is None:
        return redirect("campaign_notice", pk)
    context = {
        **frame(work, 5),
        **document(notice),
        "deliverables": list(work.campaign.deliverables.prefetch_related("leads")),
        "picked": work.campaign.selections.count(),
        "files": list(attachments.of(notice)),
        "propose": can(work.person, "notice.propose", notice),
        "publish": can(work.person, "notice.publish", notice),
        "withdraw": can(work.person, "notice.withdraw", notice),
        "publish_url": _url("campaign_publish", notice.pk),
    }
    return render(request, "campaigns/step_preview.html", context)


@page("notice.propose", methods=("POST",))
def campaign_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """First person: ask for confirmation."""
    notice = _draft_or_404(request, pk)
    actions.propose_notice(by=person_of(request), notice=notice, version=posted_version(request))
    messages.success(request, "已提请确认，请另一位活动管理或审批人员在本页确认发布。")
    return redirect("campaign_preview", pk)


@page("notice.withdraw", methods=("POST",))
def campaign_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the proposal back."""
    notice = _draft_or_404(request, pk)
    actions.withdraw_notice(by=person_of(request), notice=notice, version=posted_version(request))
    messages.success(request, "已撤回，可以继续修改。")
    return redirect("campaign_preview", pk)


def _draft_or_404(request: HttpRequest, pk: int) -> Notice:
    open_states = (NoticeState.DRAFT, NoticeState.PROPOSED)
    found = Notice.objects.visible_to(person_of(request)).select_related("campaign__issuer")
    return get_object_or_404(found, campaign=pk, state__in=open_states)
