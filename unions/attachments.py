"""Files that belong to a row of any app: checked, encrypted, kept outside the web root (R-19)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse

from relief.lib import clock, crypto, uploads
from unions import audit
from unions.models import Attachment, Person, Union
from unions.policy import Refused

MOST = 20
"""Files one row may have."""


def of(owner: Model) -> QuerySet[Attachment]:
    """The attachments of a row that have not been removed, oldest first."""
    return Attachment.objects.filter(owner_type=owner._meta.label, owner_id=owner.pk, removed_at__isnull=True)


@transaction.atomic
def attach(*, by: Person, union: Union, owner: Model, upload: UploadedFile, kind: str = "") -> Attachment:
    """Check the upload, encrypt it, and return its row; the act of the owner's app has been decided before."""
    if of(owner).count() >= MOST:
        raise Refused(f"最多只能放 {MOST} 个附件。", "请先移除不用的附件。", act="attachment.add", obj=owner)
    try:
        clean = uploads.check_upload(upload.name or "", upload.read())
    except uploads.Refused as fault:
        raise Refused(
            str(fault), "请换一个文件再上传；页面上其他内容没有变。", status=422, act="attachment.add", obj=owner
        ) from fault
    row = Attachment(
        union=union,
        owner_type=owner._meta.label,
        owner_id=owner.pk,
        kind=kind,
        filename=clean.name[:160],
        content_type=clean.content_type,
        size=len(clean.data),
        sha256=hashlib.sha256(clean.data).hexdigest(),
        uploaded_by=by,
        uploaded_at=clock.db_now(),
    )
    path = _path(row)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(crypto.seal_bytes(clean.data, f"attachment|{row.row_key}"))
    path.chmod(0o600)
    row.save(force_insert=True)
    audit.record(
        act="attachment.add", by=by, union=union, obj=row, fields=["filename"], detail={"size": row.size, "kind": kind}
    )
    return row


@transaction.atomic
def remove(*, by: Person, attachment: Attachment) -> None:
    """Take the file off its row; the bytes stay for rounds that name their digest."""
    Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=clock.db_now())
    audit.record(act="attachment.remove", by=by, union=attachment.union, obj=attachment, fields=["removed_at"])


def read(attachment: Attachment) -> bytes:
    """The bytes as uploaded; raises relief.lib.crypto.Tampered when they were changed on disk."""
    return crypto.open_bytes(_path(attachment).read_bytes(), f"attachment|{attachment.row_key}")


def download_response(attachment: Attachment) -> HttpResponse:
    """The file as a download that the browser neither sniffs nor runs."""
    response = HttpResponse(read(attachment), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.filename)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _path(attachment: Attachment) -> Path:
    return Path(settings.RELIEF_FILES_DIR) / attachment.row_key[:2] / attachment.row_key
