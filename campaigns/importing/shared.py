"""What the lists of this app have in common: the columns 工会 and 活动, and checks of a row by the act's own rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaigns.forms.ledger import open_campaigns
from campaigns.models import Campaign
from relief.lib.tables import Fault, Field, Row
from relief.lib.tables import readers as read
from unions.models import Person, Union
from unions.policy import Refused

NO_CAMPAIGN = "常态化"
NOTE_HINT = "不要写职工姓名、证件号等个人信息。"


def union_field(union: Union) -> Field:
    """The column that says whose row it is: only the own union's words are taken."""
    words = dict.fromkeys((union.name, union.called, union.code), union.pk)
    return Field(
        "union",
        "工会",
        read.choice(words, "本单位名称"),
        aliases=("工会名称", "单位", "填报单位", "工会代码"),
        hint=f"只能是{union.name}；每个单位的数据由本单位导入。",
    )


def campaign_field(person: Person) -> Field:
    """The column 活动: title or code of a campaign that is open, or 常态化."""
    found = list(open_campaigns(person).distinct().order_by("-year", "pk"))
    words: dict[str, Any] = {NO_CAMPAIGN: None}
    for campaign in found:
        words |= {campaign.title: campaign, campaign.code: campaign}
    titles = tuple(campaign.title for campaign in found)
    return Field(
        "campaign",
        "活动",
        _key(read.choice(words, "活动")),
        aliases=("活动名称", "所属活动"),
        choices=(NO_CAMPAIGN, *titles),
        hint="活动的名称或代码；不属于某个活动的写“常态化”或不填。",
    )


def _key(reader: Callable[[Any], Campaign | None]) -> Callable[[Any], int | None]:
    def read_key(cell: Any) -> int | None:
        campaign = reader(cell)
        return campaign.pk if campaign is not None else None

    return read_key


def refused(check: Callable[[], Any], row: Row, name: str) -> list[Fault]:
    """What the act itself would refuse, as a fault of the row's field."""
    try:
        check()
    except Refused as refusal:
        return [row.fault(name, refusal.reason, refusal.next_step.rstrip("。"))]
    return []
