"""Large files sealed piece by piece: whole again, and never when a piece was altered, moved, dropped or added."""

import hashlib
import io

import pytest

from relief.lib.crypto import SealedWriter, Tampered, open_pieces, streams

SIZES = [0, 1, 9, 10, 11, 20, 35]


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch):
    monkeypatch.setattr(streams, "PIECE", 10)


def sealed(data: bytes, context: str = "file|a", step: int = 7) -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target, context)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.finish()
    assert (writer.size, writer.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return target.getvalue()


def opened(data: bytes, context: str = "file|a") -> list[bytes]:
    return list(open_pieces(io.BytesIO(data), context))


def frames(data: bytes) -> list[bytes]:
    found = []
    while data:
        end = 4 + int.from_bytes(data[:4])
        found.append(data[:end])
        data = data[end:]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_comes_back(size):
    data = bytes(range(size))
    pieces = opened(sealed(data))
    assert (b"".join(pieces), max(map(len, pieces))) == (data, min(size, 10))


def test_the_clear_bytes_are_not_in_the_file():
    assert b"secret" not in sealed(b"a secret of twenty and more bytes")


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts[:-1],
        lambda parts: [],
        lambda parts: [parts[1], parts[0], *parts[2:]],
        lambda parts: [*parts, parts[-1]],
        lambda parts: [parts[0], parts[0], *parts[2:]],
        lambda parts: [*parts[:-1], parts[-1][:-1] + bytes([parts[-1][-1] ^ 1])],
        lambda parts: [*parts[:-1], parts[-1][:-1]],
        lambda parts: [*parts, b"\0"],
        lambda parts: [b"\xff\xff\xff\xff", *parts],
    ],
    ids=["cut", "empty", "swapped", "appended", "doubled", "flipped", "shortened", "trailing", "huge"],
)
def test_a_changed_file_does_not_open(change):
    with pytest.raises(Tampered):
        opened(b"".join(change(frames(sealed(bytes(35))))))


def test_a_file_opens_in_its_own_place_only():
    with pytest.raises(Tampered):
        opened(sealed(b"data"), "file|b")
