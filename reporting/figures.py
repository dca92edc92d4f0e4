"""The live figures of a submission: own row from records and typed leaves, roll-up from accepted children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from campaigns.models import Addressee
from relief.lib import crypto
from reporting.checks import Finding, run_checks
from reporting.enums import FigureState, Origin, Part, SubmissionState
from reporting.formstore import spec_of
from reporting.formulas import compute
from reporting.models import Adjustment, CheckNote, Figure, Round, RoundFigure, RoundKey, RoundPin, Submission
from reporting.records import Records
from reporting.spec import FormSpec, Severity
from reporting.values import Value


@dataclass(frozen=True)
class Own:
    """The own row (本级): every blank, where it comes from, what the records say, the typed leaves."""

    values: Mapping[str, Value]
    origins: Mapping[str, str]
    records: Mapping[str, Value]
    typed: Mapping[str, Figure]

    def note(self, code: str) -> str:
        return self.typed[code].note if code in self.typed else ""


@dataclass(frozen=True)
class Child:
    """One union that reports to this one, with its accepted round if it has one."""

    addressee: Addressee
    submission: Submission | None
    round: Round | None

    @property
    def missing(self) -> bool:
        return self.round is None and self.addressee.required


@dataclass
class Sheet:
    """Everything a page, a check or a hand-in needs to know about one submission, read once."""

    submission: Submission
    spec: FormSpec

    @cached_property
    def own(self) -> Own:
        """The own row, computed now from the records and the typed leaves."""
        numbers = Records(self.submission.deliverable, [self.submission.union_id]).numbers(self.spec)
        recorded = {code: Value.of(number) for code, number in numbers[self.submission.union_id].items()}
        typed = {
            figure.code: figure
            for figure in Figure.objects.filter(submission=self.submission).select_related("typed_by")
        }
        leaves, origins = {}, {}
        for code in self.spec.leaves:
            leaves[code], origins[code] = own_leaf(code, typed, recorded)
        values = compute(self.spec, leaves)
        origins.update({item.code: Origin.FORMULA for item in self.spec.formula_items})
        return Own(values, origins, recorded, typed)

    @cached_property
    def children(self) -> list[Child]:
        """The unions that report here, by code, with their newest accepted round."""
        return children_of(self.submission)

    @property
    def has_children(self) -> bool:
        return bool(self.children)

    @cached_property
    def pinned(self) -> list[Round]:
        return [child.round for child in self.children if child.round is not None]

    @cached_property
    def missing(self) -> list[Child]:
        return [child for child in self.children if child.missing]

    @cached_property
    def child_values(self) -> dict[int, dict[str, Value]]:
        """{round id: {code: value}} of the children's consolidated parts."""
        return frozen_values([r.pk for r in self.pinned], Part.CONSOLIDATED)

    @cached_property
    def adjustments(self) -> list[Adjustment]:
        return list(Adjustment.objects.filter(submission=self.submission).select_related("proposed_by", "confirmed_by"))

    @cached_property
    def consolidated(self) -> dict[str, Value]:
        """Own row + accepted children ± confirmed adjustments; formula blanks computed from the summed leaves (D4)."""
        if not self.children and not self.adjustments:
            return dict(self.own.values)
        parts = [self.own.values, *(self.child_values[r.pk] for r in self.pinned)]
        leaves = {code: self._leaf(code, parts) for code in self.spec.leaves}
        return compute(self.spec, leaves)

    @property
    def consolidated_origins(self) -> dict[str, str]:
        """Where each consolidated blank comes from: a sum over children, unless it is computed or never summed."""
        if not self.has_children:
            return dict(self.own.origins)
        return {
            code: origin
            if origin == Origin.FORMULA or self.spec.item(code).over_children == "none"
            else str(Origin.CHILDREN.value)
            for code, origin in self.own.origins.items()
        }

    def _leaf(self, code: str, parts: list[Mapping[str, Value]]) -> Value:
        item = self.spec.item(code)
        if item.over_children == "none" or not item.is_numeric:
            return self.own.values[code]
        if item.over_children.startswith("distinct"):
            return self._distinct(code, parts)
        adjusted = sum(a.number for a in self.adjustments if a.code == code and a.confirmed_at)
        return add_up([part.get(code, Value.empty()) for part in parts], adjusted)

    def _distinct(self, code: str, parts: list[Mapping[str, Value]]) -> Value:
        """Distinct keys of own row and all pinned rounds below, plus what was typed beyond the keys (D7)."""
        summed = add_up([part.get(code, Value.empty()) for part in parts], 0)
        if not summed.is_filled or summed.number is None:
            return summed
        below = self._keys_below.get(code, {})
        union_of_keys = (
            set(self.own_keys.get(code, ())).union(*below.values()) if below else set(self.own_keys.get(code, ()))
        )
        surplus = (self.own.values[code].number or 0) - len(self.own_keys.get(code, ()))
        for round_id, value in self._own_below.items():
            surplus += (value[code].number or 0) - len(below.get(round_id, ())) if code in value else 0
        adjusted = sum(a.number for a in self.adjustments if a.code == code and a.confirmed_at)
        return Value.of(len(union_of_keys) + surplus + adjusted)

    @cached_property
    def own_keys(self) -> dict[str, set[str]]:
        """The count keys of the own row by code: HMAC under the campaign's secret, safe to freeze."""
        campaign = self.submission.deliverable.campaign
        secret = campaign.count_secret.encode()
        found = Records(self.submission.deliverable, [self.submission.union_id]).keys(self.spec)
        return {code: {crypto.count_key(secret, row.raw) for row in rows} for code, (_, rows) in found.items()}

    @cached_property
    def _rounds_below(self) -> list[int]:
        return rounds_below([r.pk for r in self.pinned])

    @cached_property
    def _keys_below(self) -> dict[str, dict[int, set[str]]]:
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for code, round_id, key in RoundKey.objects.filter(round__in=self._rounds_below).values_list(
            "code", "round_id", "key"
        ):
            found[code][round_id].add(key)
        return found

    @cached_property
    def _own_below(self) -> dict[int, dict[str, Value]]:
        return frozen_values(self._rounds_below, Part.OWN)

    def may_count_twice(self, code: str) -> bool:
        """Whether a distinct figure contains typed numbers, which keys cannot compare (可能重复)."""
        if not self.spec.item(code).over_children.startswith("distinct"):
            return False
        if self.own.origins.get(code) == Origin.TYPED:
            return True
        return RoundFigure.objects.filter(
            round__in=self._rounds_below, part=Part.OWN, code=code, origin=Origin.TYPED
        ).exists()

    @cached_property
    def notes(self) -> dict[str, CheckNote]:
        rows = CheckNote.objects.filter(submission=self.submission).select_related("by", "waived_by")
        return {note.check_key: note for note in rows}

    @cached_property
    def findings(self) -> list[Finding]:
        """What is wrong or doubtful: the own row against the records, the sums against the form's checks."""
        explained = {code for code, figure in self.own.typed.items() if figure.note}
        own = run_checks(self.spec, self.own.values, self.own.records, explained=explained)
        if not self.children:
            return own
        keep = [f for f in own if f.kind in ("required", "ledger")]
        known = {finding.key for finding in keep}
        sums = [f for f in run_checks(self.spec, self.consolidated) if f.key not in known and f.kind != "required"]
        return keep + sums

    def blocking(self) -> list[Finding]:
        """Findings that stop a hand-in: every refusal, and every question without an explanation."""
        return [
            f
            for f in self.findings
            if f.severity == Severity.REFUSE or (f.severity == Severity.ASK and f.key not in self.notes)
        ]

    @cached_property
    def filled_count(self) -> int:
        return sum(1 for value in self.own.values.values() if not value.is_empty)


def sheet_of(submission: Submission) -> Sheet:
    """The live sheet of a form submission; the submission needs deliverable, form_link and campaign loaded or loads them."""
    return Sheet(submission, spec_of(submission.deliverable.form_link.form_version))


def own_leaf(code: str, typed: Mapping[str, Figure], recorded: Mapping[str, Value]) -> tuple[Value, str]:
    """What stands in a leaf of the own row: what was typed, else what the records give, else nothing."""
    if code in typed:
        return figure_value(typed[code]), typed[code].origin
    if code in recorded:
        return recorded[code], Origin.RECORDS
    return Value.empty(), Origin.TYPED


def figure_value(figure: Figure | RoundFigure) -> Value:
    """The value kept in a row."""
    if figure.state == FigureState.NA:
        return Value.na()
    if figure.state == FigureState.EMPTY:
        return Value.empty()
    return Value.of(figure.number) if figure.number is not None else Value.word(figure.text)


def add_up(values: Iterable[Value], adjusted: int) -> Value:
    """The sum over parts: skips what is not filled or not applicable; empty when nobody filled, — when nobody has it."""
    listed = list(values)
    numbers = [value.number for value in listed if value.is_filled and value.number is not None]
    if numbers or adjusted:
        return Value.of(sum(numbers) + adjusted)
    if listed and all(value.is_na for value in listed):
        return Value.na()
    return Value.empty()


def children_of(submission: Submission) -> list[Child]:
    """The unions that report to this one for the deliverable, with submission and newest accepted round."""
    addressees = list(
        Addressee.objects.filter(deliverable=submission.deliverable_id, reports_to=submission.union_id)
        .select_related("union")
        .order_by("union__code")
    )
    submissions = {
        s.union_id: s
        for s in Submission.objects.filter(
            deliverable=submission.deliverable_id, union__in=[a.union_id for a in addressees]
        ).select_related("union", "decided_by", "submitted_by")
    }
    rounds = accepted_rounds(list(submissions.values()))
    found = []
    for addressee in addressees:
        child = submissions.get(addressee.union_id)
        found.append(Child(addressee, child, rounds.get(child.pk) if child else None))
    return found


def accepted_rounds(submissions: list[Submission]) -> dict[int, Round]:
    """{submission id: its accepted round}: the newest round of those whose state is accepted."""
    accepted = {s.pk: s.round_number for s in submissions if s.state == SubmissionState.ACCEPTED}
    rounds = Round.objects.filter(submission__in=accepted).select_related("submission")
    return {r.submission_id: r for r in rounds if r.number == accepted[r.submission_id]}


def frozen_values(round_ids: Iterable[int], part: str) -> dict[int, dict[str, Value]]:
    """{round id: {code: value}} of frozen rounds."""
    found: dict[int, dict[str, Value]] = {round_id: {} for round_id in round_ids}
    for figure in RoundFigure.objects.filter(round__in=list(found), part=part):
        found[figure.round_id][figure.code] = figure_value(figure)
    return found


def rounds_below(round_ids: list[int]) -> list[int]:
    """The rounds and everything they pinned, level by level."""
    seen, level = set(round_ids), set(round_ids)
    while level:
        level = set(RoundPin.objects.filter(round__in=level).values_list("child_id", flat=True)) - seen
        seen |= level
    return sorted(seen)


@dataclass
class Staleness:
    """Why a handed-in roll-up no longer fits its children: who moved, from which round to which."""

    moved: list[tuple[str, int, int]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moved or self.added)


def staleness(submissions: Iterable[Submission]) -> dict[int, Staleness]:
    """{submission id: Staleness} for handed-in submissions whose children changed since; in a fixed number of queries."""
    handed_in = [s for s in submissions if s.round_number]
    newest = {
        r.pk: r.submission_id
        for r in Round.objects.filter(submission__in=[s.pk for s in handed_in]).order_by("number")
        if r.number == next(s.round_number for s in handed_in if s.pk == r.submission_id)
    }
    found: dict[int, Staleness] = defaultdict(Staleness)
    pinned: dict[int, set[int]] = defaultdict(set)
    for pin in RoundPin.objects.filter(round__in=newest).select_related("child__submission__union"):
        parent, child = newest[pin.round_id], pin.child
        pinned[parent].add(child.submission_id)
        now = child.submission.round_number
        if now != child.number or child.submission.state != SubmissionState.ACCEPTED:
            found[parent].moved.append((child.submission.union.called, child.number, now))
    by_union = {(s.deliverable_id, s.union_id): s.pk for s in handed_in}
    accepted = Submission.objects.filter(
        deliverable__in={s.deliverable_id for s in handed_in},
        addressee__reports_to__in={s.union_id for s in handed_in},
        state=SubmissionState.ACCEPTED,
    ).select_related("union", "addressee")
    for late in accepted:
        above = late.addressee.reports_to_id
        owner = by_union.get((late.deliverable_id, above)) if above is not None else None
        if owner is not None and late.pk not in pinned[owner]:
            found[owner].added.append(late.union.called)
    return dict(found)
