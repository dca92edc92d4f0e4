"""Small SVG pictures drawn on the server: bars, time rulers and lines.

Every picture carries its figures in words (`aria-label`), uses percent coordinates
so that text keeps its size at any width, and needs neither script nor inline style.
Colours come from the classes `fill-<tone>` and `stroke-<tone>` of the style sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from relief.lib import clock

TONES = ("ok", "warn", "bad", "info", "neutral", "accent", "orange", "missing")
EDGE = 2  # percent kept free at both ends of a ruler, so that its end marks are not cut
Number = Any
"""int, float or Decimal: a position on a drawing, never money."""


def percent(part: Number, whole: Number) -> str:
    """The share as an SVG length such as `33.33%`; 0 % of nothing."""
    share = 0 if not whole else part * 100 / whole
    return f"{share:.2f}%"


def stacked_bar(parts: Iterable[tuple[str, int, str]], height: int = 10) -> SafeString:
    """A bar of (label, count, tone) parts; the tone `missing` is hatched."""
    shown = [(str(label), int(count), tone) for label, count, tone in parts]
    total = sum(count for _, count, _ in shown)
    words = "，".join(f"{label} {count}" for label, count, _ in shown)
    pieces, before = [], 0
    for _, count, tone in shown:
        if count:
            fill = "url(#hatch)" if tone == "missing" else "currentColor"
            pieces.append((percent(before, total), percent(count, total), height, f"fill-{tone}", fill))
            before += count
    return format_html(
        '<svg class="bar" role="img" width="100%" height="{}" aria-label="{}，共 {}">'
        '<rect class="bar-track" width="100%" height="{}" rx="2"/>{}</svg>',
        height,
        words,
        total,
        height,
        format_html_join("", '<rect x="{}" width="{}" height="{}" class="bar-part {}" fill="{}"/>', pieces),
    )


def meter(done: Number, total: Number, tone: str = "ok", label: str = "") -> SafeString:
    """A thin bar that is `done / total` full."""
    return format_html(
        '<svg class="meter" role="img" width="100%" height="6" aria-label="{}{} / {}">'
        '<rect class="bar-track" width="100%" height="6" rx="3"/>'
        '<rect class="fill-{}" width="{}" height="6" rx="3"/></svg>',
        f"{label} " if label else "",
        done,
        total,
        tone,
        percent(min(done, total), total),
    )


@dataclass(frozen=True)
class Mark:
    """One instant on a time ruler; `kind` is opens, due, late, superior or another word for the class."""

    label: str
    instant: datetime
    kind: str

    @property
    def says(self) -> str:
        """The day in words; an end at midnight belongs to the day before (24:00)."""
        local = self.instant.astimezone(clock.SHANGHAI)
        if self.kind != "opens" and local.time() == time(0):
            local -= timedelta(days=1)
        return f"{local.month}月{local.day}日"


def spread(positions: Sequence[Number], gap: Number) -> list[Number]:
    """The same ascending positions within 0–100, moved apart to at least `gap`."""
    moved = list(positions)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved and moved[-1] > 100:
        moved[-1] = 100
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - gap)
    return moved


def place(instant: datetime, marks: Sequence[Mark], positions: Sequence[Number]) -> Number:
    """Where an instant falls between the placed marks, 0–100."""
    if instant <= marks[0].instant:
        return positions[0]
    for i in range(1, len(marks)):
        before, after = marks[i - 1], marks[i]
        if instant <= after.instant:
            span = (after.instant - before.instant) / timedelta(seconds=1)
            share = (instant - before.instant) / timedelta(seconds=1) / span if span else 0
            return positions[i - 1] + share * (positions[i] - positions[i - 1])
    return positions[-1]


def _ruler_x(position: Number) -> str:
    return f"{EDGE + position * (100 - 2 * EDGE) / 100:.2f}%"


def timeline(points: Iterable[tuple[str, datetime, str]], now: datetime) -> SafeString:
    """A schematic ruler of (label, instant, kind) with today's place on it.

    Points without an instant are left out (an open 迟报截止 may be empty).
    """
    marks = sorted((Mark(*point) for point in points if point[1]), key=lambda mark: mark.instant)
    if not marks:
        return mark_safe("")
    whole = (marks[-1].instant - marks[0].instant) / timedelta(seconds=1)
    raw = [(m.instant - marks[0].instant) / timedelta(seconds=1) * 100 / whole if whole else 0 for m in marks]
    positions = spread(raw, min(27, 100 / max(len(marks) - 1, 1)))
    today = place(now, marks, positions)
    words = "；".join(f"{mark.label} {mark.says}" for mark in marks)
    return format_html(
        '<svg class="timeline" role="img" width="100%" height="86" aria-label="时间线：{}">'
        '<line class="ruler" x1="{}" x2="{}" y1="32" y2="32"/>'
        '<line class="ruler-past" x1="{}" x2="{}" y1="32" y2="32"/>{}'
        '<line class="now" x1="{}" x2="{}" y1="22" y2="36"/>'
        '<text class="now-label" x="{}" y="15" text-anchor="middle">今天</text></svg>',
        words,
        _ruler_x(0),
        _ruler_x(100),
        _ruler_x(0),
        _ruler_x(today),
        format_html_join("", "{}", ((_ruler_mark(m, p, now),) for m, p in zip(marks, positions, strict=True))),
        _ruler_x(today),
        _ruler_x(today),
        _ruler_x(min(max(today, 3), 97)),
    )


def _ruler_mark(mark: Mark, position: Number, now: datetime) -> SafeString:
    """One ring with its day and label; the ends write inwards."""
    anchor = "start" if position <= 5 else "end" if position >= 95 else "middle"
    at = "0%" if anchor == "start" else "100%" if anchor == "end" else _ruler_x(position)
    return format_html(
        '<g class="mark mark-{}{}"><circle cx="{}" cy="32" r="6"/>'
        '<text class="mark-day" x="{}" y="60" text-anchor="{}">{}</text>'
        '<text class="mark-label" x="{}" y="78" text-anchor="{}">{}</text></g>',
        mark.kind,
        " past" if mark.instant <= now else "",
        _ruler_x(position),
        at,
        anchor,
        mark.says,
        at,
        anchor,
        mark.label,
    )


def _path(values: Sequence[Number | None], top: Number) -> str:
    """Polyline points in a 100 × 100 box; a missing value is left out."""
    last = max(len(values) - 1, 1)
    return " ".join(
        f"{i * 100 / last:.2f},{100 - value * 100 / top:.2f}" for i, value in enumerate(values) if value is not None
    )


def spark(values: Sequence[Number | None], label: str, tone: str = "info") -> SafeString:
    """A word-sized line; `label` says what the figures are."""
    known = [value for value in values if value is not None]
    if not known:
        return mark_safe("")
    return format_html(
        '<svg class="spark" role="img" width="120" height="32" viewBox="0 -4 100 108" preserveAspectRatio="none" '
        'aria-label="{}：由 {} 到 {}"><polyline class="line stroke-{}" points="{}"/></svg>',
        label,
        known[0],
        known[-1],
        tone,
        _path(values, max(known) or 1),
    )


def line_chart(
    series: Iterable[tuple[str, Sequence[Number | None], str]],
    first: str,
    last: str,
    due: Number | None = None,
    top: Number = 100,
) -> SafeString:
    """Lines of (name, values, tone) on one axis from 0 to `top`; `due` marks a place 0–100 on the time axis."""
    lines = [(name, list(values), tone) for name, values, tone in series]
    words = "；".join(f"{name} {_last_known(values)}" for name, values, _ in lines)
    mark = format_html('<line class="due" x1="{}" x2="{}" y1="0" y2="72"/>', f"{due}%", f"{due}%") if due else ""
    return format_html(
        '<svg class="chart" role="img" width="100%" height="92" aria-label="{}，{} 至 {}">'
        '<line class="axis" x1="0" x2="100%" y1="1" y2="1"/><line class="axis" x1="0" x2="100%" y1="72" y2="72"/>'
        '<svg width="100%" height="72" viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg>{}'
        '<text x="0" y="88">{}</text><text x="100%" y="88" text-anchor="end">{}</text></svg>',
        words,
        first,
        last,
        format_html_join(
            "", '<polyline class="line stroke-{}" points="{}"/>', ((tone, _path(v, top)) for _, v, tone in lines)
        ),
        mark,
        first,
        last,
    )


def _last_known(values: Sequence[Number | None]) -> Number | str:
    return next((value for value in reversed(values) if value is not None), "没有数据")


def scale(value: Number, low: Number, high: Number) -> SafeString:
    """A household's income per head against the two limits, in 元."""
    top = max(high, value) * Decimal("1.12")
    at = [percent(x, top) for x in (value, low, high)]
    return format_html(
        '<svg class="scale" role="img" width="100%" height="64" aria-label="本户 {0}，低保标准 {1}，上限 {2}">'
        '<rect class="band-low" width="{4}" y="26" height="10"/>'
        '<rect class="band-mid" x="{4}" width="{6}" y="26" height="10"/>'
        '<rect class="band-high" x="{5}" width="{7}" y="26" height="10"/>'
        '<line class="limit" x1="{4}" x2="{4}" y1="22" y2="40"/><line class="limit" x1="{5}" x2="{5}" y1="22" y2="40"/>'
        '<line class="now" x1="{3}" x2="{3}" y1="18" y2="40"/>'
        '<text class="now-label" x="{3}" y="13" text-anchor="{8}">本户 {0}</text>'
        '<text x="{4}" y="56" text-anchor="middle">{1}</text>'
        '<text x="{5}" y="56" text-anchor="middle">{2}</text></svg>',
        f"{value:,}",
        f"{low:,}",
        f"{high:,}",
        *at,
        percent(high - low, top),
        percent(top - high, top),
        "start" if value * 5 < top else "end" if value * 5 > top * 4 else "middle",
    )


def period_bar(opens: datetime, due: datetime, begin: datetime, end: datetime, **other: datetime | None) -> SafeString:
    """One level's dates as a bar on the axis `begin` to `end`; rows under each other share the axis.

    Open time is blue, accepted-late time hatched, the due a tick, a diamond ends the correction after a return,
    a dashed red line is the superior's due. `late`, `edit` and `superior` may be missing.
    """
    late, edit, superior = (other.get(name) for name in ("late", "edit", "superior"))
    whole = end - begin

    def at(instant: datetime) -> Number:
        return min(max((instant - begin) / whole * 100, 0), 100)

    named = [("开放填报", opens), ("截止", due), ("迟报截止", late), ("退回后可改至", edit), ("上级截止", superior)]
    words = "；".join(f"{name} {Mark(name, when, _kind(name)).says}" for name, when in named if when)
    pieces = [
        format_html('<rect class="open" x="{}%" width="{}%" y="6" height="13"/>', *_span(at(opens), at(due))),
    ]
    if late:
        pieces.append(
            format_html(
                '<rect class="late" x="{}%" width="{}%" y="6" height="13" fill="url(#hatch-orange)"/>',
                *_span(at(due), at(late)),
            )
        )
    for name, when in (("superior", superior), ("due", due)):
        if when:
            pieces.append(
                format_html('<line class="{0}" x1="{1}%" x2="{1}%" y1="2" y2="23"/>', name, f"{at(when):.2f}")
            )
    if edit:
        pieces.append(
            format_html('<svg class="edit" x="{}%" y="12.5"><path d="M0-6 6 0 0 6-6 0z"/></svg>', f"{at(edit):.2f}")
        )
    body = format_html_join("", "{}", ((piece,) for piece in pieces))
    return format_html('<svg class="period" role="img" width="100%" height="26" aria-label="{}">{}</svg>', words, body)


def _kind(name: str) -> str:
    return "opens" if name == "开放填报" else "ends"


def _span(start: Number, stop: Number) -> tuple[str, str]:
    return f"{start:.2f}", f"{max(stop - start, 0):.2f}"
