"""Writing a notice, asking for its confirmation, taking that back, and 签收."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max

from campaigns.actions.campaigns import differences, must_be_open
from campaigns.drafting import check_campaign, draft_of, published_of
from campaigns.enums import NoticeState
from campaigns.models import Acknowledgement, Addressee, Campaign, Notice
from relief.lib import clock
from unions import attachments, audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

FIELDS = {
    "document_number": "发文字号",
    "title": "标题",
    "salutation": "主送机关",
    "body": "正文",
    "annexes": "附件名称",
    "signatories": "落款单位",
    "issued_on": "成文日期",
    "contact": "附注",
    "copied_to": "抄送",
    "printed_by": "印发机关",
    "change_note": "本版变化",
}


def save_notice(*, by: Person, campaign: Campaign, version: int | None, fields: dict[str, Any]) -> Notice:
    """Save the draft of the next version and return it; `version` is the draft's as seen, None when there was none.

    A new draft of a published notice starts as its copy, so `fields` may name only what changes.
    """
    require(by, "campaign.edit", campaign)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValueError(f"no such fields: {sorted(unknown)}")
    with transaction.atomic():
        draft = draft_of(campaign)
        if draft is None:
            _must_not_be_closed(campaign)
            if version:
                raise Stale(act="campaign.edit", obj=campaign)
            draft = _new_draft(campaign, fields)
        else:
            must_be_open(campaign)
            changed = Notice.objects.filter(pk=draft.pk, state=NoticeState.DRAFT, version=version or 0).update(
                **fields, version=F("version") + 1
            )
            if changed != 1:
                raise Stale(differences(FIELDS, draft, fields), act="campaign.edit", obj=draft)
            draft.refresh_from_db()
        audit.record(act="campaign.edit", by=by, union=campaign.issuer, obj=draft, fields=fields)
    return draft


def start_reissue(*, by: Person, campaign: Campaign) -> Notice:
    """Open the draft of the next version of a published notice (A5), or return the one that is open."""
    draft = draft_of(campaign)
    if draft is not None:
        require(by, "campaign.edit", campaign)
        return draft
    published = published_of(campaign)
    draft = save_notice(by=by, campaign=campaign, version=None, fields={"change_note": ""})
    # files are copied outside the write transaction: the old version keeps its own
    for file in attachments.of(published) if published else ():
        copy = SimpleUploadedFile(file.filename, attachments.read(file), file.content_type)
        attachments.attach(by=by, union=campaign.issuer, owner=draft, upload=copy, kind=file.kind)
    return draft


def _must_not_be_closed(campaign: Campaign) -> None:
    if campaign.closed_at is not None:
        raise Refused(f"“{campaign.title}”已封存，不能再改。", "确需更正的，请联系发文工会解封。")


def _new_draft(campaign: Campaign, fields: dict[str, Any]) -> Notice:
    published = published_of(campaign)
    copied = {name: getattr(published, name) for name in FIELDS} if published else {"issued_on": clock.today()}
    number = (campaign.notices.aggregate(most=Max("number"))["most"] or 0) + 1
    try:
        with transaction.atomic():
            return Notice.objects.create(campaign=campaign, number=number, **{**copied, **fields})
    except IntegrityError:
        # somebody else opened the same draft a moment ago
        raise Stale(act="campaign.edit", obj=campaign) from None


def propose_notice(*, by: Person, notice: Notice, version: int) -> Notice:
    """Ask a second person to confirm the draft; refused while the checks find errors."""
    require(by, "notice.propose", notice)
    campaign = notice.campaign
    with transaction.atomic():
        refuse_errors(campaign, notice, act="notice.propose")
        move(
            notice,
            version,
            NoticeState.DRAFT,
            NoticeState.PROPOSED,
            "notice.propose",
            proposed_by=by,
            proposed_at=clock.db_now(),
        )
        audit.record(act="notice.propose", by=by, union=campaign.issuer, obj=notice, detail={"number": notice.number})
    return notice


def withdraw_notice(*, by: Person, notice: Notice, version: int) -> Notice:
    """Take the proposal back so that the draft can be changed again."""
    require(by, "notice.withdraw", notice)
    with transaction.atomic():
        move(
            notice,
            version,
            NoticeState.PROPOSED,
            NoticeState.DRAFT,
            "notice.withdraw",
            proposed_by=None,
            proposed_at=None,
        )
        audit.record(
            act="notice.withdraw", by=by, union=notice.campaign.issuer, obj=notice, detail={"number": notice.number}
        )
    return notice


def refuse_errors(campaign: Campaign, notice: Notice, *, act: str) -> None:
    """Raise with the sentence of every 错误 of the check."""
    errors = check_campaign(campaign, notice).errors
    if errors:
        said = "；".join(f"{finding.title}：{finding.message}" for finding in errors[:5])
        raise Refused(f"还有 {len(errors)} 处错误，不能发布。{said}", "请改正后再提请确认。", act=act, obj=notice)


def move(notice: Notice, version: int, before: str, after: str, act: str, **fields: Any) -> None:
    """Change the state by compare-and-swap; the notice is reloaded."""
    changed = Notice.objects.filter(pk=notice.pk, state=before, version=version).update(
        state=after, version=F("version") + 1, **fields
    )
    if changed != 1:
        now = Notice.objects.get(pk=notice.pk)
        if now.state != before:
            raise Refused(
                f"通知现在是“{now.get_state_display()}”，别人已经办过这一步。",
                "请刷新页面查看最新状态。",
                act=act,
                obj=notice,
            )
        raise Stale([("通知", f"第 {now.version} 次保存", f"您看到的是第 {version} 次保存")], act=act, obj=notice)
    notice.refresh_from_db()


def acknowledge(*, by: Person, notice: Notice, union: Union) -> Acknowledgement:
    """Say that the version in force arrived at the union; a second time changes nothing."""
    require(by, "notice.acknowledge", union)
    if notice.state != NoticeState.PUBLISHED:
        raise Refused(
            f"这一版通知是“{notice.get_state_display()}”，不能签收。",
            "请打开最新发布的一版再签收。",
            act="notice.acknowledge",
            obj=notice,
        )
    if not Addressee.objects.filter(deliverable__campaign=notice.campaign_id, union=union).exists():
        raise Refused(
            f"{union.name}不在这份通知的报送范围内，不用签收。",
            "如有疑问，请与发文工会联系。",
            act="notice.acknowledge",
            obj=notice,
        )
    with transaction.atomic():
        row, new = Acknowledgement.objects.get_or_create(
            notice=notice, union=union, defaults={"person": by, "at": clock.db_now()}
        )
        if new:
            audit.record(act="notice.acknowledge", by=by, union=union, obj=notice, detail={"number": notice.number})
    return row
