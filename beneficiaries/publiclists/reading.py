"""Who reads a public list when: everybody with the link, from its first day to the end of its last."""

from __future__ import annotations

from typing import Any

from beneficiaries.enums import ListKind, ListState, ObjectionOutcome
from beneficiaries.models import Dossier, Objection, PublicList, PublicListLine
from relief.lib import clock

SHORTEST_TOKEN = 40


def open_to_all(token: str) -> PublicList | None:
    """The list of the link while it is public; None before, after, when withdrawn, and for any other text."""
    if len(token) < SHORTEST_TOKEN:
        return None
    today = clock.today()
    rows = PublicList.objects.filter(
        token=token, state=ListState.PUBLISHED, starts_on__lte=today, ends_on__gte=today
    ).select_related("union")
    return rows.first()


def shown(public_list: PublicList) -> dict[str, Any]:
    """What a public page or paper may say, field by field; nothing else reaches its template."""
    lines = public_list.lines.order_by("place").values_list("place", "name", "unit", "class_word", "amount")
    return {
        "title": public_list.title,
        "union": public_list.union.name,
        "starts_on": public_list.starts_on,
        "ends_on": public_list.ends_on,
        "contact": public_list.contact,
        "with_amount": public_list.with_amount,
        "of_payouts": public_list.kind == ListKind.PAYOUTS,
        "count": public_list.count,
        "rows": [
            {"place": place, "name": name, "unit": unit, "class_word": word, "amount": amount}
            for place, name, unit, word, amount in lines
        ],
    }


def standing_of(dossier: Dossier) -> tuple[PublicListLine | None, int]:
    """(the latest published line of the file, open objections against it or its whole list)."""
    lines = PublicListLine.objects.filter(dossier=dossier, public_list__state=ListState.PUBLISHED)
    line = lines.select_related("public_list").order_by("-public_list_id").first()
    if line is None:
        return None, 0
    against = Objection.objects.filter(public_list=line.public_list_id, outcome=ObjectionOutcome.OPEN)
    return line, sum(objection.line_id in (None, line.pk) for objection in against)
