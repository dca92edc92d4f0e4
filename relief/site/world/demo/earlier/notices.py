"""Campaigns `sz-2013`, `jz-2019`, `sh-2019`, `js-2020`: printed titles, numbers and periods, issued by unions of the demo.

The bodies are our own words. They were published before the campaign of 2024 and are due after it, which stays the one
that first pages show. Dates that the notices misprint stand here as forms.md reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from relief.site.world.demo.tree import holder

SZ, JZ, SH, JS = "sz-2013", "jz-2019", "sh-2019", "js-2020"
PERIOD = {
    SZ: ["2013-01-01", "2013-02-09"],
    JZ: ["2019-01-01", "2019-02-19"],
    SH: ["2019-01-01", "2019-02-28"],
    JS: ["2019-12-16", "2020-01-17"],
}
ISSUER = {SZ: "C2", JZ: "C3", SH: "P", JS: "C1"}
ADDRESSEES = {
    SZ: ["C2A", "G07", "G08", "G09", "G10"],
    JZ: ["C3A", "G11", "G12", "G13"],
    SH: ["D1", "D2", "D3"],
    JS: ["G01", "G02", "G03", "G04", "G05", "G06"],
}
OPTIONAL = {JZ: ["G11", "G12", "G13"]}
"""The deadline of 002 names county unions only."""
YEAR_BEFORE = ["2018-01-01", "2018-12-31"]


def campaigns() -> list[dict[str, Any]]:
    """The four campaigns, the oldest first."""
    return [_sz(), _jz(), _sh(), _js()]


def _campaign(code: str, year: int, title: str, notice: dict[str, Any], asked: list[dict[str, Any]]) -> dict[str, Any]:
    issuer = ISSUER[code]
    body = Path(settings.BASE_DIR) / f"fixtures/demo/notice-{code}.txt"
    drafter = "shengji" if issuer == "P" else f"{issuer.lower()}-zu"
    return {
        "code": code,
        "issuer": issuer,
        "year": year,
        "kind": "two_festivals",
        "title": title,
        "starts_on": PERIOD[code][0],
        "ends_on": "2020-02-29" if code == JS else PERIOD[code][1],
        "drafted_by": drafter,
        "confirmed_by": "shengji2" if issuer == "P" else holder(issuer, "approve"),
        "published_at": "-58d",
        "notice": {**notice, "body": body.read_text(encoding="utf-8").strip()},
        "deliverables": asked,
        "addressees": ADDRESSEES[code],
        "optional": OPTIONAL.get(code, []),
        "acknowledged": [
            {"union": union, "by": holder(union, "enter"), "at": "-57d"} for union in ADDRESSEES[code][:-1]
        ],
    }


def _asked(code: str, key: str, kind: str, title: str, due: int, **more: Any) -> dict[str, Any]:
    """One deliverable; the days between the due dates are the printed ones."""
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "required": True,
        "period": PERIOD[code],
        "opens": "-58d",
        "due": f"{due:+}d",
        "edit_until": f"{due + 30:+}d",
        "visible_until": "+700d",
        **more,
    }


def _sz() -> dict[str, Any]:
    """Notice 004."""
    notice = {
        "document_number": "苏工办〔2012〕104号",
        "title": "关于认真做好2013年元旦春节期间送温暖活动的通知",
        "salutation": "各市、区总工会（工联会、工会工作委员会），各局（公司）工会，各直属单位工会：",
        "issued_on": "2012-12-27",
        "annexes": ["2013年全市工会送温暖活动统计表"],
        "signatories": ["苏州市总工会"],
    }
    asked = [
        _asked(SZ, "summary", "report", "送温暖活动书面总结材料", 17),
        _asked(SZ, "table", "form", "2013年全市工会送温暖活动统计表", 17, form="suzhou-2013"),
    ]
    return _campaign(SZ, 2013, "2013年元旦春节期间送温暖活动", notice, asked)


def _jz() -> dict[str, Any]:
    """Notice 002: three deliverables, one of them about the year before."""
    notice = {
        "document_number": "焦工文〔2018〕115号",
        "title": "焦作市总工会关于2019年元旦、春节期间开展送温暖活动的通知",
        "salutation": "各县（市）区总工会，市各产业工会，市属基层工会：",
        "issued_on": "2018-12-28",
        "annexes": ["2019年各级工会送温暖统计表", "2018年度困难职工帮扶中心工作统计表"],
        "signatories": ["焦作市总工会"],
    }
    centre = {"form": "jiaozuo-2018-centre", "period": YEAR_BEFORE}
    asked = [
        _asked(JZ, "narrative", "report", "送温暖报告", 15),
        _asked(JZ, "campaign-table", "form", "2019年各级工会送温暖统计表", 15, form="jiaozuo-2019-campaign"),
        _asked(JZ, "centre-table", "form", "2018年度困难职工帮扶中心工作统计表", 15, **centre),
    ]
    return _campaign(JZ, 2019, "2019年元旦、春节期间送温暖活动", notice, asked)


def _sh() -> dict[str, Any]:
    """Notice 000: a form with a second period, and a summary that need not be handed in."""
    notice = {
        "document_number": "沪教工〔2019〕1号",
        "title": "上海市教育工会关于组织开展2019年春节送温暖活动的通知",
        "salutation": "各高校工会和直属工会：",
        "issued_on": "2018-12-26",
        "annexes": ["2019年教育工会春节送温暖活动统计表"],
        "signatories": ["上海市教育工会"],
    }
    table = {"form": "shanghai-2019", "second_period": YEAR_BEFORE}
    asked = [
        _asked(SH, "table", "form", "2019年教育工会春节送温暖活动统计表", 22, **table),
        _asked(SH, "summary", "report", "经验总结", 22, required=False),
    ]
    return _campaign(SH, 2019, "2019年春节送温暖活动", notice, asked)


def _js() -> dict[str, Any]:
    """Notice 001: the fundraising form, its bank slip, the remittance five days before, the summary later."""
    notice = {
        "document_number": "",
        "title": "金山区教育系统2020年元旦春节期间帮困送温暖工作通知",
        "salutation": "各基层学校（单位）：",
        "issued_on": "2019-12-16",
        "annexes": ["金山区教育系统2020年联合募捐活动工作方案", "2020年联合募捐汇总表"],
        "signatories": ["中共上海市金山区教育工作委员会", "上海市金山区教育局"],
    }
    relief = {"required": False, "period": ["2019-11-15", "2020-02-29"]}
    asked = [
        _asked(JS, "drive", "form", "2020年联合募捐汇总表", 13, form="jinshan-2020-donation"),
        _asked(JS, "slip", "file", "汇款单据", 13),
        _asked(JS, "remittance", "file", "缴款（汇入教育工会账户）", 8),
        _asked(JS, "work-summary", "report", "帮困数据汇总和工作小结", 58, **relief),
    ]
    return _campaign(JS, 2020, "2020年元旦春节期间帮困送温暖和联合募捐", notice, asked)
