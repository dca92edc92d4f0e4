"""Digests under a key: to find an equal number without keeping it, and to notice a changed row."""

import hashlib
import hmac
import re
import unicodedata

from relief.lib.crypto import keys
from relief.lib.crypto.canonical import canonical_json
from relief.lib.idnumber import is_valid, normalise, normalise_card


def blind_index(value: str | None, purpose: str, generation: int | None = None) -> str:
    """64 hex digits by which equal numbers are found (HMAC-SHA-256); empty for an empty value.

    `purpose` keeps columns apart: "id_number" (15 digits find their 18) and "card" read the number their way, any
    other purpose ignores case, width and spaces. The generation belongs in a column beside the index.
    """
    bare = _NORMALISERS.get(purpose, _folded)(value or "")
    if not bare:
        return ""
    secret = keys.key("index", index_generation() if generation is None else generation)
    return _hex(secret, f"{purpose}\x1f{bare}")


def index_generation() -> int:
    """The generation that new blind indexes are made with."""
    return int(keys.current("index"))


def keyed_digest(value) -> str:
    """64 hex digits over the canonical JSON of a value: tells whether it changed, does not let it be guessed."""
    return _hex(keys.key("digest"), canonical_json(value))


def mac(value) -> str:
    """The proof that this application wrote the value: "m1:" and 64 hex digits over its canonical JSON."""
    key_id = keys.current("mac")
    return f"{key_id}:{_hex(keys.key('mac', key_id), canonical_json(value))}"


def mac_ok(value, proof: str | None) -> bool:
    """True when `proof` is the MAC of the value under a key we hold (compared in constant time)."""
    key_id, _, digits = (proof or "").partition(":")
    if key_id not in keys.known("mac") or not digits.isascii():
        return False
    return hmac.compare_digest(_hex(keys.key("mac", key_id), canonical_json(value)), digits)


def count_key(secret: bytes, value: str) -> str:
    """64 hex digits that stand for one person or household inside one campaign, whatever its children froze.

    `secret` is the campaign's own and is never changed (D7); the site's key joins in, so that a stolen database alone
    cannot be searched for known numbers. `value` is an identity number, however written, or any other text that names the one counted, taken to the letter.
    """
    if len(secret) < 16:
        raise ValueError("the campaign's secret needs 16 bytes or more")
    bare = normalise(value) if is_valid(value) else value.strip()
    if not bare:
        raise ValueError("count_key() needs a value: who has no number is counted apart")
    joined = hmac.digest(keys.key("count"), secret, "sha256")
    return _hex(joined, bare)


def _folded(value: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).casefold()


_NORMALISERS = {"id_number": normalise, "card": normalise_card}


def _hex(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
