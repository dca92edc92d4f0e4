"""Photos of a visit (走访照片), mostly from a phone: taken in, looked at with a purpose, taken off again. Class L4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from beneficiaries.actions.households import looked_at, works_on
from beneficiaries.dossiers.intake import Faults
from beneficiaries.models import Visit
from unions import attachments, audit
from unions.models import Attachment, Person
from unions.policy import Refused, require

PHOTO = "走访照片"
IMAGES = (".jpg", ".jpeg", ".png")
ADD, TAKE = "visit.photo", "visit.photo_take"
AT_ONCE = 6
"""Photos that one form takes."""


@transaction.atomic
def add_visit_photos(*, by: Person, visit: Visit, photos: Sequence[UploadedFile]) -> None:
    """Keep the photos without the place and time a phone writes into them; all of them or none."""
    require(by, ADD, visit)
    if visit.voided_at is not None:
        raise Refused("这条走访已经作废。", "请在没有作废的记录上放照片。", act=ADD, obj=visit)
    if not 0 < len(photos) <= AT_ONCE:
        raise Faults({"photos": f"一次放 1 至 {AT_ONCE} 张照片。"}, act=ADD)
    # that the content is what the name says is the upload gate's to find out
    if any(PurePath(photo.name or "").suffix.lower() not in IMAGES for photo in photos):
        raise Faults({"photos": "这里只放照片（jpg 或 png）；其他材料放进档案的佐证材料。"}, act=ADD)
    for photo in photos:
        try:
            attachments.attach(by=by, union=visit.union, owner=visit, upload=photo, kind=PHOTO)
        except Refused as refusal:
            raise Faults({"photos": f"{refusal.reason}{refusal.next_step}"}, act=ADD) from None


@transaction.atomic
def take_visit_photo(*, by: Person, visit: Visit, photo: Attachment) -> Attachment:
    """Write the audit row of a look at a photo and return it; of a household only after saying what for."""
    require(by, TAKE, visit)
    household = visit.dossier
    if household is not None and not works_on(by, household):
        raise Refused("这一户不由您的岗位办理，不能看照片。", "请联系建档工会。", status=403, act=TAKE, obj=visit)
    if household is not None and not looked_at(by, household):
        raise Refused(
            "看家庭的照片前要先写明用途。",
            "请在档案页选择用途、写事由，按“查看完整信息”后再来下载（一小时内有效）。",
            act=TAKE,
            obj=visit,
        )
    audit.record(act=TAKE, by=by, union=visit.union, obj=visit, fields=["photos"], detail={"attachment": photo.pk})
    return photo


def remove_visit_photo(*, by: Person, visit: Visit, photo: Attachment) -> None:
    """Take a photo off its visit, bytes and all: a wrong one must not lie about."""
    require(by, ADD, visit)
    with transaction.atomic():
        attachments.erase(photo)
        audit.record(act=ADD, by=by, union=visit.union, obj=visit, fields=["photos"], detail={"removed": photo.pk})
