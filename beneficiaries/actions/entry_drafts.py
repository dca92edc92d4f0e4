"""What somebody typed on the form of a file and has not saved: kept sealed for that person alone, until it is saved.

These writes have no audit row: nothing of the file changes, nobody else can read them, and a row every few seconds
would bury the record of what did happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db import IntegrityError, transaction

from beneficiaries.models import Dossier, EntryDraft
from relief.lib import clock
from unions.models import Person, Union
from unions.policy import Refused, require

MOST_LETTERS = 100_000


def keep_draft(
    *, by: Person, union: Union, dossier: Dossier | None = None, typed: Mapping[str, list[str]]
) -> EntryDraft:
    """Keep the boxes of the form as they are now, in place of what was kept before."""
    act = "dossier.save" if dossier is not None else "dossier.open"
    require(by, act, dossier if dossier is not None else Dossier(union=union))
    if sum(len(value) for values in typed.values() for value in values) > MOST_LETTERS:
        raise Refused("填写的内容太长，没有存为草稿。", "请缩短备注，或先保存。", status=422, act=act, obj=dossier)
    row = _of(by, union, dossier) or EntryDraft(person=by, union=union, dossier=dossier)
    row.body, row.saved_at = cast(Any, dict(typed)), clock.db_now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Two windows kept their first draft at the same moment: the other one's stands until the next keystroke.
        return EntryDraft.objects.visible_to(by).get(union=union, dossier=dossier)
    return row


@transaction.atomic
def drop_draft(*, by: Person, union: Union, dossier: Dossier | None = None) -> None:
    """Forget what was typed: it has been saved, or nobody wants it."""
    EntryDraft.objects.visible_to(by).filter(union=union, dossier=dossier).delete()


def _of(by: Person, union: Union, dossier: Dossier | None) -> EntryDraft | None:
    return EntryDraft.objects.visible_to(by).filter(union=union, dossier=dossier).first()
