"""What was asked for: kind, campaign, form, which units, which formats; kept on the job row as plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

PREFIX = "bundle."
FORMATS = {"xlsx": "Excel", "pdf": "PDF"}


class BundleKind(models.TextChoices):
    FORMS = "bundle.forms", "各单位统计表（压缩包）"
    BOOK = "bundle.book", "各单位统计表（一个工作簿）"
    CAMPAIGN = "bundle.campaign", "活动材料包"


class Scope(models.TextChoices):
    ALL = "all", "所属全部单位"
    DIRECT = "direct", "只要直接下级"


@dataclass(frozen=True)
class Asked:
    """One order; `deliverable` is empty for the material of a whole campaign."""

    kind: str
    campaign: int
    deliverable: int | None = None
    scope: str = Scope.ALL
    formats: tuple[str, ...] = tuple(FORMATS)

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "campaign": self.campaign,
            "deliverable": self.deliverable,
            "scope": str(self.scope),
            "formats": list(self.formats),
        }

    @property
    def words(self) -> str:
        """Which units and formats, as the lists say it."""
        scope = Scope(self.scope).label
        return scope if self.kind == BundleKind.BOOK else f"{scope}，{'、'.join(FORMATS[f] for f in self.formats)}"


def asked_of(outcome: dict[str, Any]) -> Asked:
    """The order that a job row keeps."""
    kept = outcome["asked"]
    return Asked(kept["kind"], kept["campaign"], kept["deliverable"], kept["scope"], tuple(kept["formats"]))
