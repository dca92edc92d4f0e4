"""Files that belong to a row of any app: checked, encrypted, kept outside the web root (R-19)."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse, StreamingHttpResponse

from relief.lib import clock, crypto, uploads
from unions import audit
from unions.models import Attachment, Person, Union
from unions.policy import Refused

MOST = 20
"""Files one row may have."""
UNFINISHED = "unfinished"
Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)
ABANDONED = 3600
"""Seconds after which a half-written file belongs to nobody: its writer was killed."""


def of(owner: Model) -> QuerySet[Attachment]:
    """The attachments of a row that have not been removed, oldest first."""
    return Attachment.objects.filter(owner_type=owner._meta.label, owner_id=owner.pk, removed_at__isnull=True)


def of_all(model: type[Model], ids: Collection[int]) -> dict[int, list[Attachment]]:
    """The same of many rows of one model in one query, by the id of the row."""
    found: dict[int, list[Attachment]] = {pk: [] for pk in ids}
    kept = Attachment.objects.filter(owner_type=model._meta.label, owner_id__in=ids, removed_at__isnull=True)
    for row in kept.order_by("pk"):
        found[row.owner_id].append(row)
    return found


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


class LargeFile:
    """A file that the application itself writes, of any size: sealed piece by piece while it is written (`crypto.streams`).

    Use it in a `with` block: what was not kept by its end is removed. After a kill the rest is sealed and is swept away.
    """

    def __init__(self, **facts: Any) -> None:
        self.row = Attachment(row_key=crypto.new_row_key(), **facts)
        folder = Path(settings.RELIEF_FILES_DIR) / UNFINISHED
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / self.row.row_key
        self._file = open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: SIM115
        self.writer = crypto.SealedWriter(self._file, _context(self.row))

    def __enter__(self) -> LargeFile:
        return self

    def __exit__(self, kind: type | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
        if kind is not None:
            # The transaction that kept it has been rolled back.
            _path(self.row).unlink(missing_ok=True)

    def keep(self) -> Attachment:
        """Put the finished file into its place and write its row; call inside the transaction of the action."""
        self.writer.finish()
        os.fsync(self._file.fileno())
        self.row.size, self.row.sha256 = self.writer.size, self.writer.sha256
        self.row.uploaded_at = clock.db_now()
        self.row.save(force_insert=True)
        path = _path(self.row)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.rename(path)
        return self.row


def pieces(attachment: Attachment) -> Iterator[bytes]:
    """The bytes of a file kept by `LargeFile`, piece by piece; raises relief.lib.crypto.Tampered."""
    with _path(attachment).open("rb") as file:
        yield from crypto.open_pieces(file, _context(attachment))


def is_there(attachment: Attachment) -> bool:
    return attachment.removed_at is None and _path(attachment).is_file()


def erase(attachment: Attachment) -> None:
    """Take the row away and its bytes too; call inside the transaction of the action, which audits it."""
    Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=clock.db_now())
    transaction.on_commit(lambda: _path(attachment).unlink(missing_ok=True))


def sweep() -> int:
    """Remove half-written files whose writer was killed; how many there were."""
    folder, count = Path(settings.RELIEF_FILES_DIR) / UNFINISHED, 0
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        # another worker may keep or sweep the same file just now: it is not there any more then
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - ABANDONED:
                path.unlink()
                count += 1
    return count


def stream_response(attachment: Attachment) -> StreamingHttpResponse:
    """A file kept by `LargeFile` as a download, in bounded memory."""
    return _guard(StreamingHttpResponse(pieces(attachment), content_type="application/octet-stream"), attachment)


def download_response(attachment: Attachment) -> HttpResponse:
    """The file as a download that the browser neither sniffs nor runs."""
    return _guard(HttpResponse(read(attachment), content_type="application/octet-stream"), attachment)


def _guard(response: Answer, attachment: Attachment) -> Answer:
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.filename)}"
    response["Content-Length"] = str(attachment.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _context(attachment: Attachment) -> str:
    return f"attachment|{attachment.row_key}"


def _path(attachment: Attachment) -> Path:
    return Path(settings.RELIEF_FILES_DIR) / attachment.row_key[:2] / attachment.row_key
