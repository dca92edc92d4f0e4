"""A union's own layouts of bank files: copied from a shipped one, changed, put away."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.banking import Layout, layout_faults, to_json
from beneficiaries.models import BankProfile
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

ACT = "bank.edit_profile"


def create_profile(*, by: Person, union: Union, layout: Layout, subtree: bool) -> BankProfile:
    """Return a new layout of the union; `layout.key` names the one it was copied from."""
    profile = BankProfile(
        union=union,
        base=layout.key,
        title=layout.title,
        layout=to_json(layout),
        subtree=subtree,
        changed_by=by,
        changed_at=clock.db_now(),
    )
    require(by, ACT, profile)
    _refuse_faults(layout)
    with transaction.atomic():
        try:
            with transaction.atomic():
                profile.save(force_insert=True)
        except IntegrityError:
            raise _twice(layout) from None
        audit.record(act=ACT, by=by, union=union, obj=profile, after=profile.layout, detail={"title": layout.title})
    return profile


def change_profile(*, by: Person, profile: BankProfile, version: int, layout: Layout, subtree: bool) -> None:
    """Write the layout anew; files already made keep the one they were made with."""
    require(by, ACT, profile)
    _refuse_faults(layout)
    with transaction.atomic():
        found = BankProfile.objects.filter(pk=profile.pk, version=version, retired_at__isnull=True)
        new = {"title": layout.title, "layout": to_json(layout), "subtree": subtree, "version": F("version") + 1}
        try:
            with transaction.atomic():
                updated = found.update(changed_by=by, changed_at=clock.db_now(), **new)
        except IntegrityError:
            raise _twice(layout) from None
        if updated != 1:
            raise Stale([("方案", "已改或已停用", "打开页面时")], act=ACT, obj=profile)
        audit.record(
            act=ACT, by=by, union=profile.union, obj=profile, fields=["layout"], before=profile.layout,
            after=to_json(layout), detail={"title": layout.title},
        )  # fmt: skip


def retire_profile(*, by: Person, profile: BankProfile) -> None:
    """Put the layout away; files made with it stay what they are."""
    require(by, ACT, profile)
    with transaction.atomic():
        found = BankProfile.objects.filter(pk=profile.pk, retired_at__isnull=True)
        if found.update(retired_at=clock.db_now(), version=F("version") + 1) != 1:
            raise Refused("这个方案已经停用。", "请刷新页面。", act=ACT, obj=profile)
        audit.record(act=ACT, by=by, union=profile.union, obj=profile, fields=["retired_at"])


def _refuse_faults(layout: Layout) -> None:
    wrong = layout_faults(layout)
    if wrong:
        raise Refused("".join(wrong), "请改正后再保存。", status=422, act=ACT)


def _twice(layout: Layout) -> Refused:
    return Refused(f"已经有一个方案叫“{layout.title}”。", "请换一个名称。", status=422, act=ACT)
