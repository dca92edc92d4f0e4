"""Writes of the form designer: drafts of a union, and the versions they become (B2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from relief.lib import clock
from reporting import designing
from reporting.designing.judging import judge
from reporting.designing.shape import MOST_BYTES, UnreadableForm
from reporting.formstore import codes_of_forms
from reporting.models import FormDraft, FormVersion
from reporting.spec import FormSpec, load_spec
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

MOST_DRAFTS = 200
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class Faulty(Refused):
    """The form has faults and cannot come into use; `faults` are those of `judge`, each with its place."""

    def __init__(self, faults: list[dict[str, Any]], draft: FormDraft) -> None:
        super().__init__(
            f"表样还有 {len(faults)} 处问题，不能启用。",
            "请逐条改正后再启用。",
            status=422,
            act="form.enable",
            obj=draft,
        )
        self.faults = faults


@transaction.atomic
def create_draft(*, by: Person, union: Union, raw: Mapping[str, Any], based_on: FormVersion | None = None) -> FormDraft:
    """Keep the data of a form (blank, copied or imported) as a new draft of the union."""
    require(by, "form.design", FormDraft(union=union))
    refuse_unstorable(raw)
    if FormDraft.objects.filter(union=union, enabled_as__isnull=True).count() >= MOST_DRAFTS:
        raise Refused(f"草稿已有 {MOST_DRAFTS} 份。", "请先删去不用的草稿。", status=422, act="form.design")
    form_id, now = str(raw.get("id", "")), clock.db_now()
    if not _ID.fullmatch(form_id):
        raise Refused(
            f"表样代码“{form_id[:20]}”不合要求。",
            "代码只用小写字母、数字和连字符，最多 60 个，例如 xianqu-2027。",
            status=422,
            act="form.design",
        )
    draft = FormDraft.objects.create(
        union=union,
        form_id=form_id,
        title=_title(raw),
        based_on=based_on,
        spec=dict(raw),
        created_by=by,
        created_at=now,
        changed_by=by,
        changed_at=now,
    )
    audit.record(act="form.design", by=by, union=union, obj=draft, detail={"created": form_id})
    return draft


@transaction.atomic
def save_draft(*, by: Person, draft: FormDraft, version: int, raw: Mapping[str, Any]) -> FormDraft:
    """Replace the draft's data; faults of the form are no obstacle. Stale when somebody saved in between (R-33)."""
    require(by, "form.design", draft)
    refuse_enabled(draft)
    refuse_unstorable(raw)
    form_id = str(raw.get("id", ""))
    touched = FormDraft.objects.filter(pk=draft.pk, version=version, enabled_as__isnull=True).update(
        spec=dict(raw),
        title=_title(raw),
        form_id=form_id if _ID.fullmatch(form_id) else draft.form_id,
        changed_by=by,
        changed_at=clock.db_now(),
        version=F("version") + 1,
    )
    if touched != 1:
        raise Stale(act="form.design", obj=draft)
    draft.refresh_from_db()
    audit.record(
        act="form.design", by=by, union=draft.union, obj=draft, fields=["spec"], detail={"version": draft.version}
    )
    return draft


@transaction.atomic
def enable_draft(*, by: Person, draft: FormDraft, version: int) -> FormVersion:
    """Make the draft the next version of its form, frozen from then on; Faulty lists every fault."""
    require(by, "form.enable", draft)
    refuse_enabled(draft)
    now = FormDraft.objects.get(pk=draft.pk)
    if now.version != version:
        raise Stale(act="form.enable", obj=draft)
    number = next_number(now.form_id)
    raw = {**now.spec, "version": number}
    faults = judge(raw, codes_of_forms())["faults"]
    if faults:
        raise Faulty(faults, draft)
    refuse_others_form(draft)
    refuse_shipped_form(draft)
    created = _keep_version(load_spec(raw), raw, draft)
    touched = FormDraft.objects.filter(pk=draft.pk, version=version, enabled_as__isnull=True).update(
        enabled_as=created, changed_by=by, changed_at=clock.db_now(), version=F("version") + 1
    )
    if touched != 1:
        raise Stale(act="form.enable", obj=draft)
    draft.refresh_from_db()
    detail = {"form": created.form_id, "version": created.version, "digest": created.digest[:16]}
    audit.record(act="form.enable", by=by, union=draft.union, obj=created, detail=detail)
    return created


def _keep_version(spec: FormSpec, raw: dict[str, Any], draft: FormDraft) -> FormVersion:
    """Always a new row: a version that is there, used or not, is never written again."""
    try:
        with transaction.atomic():
            return FormVersion.objects.create(
                form_id=spec.id,
                version=spec.version,
                title=spec.title[:120],
                spec=raw,
                digest=spec.digest(),
                created_at=clock.db_now(),
            )
    except IntegrityError:
        raise Stale(act="form.enable", obj=draft) from None


@transaction.atomic
def abandon_draft(*, by: Person, draft: FormDraft, version: int) -> None:
    """Delete a draft that did not become a version; the audit row keeps what it was called."""
    require(by, "form.design", draft)
    refuse_enabled(draft)
    deleted, _ = FormDraft.objects.filter(pk=draft.pk, version=version, enabled_as__isnull=True).delete()
    if deleted != 1:
        raise Stale(act="form.design", obj=draft)
    audit.record(
        act="form.design",
        by=by,
        union=draft.union,
        obj=draft,
        detail={"abandoned": draft.form_id, "title": draft.title},
    )


def next_number(form_id: str) -> int:
    """The number the next version of the form gets."""
    return (FormVersion.objects.filter(form_id=form_id).aggregate(newest=Max("version"))["newest"] or 0) + 1


def refuse_enabled(draft: FormDraft) -> None:
    """An enabled draft is history: the form lives on in its version, which is copied and never edited."""
    enabled = draft.enabled_as
    if enabled is not None:
        raise Refused(
            f"这份草稿已启用为第 {enabled.version} 版，不能再改。",
            "请在表样页面点“复制为新版”，在新草稿里改。",
            act="form.design",
            obj=draft,
        )


def refuse_others_form(draft: FormDraft) -> None:
    """A form that another union enabled goes on there; here it needs a code of its own."""
    other = (
        FormDraft.objects.filter(form_id=draft.form_id, enabled_as__isnull=False)
        .exclude(union=draft.union_id)
        .select_related("union")
        .first()
    )
    if other is not None:
        raise Refused(
            f"表样代码“{draft.form_id}”属于{other.union.called}，不能在这里出新版。",
            "请把表样代码改成本单位自己的，再启用。",
            act="form.enable",
            obj=draft,
        )


def refuse_shipped_form(draft: FormDraft) -> None:
    """A form that came with the installation goes on at its top; any other union would replace it for everybody."""
    designed = FormDraft.objects.filter(form_id=draft.form_id, enabled_as__isnull=False)
    if draft.union.parent_id is None or designed.exists():
        return
    if FormVersion.objects.filter(form_id=draft.form_id).exists():
        raise Refused(
            f"表样代码“{draft.form_id}”是随系统提供的，新版只能由最上级工会启用。",
            "请把表样代码改成本单位自己的，再启用。",
            act="form.enable",
            obj=draft,
        )


def refuse_unstorable(raw: Mapping[str, Any]) -> None:
    """What cannot be kept at all: too large, too deep, unknown keys, control characters."""
    try:
        designing.refuse_shape(raw)
    except UnreadableForm as fault:
        raise Refused(f"表样没有保存：{fault}", "请改正后再试。", status=422, act="form.design") from None
    if len(json.dumps(raw, ensure_ascii=False).encode()) > MOST_BYTES:
        raise Refused("表样太大。", "请删去不用的内容后再试。", status=413, act="form.design")


def _title(raw: Mapping[str, Any]) -> str:
    return str(raw.get("title") or "").strip()[:120] or "未命名表样"
