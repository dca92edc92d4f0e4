"""The installation's keys: one JSON file of mode 0600, outside the database and outside every backup.

`python -m relief.keys --create PATH` makes a new file; an existing one is never overwritten, because what was
encrypted under it could not be read again.
"""

import argparse
import base64
import binascii
import json
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import Any

KEY_BYTES = 32
SECRET_CHARACTERS = 50


class KeysRefused(Exception):
    """The key file is missing, open to others, or does not hold what it must; the text says which and what to do."""


def new_keys() -> dict[str, Any]:
    """A fresh set of random keys, in the shape the file has."""
    return {
        "django_secret": secrets.token_urlsafe(64),
        "field": {"k1": _new_key()},
        "field_current": "k1",
        "index": {"1": _new_key()},
        "index_current": 1,
        "mac": {"m1": _new_key()},
        "mac_current": "m1",
        "digest": _new_key(),
        "count": _new_key(),
    }


def create(path: Path) -> None:
    """Writes a fresh key file of mode 0600 at `path`; raises KeysRefused when something is already there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # O_EXCL: the file never exists with other permissions, and two starts cannot both write it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeysRefused(
            f"{path} exists already and is not overwritten: data encrypted with it would be lost."
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(new_keys(), file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> dict[str, Any]:
    """The keys of the file as bytes, checked; raises KeysRefused with a sentence that never holds key material.

    `field` and `mac` map key ids to keys, `index` maps generations (int) to keys; write with the one `*_current` names.
    """
    _refuse_unless_private(path)
    try:
        raw = json.loads(path.read_text(encoding="ascii"))
    except (ValueError, OSError):
        raise KeysRefused(f"The key file {path} cannot be read as JSON. Restore it from your own copy.") from None
    return parse(raw, path)


def parse(raw: Any, path: Path | str) -> dict[str, Any]:
    """The keys of the already read JSON value `raw`; `path` is only named in refusals."""
    if not isinstance(raw, dict):
        raise KeysRefused(f"The key file {path} must hold one JSON object.")
    missing = sorted(set(new_keys()) - set(raw))
    if missing:
        raise KeysRefused(f"The key file {path} lacks: {', '.join(missing)}. Restore it from your own copy.")
    if not isinstance(raw["django_secret"], str) or len(raw["django_secret"]) < SECRET_CHARACTERS:
        raise KeysRefused(f"django_secret in {path} is shorter than {SECRET_CHARACTERS} characters.")
    keys: dict[str, Any] = {"django_secret": raw["django_secret"]}
    keys["field"] = {str(name): _key(raw, path, "field", name) for name in _names(raw, path, "field")}
    keys["index"] = {_generation(name, path): _key(raw, path, "index", name) for name in _names(raw, path, "index")}
    keys["mac"] = {str(name): _key(raw, path, "mac", name) for name in _names(raw, path, "mac")}
    keys["digest"], keys["count"] = _key(raw, path, "digest"), _key(raw, path, "count")
    for group in ("field", "index", "mac"):
        current = raw[f"{group}_current"]
        if current not in keys[group]:
            raise KeysRefused(f"{group}_current in {path} names a key that is not in {group}.")
        keys[f"{group}_current"] = current
    _refuse_unless_distinct(keys, path)
    return keys


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _refuse_unless_private(path: Path) -> None:
    try:
        found = path.stat()
    except OSError:
        raise KeysRefused(
            f"The key file {path} is missing. A new installation makes one with "
            f"`python -m relief.keys --create {path}`; an existing one restores its own copy."
        ) from None
    if not stat.S_ISREG(found.st_mode):
        raise KeysRefused(f"The key file {path} is not a plain file.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise KeysRefused(f"The key file {path} is open to other users. Run `chmod 600 {path}`.")


def _names(raw: dict[str, Any], path: Path | str, group: str) -> list[str]:
    if not isinstance(raw[group], dict) or not raw[group]:
        raise KeysRefused(f"{group} in {path} must map at least one name to a key.")
    return list(raw[group])


def _generation(name: str, path: Path | str) -> int:
    if not name.isascii() or not name.isdigit():
        raise KeysRefused(f"The generations of index in {path} must be whole numbers.")
    return int(name)


def _key(raw: dict[str, Any], path: Path | str, group: str, name: str | None = None) -> bytes:
    value = raw[group] if name is None else raw[group][name]
    try:
        key = base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        key = b""
    # A key of one repeated byte is what somebody typed to get past this check.
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        where = group if name is None else f"{group}.{name}"
        raise KeysRefused(f"{where} in {path} is not a random key of {KEY_BYTES} bytes in base64.")
    return key


def _refuse_unless_distinct(keys: dict[str, Any], path: Path | str) -> None:
    every = [*keys["field"].values(), *keys["index"].values(), *keys["mac"].values(), keys["digest"], keys["count"]]
    if len(set(every)) != len(every):
        raise KeysRefused(f"Two keys in {path} are the same; each purpose needs its own.")


def main(arguments: list[str]) -> int:
    """Creates or checks a key file; 0 done, 2 refused."""
    parser = argparse.ArgumentParser(prog="python -m relief.keys", description="Creates or checks the key file.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--create", type=Path, metavar="PATH", help="write a new key file (never overwrites)")
    what.add_argument("--check", type=Path, metavar="PATH", help="say whether a key file can be used")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.create is not None:
            create(chosen.create)
        else:
            load(chosen.check)
    except KeysRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
