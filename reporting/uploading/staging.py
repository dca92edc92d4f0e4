"""What was read, kept between looking at it and confirming it: sealed, bound to person and filing, for two hours.

Nothing is stored: the sealed text travels in the page. It opens for the same person and filing only (AES-GCM).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from relief.lib import clock, crypto
from reporting.actions.filling import Typed
from reporting.models import Submission
from reporting.uploading.mapping import Field, Guess, Record
from reporting.uploading.reading import Uploaded
from reporting.values import State, Value
from unions.models import Person

LASTS = timedelta(hours=2)


class Expired(ValueError):
    """The sealed text is too old, altered, or another person's or filing's."""


def seal_upload(upload: Uploaded, *, person: Person, submission: Submission) -> str:
    """The changes of a dry run as sealed text."""
    typed = {code: [_flat(entry.value), entry.note, _flat(entry.seen)] for code, entry in upload.typed.items()}
    return _seal("changes", {"version": submission.version, "typed": typed}, person, submission)


def unseal_upload(sealed: str, *, person: Person, submission: Submission) -> tuple[int, Mapping[str, Typed]]:
    """The version the dry run saw, and its changes; Expired when they cannot be had back."""
    told = _unseal("changes", sealed, person, submission)
    typed = {
        code: Typed(_value(value) or Value.empty(), note, _value(seen))
        for code, (value, note, seen) in told["typed"].items()
    }
    return told["version"], typed


def seal_guess(found: Guess, *, person: Person, submission: Submission) -> str:
    """A foreign sheet's heads and values as sealed text."""
    told = {
        "sheet": found.sheet,
        "fields": [[f.head, f.unit, f.code, f.place] for f in found.fields],
        "records": [[r.name, r.place, list(r.cells)] for r in found.records],
        "record": found.record,
        "notes": list(found.notes),
    }
    return _seal("guess", told, person, submission)


def unseal_guess(sealed: str, *, person: Person, submission: Submission) -> Guess:
    """The foreign sheet again; Expired when it cannot be had back."""
    told = _unseal("guess", sealed, person, submission)
    return Guess(
        told["sheet"],
        tuple(Field(*field) for field in told["fields"]),
        tuple(Record(name, place, tuple(cells)) for name, place, cells in told["records"]),
        told["record"],
        tuple(told["notes"]),
    )


def _seal(what: str, told: dict[str, Any], person: Person, submission: Submission) -> str:
    text = json.dumps(told | {"at": clock.db_now().isoformat()}, ensure_ascii=False)
    return crypto.seal_text(text, _context(what, person, submission))


def _unseal(what: str, sealed: str, person: Person, submission: Submission) -> dict[str, Any]:
    try:
        told = json.loads(crypto.open_text(sealed, _context(what, person, submission)))
    except crypto.Tampered as error:
        raise Expired from error
    if clock.db_now() - datetime.fromisoformat(told["at"]) > LASTS:
        raise Expired
    return told


def _context(what: str, person: Person, submission: Submission) -> str:
    return f"upload.{what}:{person.pk}:{submission.pk}"


def _flat(value: Value | None) -> list[Any] | None:
    return None if value is None else [str(value.state.value), value.number, value.text]


def _value(flat: list[Any] | None) -> Value | None:
    return None if flat is None else Value(State(flat[0]), flat[1], flat[2])
