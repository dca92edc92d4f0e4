"""The house's template words: `{% load ui %}`. Examples of each: docs/ui.md.

Filters
    money wan grouped               figures as text: 1,234,567.89; None stays empty
    day short_day instant remaining dates and times in words
    mask_name mask_id mask_card mask_phone dash   masks made on the server; None → —
Tags
    badge state_badge mark          pills: filled for a state, outlined for a derived mark
    icon                            outline icon, 18 px, hidden from screen readers
    crumbs                          breadcrumb from label, url, label, url, …, here
    card … endcard                  a card with title, count, note and one link
    scroll … endscroll              the keyboard-reachable box of a wide table
    countdown                       the big remaining time
    field_input                     the widget of a bound field, dressed
    stacked_bar meter timeline period_bar spark line_chart scale    server-rendered SVG (relief.lib.drawings)
Partials (include): components/_alert _confirm _empty _errors _field _fields _messages _pager _steps
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import heroicons
from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from relief.lib import clock, drawings, idnumber
from relief.lib import money as amounts

register = template.Library()

BADGE_TONES = ("ok", "warn", "bad", "info", "neutral", "accent", "outline", "outline-ok", "outline-warn", "outline-bad")

# One word per state in the whole house (decisions.md, words and states).
STATE_BADGES = {
    "draft": ("草稿", "neutral"),
    # submissions
    "not_started": ("未开始", "outline"),
    "submitted": ("已上报", "info"),
    "in_review": ("审核中", "info"),
    "returned": ("退回", "bad"),
    "accepted": ("已接收", "ok"),
    "late": ("迟报", "outline-warn"),
    "stale": ("已过期", "warn"),
    "sealed": ("已封存", "outline"),
    "exempt": ("免报", "outline"),
    # payouts
    "planned": ("待审核", "info"),
    "approved": ("已审批", "info"),
    "released": ("已出账", "warn"),
    "paid": ("已发放", "ok"),
    "failed": ("失败", "bad"),
    "reversed": ("已冲销", "outline-bad"),
    # dossiers
    "applied": ("已申请", "info"),
    "visited": ("已入户", "info"),
    "posted": ("已公示", "info"),
    "reviewed": ("已审核", "info"),
    "active": ("在档", "ok"),
    "out_of_hardship": ("已脱困", "outline-ok"),
    "closed": ("已注销", "neutral"),
    # notices
    "published": ("已发布", "ok"),
    "superseded": ("已更新", "neutral"),
    # severities of checks
    "error": ("错误", "bad"),
    "verify": ("核实", "warn"),
    "hint": ("提示", "info"),
    "passed": ("通过", "ok"),
    # jobs
    "queued": ("排队中", "neutral"),
    "running": ("进行中", "info"),
    "done": ("已完成", "ok"),
}


# ---------------------------------------------------------------- figures


@register.filter
def money(value: Decimal | int | None) -> str:
    """元 with two places and grouped thousands: 1,234,567.89."""
    return "" if value is None or value == "" else amounts.grouped(value, 2)


@register.filter
def wan(fen: int | None) -> str:
    """分 as 万元 with two places: 342000 → 0.34."""
    return "" if fen is None or fen == "" else amounts.grouped(amounts.wan_yuan(fen), 2)


@register.filter
def grouped(value: int | Decimal | None, places: int = 0) -> str:
    """A count with grouped thousands: 1,234."""
    return "" if value is None or value == "" else amounts.grouped(value, places)


@register.filter
def dash(value: Any) -> Any:
    """The value, or — where there is none; a zero stays a zero."""
    return "—" if value is None or value == "" else value


# ---------------------------------------------------------------- dates


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return clock.day_of(value)
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """2024年2月22日."""
    if not value:
        return ""
    found = _local_day(value)
    return f"{found.year}年{found.month}月{found.day}日"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """2月22日（周四）."""
    if not value:
        return ""
    found = _local_day(value)
    return f"{found.month}月{found.day}日（周{clock.WEEKDAYS[found.weekday()]}）"


@register.filter
def clock_time(value: datetime | time | None) -> str:
    """09:42, in Beijing time."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(clock.SHANGHAI)
    return value.strftime("%H:%M")


@register.filter
def instant(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A `<time>` whose text is the instant in words and whose datetime is exact."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), clock.say_instant(value, now))


@register.filter
def remaining(value: datetime | None, now: datetime) -> str:
    """还有 2 天 14 小时 (or how long ago), seen from `now`."""
    return clock.say_remaining(value, now) if value else ""


@register.simple_tag
def countdown(due: datetime, now: datetime) -> SafeString:
    """The remaining time with big figures; past dues are said in red."""
    minutes = int(abs((due - now).total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时")] if days else [(hours, "小时"), (minutes, "分钟")]
    shown = [part for part in parts if part[0]] or [(0, "分钟")]
    late = due < now
    return format_html(
        '<p class="countdown{}">{} {}</p>',
        " countdown-late" if late else "",
        "已过" if late else "还有",
        format_html_join(" ", "<b>{}</b> <small>{}</small>", shown),
    )


# ---------------------------------------------------------------- masks


@register.filter
def mask_name(value: str | None) -> str:
    """A name with its middle hidden."""
    return idnumber.mask_name(value) if value else ""


@register.filter
def mask_id(value: str | None) -> str:
    """The last four signs of an ID number, for lists: ···0427."""
    return f"···{idnumber.last4(value)}" if value else ""


@register.filter
def mask_card(value: str | None) -> str:
    """The last four digits of a bank card or account."""
    return idnumber.mask_card(value) if value else ""


@register.filter
def mask_phone(value: str | None) -> str:
    """139****0826."""
    return idnumber.mask_phone(value) if value else ""


# ---------------------------------------------------------------- pills and icons


def _pill(label: Any, tone: str) -> SafeString:
    chosen = tone if tone in BADGE_TONES else "neutral"
    return format_html('<span class="pill pill-{}">{}</span>', chosen, label)


@register.simple_tag
def badge(label: Any, tone: str = "neutral") -> SafeString:
    """A filled pill; tones: ok warn bad info neutral accent, outline, outline-ok/-warn/-bad."""
    return _pill(label, tone)


@register.simple_tag
def state_badge(state: Any, label: str = "") -> SafeString:
    """The pill of a state value; `label` overrules the house's word. An unknown state shows its own label."""
    known = STATE_BADGES.get(str(getattr(state, "value", state)))
    if known is None:
        return _pill(label or getattr(state, "label", state), "neutral")
    return _pill(label or known[0], known[1])


@register.simple_tag
def mark(label: Any, tone: str = "") -> SafeString:
    """An outlined pill for what is derived (迟报, 零报告, 第2轮)."""
    return _pill(label, f"outline-{tone}" if tone else "outline")


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    svg = heroicons._render_icon("outline", name, size, {"class": "icon", "aria-hidden": "true", "focusable": "false"})
    return mark_safe(svg)


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """An outline icon (heroicons name); always beside a word or inside a labelled button."""
    return _icon(str(name), size)


# ---------------------------------------------------------------- structure


@register.simple_tag
def crumbs(*parts: Any) -> SafeString:
    """Breadcrumb from label, url, label, url, …; an odd last label is the page itself."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    links = format_html_join("", '<li><a href="{1}">{0}</a></li>', pairs)
    here = format_html('<li aria-current="page">{}</li>', parts[-1]) if len(parts) % 2 else ""
    return format_html('<nav class="crumbs" aria-label="位置"><ol>{}{}</ol></nav>', links, here)


@register.simple_block_tag(end_name="endcard")
def card(
    content: str,
    title: str = "",
    count: Any = None,
    note: str = "",
    link: str = "",
    link_label: str = "全部",
    flush: bool = False,
    tone: str = "",
    id: str = "",
) -> SafeString:
    """A card around its content; `flush` lets a table or list touch the edges, `tone` draws a coloured left edge."""
    head: SafeString | str = ""
    if title:
        head = format_html(
            '<div class="card-head"><h2>{}</h2>{}{}{}</div>',
            title,
            format_html(' <span class="count">{}</span>', count) if count not in (None, "") else "",
            format_html(' <span class="card-note">{}</span>', note) if note else "",
            format_html('<a class="card-link" href="{}">{}</a>', link, link_label) if link else "",
        )
    return format_html(
        '<section class="card{}{}"{}>{}<div class="{}">{}</div></section>',
        f" edge-{tone}" if tone else "",
        " card-flush" if flush else "",
        format_html(' id="{}"', id) if id else "",
        head,
        "card-fill" if flush else "card-body",
        content,
    )


@register.simple_block_tag(end_name="endscroll")
def scroll(content: str, label: str, kind: str = "table-wrap") -> SafeString:
    """A box that scrolls sideways by itself and can be reached by keyboard; for every wide table."""
    return format_html('<div class="{}" tabindex="0" role="region" aria-label="{}">{}</div>', kind, label, content)


WIDGET_CLASSES = {
    "select": "form-select",
    "selectmultiple": "form-select",
    "nullbooleanselect": "form-select",
    "checkbox": "form-check-input",
    "radioselect": "",
    "checkboxselectmultiple": "",
}


@register.filter
def widget_kind(field: BoundField) -> str:
    """`check`, `choices` or `plain`: how the field partial lays the widget out."""
    kind = field.widget_type
    if kind in ("radioselect", "checkboxselectmultiple"):
        return "choices"
    return "check" if kind == "checkbox" else "plain"


@register.simple_tag
def field_input(field: BoundField, **attrs: Any) -> SafeString:
    """The widget with the house's class; Django links help and errors by aria-describedby itself."""
    own = field.field.widget.attrs.get("class", "")
    classes = [own, WIDGET_CLASSES.get(field.widget_type, "form-control"), "is-invalid" if field.errors else ""]
    dressed = " ".join(name for name in classes if name)
    named = {key.replace("_", "-"): value for key, value in attrs.items()}
    return field.as_widget(attrs={**({"class": dressed} if dressed else {}), **named})


# ---------------------------------------------------------------- pictures


@register.simple_tag
def stacked_bar(parts: Sequence[tuple[str, int, str]], height: int = 10) -> SafeString:
    """A bar of (label, count, tone); tones ok, orange, bad, info, neutral, missing (hatched)."""
    return drawings.stacked_bar(parts, height)


@register.simple_tag
def meter(done: int, total: int, tone: str = "ok", label: str = "") -> SafeString:
    """A thin bar, `done` of `total`."""
    return drawings.meter(done, total, tone, label)


@register.simple_tag
def timeline(points: Sequence[tuple[str, datetime, str]], now: datetime) -> SafeString:
    """A ruler of (label, instant, kind); kinds opens, due, late, superior."""
    return drawings.timeline(points, now)


@register.simple_tag
def period_bar(opens: datetime, due: datetime, begin: datetime, end: datetime, **other: datetime | None) -> SafeString:
    """One level's dates on the axis `begin` to `end`; optional late=, edit=, superior=."""
    return drawings.period_bar(opens, due, begin, end, **other)


@register.simple_tag
def spark(values: Sequence[int], label: str, tone: str = "info") -> SafeString:
    """A word-sized line."""
    return drawings.spark(values, label, tone)


@register.simple_tag
def line_chart(
    series: Sequence[tuple[str, Sequence[int], str]], first: str, last: str, due: int | None = None, top: int = 100
) -> SafeString:
    """Lines of (name, values, tone) from `first` to `last` day on an axis 0–`top`."""
    return drawings.line_chart(series, first, last, due, top)


@register.simple_tag
def scale(value: Decimal, low: Decimal, high: Decimal) -> SafeString:
    """Income per head against the two limits."""
    return drawings.scale(value, low, high)
