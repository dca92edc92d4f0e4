"""What lies in an export, for people (清单.xlsx, SHA256SUMS.txt) and for programs (manifest.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from relief.lib import xlsx
from relief.lib.clock import SHANGHAI
from reporting.bundles.archive import Member
from reporting.bundles.contents import Contents, Entry

COLUMNS = [
    xlsx.Column("序号", "number", 6, "0"),
    xlsx.Column("材料", width=22),
    xlsx.Column("工会代码", width=12),
    xlsx.Column("单位", width=34),
    xlsx.Column("报送上级", width=26),
    xlsx.Column("是否必报", width=10),
    xlsx.Column("状态", width=16),
    xlsx.Column("轮次", "number", 6, "0"),
    xlsx.Column("上报时间", width=20),
    xlsx.Column("标记", width=14),
    xlsx.Column("回执号", width=26),
    xlsx.Column("校验码", width=12),
    xlsx.Column("文件", width=60),
]
NO_FILE = "没有文件"


def local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def marks(entry: Entry) -> str:
    """迟报 and 零报告 of the latest hand-in."""
    frozen = entry.frozen
    if frozen is None:
        return ""
    return "、".join(word for word, holds in (("迟报", frozen.late), ("零报告", frozen.nil)) if holds)


def list_rows(contents: Contents) -> Iterator[list[Any]]:
    """One row per union and deliverable, those without a filing as well."""
    for number, entry in enumerate(contents.entries, 1):
        frozen, addressee = entry.frozen, entry.submission.addressee
        yield [
            number,
            entry.submission.deliverable.title,
            entry.union.code,
            entry.name,
            addressee.reports_to.name if addressee.reports_to else "",
            "必报" if addressee.required else "自愿",
            entry.state_words,
            frozen.number if frozen else None,
            local(frozen.handed_in_at) if frozen else "",
            marks(entry),
            frozen.receipt if frozen else "",
            frozen.check_code if frozen else "",
            "\n".join(entry.files) or NO_FILE,
        ]


def list_workbook(contents: Contents) -> bytes:
    """清单.xlsx."""
    return xlsx.stream_table(COLUMNS, list_rows(contents), "清单")


def manifest(contents: Contents, members: list[Member], *, made_at: datetime, made_by: str) -> bytes:
    """manifest.json: what was asked, each union's state and files, and the digest of every other member."""
    campaign, asked = contents.campaign, contents.asked
    told = {
        "format": "songwennuan-bundle",
        "version": 1,
        "kind": str(asked.kind).partition(".")[2],
        "campaign": {"code": campaign.code, "title": campaign.title, "issuer": campaign.issuer.name},
        "union": {"code": contents.union.code, "name": contents.union.name},
        "scope": str(asked.scope),
        "made_at": made_at.isoformat(),
        "made_by": made_by,
        "deliverables": [
            {"order": d.order, "key": d.key, "title": d.title, "kind": d.kind} for d, _ in contents.groups
        ],
        "counts": {
            "expected": len(contents.entries),
            "filed": len(contents.filed),
            "missing": len(contents.missing),
            "members": len(members),
        },
        "units": [_unit(entry) for entry in contents.entries],
        "members": [member.as_json for member in members],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _unit(entry: Entry) -> dict[str, Any]:
    frozen, addressee = entry.frozen, entry.submission.addressee
    row: dict[str, Any] = {
        "union": entry.union.code,
        "name": entry.name,
        "reports_to": addressee.reports_to.code if addressee.reports_to else None,
        "deliverable": entry.submission.deliverable.key,
        "required": addressee.required,
        "state": entry.submission.state if frozen else "missing",
        "state_words": entry.state_words,
        "files": entry.files,
    }
    if frozen is not None:
        row |= {
            "round": frozen.number,
            "handed_in_at": frozen.handed_in_at.isoformat(),
            "late": frozen.late,
            "nil": frozen.nil,
            "receipt": frozen.receipt,
            "check_code": frozen.check_code,
        }
    return row


def digests(members: list[Member]) -> bytes:
    """SHA256SUMS.txt as `sha256sum -c` reads it."""
    return "".join(f"{member.sha256}  {member.path}\n" for member in members).encode()
