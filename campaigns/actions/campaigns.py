"""Creating and changing a campaign."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from campaigns.drafting import draft_of
from campaigns.enums import CampaignKind, NoticeState
from campaigns.models import Campaign
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

FIELDS = {"title": "活动名称", "year": "年度", "kind": "活动类型", "starts_on": "统计期间起", "ends_on": "统计期间止"}


def create_campaign(
    *,
    by: Person,
    issuer: Union,
    code: str,
    title: str,
    year: int,
    kind: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
) -> Campaign:
    """Create an empty campaign of the issuing union."""
    require(by, "campaign.create", issuer)
    _check(title=title, year=year, kind=kind, starts_on=starts_on, ends_on=ends_on)
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", code):
        raise Refused(
            f"活动代码“{code[:40]}”不合要求。", "代码只用字母、数字和连字符，最多 40 个字，例如 liangjie-2024。"
        )
    with transaction.atomic():
        if Campaign.objects.filter(code=code).exists():
            raise Refused(f"活动代码“{code}”已经用过。", "请换一个代码，例如在后面加 -2。")
        campaign = Campaign.objects.create(
            issuer=issuer,
            code=code,
            title=title.strip(),
            year=year,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            count_secret=secrets.token_hex(32),
            created_by=by,
            created_at=clock.db_now(),
        )
        audit.record(act="campaign.create", by=by, union=issuer, obj=campaign, fields=["code", *FIELDS])
    return campaign


def change_campaign(*, by: Person, campaign: Campaign, version: int, **fields: object) -> Campaign:
    """Change name, year, kind or days of a campaign (see `FIELDS`)."""
    require(by, "campaign.edit", campaign)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValueError(f"no such fields: {sorted(unknown)}")
    before = {name: getattr(campaign, name) for name in FIELDS}
    _check(**{**before, **fields})
    with transaction.atomic():
        must_be_open(campaign)
        changed = Campaign.objects.filter(pk=campaign.pk, version=version).update(**fields, version=F("version") + 1)
        if changed != 1:
            theirs = Campaign.objects.get(pk=campaign.pk)
            raise Stale(differences(FIELDS, theirs, fields), act="campaign.edit", obj=campaign)
        campaign.refresh_from_db()
        after = {name: getattr(campaign, name) for name in FIELDS}
        audit.record(
            act="campaign.edit", by=by, union=campaign.issuer, obj=campaign, fields=fields, before=before, after=after
        )
    return campaign


def _check(*, title: str, year: int, kind: str, starts_on: datetime.date, ends_on: datetime.date) -> None:
    if not title.strip():
        raise Refused("活动名称没有填。", "请填写活动名称，例如“2024年元旦春节送温暖”。")
    if not 2000 <= year <= 2100:
        raise Refused(f"年度 {year} 不在 2000 到 2100 之间。", "请填四位年份，例如 2024。")
    if kind not in CampaignKind.values:
        raise Refused("活动类型不在列表里。", "请从列表中选择活动类型。")
    if ends_on < starts_on:
        raise Refused("统计期间止早于统计期间起。", "请对调或改正这两个日期。")


def must_be_open(campaign: Campaign) -> None:
    """Refuse changes while the notice waits for confirmation, after closing, or without a draft of the next version."""
    if campaign.closed_at is not None:
        raise Refused(
            f"“{campaign.title}”已封存，不能再改。",
            "确需更正的，请联系发文工会解封。",
            act="campaign.edit",
            obj=campaign,
        )
    draft = draft_of(campaign)
    if draft is not None and draft.state == NoticeState.PROPOSED:
        raise Refused(
            "通知正在等待第二人确认，现在不能改。",
            "请先在“预览发布”里撤回修改，改好后重新提请确认。",
            act="campaign.edit",
            obj=campaign,
        )
    if draft is None and campaign.published_at is not None:
        raise Refused(
            "通知已经发布，不能直接改。",
            "请先在通知页点“更新通知”，在新一版里修改后重新发布。",
            act="campaign.edit",
            obj=campaign,
        )


def differences(labels: Mapping[str, str], theirs: object, yours: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """(label, theirs, yours) of every field where the stored row and the typed values differ."""
    return [
        (labels[name], str(getattr(theirs, name)), str(value))
        for name, value in yours.items()
        if getattr(theirs, name) != value
    ]
