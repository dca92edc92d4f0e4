"""AES-256-GCM with the key's id in the value and the value's place as associated data.

A sealed value opens only in the place it was sealed for: two swapped card numbers would redirect money.
"""

import base64
import binascii
import re
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from relief.lib.crypto import keys

_NONCE = 12
_KEY_ID = re.compile(rb"[A-Za-z0-9_-]{1,20}")


class Tampered(Exception):
    """A sealed value was altered, moved to another place, or its key is gone. Says the place, never the value."""


class ClearTextRefused(TypeError):
    """Someone tried to write clear text into a column for sealed values."""


def new_row_key() -> str:
    """32 random hex digits that name a row before it has a number, so that bulk inserts can be sealed."""
    return secrets.token_hex(16)


def seal_bytes(data: bytes, context: str) -> bytes:
    """The data sealed for one place (`context`): key id, colon, nonce, cipher text."""
    key_id = str(keys.current("field")).encode()
    if not _KEY_ID.fullmatch(key_id):
        raise ValueError("key ids are 1 to 20 letters, digits, - or _")
    nonce = secrets.token_bytes(_NONCE)
    return key_id + b":" + nonce + _cipher(_secret(key_id)).encrypt(nonce, data, context.encode())


def open_bytes(sealed: bytes, context: str) -> bytes:
    """The data sealed for this place; `Tampered` when anything about it differs."""
    key_id, colon, rest = bytes(sealed[:40]).partition(b":")
    body = sealed[len(key_id) + 1 :]
    if not colon or not _KEY_ID.fullmatch(key_id) or key_id.decode() not in keys.known("field"):
        raise Tampered(f"not sealed by a key of ours: {context}")
    try:
        return _cipher(_secret(key_id)).decrypt(body[:_NONCE], body[_NONCE:], context.encode())
    except (InvalidTag, ValueError):
        raise Tampered(f"does not belong here or was altered: {context}") from None


def seal_text(text: str, context: str) -> str:
    """Text sealed for one place, as text: "k1:" and base64."""
    key_id, _, rest = seal_bytes(text.encode(), context).partition(b":")
    return f"{key_id.decode()}:{base64.b64encode(rest).decode()}"


def open_text(sealed: str, context: str) -> str:
    """The text sealed for this place; `Tampered` when anything about it differs."""
    key_id, colon, body = sealed.partition(":")
    try:
        return open_bytes(key_id.encode() + colon.encode() + base64.b64decode(body, validate=True), context).decode()
    except (binascii.Error, UnicodeError):
        raise Tampered(f"not a sealed value: {context}") from None


def key_id_of(sealed: str | bytes) -> str:
    """The id of the key a value was sealed with (what key rotation counts)."""
    return str(sealed).partition(":")[0] if isinstance(sealed, str) else bytes(sealed[:40]).partition(b":")[0].decode()


def _secret(key_id: bytes) -> bytes:
    return keys.key("field", key_id.decode())


@lru_cache(maxsize=16)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)
