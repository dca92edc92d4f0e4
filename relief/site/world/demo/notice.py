"""The campaign of the demo: the printed words of the 2024 notice with a made-up issuer, instants relative to loading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from relief.site.world.demo.tree import UNIONS, holder

CODE = "sx-2024"
PERIOD = ["2023-12-28", "2024-02-24"]
BODY = Path("fixtures/demo/notice.txt")
NOT_YET_ACKNOWLEDGED = ("G11", "G12", "C3A")


def campaign() -> dict[str, Any]:
    """The campaign `sx-2024` of the union `P`: a form and a report; the grassroots' form is due already."""
    return {
        "code": CODE,
        "issuer": "P",
        "year": 2024,
        "kind": "two_festivals",
        "title": "2024年元旦春节送温暖活动",
        "starts_on": PERIOD[0],
        "ends_on": PERIOD[1],
        "drafted_by": "shengji",
        "confirmed_by": "shengji2",
        "published_at": "-30d",
        "notice": {
            "document_number": "",
            "title": "云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知",
            "salutation": "各市教育（科文卫体）工会，各直属基层工会：",
            "body": (Path(settings.BASE_DIR) / BODY).read_text(encoding="utf-8").strip(),
            "issued_on": "2023-12-28",
            "annexes": ["2024年元旦春节期间各级工会送温暖统计表"],
            "signatories": ["云岭省教科文卫体工会委员会"],
            "contact": "联系人：周怀瑾　电话：0900-6611020",
        },
        "deliverables": [
            {
                "key": "form",
                "kind": "form",
                "form": "shaanxi-2024",
                "title": "2024年元旦春节期间各级工会送温暖统计表",
                "required": True,
                "period": PERIOD,
                "opens": "-30d",
                "due": "+4d",
                "late_until": None,
                "edit_until": "+20d",
                "visible_until": "+700d",
                "leads": {"city": 0, "direct": 0, "county": 3, "grassroots": 5},
            },
            {
                "key": "report",
                "kind": "report",
                "title": "送温暖活动报告（含两节送温暖）",
                "required": True,
                "period": PERIOD,
                "opens": "-30d",
                "due": "+6d",
                "edit_until": "+20d",
                "visible_until": "+700d",
                "leads": {"city": 0, "direct": 0, "county": 3, "grassroots": 5},
            },
        ],
        "addressees": "all",
        "optional": [],
        "acknowledged": [
            {"union": code, "by": holder(code, "enter"), "at": f"-{29 - place % 9}d"}
            for place, (code, *_) in enumerate(UNIONS)
            if code != "P" and code not in NOT_YET_ACKNOWLEDGED
        ],
    }
