"""Secrets of the application: sealed values, blind indexes, keyed digests, MACs.

`settings.RELIEF_KEYS` holds the keys; every stored value names the key it was made with, so that keys can be changed.
A missing key is an error, never clear text.
"""

from relief.lib.crypto.canonical import canonical_json
from relief.lib.crypto.digests import blind_index, count_key, index_generation, keyed_digest, mac, mac_ok
from relief.lib.crypto.fields import EncryptedJSONField, EncryptedTextField, Sealed, sealed
from relief.lib.crypto.sealing import (
    ClearTextRefused,
    Tampered,
    key_id_of,
    new_row_key,
    open_bytes,
    open_text,
    seal_bytes,
    seal_text,
)
from relief.lib.crypto.streams import SealedWriter, open_pieces

__all__ = [
    "ClearTextRefused",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Sealed",
    "SealedWriter",
    "Tampered",
    "blind_index",
    "canonical_json",
    "count_key",
    "index_generation",
    "key_id_of",
    "keyed_digest",
    "mac",
    "mac_ok",
    "new_row_key",
    "open_bytes",
    "open_pieces",
    "open_text",
    "seal_bytes",
    "seal_text",
    "sealed",
]
