"""Writes an export member by member into its file and tells how far it is; nothing is written to the database here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from campaigns.enums import NoticeState
from campaigns.models import Notice
from campaigns.notices.pdf import notice_pdf
from relief.lib.crypto import Tampered
from relief.lib.pdf import PdfFailed
from reporting import exports
from reporting.bundles import book, listing
from reporting.bundles.archive import Archive, BundleFailed, Target, settled
from reporting.bundles.asking import BundleKind
from reporting.bundles.contents import Contents, Entry
from reporting.bundles.names import safe_name
from reporting.bundles.receipts import receipt_pdf
from reporting.models import Round
from reporting.rounds import is_whole
from unions import attachments
from unions.models import Attachment

Progress = Callable[[], None]
"""Called after each step."""
STOPPED = "导出已停止，没有留下文件。"


def steps(contents: Contents) -> int:
    """How many steps the export takes, for the progress."""
    filed = contents.filed
    if contents.asked.kind != BundleKind.CAMPAIGN:
        return len(filed) + 1
    return len(filed) + sum(len(entry.rounds) for entry in filed) + 2


def make(contents: Contents, target: Target, *, made_at: datetime, made_by: str, progress: Progress) -> int:
    """Write the export and return how many files it has; BundleFailed when one of them cannot be made."""
    if contents.asked.kind == BundleKind.BOOK:
        return _book(contents, target, made_at, progress)
    with Archive(target) as archive:
        if contents.asked.kind == BundleKind.CAMPAIGN:
            _notice(archive, contents, made_at)
            progress()
        _units(archive, contents, progress)
        if contents.asked.kind == BundleKind.CAMPAIGN:
            _receipts(archive, contents, progress)
        archive.add("", "清单.xlsx", settled(listing.list_workbook(contents), made_at), made_at)
        archive.add("", "SHA256SUMS.txt", listing.digests(archive.members), made_at)
        told = listing.manifest(contents, archive.members, made_at=made_at, made_by=made_by)
        archive.add("", "manifest.json", told, made_at)
    progress()
    return len(archive.members)


@contextmanager
def _told(entry: Entry) -> Iterator[None]:
    """Any fault within the block ends the export with a sentence that names the union and the material."""
    what = f"{entry.name}的“{entry.submission.deliverable.title}”"
    try:
        yield
    except BundleFailed:
        raise
    except PdfFailed as fault:
        raise BundleFailed(f"{what}没有生成：{fault}{STOPPED}") from fault
    except (Tampered, FileNotFoundError) as fault:
        raise BundleFailed(f"{what}的文件不完整或被改动，{STOPPED}请通知系统管理员做完整性检查。") from fault
    except Exception as fault:
        raise BundleFailed(f"{what}没有生成，{STOPPED}请稍后重试；仍不成功时请联系系统管理员。") from fault


def _whole(entry: Entry, number: int) -> Round:
    """The round with all its facts; an altered one is not given out (R-20)."""
    frozen = Round.objects.select_related("form_version").get(submission=entry.submission, number=number)
    if not is_whole(frozen):
        raise BundleFailed(
            f"{entry.name}的“{entry.submission.deliverable.title}”第{number}轮没有通过完整性核对，{STOPPED}"
            "请保留现场，并通知审计管理员。"
        )
    return frozen


def _units(archive: Archive, contents: Contents, progress: Progress) -> None:
    """Every filing in force, in the order of deliverables and of the tree."""
    for number, (deliverable, entries) in enumerate(contents.groups, 1):
        # A zip of one form needs no folder for it.
        folder = safe_name(f"{number:02d}_{deliverable.title}") if contents.asked.kind == BundleKind.CAMPAIGN else ""
        for place, entry in enumerate(entries, 1):
            if entry.frozen is not None:
                with _told(entry):
                    name = f"{place:03d}_{entry.union.code}_{entry.name}"
                    _unit(archive, entry, folder, name, contents.asked.formats)
                progress()


def _unit(archive: Archive, entry: Entry, folder: str, name: str, formats: tuple[str, ...]) -> None:
    """The form of one union in its formats, or the text and the files of its report."""
    frozen, stem = _whole(entry, entry.number), safe_name(name, 50)
    if entry.is_form:
        doc = exports.document(entry.submission, frozen=frozen)
        for fmt in formats:
            data = exports.rendered(doc, fmt)
            if fmt == "xlsx":
                data = settled(data, frozen.handed_in_at)
            entry.files.append(archive.add(folder, f"{stem}.{fmt}", data, frozen.handed_in_at))
        return
    own = f"{folder}/{stem}" if folder else stem
    if frozen.report_text.strip():
        data = _report_text(entry, frozen).encode("utf-8-sig")
        entry.files.append(archive.add(own, "报告正文.txt", data, frozen.handed_in_at))
    for file in frozen.attachments:
        entry.files.append(archive.add(own, file["name"], _attached(entry, file), frozen.handed_in_at))


def _report_text(entry: Entry, frozen: Round) -> str:
    head = f"{entry.name}\n{entry.submission.deliverable.title}　{frozen.word}　{listing.local(frozen.handed_in_at)}"
    return f"{head}\n回执 {frozen.receipt}　校验码 {frozen.check_code}\n\n{frozen.report_text}\n"


def _attached(entry: Entry, file: dict) -> bytes:
    """The bytes that were frozen with the round, also when the file has been taken off the report since."""
    row = Attachment.objects.filter(
        pk=file["id"], owner_type=entry.submission._meta.label, owner_id=entry.submission.pk
    ).first()
    if row is None:
        raise FileNotFoundError
    data = attachments.read(row)
    if hashlib.sha256(data).hexdigest() != file["sha256"]:
        raise Tampered("attachment of a round")
    return data


def _receipts(archive: Archive, contents: Contents, progress: Progress) -> None:
    """One receipt per hand-in, earlier rounds as well."""
    for number, (deliverable, entries) in enumerate(contents.groups, 1):
        folder = f"回执/{safe_name(f'{number:02d}_{deliverable.title}')}"
        for place, entry in enumerate(entries, 1):
            for each in entry.rounds if entry.frozen is not None else []:
                with _told(entry):
                    frozen = _whole(entry, each.number)
                    stem = safe_name(f"{place:03d}_{entry.union.code}_{entry.name}", 44)
                    data = receipt_pdf(entry.submission, frozen)
                    path = archive.add(folder, f"{stem}_{frozen.word}.pdf", data, frozen.handed_in_at)
                    entry.files.append(path)
                progress()


def _notice(archive: Archive, contents: Contents, made_at: datetime) -> None:
    """The notice in force as PDF, with its own files."""
    notice = Notice.objects.filter(campaign=contents.campaign, state=NoticeState.PUBLISHED).first()
    if notice is None:
        return
    at = notice.published_at or made_at
    try:
        archive.add("通知", f"{safe_name(notice.title, 50)}_第{notice.number}版.pdf", notice_pdf(notice), at)
        for file in attachments.of(notice):
            archive.add("通知", file.filename, attachments.read(file), at)
    except PdfFailed as fault:
        raise BundleFailed(f"通知的 PDF 没有生成：{fault}{STOPPED}") from fault
    except (Tampered, FileNotFoundError) as fault:
        raise BundleFailed(f"通知的附件不完整或被改动，{STOPPED}请通知系统管理员做完整性检查。") from fault


def _book(contents: Contents, target: Target, made_at: datetime, progress: Progress) -> int:
    """One workbook; the sheets stand in the order of the list."""
    book.refuse_too_many(contents)
    names, sheets = book.names_of(contents.filed), []
    for entry, name in zip(contents.filed, names, strict=True):
        with _told(entry):
            doc = exports.document(entry.submission, frozen=_whole(entry, entry.number))
            sheets.append(replace(doc.sheet(), name=name))
        progress()
    try:
        data = settled(book.book(contents, sheets, names), made_at)
    except Exception as fault:
        raise BundleFailed(f"工作簿没有生成，{STOPPED}请改用压缩包，或联系系统管理员。") from fault
    target.write(data)
    progress()
    return 1
