"""Large files sealed piece by piece, so that neither writing nor reading needs them whole in memory.

Each piece is sealed for its place: its number and whether it is the last one. A piece that was altered, swapped, taken
away or put behind the end does not open, and a file that was cut short is not taken for a whole one.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from relief.lib.crypto.sealing import Tampered, open_bytes, seal_bytes

PIECE = 1 << 20
"""Bytes of clear text per piece."""
_LENGTH = 4
_MOST = PIECE + 1024


class SealedWriter:
    """A file to write clear bytes into; what reaches `target` is sealed. `size` and `sha256` are those of the clear bytes.

    It cannot be read, sought or told, so `zipfile` streams into it. Nothing can be opened before `finish()`.
    """

    def __init__(self, target: BinaryIO, context: str) -> None:
        self.size = 0
        self._target = target
        self._context = context
        self._number = 0
        self._waiting = bytearray()
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self._digest.update(data)
        self._waiting += data
        # One byte is kept back: only `finish` knows which piece is the last.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        self._target.flush()

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        self.flush()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        sealed = seal_bytes(piece, _place(self._context, self._number, last))
        self._target.write(len(sealed).to_bytes(_LENGTH) + sealed)
        self._number += 1


def open_pieces(source: BinaryIO, context: str) -> Iterator[bytes]:
    """The clear bytes of a sealed file, piece by piece; `Tampered` as soon as one does not belong."""
    number, head = 0, source.read(_LENGTH)
    while head:
        length = int.from_bytes(head)
        if len(head) < _LENGTH or length > _MOST:
            raise Tampered(f"not a sealed file: {context}")
        sealed = source.read(length)
        head = source.read(_LENGTH)
        yield open_bytes(sealed, _place(context, number, not head))
        number += 1
    if not number:
        raise Tampered(f"empty: {context}")


def _place(context: str, number: int, last: bool) -> str:
    return f"{context}|{number}|{'last' if last else 'more'}"
