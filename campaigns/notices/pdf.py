"""The notice as an official document: PDF in the layout of GB/T 9704-2012 (domain.md 5)."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from campaigns.models import Notice
from campaigns.notices.text import blocks, chinese_date, in_brackets, title_lines, width, with_colon
from relief.lib.pdf import render_pdf

CHARACTERS, LINES = 28, 22
TYPE_WIDTH, TYPE_HEIGHT = 156, 225
MOST_HEAD_MM = 15
DATE_FROM_RIGHT = 4

# 16 pt is 5.644 mm: 28 of them need a hair less between each other. 22 lines leave 0.2 mm, so that none is pushed out.
STYLE = """
@page { size: 210mm 297mm; margin: 37mm 26mm 35mm 28mm; @footnote { margin: 0; padding: 0; border: 0; max-height: 60mm } }
@page :right { @bottom-right { content: "— " counter(page) " —"; font: 14pt var(--song); vertical-align: top;
  padding-top: 7mm; padding-right: 14pt } }
@page :left { @bottom-left { content: "— " counter(page) " —"; font: 14pt var(--song); vertical-align: top;
  padding-top: 7mm; padding-left: 14pt } }
html { font-family: var(--fang); font-size: 16pt; color: #000 }
body { margin: 0; line-height: 10.218mm; letter-spacing: -0.0735mm }
p, h1, h2 { margin: 0; font-weight: normal; text-align: justify; orphans: 1; widows: 1 }
.mark { padding-top: 35mm; color: #d7000f; font-family: var(--title); font-weight: bold; text-align: center;
  line-height: 1.35; letter-spacing: 0; white-space: nowrap }
.number { margin-top: 10.218mm; text-align: center; min-height: 10.218mm }
.red-line { margin: 0 0 20.436mm; border: 0; border-top: 0.7mm solid #d7000f; padding-top: 0; margin-top: 2mm }
.title { font-family: var(--title); font-size: 22pt; font-weight: bold; line-height: 13mm; text-align: center;
  letter-spacing: 0; margin-bottom: 10.218mm }
.title span { display: block }
.para { text-indent: 2em; font-size: 16pt; break-after: auto }
.first { font-family: var(--hei) } .second { font-family: var(--kai) }
.annexes { margin-top: 10.218mm; padding-left: 2em; display: table; width: 100%; box-sizing: border-box }
.annexes .label, .annexes .names { display: table-cell } .annexes .label { width: 3em }
.annexes .item { padding-left: 1.2em; text-indent: -1.2em; text-align: left }
.signed { margin-top: 10.218mm; text-align: right; white-space: nowrap; break-inside: avoid }
.foot { float: footnote; font-size: 14pt; line-height: 8mm; letter-spacing: 0; border-top: 0.35mm solid #000;
  border-bottom: 0.35mm solid #000; display: block; text-align: left; text-indent: 0 }
.foot::footnote-call, .foot::footnote-marker { content: none }
.foot .row { padding: 0 1em; display: table; width: 100%; box-sizing: border-box }
.foot .row + .row { border-top: 0.25mm solid #000 }
.foot .cell { display: table-cell } .foot .cell.right { text-align: right }
.annex-page { break-before: page }
.annex-mark { font-family: var(--hei) }
"""


def head_size(marks: list[str]) -> str:
    """The size of the red head in mm: as large as fits on one line, at most 15.

    >>> head_size(["云岭省教科文卫体工会委员会文件"])
    '10.27'
    """
    longest = max(width(mark) for mark in marks)
    return f"{min(MOST_HEAD_MM, (TYPE_WIDTH - 2) / longest):.2f}"


def document(notice: Notice, *, annex_html: str = "") -> dict[str, Any]:
    """What the templates of the document show, on paper and on the screen."""
    signatories = [name for name in notice.signatories if name.strip()] or [notice.campaign.issuer.name]
    marks = [*signatories[:-1], f"{signatories[-1]}文件"]
    day = chinese_date(notice.issued_on)
    middle = DATE_FROM_RIGHT + width(day) / 2
    return {
        "notice": notice,
        "marks": marks,
        "title_lines": title_lines(notice.title, signatories),
        "salutation": with_colon(notice.salutation),
        "blocks": blocks(notice.body),
        "annexes": [name for name in notice.annexes if name.strip()],
        "signed": [(name, f"{max(0.0, middle - width(name) / 2):.2f}") for name in signatories],
        "day": day,
        "contact": in_brackets(notice.contact),
        "head_mm": head_size(marks),
        "date_from_right": DATE_FROM_RIGHT,
        "annex_html": annex_html,
    }


def notice_html(notice: Notice, *, annex_html: str = "") -> str:
    """The document as HTML for `render_pdf`; `annex_html` is safe HTML that follows on a new page before the foot."""
    shown = document(notice, annex_html=annex_html)
    pads = "".join(f".signed-{i} {{ padding-right: {pad}em }}\n" for i, (_, pad) in enumerate(shown["signed"], 1))
    own = f".mark {{ font-size: {shown['head_mm']}mm }}\n.day {{ padding-right: {DATE_FROM_RIGHT}em }}\n{pads}"
    return render_to_string("campaigns/notice_pdf.html", {**shown, "css": f"{STYLE}{own}"})


def notice_pdf(notice: Notice, *, annex_html: str = "") -> bytes:
    """The document as PDF; `relief.lib.pdf.PdfFailed` when it cannot be made."""
    return render_pdf(notice_html(notice, annex_html=annex_html))
