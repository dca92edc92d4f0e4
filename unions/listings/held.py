"""Which rows an export was asked for, kept small, so that an agreement holds for these rows and no others (R-22); pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from hashlib import blake2b
from itertools import accumulate, pairwise


def number_of(*parts: object) -> int:
    """One number for a row that has no key of its own, the same for the same parts.

    >>> number_of(7, "central") == number_of(7, "central"), number_of(7, "central") == number_of(71, "entral")
    (True, False)
    """
    return int.from_bytes(blake2b(json.dumps([str(part) for part in parts]).encode(), digest_size=7).digest())


def packed(keys: Iterable[int]) -> bytes:
    """The keys as one value of the database: sorted, each once, as distances; the same keys, the same bytes.

    >>> packed([3, 1, 2, 2]) == packed([1, 2, 3]), len(packed(range(1, 100_000))) < 1000
    (True, True)
    """
    ordered = sorted(set(keys))
    return zlib.compress(json.dumps([after - before for before, after in pairwise([0, *ordered])]).encode())


def unpacked(held: bytes) -> frozenset[int]:
    """The keys again; none of an export that was asked for before keys were held.

    >>> sorted(unpacked(packed([5, 900, 7]))), unpacked(b"")
    ([5, 7, 900], frozenset())
    """
    return frozenset(accumulate(json.loads(zlib.decompress(held)))) if held else frozenset()
