"""Who a template is for: written into its sheet 填报信息 with a MAC, read back from wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from relief.lib import clock, crypto, xlsx
from reporting.models import Submission
from reporting.spec import FormSpec

LABELS = {
    "form": "表样代码",
    "version": "表样版本",
    "digest": "表样摘要",
    "campaign": "活动代码",
    "union": "工会代码",
    "submission": "填报编号",
    "issued": "下载时间",
}
SEAL = "校验"


class NotGenuine(ValueError):
    """The sheet 填报信息 was altered; the text is a sentence with the next step."""


@dataclass(frozen=True)
class Identity:
    """What a template says about itself."""

    form: str
    version: int
    digest: str
    campaign: str
    union: str
    submission: int
    issued: str


def identity_rows(submission: Submission, spec: FormSpec, at: datetime) -> list[tuple[str, str]]:
    """Labels and words of the sheet 填报信息, its seal last."""
    identity = Identity(
        form=spec.id,
        version=spec.version,
        digest=spec.digest(),
        campaign=submission.deliverable.campaign.code,
        union=submission.union.code,
        submission=submission.pk,
        issued=at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
    )
    told = [("填报单位", submission.addressee.union_name), ("统计表", spec.title)]
    facts = [(LABELS[name], str(value)) for name, value in asdict(identity).items()]
    return [*told, *facts, (SEAL, crypto.mac(asdict(identity)))]


def read_identity(book: xlsx.Workbook) -> Identity | None:
    """The identity of a template, on whichever sheet it stands; nothing for another workbook, NotGenuine when altered."""
    for sheet in book.sheets:
        words = dict(_pairs(sheet))
        if LABELS["digest"] in words or SEAL in words:
            return _checked(words)
    return None


def _pairs(sheet: xlsx.Sheet) -> Iterator[tuple[str, str]]:
    known = {*LABELS.values(), SEAL}
    for cells in sheet.rows[:60]:
        if len(cells) > 1 and isinstance(cells[0], str) and cells[0].strip() in known:
            yield cells[0].strip(), str(cells[1] if cells[1] is not None else "").strip()


def _checked(words: Mapping[str, str]) -> Identity:
    try:
        found = {name: words[label] for name, label in LABELS.items()}
        version, submission = int(found.pop("version")), int(found.pop("submission"))
        identity = Identity(version=version, submission=submission, **found)
    except (KeyError, ValueError):
        raise NotGenuine(_altered()) from None
    if not crypto.mac_ok(asdict(identity), words.get(SEAL)):
        raise NotGenuine(_altered())
    return identity


def _altered() -> str:
    return "文件的“填报信息”被改动过，认不出是哪一份填报。请回到填报页重新下载 Excel，把数字填进去再上传。"
