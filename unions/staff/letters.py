"""First passwords on paper: one sealed sheet per person, folded with the words inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from relief.lib.clock import SHANGHAI
from relief.lib.pdf import render_pdf
from unions.models import Account, Union

STYLE = """
@page { size: A4; margin: 0 }
html { font: 12pt/1.7 var(--fang); color: #000 }
section { height: 297mm; page-break-after: always; position: relative; box-sizing: border-box; padding: 0 28mm }
section:last-child { page-break-after: auto }
.out { position: absolute; top: 28mm; left: 28mm; right: 28mm }
.out h1 { margin: 0 0 8mm; font: 22pt/1.3 var(--title); text-align: center }
.out p { margin: 0 }
.fold { position: absolute; left: 0; right: 0; border-top: 0.2mm dashed #000; text-align: center; font-size: 9pt }
.fold.one { top: 99mm } .fold.two { top: 198mm }
.in { position: absolute; top: 112mm; left: 28mm; right: 28mm }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 4mm 0 }
th, td { border: 0.25mm solid #000; padding: 2.4mm 3mm; text-align: left; overflow-wrap: anywhere }
th { width: 34mm; font-family: var(--hei); font-weight: normal }
.secret { font: 18pt/1.4 monospace; letter-spacing: 0.6mm }
.foot { position: absolute; top: 206mm; left: 28mm; right: 28mm; font-size: 10.5pt }
.foot ol { margin: 2mm 0; padding-left: 6mm }
"""


def letters_html(union: Union, letters: Sequence[tuple[Account, str]], address: str) -> str:
    """One sheet per login as a whole HTML document; the password stands on the middle third, which is folded inside."""
    sheets = [
        {"account": account, "password": password, "until": _words(account.password_until)}
        for account, password in letters
    ]
    context = {"css": STYLE, "union": union, "sheets": sheets, "address": address}
    return render_to_string("unions/password_letters.html", context)


def _words(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def letters_pdf(union: Union, letters: Sequence[tuple[Account, str]], address: str) -> bytes:
    """The letters as PDF; `relief.lib.pdf.PdfFailed` when they cannot be made."""
    return render_pdf(letters_html(union, letters, address))
