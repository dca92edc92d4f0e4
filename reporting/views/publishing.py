"""Choosing the form of a campaign's deliverables, publishing, and reading form versions."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.enums import DeliverableKind
from campaigns.models import Campaign, Deliverable, Notice
from relief.lib.pdf import render_pdf
from reporting import actions
from reporting.formstore import newest_versions, spec_of
from reporting.models import DeliverableForm, FormVersion
from reporting.outputs.excel import workbook
from reporting.outputs.sheet import SheetData
from reporting.outputs.sheet_html import form_document_html
from reporting.values import Value
from unions.policy import Refused, can, may_anywhere
from unions.web import page, person_of, whole_number


@page("form.choose", methods=("GET", "POST"))
def campaign_forms(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3 of a campaign: which form version each deliverable of kind form asks for."""
    person = person_of(request)
    campaign = get_object_or_404(Campaign.objects.visible_to(person).select_related("issuer"), pk=pk)
    wanted = list(campaign.deliverables.filter(kind=DeliverableKind.FORM))
    if request.method == "POST":
        _choose(request, wanted)
        messages.success(request, "已保存所选的表样。")
        return redirect("campaign_forms", pk=pk)
    links = {
        link.deliverable_id: link.form_version
        for link in DeliverableForm.objects.filter(deliverable__in=wanted).select_related("form_version")
    }
    rows = [{"deliverable": d, "chosen": links.get(d.pk)} for d in wanted]
    context = {
        "campaign": campaign,
        "rows": rows,
        "versions": newest_versions().defer("spec"),
        "may": can(person, "form.choose", campaign),
        "may_design": may_anywhere(person, "form.design"),
    }
    return render(request, "reporting/campaign_forms.html", context)


def _choose(request: HttpRequest, wanted: list[Deliverable]) -> None:
    person = person_of(request)
    for deliverable in wanted:
        chosen = request.POST.get(f"form-{deliverable.pk}", "")
        if not chosen:
            continue
        version = FormVersion.objects.filter(pk=whole_number(chosen)).first()
        if version is None:
            raise Refused(
                "所选的表样不存在。", "请刷新页面后重选。", status=422, act="form.choose", obj=deliverable.campaign
            )
        link = DeliverableForm.objects.filter(deliverable=deliverable).first()
        if link is None or link.form_version_id != version.pk:
            actions.choose_form(by=person, deliverable=deliverable, form_version=version)


@page("notice.publish", methods=("POST",))
def campaign_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's confirmation: the notice comes into force and everything is frozen."""
    person = person_of(request)
    notice = get_object_or_404(Notice.objects.visible_to(person).select_related("campaign__issuer"), pk=pk)
    version = request.POST.get("version", "")
    actions.publish(by=person, notice=notice, version=whole_number(version))
    count = notice.campaign.deliverables.first().addressees.filter(reports_to__isnull=False).count()  # type: ignore[union-attr]
    messages.success(request, f"已发布第 {notice.number} 版，{count} 家工会列入应报名单。")
    return redirect("campaign_detail", pk=notice.campaign_id)


@page("form.read")
def form_blank(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The empty form as Excel or PDF."""
    spec = spec_of(get_object_or_404(FormVersion, pk=pk))
    data = SheetData(
        spec, {code: Value.empty() for code in spec.codes}, {"union": "", "filer": "", "phone": "", "date": ""}
    )
    if fmt == "xlsx":
        content, kind = workbook([data]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    elif fmt == "pdf":
        content, kind = render_pdf(form_document_html(data)), "application/pdf"
    else:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(spec.title)}.{fmt}"
    return response
