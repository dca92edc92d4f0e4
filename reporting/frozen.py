"""What frozen rounds hold: values per round and part, and the rounds below a roll-up."""

from __future__ import annotations

from collections.abc import Iterable

from reporting.enums import FigureState, Part
from reporting.models import Figure, RoundFigure, RoundPin
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
