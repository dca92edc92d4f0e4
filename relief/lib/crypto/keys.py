"""The keys, read from the settings when they are needed."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32


def key(kind: str, key_id: str | int | None = None) -> bytes:
    """The key of a kind, by id where there are several; `ImproperlyConfigured` when it is missing or short."""
    held = _keys().get(kind)
    if isinstance(held, dict):
        held = held.get(key_id)
    if not isinstance(held, bytes) or len(held) < SHORTEST:
        raise ImproperlyConfigured(f"RELIEF_KEYS has no usable {kind!r} key {key_id!r} (bytes, {SHORTEST} or more)")
    return held


def current(kind: str) -> str | int:
    """The id of the key that new values of this kind are made with."""
    held = _keys().get(f"{kind}_current")
    if held is None:
        raise ImproperlyConfigured(f"RELIEF_KEYS does not say which {kind!r} key is current")
    return held


def known(kind: str) -> frozenset:
    """The ids of all keys of a kind."""
    return frozenset(_keys().get(kind, ()))


def _keys() -> dict:
    held = getattr(settings, "RELIEF_KEYS", None)
    if not held:
        raise ImproperlyConfigured("RELIEF_KEYS is missing")
    return held
