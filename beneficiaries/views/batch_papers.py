"""The papers of a batch: payout list and sign list as files, scans, invoices; and the approval thresholds."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions, signlists
from beneficiaries.actions import paper_jobs
from beneficiaries.actions.batch_papers import INVOICE
from beneficiaries.actions.batch_steps import SIGNED
from beneficiaries.forms.batches import InvoiceForm, ThresholdForm
from beneficiaries.models import ApprovalThreshold
from beneficiaries.views.batches import load
from relief.lib import clock
from relief.lib.pdf import PdfFailed
from unions import attachments, audit
from unions.enums import Role
from unions.models import Attachment
from unions.policy import Refused, can, may_anywhere
from unions.web import current_union, page, person_of


@page("batch.list", methods=("POST",))
def batch_paper(request: HttpRequest, pk: int, key: str, kind: str) -> HttpResponse:
    """发放清册 or 签收表 as PDF or Excel, masked unless the cashier asks for it in full; a long PDF is printed by a job."""
    person = person_of(request)
    batch = load(person, pk)
    if kind not in signlists.KINDS or key not in signlists.PAPERS:
        raise Http404
    full = request.POST.get("full") == "1"
    if kind == paper_jobs.PDF and paper_jobs.is_long(batch):
        return redirect("batch_paper_job", pk=paper_jobs.order(by=person, batch=batch, paper=key, full=full).pk)
    actions.take_list(by=person, batch=batch, paper=key, kind=kind, full=full)
    try:
        data = signlists.list_file(signlists.payout_list(batch, paper=key, by=person, full=full), kind)
    except PdfFailed as fault:
        raise Refused(str(fault), "请稍后再试，或改取 Excel。", act="batch.list", obj=batch) from None
    answer = HttpResponse(data, content_type=signlists.KINDS[kind])
    name = quote(f"{signlists.PAPERS[key]} {batch.number}.{kind}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("batch.sign", methods=("POST",))
def batch_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a scan of the signed list."""
    person = person_of(request)
    batch = load(person, pk)
    upload = request.FILES.get("upload")
    if upload is None:
        raise Refused("没有选择文件。", "请选择签过字的签收表的扫描件或照片。", status=422, act="batch.sign", obj=batch)
    actions.add_signed_list(by=person, batch=batch, upload=upload)
    messages.success(request, "签收表已上传。")
    return redirect("batch_detail", pk=batch.pk)


@page("batch.list")
def batch_scan(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """A scan that lies with the batch; a signed list shows names and numbers, so each look is written down."""
    person = person_of(request)
    batch = load(person, pk)
    invoices = [str(row.pk) for row in batch.invoices.all()]
    mine = Q(owner_type=batch._meta.label, owner_id=batch.pk, kind=SIGNED)
    bills = Q(owner_type="beneficiaries.GoodsInvoice", owner_id__in=invoices, kind=INVOICE)
    row = get_object_or_404(Attachment.objects.filter(mine | bills, removed_at__isnull=True), pk=attachment)
    actions.take_list(by=person, batch=batch, paper=row.kind, kind="scan", full=row.kind == SIGNED)
    return attachments.download_response(row)


@page("batch.invoice", methods=("POST",))
def batch_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an invoice of the goods."""
    person = person_of(request)
    batch = load(person, pk)
    form = InvoiceForm(request.POST, request.FILES)
    if not form.is_valid():
        said = "".join(str(error) for errors in form.errors.values() for error in errors)
        raise Refused(f"发票没有保存：{said}", "请回到批次页重新填写。", status=422, act="batch.invoice", obj=batch)
    actions.add_invoice(by=person, batch=batch, **form.cleaned_data)
    messages.success(request, "发票已登记。")
    return redirect("batch_detail", pk=batch.pk)


@page("payout.read", methods=("GET", "POST"))
def threshold_list(request: HttpRequest) -> HttpResponse:
    """The approval thresholds that hold for the person's unions; approvers set their own union's."""
    person = person_of(request)
    may_set = may_anywhere(person, "threshold.set")
    form = ThresholdForm(request.POST or None, person=person, initial={"valid_from": clock.today()})
    if request.method == "POST":
        union = current_union(request, {Role.APPROVE})
        if form.is_valid():
            try:
                actions.set_threshold(by=person, union=union, **form.cleaned_data)
            except Refused as refusal:
                audit.record_refusal(act="threshold.set", by=person, obj=union, reason=refusal.reason)
                form.add_error(None, f"{refusal.reason}{refusal.next_step}")
            else:
                messages.success(request, "审批限额已保存。")
                return redirect("threshold_list")
    rows = ApprovalThreshold.objects.visible_to(person).select_related("union", "campaign")
    context = {
        "rows": [(row, row.valid_to is None and bool(can(person, "threshold.set", row.union))) for row in rows],
        "form": form if may_set else None,
        "union": current_union(request, {Role.APPROVE}) if may_set else None,
    }
    return render(request, "beneficiaries/threshold_list.html", context)


@page("threshold.set", methods=("POST",))
def threshold_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a threshold end today."""
    row = get_object_or_404(ApprovalThreshold.objects.visible_to(person_of(request)).select_related("union"), pk=pk)
    actions.end_threshold(by=person_of(request), threshold=row)
    messages.success(request, "审批限额已停用，今天是最后一天。")
    return redirect("threshold_list")
