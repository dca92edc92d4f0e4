"""The list of campaigns and the frame of one: name, year, days."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.enums import NoticeState
from campaigns.forms.campaigns import CampaignFilter, CampaignForm, CampaignSettingsForm
from campaigns.models import Acknowledgement, Addressee, Campaign, Notice
from campaigns.views.answers import page_of, show_refusal
from relief.lib import clock
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, may_anywhere, require
from unions.web import current_union, page, person_of


@page("notice.read")
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns that reach the person's unions or that they issue, newest first."""
    person = person_of(request)
    narrowed = CampaignFilter(request.GET)
    seen = Prefetch("notices", Notice.objects.visible_to(person).order_by("-number"))
    rows = (
        Campaign.objects.visible_to(person).filter(**narrowed.filters()).select_related("issuer").prefetch_related(seen)
    )
    shown = page_of(request, rows)
    context = {
        "page": shown,
        "rows": _rows(list(shown), person, current_union(request)),
        "filter": narrowed,
        "may_create": may_anywhere(person, "campaign.create"),
        "now": clock.db_now(),
    }
    return render(request, "campaigns/campaigns.html", context)


def _rows(campaigns: list[Campaign], person: Person, union: Union) -> list[dict[str, Any]]:
    """What one line says: the newest version in sight, the own next due, whether the own union acknowledged."""
    dues: dict[int, Any] = {}
    own = Addressee.objects.filter(union=union, deliverable__campaign__in=campaigns, reports_to__isnull=False)
    for campaign_id, due in own.order_by("-due_at").values_list("deliverable__campaign_id", "due_at"):
        dues[campaign_id] = due
    acknowledged = set(
        Acknowledgement.objects.filter(union=union, notice__campaign__in=campaigns).values_list("notice_id", flat=True)
    )
    issuers = set(person.union_ids({Role.ORGANISE}))
    rows = []
    for campaign in campaigns:
        notices = list(campaign.notices.all())
        current = next((each for each in notices if each.state == NoticeState.PUBLISHED), None)
        draft = next((each for each in notices if each.state in (NoticeState.DRAFT, NoticeState.PROPOSED)), None)
        rows.append(
            {
                "campaign": campaign,
                "notice": current,
                "draft": draft,
                "due": dues.get(campaign.pk),
                "acknowledged": current is not None and current.pk in acknowledged,
                "to_acknowledge": current is not None and campaign.pk in dues and current.pk not in acknowledged,
                "mine": campaign.issuer_id in issuers,
            }
        )
    return rows


@page("campaign.create", methods=("GET", "POST"))
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Create a campaign of the current union; then the steps follow."""
    person, issuer = person_of(request), current_union(request, {Role.ORGANISE})
    require(person, "campaign.create", issuer)
    year = clock.today().year
    form = CampaignForm(request.POST or None, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            campaign = actions.create_campaign(by=person, issuer=issuer, **values)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"已建立“{campaign.title}”，请填写通知正文。")
            return redirect("campaign_notice", campaign.pk)
    status = 422 if form.errors else 200
    return render(request, "campaigns/campaign_new.html", {"form": form, "issuer": issuer}, status=status)


@page("campaign.edit", methods=("GET", "POST"))
def campaign_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, year, kind and days."""
    person = person_of(request)
    campaign = get_object_or_404(Campaign.objects.visible_to(person).select_related("issuer"), pk=pk)
    require(person, "campaign.edit", campaign)
    form = CampaignSettingsForm(request.POST or None, initial=CampaignSettingsForm.shown(campaign))
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("version") or 0
        try:
            actions.change_campaign(by=person, campaign=campaign, version=seen, **values)
        except Refused as refusal:
            differences = show_refusal(form, refusal, Campaign.objects.get(pk=pk).version)
        else:
            messages.success(request, "活动设置已保存。")
            return redirect("campaign_notice", campaign.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "campaign": campaign, "differences": differences}
    return render(request, "campaigns/campaign_settings.html", context, status=status)
