"""What people may upload: five kinds, checked by name and by content, pictures without their metadata.

A photo of a household tells by GPS where it lives; so pictures are copied marker by marker and only what draws the
picture is kept. Scanned text, macros and disguised files are refused with a sentence. No decoder runs here.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from relief.lib.archive import MEGABYTE, BadArchive, refuse_doctype, unpack

MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 40_000_000
MOST_NAME = 100

_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_KINDS = {**{kind: kind for kind in CONTENT_TYPES}, "jpeg": "jpg"}
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OLD = {"doc": "docx", "xls": "xlsx", "wps": "docx", "et": "xlsx"}
_PDF_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile)\b")
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
_JPG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112


class Refused(Exception):
    """The file is not taken; the text is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class CleanUpload:
    """A file that may be kept: a name fit to be shown, its kind, and the bytes to store."""

    name: str
    kind: str
    content_type: str
    data: bytes


def check_upload(name: str, data: bytes) -> CleanUpload:
    """The file as it may be kept; `Refused` when its name, its content or its size is not allowed."""
    shown = _clean_name(name)
    ending = PurePosixPath(shown).suffix.lower().removeprefix(".")
    if ending in _OLD:
        raise Refused(f"“{shown}”是旧格式，请另存为 .{_OLD[ending]} 后再上传。")
    kind = _KINDS.get(ending)
    if kind is None:
        raise Refused(f"“{shown}”的类型不能上传，请使用 pdf、docx、xlsx、jpg 或 png 文件。")
    if not data:
        raise Refused(f"“{shown}”是空文件，请检查后重新上传。")
    if len(data) > MOST_BYTES:
        raise Refused(f"“{shown}”超过 {MOST_BYTES // MEGABYTE} MB，请压缩或拆分后再上传。")
    try:
        cleaned = _CHECKS[kind](kind, data)
    except BadArchive as bad:
        raise Refused(f"“{shown}”：{bad}") from None
    except (IndexError, ValueError):
        raise Refused(f"“{shown}”：{_damaged(kind)}") from None
    return CleanUpload(shown, kind, CONTENT_TYPES[kind], cleaned)


def _clean_name(name: str) -> str:
    """The last part of the name, without control and direction characters, not longer than a line."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .") or "文件"
    path = PurePosixPath(kept)
    ending = path.suffix if len(path.suffix) <= 6 else ""
    return f"{kept[: len(kept) - len(ending)][: MOST_NAME - len(ending)]}{ending}"


def _damaged(kind: str) -> str:
    return f"内容不是完好的 {kind} 文件，请用原来的软件打开确认后重新保存再上传。"


def _check_pdf(kind: str, data: bytes) -> bytes:
    if not re.match(rb"%PDF-[12]\.\d", data) or b"%%EOF" not in data[-2048:]:
        raise BadArchive(_damaged(kind))
    if _PDF_ACTIVE.search(data):
        raise BadArchive("PDF 里带有脚本或附件，请用“打印为 PDF”重新生成后再上传。")
    return data


def _check_office(kind: str, data: bytes) -> bytes:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise BadArchive(f"这是旧格式或设有密码的文件，请去掉密码，另存为 .{kind} 后再上传。")
    if data[:4] != b"PK\x03\x04":
        raise BadArchive(_damaged(kind))
    parts = unpack(data)
    names = {part.casefold() for part in parts}
    if "[content_types].xml" not in names or _MAIN_PART[kind] not in names:
        raise BadArchive(_damaged(kind))
    if any(part.endswith("vbaproject.bin") or "/activex/" in part for part in names):
        raise BadArchive("文件里带有宏或控件，请另存为不含宏的文件后再上传。")
    for part, content in parts.items():
        if part.casefold().endswith((".xml", ".rels")):
            refuse_doctype(content)
    return data


def _check_png(kind: str, data: bytes) -> bytes:
    """The picture with the chunks that draw it; text, times, GPS and whatever follows the end are left out."""
    if data[:8] != _PNG_HEAD or data[12:16] != b"IHDR":
        raise BadArchive(_damaged(kind))
    _check_pixels(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    kept, at, seen = [_PNG_HEAD], 8, b""
    while seen != b"IEND":
        length = int.from_bytes(data[at : at + 4])
        chunk = data[at : at + length + 12]
        seen = chunk[4:8]
        if len(chunk) < length + 12 or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise BadArchive(_damaged(kind))
        if seen in _PNG_KEPT:
            kept.append(chunk)
        elif seen[:1].isupper():
            raise BadArchive(_damaged(kind))
        at += len(chunk)
    return b"".join(kept)


def _check_jpg(kind: str, data: bytes) -> bytes:
    """The picture with the markers that draw it, and one bit of its EXIF: which side is up."""
    if data[:3] != b"\xff\xd8\xff":
        raise BadArchive(_damaged(kind))
    kept, at, frame, turn = [], 2, False, 1
    while True:
        marker, at = _next_marker(data, at)
        if marker == 0xD9:
            break
        length = int.from_bytes(data[at : at + 2])
        segment = data[at : at + length]
        if length < 2 or len(segment) < length:
            raise BadArchive(_damaged(kind))
        at += length
        if marker in _JPG_FRAMES:
            _check_pixels(int.from_bytes(segment[5:7]), int.from_bytes(segment[3:5]))
            frame = True
        elif marker == 0xE1 and segment[2:8] == b"Exif\0\0":
            turn = _orientation(segment[8:])
        if _draws(marker, segment):
            kept.append(b"\xff" + bytes([marker]) + segment)
        if marker == 0xDA:
            end = _scan_end(data, at)
            kept.append(data[at:end])
            at = end
    if not frame:
        raise BadArchive(_damaged(kind))
    return b"\xff\xd8" + _turn_segment(turn) + b"".join(kept) + b"\xff\xd9"


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != 0xFF:
        raise ValueError("no marker here")
    while data[at] == 0xFF:
        at += 1
    return data[at], at + 1


def _draws(marker: int, segment: bytes) -> bool:
    """True for segments without which the picture looks otherwise: no EXIF, XMP, thumbnails, comments."""
    if marker == 0xE0:
        return segment[2:7] == b"JFIF\0"
    if marker == 0xEE:
        return segment[2:7] == b"Adobe"
    if marker == 0xE2:
        return segment[2:14] == b"ICC_PROFILE\0"
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded picture ends: at the next marker that is neither a stuffed byte nor a restart."""
    found = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(data, at)
    if not found:
        raise ValueError("the picture has no end")
    return found.start()


def _orientation(tiff: bytes) -> int:
    order = "little" if tiff[:2] == b"II" else "big"

    def number(start: int, size: int) -> int:
        return int.from_bytes(tiff[start : start + size], order)  # type: ignore[arg-type]

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 100), 12):
        if number(entry, 2) == _ORIENTATION and 1 <= number(entry + 8, 2) <= 8:
            return number(entry + 8, 2)
    return 1


def _turn_segment(turn: int) -> bytes:
    """An EXIF segment that says nothing but which side is up; empty when that is the usual one."""
    if turn == 1:
        return b""
    entry = _ORIENTATION.to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + turn.to_bytes(2) + b"\0\0"
    body = b"Exif\0\0MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + bytes(4)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise ValueError("a picture has a width and a height")
    if width * height > MOST_PIXELS:
        raise BadArchive(f"图片超过 {MOST_PIXELS // 10_000} 万像素，请缩小后再上传。")


_CHECKS = {"pdf": _check_pdf, "docx": _check_office, "xlsx": _check_office, "jpg": _check_jpg, "png": _check_png}
