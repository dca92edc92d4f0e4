"""Bank files: what waits for one, making it after a look at every line, taking it away, its results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries.actions.banking import AT_MOST, copy_bank_file, make_bank_files, take_bank_file
from beneficiaries.bankfiles.facts import BANK_ROUTES, check_code, lines_of, transfers_of, waiting, with_everything
from beneficiaries.bankfiles.rows import bank_line_row
from beneficiaries.banking import CONTENT_TYPES, Layout, from_json, layout_faults, line_faults, shipped
from beneficiaries.enums import PayoutState
from beneficiaries.forms.banking import CheckForm, CopyForm, ResultForm
from beneficiaries.models import BankFile, BankProfile, Payout
from relief.lib.money import parse_amount
from unions import audit
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused, can, may_anywhere
from unions.web import page, person_of, whole_number

PER_PAGE = 50
SHOWN = 100
"""Lines listed before a file is made; the control totals count them all."""
RESULT_TITLES = {
    "fault_title": "结果文件对不上，什么也没有登记",
    "unreadable_title": "结果文件读不了，什么也没有登记。",
}
CHECKED_TITLES = {"fault_title": "与系统里的不一样", "unreadable_title": "文件读不了，没有核对。"}
SAME_RELEASE = Q(lines__payout__receipt=F("lines__release"))


@page("bank.read")
def bank_file_list(request: HttpRequest) -> HttpResponse:
    """What waits for a file, and the files made so far, newest first."""
    person = person_of(request)
    shown = Paginator(_for_listing(BankFile.objects.visible_to(person)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": _groups(waiting(person)),
        "page": shown,
        "rows": [_file_row(each) for each in shown],
        "may_make": may_anywhere(person, "bank.make"),
    }
    return render(request, "beneficiaries/bank_file_list.html", context)


@page("bank.make", methods=("GET", "POST"))
def bank_file_new(request: HttpRequest) -> HttpResponse:
    """Look at the lines under a layout (GET), make the file (POST); `from` names the fund, `batch` narrows."""
    person = person_of(request)
    given = request.POST if request.method == "POST" else request.GET
    payouts, batch = _chosen(person, given)
    choices = layouts_for(person)
    layout = choices.get(given.get("profile", "")) or next(iter(choices.values()))
    if request.method == "POST":
        try:
            files = make_bank_files(
                by=person,
                payouts=payouts,
                layout=layout,
                count=whole_number(given.get("count")),
                total=_amount(given.get("total", "")),
                key=given.get("request_key", "")[:64],
                batch=batch,
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            audit.record_refusal(act="bank.make", by=person, obj=None, reason=refusal.reason)
            return _look(request, person, payouts, batch, layout, refusal=refusal)
        if len(files) == 1:
            messages.success(request, f"已做好 {files[0].number}，下载后交银行。")
            return redirect("bank_file", pk=files[0].pk)
        messages.success(request, f"已做好 {len(files)} 份文件，逐份下载后交银行。")
        return redirect("bank_file_list")
    return _look(request, person, payouts, batch, layout)


@page("bank.read")
def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: control totals, its lines with their state, the way to the bank and back."""
    return file_page(request, loaded(request, pk))


@page("bank.take", methods=("POST",))
def bank_file_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself; on record each time."""
    found = loaded(request, pk)
    data = take_bank_file(by=person_of(request), bank_file=found)
    answer = HttpResponse(data, content_type=CONTENT_TYPES[found.kind])
    name = f"{found.number}-{found.count}笔.{found.kind}"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("bank.copy", methods=("POST",))
def bank_file_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a second file for the lines without a result."""
    found = loaded(request, pk)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return file_page(request, found, copy_form=form, status=422)
    given = form.cleaned_data
    copy = copy_bank_file(by=person_of(request), bank_file=found, reason=given["reason"], key=given["request_key"])
    messages.warning(request, f"已再做一份 {copy.number}。原文件 {found.number} 不要再交银行，否则可能付两次。")
    return redirect("bank_file", pk=copy.pk)


def loaded(request: HttpRequest, pk: int) -> BankFile:
    """A file the person may see, with what its page reads."""
    files = BankFile.objects.visible_to(person_of(request)).select_related(
        "union", "paid_from", "batch", "made_by", "copy_of"
    )
    return get_object_or_404(_counted(files), pk=pk)


def file_page(request: HttpRequest, found: BankFile, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a file; forms that were refused come as `result_form` and `copy_form`."""
    person = person_of(request)
    rows = [bank_line_row(line.payout, line.amount, line.serial, line.release) for line in lines_of(found)]
    failed = [row.pk for row in rows if row.state == PayoutState.FAILED]
    context = {
        "file": found,
        "row": _file_row(found),
        "rows": rows,
        "failed": failed,
        "layout": from_json(found.layout),
        "copies": list(found.copies.order_by("pk")),
        "results": list(found.results.select_related("read_by", "applied_by").order_by("-pk")),
        "may_take": bool(can(person, "bank.take", found)),
        "may_read": bool(can(person, "bank.read_result", found)),
        "may_copy": bool(can(person, "bank.copy", found)),
        "may_check": bool(can(person, "bank.check", found)),
        "result_form": ResultForm(),
        "check_form": CheckForm(prefix="check"),
        "copy_form": CopyForm(initial={"request_key": new_key()}),
        "faults": (),
        "unreadable": "",
        "checked": False,
        **more,
    }
    context |= CHECKED_TITLES if context["checked"] else RESULT_TITLES
    return render(request, "beneficiaries/bank_file.html", context, status=status)


def layouts_for(person: Person) -> dict[str, Layout]:
    """Own layouts first, then the shipped ones, under the words a form sends."""
    own = BankProfile.objects.visible_to(person).in_use().order_by("title", "pk")
    return {f"own-{each.pk}": from_json(each.layout) for each in own} | dict(shipped())


def _look(request, person: Person, payouts, batch, layout: Layout, *, refusal: Refused | None = None) -> HttpResponse:
    transfers = transfers_of(payouts)
    faults = line_faults(layout, transfers)
    wrong = layout_faults(layout)
    numbers = {payout.number: payout.pk for payout in payouts}
    choices = layouts_for(person)
    total = sum((each.amount for each in transfers), Decimal(0))
    stopped = [fault for fault in faults if not fault.warning]
    context = {
        "payouts": [bank_line_row(row, each.amount, each.serial, row.receipt)
                    for row, each in zip(payouts[:SHOWN], transfers, strict=False)],
        "more": max(0, len(payouts) - SHOWN),
        "batch": batch,
        "paid_from": payouts[0].paid_from if payouts else None,
        "choices": [(key, each.title, each == layout) for key, each in choices.items()],
        "profile": next((key for key, each in choices.items() if each == layout), ""),
        "layout": layout,
        "wrong": wrong,
        "faults": [(fault, numbers[fault.number]) for fault in stopped],
        "warnings": [(fault, numbers[fault.number]) for fault in faults if fault.warning],
        "count": len(transfers),
        "total": total,
        "code": check_code(transfers),
        "plain_total": f"{total:.2f}",
        "parts": -(-len(transfers) // layout.max_lines) if transfers else 0,
        "may_go": bool(payouts) and not wrong and not stopped,
        "request_key": new_key(),
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "beneficiaries/bank_file_new.html", context, status=refusal.status if refusal else 200)


def _chosen(person: Person, given) -> tuple[list[Payout], Any]:
    """The payouts that wait, of one fund and, when asked for, of one batch; 404 when the fund is not the person's."""
    found = waiting(person).filter(paid_from=whole_number(given.get("from")))
    wanted = whole_number(given.get("batch"))
    if given.get("batch"):
        found = found.filter(batch=wanted) if wanted else found.filter(batch__isnull=True)
    rows = list(with_everything(found).order_by("union__code", "number")[:AT_MOST])
    if not rows and given.get("from") and _is_foreign(person, given):
        raise Http404
    batch = rows[0].batch if wanted and rows else None
    return rows, batch


def _is_foreign(person: Person, given) -> bool:
    """Whether the fund named is none that this person pays from: such an address does not exist."""
    fund = whole_number(given.get("from"))
    return not Payout.objects.visible_to(person).filter(paid_from=fund).exists()


def _groups(payouts: QuerySet[Payout]) -> list[Any]:
    return list(
        payouts.order_by("paid_from__code", "batch")
        .values("paid_from", "paid_from__name", "batch", "batch__number", "batch__title")
        .annotate(count=Count("pk", distinct=True), total=Sum("lines__amount", filter=Q(lines__route__in=BANK_ROUTES)))
    )


def _counted(files: QuerySet[BankFile]) -> QuerySet[BankFile]:
    return files.annotate(
        paid=Count("lines", filter=SAME_RELEASE & Q(lines__payout__state=PayoutState.PAID)),
        failed=Count("lines", filter=SAME_RELEASE & Q(lines__payout__state=PayoutState.FAILED)),
        out=Count("lines", filter=SAME_RELEASE & Q(lines__payout__state=PayoutState.RELEASED)),
    )


def _for_listing(files: QuerySet[BankFile]) -> QuerySet[BankFile]:
    return _counted(files).select_related("union", "paid_from", "batch", "made_by", "copy_of").order_by("-pk")


def _file_row(each: BankFile) -> dict[str, Any]:
    """A file with the word for where it stands: it waits, has failures, or is closed."""
    again = each.count - each.paid - each.failed - each.out  # type: ignore[attr-defined]
    if each.out:  # type: ignore[attr-defined]
        tone, word = ("warn", "等结果") if each.taken else ("info", "待下载")
    else:
        tone, word = ("bad", "有失败") if each.failed else ("ok", "已了结")  # type: ignore[attr-defined]
    return {"file": each, "again": again, "tone": tone, "word": word}


def _amount(text: str) -> Decimal:
    """The total that the page sent back; nothing when somebody wrote something else into it."""
    try:
        return parse_amount(text)
    except ValueError:
        return Decimal(0)
