"""Zip files of strangers, unpacked while counting.

A declared size is only a claim: the bytes are counted while they come out, so a bomb stops at the limit (security.md T1).
Knows no Django, so that a child process starts fast.
"""

import io
import zipfile
import zlib
from xml.parsers import expat

MEGABYTE = 1 << 20
_PIECE = 1 << 16
_LOCAL_HEADER = 30


class BadArchive(Exception):
    """The file is no zip we read; the text is a Chinese sentence."""


def unpack(data: bytes, *, most_bytes: int = 64 * MEGABYTE, most_entries: int = 2000) -> dict[str, bytes]:
    """The entries by name; `BadArchive` when there are too many, too large, twice the same, encrypted or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, UnicodeError, NotImplementedError):
        raise BadArchive("文件已损坏，打不开，请用 Excel、WPS 或 Word 重新保存后再上传。") from None
    if len(entries) > most_entries:
        raise BadArchive(f"文件内部的部件超过 {most_entries} 个，请删去不用的工作表和图片后重新保存。")
    names = {entry.filename.casefold() for entry in entries}
    if len(names) != len(entries):
        raise BadArchive("文件内部有同名的部件，不是正常保存出来的，请重新保存后再上传。")
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise BadArchive("文件内部的路径不正常，请重新保存后再上传。")
    if sum(entry.file_size for entry in entries) > most_bytes:
        raise _too_large(most_bytes)
    parts, left = {}, most_bytes
    for entry in entries:
        parts[entry.filename] = _inflate(data, entry, left, most_bytes)
        left -= len(parts[entry.filename])
    return parts


def pack(parts: dict[str, bytes]) -> bytes:
    """A plain zip of these parts, without compression: what a parser gets instead of the stranger's own zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def refuse_doctype(xml: bytes) -> None:
    """`BadArchive` when the XML declares a document type (the door of entity bombs) or is not well-formed."""
    parser = expat.ParserCreate(namespace_separator=None)
    parser.StartDoctypeDeclHandler = _doctype
    parse(parser, xml)


def parse(parser, xml: bytes) -> None:
    """Feed a parser; malformed XML is a `BadArchive`."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise BadArchive("文件内部的内容已损坏，请用 Excel、WPS 或 Word 重新保存后再上传。") from None


def _doctype(*_names) -> None:
    raise BadArchive("文件内部含有不允许的声明（DOCTYPE），不是正常保存出来的，请重新保存后再上传。")


def _inflate(data: bytes, entry: zipfile.ZipInfo, left: int, most_bytes: int) -> bytes:
    """One entry's bytes, by our own count; the size in its header must be the true one."""
    if entry.flag_bits & 0x1:
        raise BadArchive("文件设有密码，请去掉密码后再上传。")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadArchive("文件的压缩方式不认识，请用 Excel、WPS 或 Word 重新保存后再上传。")
    head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    damaged = BadArchive("文件已损坏，打不开，请用 Excel、WPS 或 Word 重新保存后再上传。")
    if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
        raise damaged
    start = (
        entry.header_offset
        + _LOCAL_HEADER
        + int.from_bytes(head[26:28], "little")
        + int.from_bytes(head[28:30], "little")
    )
    packed = memoryview(data)[start : start + entry.compress_size]
    content = (
        bytes(packed) if entry.compress_type == zipfile.ZIP_STORED else _inflate_raw(packed, left, most_bytes, damaged)
    )
    if len(content) > left:
        raise _too_large(most_bytes)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise damaged
    return content


def _inflate_raw(packed: memoryview, left: int, most_bytes: int, damaged: BadArchive) -> bytes:
    inflater, out, rest = zlib.decompressobj(-zlib.MAX_WBITS), bytearray(), bytes(packed)
    try:
        while not inflater.eof:
            piece = inflater.decompress(rest, _PIECE)
            rest = inflater.unconsumed_tail
            out += piece
            if len(out) > left:
                raise _too_large(most_bytes)
            if not piece and not rest and not inflater.eof:
                raise damaged
    except zlib.error:
        raise damaged from None
    return bytes(out)


def _too_large(most_bytes: int) -> BadArchive:
    return BadArchive(f"文件解开后超过 {most_bytes // MEGABYTE} MB，请删去多余的内容后重新保存。")
