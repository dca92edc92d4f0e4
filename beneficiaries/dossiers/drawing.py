"""Drawing a list at random so that anybody can draw it again: a seed, the whole population, a count. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def how_many(population: int, *, share: int | None = None, asked: int | None = None) -> int:
    """How many are drawn: a share in per cent, rounded up, or a number; never more than there are.

    >>> how_many(7, share=30), how_many(7, asked=3), how_many(2, asked=5), how_many(0, share=30), how_many(1, share=1)
    (3, 3, 2, 0, 1)
    """
    wanted = asked if asked is not None else -(-population * (share or 0) // 100)
    return min(population, wanted)


def drawn(seed: str, numbers: Iterable[str], count: int) -> list[str]:
    """The drawn numbers, in the order of the draw: those with the smallest digest of seed and number.

    >>> drawn("a", ["G1-1", "G1-2", "G1-3"], 2) == drawn("a", ["G1-3", "G1-2", "G1-1"], 2)
    True
    >>> sorted(drawn("b", ["G1-1", "G1-2"], 2))
    ['G1-1', 'G1-2']
    """
    return sorted(numbers, key=lambda number: (_digest(seed, number), number))[:count]


def digest_of(numbers: Sequence[str]) -> str:
    """64 hex digits that stand for the whole population, whatever its order."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def _digest(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}\x1f{number}".encode()).hexdigest()
