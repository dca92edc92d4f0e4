"""What `manage.py verify` checks in this app: frozen rounds, typed figures, sums that close (NL3, R-20)."""

from __future__ import annotations

from collections.abc import Iterator

from relief.lib import crypto
from reporting.actions.filling import figure_facts
from reporting.checks import check_printed_formulas
from reporting.enums import Part
from reporting.figures import add_up, frozen_values
from reporting.formstore import spec_of
from reporting.models import Figure, Round, RoundFigure, RoundPin
from reporting.rounds import round_faults
from reporting.values import Value
from unions.registry import Finding, register_verifier


def register() -> None:
    register_verifier("rounds", frozen_rounds)
    register_verifier("typed_figures", typed_figures)
    register_verifier("form_identities", form_identities)
    register_verifier("rollup_sums", rollup_sums)


def frozen_rounds() -> Iterator[Finding]:
    """Every round and every frozen figure still carries the MAC it was handed in with."""
    for frozen in Round.objects.order_by("pk").iterator(chunk_size=500):
        for table, row, message in round_faults(frozen):
            yield Finding("rounds", table, row, message)


def typed_figures() -> Iterator[Finding]:
    """Every typed leaf of a live draft was written by the application."""
    names = ("state", "number", "text", "origin", "note")
    for figure in Figure.objects.order_by("pk").iterator(chunk_size=2000):
        facts = figure_facts(figure.submission_id, figure.code, {name: getattr(figure, name) for name in names})
        if not crypto.mac_ok(facts, figure.mac):
            yield Finding(
                "typed_figures", Figure._meta.db_table, f"{figure.submission_id} {figure.code}", "手填的数被改动"
            )


def form_identities() -> Iterator[Finding]:
    """Every printed formula holds in every frozen round, both parts (B=B1+…)."""
    for frozen in Round.objects.filter(form_version__isnull=False).select_related("form_version").order_by("pk"):
        spec = spec_of(frozen.form_version)  # type: ignore[arg-type]
        for part in Part:
            values = frozen_values([frozen.pk], part)[frozen.pk]
            given = {code: values.get(code, Value.empty()) for code in spec.codes}
            for fault in check_printed_formulas(spec, given, to_the_cent=True):
                yield Finding(
                    "form_identities", RoundFigure._meta.db_table, f"{frozen.receipt} {part.label}", fault.message
                )


def rollup_sums() -> Iterator[Finding]:
    """Consolidated = own row + Σ pinned children + confirmed adjustments, for every additive leaf (NL3)."""
    for frozen in Round.objects.filter(form_version__isnull=False).select_related("form_version").order_by("pk"):
        pinned = list(RoundPin.objects.filter(round=frozen).values_list("child_id", flat=True))
        if not pinned and not frozen.adjustments:
            continue
        spec = spec_of(frozen.form_version)  # type: ignore[arg-type]
        own = frozen_values([frozen.pk], Part.OWN)[frozen.pk]
        total = frozen_values([frozen.pk], Part.CONSOLIDATED)[frozen.pk]
        children = frozen_values(pinned, Part.CONSOLIDATED)
        for code in spec.leaves:
            if spec.item(code).over_children != "sum":
                continue
            parts = [own.get(code, Value.empty()), *(c.get(code, Value.empty()) for c in children.values())]
            adjusted = sum(row["number"] for row in frozen.adjustments if row["code"] == code)
            if add_up(parts, adjusted) != total.get(code, Value.empty()):
                row = f"{frozen.receipt} {code}"
                yield Finding("rollup_sums", RoundFigure._meta.db_table, row, "汇总数不等于本级加下级加调整")
