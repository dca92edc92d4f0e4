"""The public list as PDF on upright A4 pages, to hang up at the workplace."""

from __future__ import annotations

from django.template.loader import render_to_string

from beneficiaries.models import PublicList
from beneficiaries.publiclists.reading import shown
from relief.lib.pdf import render_pdf

STYLE = """
@page { size: 210mm 297mm; margin: 20mm 18mm;
  @bottom-right { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 8pt var(--song); color: #444 } }
html { font-family: var(--song); font-size: 11pt; color: #000 }
h1 { margin: 0 0 6mm; font-family: var(--title); font-size: 20pt; font-weight: bold; text-align: center }
p { margin: 0 0 3mm; line-height: 1.6 }
table { width: 174mm; border-collapse: collapse; table-layout: fixed; border: 0.5mm solid #000 }
th, td { border: 0.2mm solid #000; padding: 1.4mm 1.6mm; text-align: left; overflow-wrap: anywhere }
th { font-family: var(--hei); font-weight: normal; text-align: center } thead { display: table-header-group }
tr { break-inside: avoid } .number { text-align: right; font-variant-numeric: tabular-nums }
.place { width: 14mm; text-align: center } .name { width: 28mm } .class { width: 34mm } .amount { width: 28mm }
.foot { margin-top: 6mm }
"""


def list_pdf(public_list: PublicList) -> bytes:
    """The list as a PDF; `relief.lib.pdf.PdfFailed` when it cannot be made."""
    context = {"list": shown(public_list), "css": STYLE}
    return render_pdf(render_to_string("beneficiaries/public_list_paper.html", context))
