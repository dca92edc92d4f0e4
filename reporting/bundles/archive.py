"""A zip that comes out the same for the same contents: given order, given instants, a digest of every member."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from relief.lib.clock import SHANGHAI
from reporting.bundles.names import Paths

MOST_BYTES = 2_000_000_000
"""What one download may hold; above it, units are exported in parts."""
_CORE = "docProps/core.xml"
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


class BundleFailed(Exception):
    """Nothing is exported; the text is a Chinese sentence that says where it stopped and what to do."""


class Target(Protocol):
    """Where the bytes go: `relief.lib.crypto.SealedWriter`."""

    size: int

    def write(self, data: bytes) -> int: ...
    def flush(self) -> None: ...


@dataclass(frozen=True)
class Member:
    """One file of the archive."""

    path: str
    size: int
    sha256: str
    at: datetime

    @property
    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, "size": self.size, "sha256": self.sha256, "modified": self.at.isoformat()}


class Archive:
    """Writes members one by one into the target; nothing but the list of members stays in memory. Use it in a `with`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        self._paths = Paths()
        self.members: list[Member] = []

    def add(self, folder: str, name: str, data: bytes, at: datetime) -> str:
        """Write a file and return its path; the folder is made of safe names, the name may be anybody's."""
        path = self._paths.free(folder, name)
        if self._target.size + len(data) > MOST_BYTES:
            raise BundleFailed("导出的内容超过 2 GB，没有生成文件。请只选直接下级，或由各下级分别导出。")
        self._zip.writestr(_entry(path, at), data, compresslevel=1)
        self.members.append(Member(path, len(data), hashlib.sha256(data).hexdigest(), at))
        return path

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *fault: object) -> None:
        """Write the directory of the zip; after a fault the whole file is thrown away by its owner."""
        self._zip.close()


def _entry(path: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(SHANGHAI)
    # A zip begins in 1980.
    stamp = (max(local.year, 1980), local.month, local.day, local.hour, local.minute, local.second)
    entry = zipfile.ZipInfo(path, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100600 << 16
    return entry


def settled(workbook: bytes, at: datetime) -> bytes:
    """The same xlsx with the instant of the hand-in instead of the moment it was written: same contents, same digest."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == _CORE:
                data = _STAMPS.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            target.writestr(_entry(entry.filename, at), data)
    return out.getvalue()
