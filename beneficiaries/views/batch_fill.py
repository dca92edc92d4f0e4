"""Filling a batch: households chosen by filter, and rows typed or pasted from a sheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from beneficiaries import actions
from beneficiaries.actions.batch_entries import BatchFaults, Recipient
from beneficiaries.batches import paste
from beneficiaries.enums import Trait
from beneficiaries.forms.batches import HouseholdFilter, PasteForm, households
from beneficiaries.models import PayoutBatch
from beneficiaries.views.batches import load
from relief.lib import clock, crypto, idnumber
from unions import audit
from unions.idempotency import new_key
from unions.policy import Refused, require
from unions.web import page, person_of, whole_number

PER_PAGE = 50
BLANK = 6
WRITTEN = "written"
TYPED = ("name", "id_number", "amount", "card_number", "bank", "reason")
HEADS = ("姓名", "身份证号", "金额", "银行卡号", "开户银行", "提醒说明")


@page("batch.fill", methods=("GET", "POST"))
def batch_households(request: HttpRequest, pk: int) -> HttpResponse:
    """Households of the union by filter; ticked ones, or all that the filter leaves, become lines."""
    person = person_of(request)
    batch = load(person, pk)
    require(person, "batch.fill", batch)
    filters = HouseholdFilter(request.GET)
    found = filters.narrowed(households(person), batch, clock.today())
    found = found.exclude(pk__in=batch.payouts.filter(dossier__isnull=False).values("dossier"))
    if request.method == "POST":
        return _add(request, batch, found)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "filters": filters,
        "filtered": any(request.GET.get(name) for name in filters.fields),
        "page": shown,
        "rows": [
            (
                dossier,
                idnumber.mask_name(dossier.name),
                "、".join(trait.label for trait in Trait if getattr(dossier, trait, False)),
            )
            for dossier in shown.object_list
        ],
        "request_key": new_key(),
        "seen": _seen(found.values_list("pk", flat=True)),
    }
    return render(request, "beneficiaries/batch_households.html", context)


def _add(request: HttpRequest, batch: PayoutBatch, found) -> HttpResponse:
    if request.POST.get("all"):
        if request.POST.get("seen") != _seen(found.values_list("pk", flat=True)):
            raise Refused(
                "符合条件的户在您打开页面以后变了，没有加入。",
                "请刷新页面，核对户数后再加入。",
                act="batch.fill",
                obj=batch,
            )
        chosen = found
    else:
        chosen = found.filter(pk__in=[whole_number(text) for text in request.POST.getlist("d")])
    key = request.POST.get("request_key", "")
    added, there = actions.add_households(by=person_of(request), batch=batch, dossiers=list(chosen), key=key)
    also = f"；{there} 户已有同一活动、同一天、同一用途的发放，没有重复加入" if there else ""
    messages.success(request, f"已加入 {added} 户{also}。")
    return redirect("batch_detail", pk=batch.pk)


def _seen(pks) -> str:
    """A token of exactly these households."""
    return crypto.keyed_digest(sorted(pks))[:32]


@page("batch.fill", methods=("GET", "POST"))
def batch_paste_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows typed or pasted: looked at first, written when nothing is wrong; on a fault everything typed stays."""
    person = person_of(request)
    batch = load(person, pk)
    require(person, "batch.fill", batch)
    form = PasteForm(request.POST or None)
    cells = [[request.POST.get(f"{name}-{at}", "") for name in TYPED] for at in range(BLANK)]
    part, _, act = request.POST.get("do", "").partition("-")
    rows: list[paste.Pasted] = []
    faults: list[tuple[int, str]] = []
    told = ""
    if request.method == "POST" and form.is_valid():
        pasted = form.cleaned_data["text"]
        rows, faults = paste.read(pasted if part == "paste" else _as_text(cells))
        told, more = _try(request, batch, rows, write=act == "write" and not faults)
        faults = sorted({*faults, *more})
        if told == WRITTEN:
            # what stands in the other part is not lost
            cells = cells if part == "paste" else [[""] * len(TYPED)] * BLANK
            pasted = "" if part == "paste" else pasted
            if not pasted.strip() and not any(map(_filled, cells)):
                return redirect("batch_detail", pk=batch.pk)
            form, rows, told = PasteForm(initial={"text": pasted}), [], ""
    context = {
        "batch": batch,
        "form": form,
        "cells": [list(zip(TYPED, HEADS, row, strict=True)) for row in cells],
        "heads": HEADS,
        "part": part,
        "rows": rows,
        "total": sum((row.amount or batch.amount or 0) for row in rows),
        "shown": [(row, idnumber.mask_name(row.name), idnumber.last4(row.id_number)) for row in rows[:10]],
        "faults": faults,
        "told": told,
        "request_key": new_key(),
    }
    return render(request, "beneficiaries/batch_paste_rows.html", context, status=422 if faults or told else 200)


def _filled(row: list[str]) -> bool:
    return any(cell.strip() for cell in row)


def _as_text(cells: list[list[str]]) -> str:
    """The typed rows as a paste would be, each on the line where it stands."""
    lines = ["\t".join(cell.replace("\t", " ").strip() for cell in row) if _filled(row) else "" for row in cells]
    return "\n".join(["\t".join(HEADS), *lines])


def _try(
    request: HttpRequest, batch: PayoutBatch, rows: list[paste.Pasted], *, write: bool
) -> tuple[str, list[tuple[int, str]]]:
    """Write the rows, or only look; `WRITTEN`, or a sentence and the faults per line."""
    person = person_of(request)
    if not rows:
        return "没有读到任何一行。", []
    recipients = [
        Recipient(
            name=row.name, id_number=row.id_number, amount=row.amount, bank=row.bank, card_number=row.card_number,
            traits=frozenset(row.traits), reason=row.reason, line=row.line,
        )
        for row in rows
    ]  # fmt: skip
    try:
        if write:
            count = actions.add_recipients(
                by=person, batch=batch, recipients=recipients, how="paste", key=request.POST.get("request_key", "")[:64]
            )
            messages.success(request, f"已写入 {count} 行。")
            return WRITTEN, []
        actions.check_recipients(by=person, batch=batch, recipients=recipients)
    except BatchFaults as refusal:
        return "", list(refusal.faults)
    except Refused as refusal:
        audit.record_refusal(act="batch.fill", by=person, obj=batch, reason=refusal.reason)
        return f"{refusal.reason}{refusal.next_step}", []
    return "", []
