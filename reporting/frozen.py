"""What frozen rounds hold: values per round and part, and the rounds below a roll-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Sum

from reporting.enums import FigureState, Part
from reporting.formulas.computing import evaluate_item
from reporting.models import Figure, RoundFigure, RoundPin
from reporting.spec import FormSpec
from reporting.values import Value


def figure_value(figure: Figure | RoundFigure) -> Value:
    """The value kept in a row."""
    if figure.state == FigureState.NA:
        return Value.na()
    if figure.state == FigureState.EMPTY:
        return Value.empty()
    return Value.of(figure.number) if figure.number is not None else Value.word(figure.text)


def frozen_values(round_ids: Iterable[int], part: str) -> dict[int, dict[str, Value]]:
    """{round id: {code: value}} of frozen rounds."""
    found: dict[int, dict[str, Value]] = {round_id: {} for round_id in round_ids}
    for figure in RoundFigure.objects.filter(round__in=list(found), part=part):
        found[figure.round_id][figure.code] = figure_value(figure)
    return found


def round_parts(round_ids: Iterable[int]) -> dict[int, dict[str, dict[str, Value]]]:
    """{round id: {part: {code: value}}} of frozen rounds, in one query."""
    found: dict[int, dict[str, dict[str, Value]]] = {
        round_id: {Part.OWN: {}, Part.CONSOLIDATED: {}} for round_id in round_ids
    }
    for figure in RoundFigure.objects.filter(round__in=list(found)):
        found[figure.round_id][figure.part][figure.code] = figure_value(figure)
    return found


def rounds_below(round_ids: list[int]) -> list[int]:
    """The rounds and everything they pinned, level by level."""
    seen, level = set(round_ids), set(round_ids)
    while level:
        level = set(RoundPin.objects.filter(round__in=level).values_list("child_id", flat=True)) - seen
        seen |= level
    return sorted(seen)


def recorded_in(spec: FormSpec, round_ids: list[int]) -> dict[str, Value]:
    """What the records gave for each blank of these rounds' own rows together, when they were handed in.

    A blank counts only when the records speak in every round; over several rounds different persons or households
    cannot be added. A total without records of its own is computed from its parts.
    """
    rows = (
        RoundFigure.objects.filter(round__in=round_ids, part=Part.OWN)
        .order_by()
        .values("code")
        .annotate(total=Sum("record_number"), known=Count("record_number"))
    )
    several = len(round_ids) > 1
    given = {
        row["code"]: Value.of(row["total"])
        for row in rows
        if row["known"] == len(round_ids)
        and row["code"] in spec.by_code
        and not (several and spec.item(row["code"]).over_children != "sum")
    }
    return with_totals(spec, given)


def with_totals(spec: FormSpec, given: Mapping[str, Value]) -> dict[str, Value]:
    """The numbers with every formula blank added whose parts are all there."""
    found = dict(given)
    for item in spec.formula_items:
        if item.code not in found and all(part in found for part in spec.parts(item.code)):
            found[item.code] = evaluate_item(spec, item, found)
    return found
