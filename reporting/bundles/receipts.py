"""The receipt (回执) of one hand-in on paper: who handed in what, when, and the codes that prove it."""

from __future__ import annotations

from django.template.loader import render_to_string

from campaigns.enums import DeliverableKind
from relief.lib.clock import SHANGHAI
from relief.lib.pdf import render_pdf
from reporting.models import Round, Submission

STYLE = """
@page { size: A4; margin: 28mm 24mm 22mm; }
html { font: 11.5pt/1.6 var(--fang); color: #000 }
h1 { margin: 0 0 9mm; font: bold 20pt/1.3 var(--title); text-align: center }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
th, td { border: 0.25mm solid #000; padding: 2.2mm 3mm; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { width: 38mm; font-family: var(--hei); font-weight: normal }
.code { font-family: var(--song); letter-spacing: 0.3mm }
.small { font-size: 9pt }
.note { margin: 6mm 0 0; font-size: 10pt }
"""


def receipt_html(submission: Submission, frozen: Round) -> str:
    """The receipt as a whole HTML document."""
    above = submission.addressee.reports_to
    local = frozen.handed_in_at.astimezone(SHANGHAI)
    milliseconds = f"{local.microsecond // 1000:03d}"
    context = {
        "css": STYLE,
        "submission": submission,
        "frozen": frozen,
        "to": above.name if above is not None else "本级定稿",
        "instant": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}.{milliseconds}（北京时间）",
        "marks": "、".join(word for word, holds in (("迟报", frozen.late), ("零报告", frozen.nil)) if holds) or "按期",
        "is_form": submission.deliverable.kind == DeliverableKind.FORM,
    }
    return render_to_string("reporting/bundle_receipt.html", context)


def receipt_pdf(submission: Submission, frozen: Round) -> bytes:
    """The receipt as PDF; `relief.lib.pdf.PdfFailed` when it cannot be made."""
    return render_pdf(receipt_html(submission, frozen))
