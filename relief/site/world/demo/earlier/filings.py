"""How far the filings of the earlier campaigns are: some accepted, one returned, some waiting, some not begun."""

from __future__ import annotations

from typing import Any

from relief.site.world.demo.earlier.notices import ISSUER, JS, JZ, SH, SZ
from relief.site.world.demo.earlier.records import DRIVE, slip_of, total_of
from relief.site.world.demo.tree import holder

SUMMARY = "本单位按通知要求完成了走访慰问和帮扶，款物全部实名发放，未发生违规情形。"


def filings() -> list[dict[str, Any]]:
    """Past acts in any order; the demo sorts them by time."""
    return [*_sz(), *_jz(), *_sh(), *_js()]


def _act(at: str, act: str, code: str, key: str, union: str, **more: Any) -> dict[str, Any]:
    above = "C2A" if code == SZ and union in ("G07", "G08") else "C3A" if code == JZ and union in ("G11", "G12") else ""
    decides = act in ("open", "return", "accept")
    by = holder(above or ISSUER[code], "review") if decides else holder(union, "enter")
    return {"at": at, "act": act, "campaign": code, "deliverable": key, "union": union, "by": by, **more}


def _typed(**values: str) -> dict[str, dict[str, str]]:
    return {code.lstrip("_"): {"value": value} for code, value in values.items()}


def _sz() -> list[dict[str, Any]]:
    workers = {"G07": ("5", "2"), "G09": ("9", "1"), "C2A": ("0", "0")}
    typed = {union: {"02A": {"value": all_}, "02A1": {"value": some}} for union, (all_, some) in workers.items()}
    missing = "乌杨坪教学点正在核对，节后补报。"
    return [
        _act("-16d", "submit", SZ, "table", "G07", typed=typed["G07"]),
        _act("-15d", "accept", SZ, "table", "G07"),
        _act("-14d", "submit", SZ, "table", "G09", typed=typed["G09"]),
        _act("-13d", "accept", SZ, "table", "G09"),
        _act("-12d", "submit", SZ, "table", "C2A", typed=typed["C2A"], missing_note=missing),
        _act("-11d", "open", SZ, "table", "C2A"),
        _act("-14d", "report", SZ, "summary", "G09", text=SUMMARY),
    ]


def _jz() -> list[dict[str, Any]]:
    return [
        _act("-16d", "submit", JZ, "campaign-table", "G11"),
        _act("-15d", "accept", JZ, "campaign-table", "G11"),
        _act("-14d", "submit", JZ, "campaign-table", "C3A"),
        _act("-13d", "submit", JZ, "campaign-table", "G13"),
        _act("-14d", "submit", JZ, "centre-table", "C3A", typed=_typed(P02="6")),
        _act("-13d", "accept", JZ, "centre-table", "C3A"),
        _act("-12d", "save", JZ, "centre-table", "G13", typed=_typed(P02="2")),
        _act("-14d", "report", JZ, "narrative", "C3A", text=SUMMARY),
    ]


def _sh() -> list[dict[str, Any]]:
    return [
        _act("-10d", "submit", SH, "table", "D1"),
        _act("-9d", "accept", SH, "table", "D1"),
        _act("-8d", "submit", SH, "table", "D2"),
        _act("-7d", "save", SH, "table", "D3"),
        _act("-8d", "report", SH, "summary", "D1", text=SUMMARY),
    ]


def _js() -> list[dict[str, Any]]:
    made = []
    for union, (_, _, on) in DRIVE.items():
        typed = _typed(J7=slip_of(union), J8=on)
        made.append(_act("-12d", "save" if union == "G05" else "submit", JS, "drive", union, typed=typed))
    for union in ("G01", "G02", "G04"):
        made.append(_act("-11d", "accept", JS, "drive", union))
    reason = "各机构捐款人数与登记册不一致，请核对。"
    made += [
        _act("-10d", "open", JS, "drive", "G03"),
        _act("-9d", "return", JS, "drive", "G03", reason=reason, pins={"J1A": "请核对一日捐的捐款人数。"}),
    ]
    for union in ("G01", "G02"):
        paid = f"已汇款 {total_of(union)} 元，凭证号 {slip_of(union)}，用途为联合募捐。"
        made += [_act("-12d", "report", JS, key, union, text=paid) for key in ("slip", "remittance")]
    return made
