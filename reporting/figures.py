"""The live figures of a submission: own row from records and typed leaves, roll-up from accepted children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from campaigns.models import Addressee
from relief.lib import crypto
from reporting.checks import OWN_KEYS, Finding, needs_records, run_checks
from reporting.comparing import partner, taken_over
from reporting.enums import Origin, Part, SubmissionState
from reporting.formstore import spec_of
from reporting.formulas import compute
from reporting.frozen import figure_value, frozen_values, rounds_below
from reporting.models import Adjustment, CheckNote, Figure, Round, RoundKey, Submission
from reporting.outside import NO_LAST_YEAR, LastYear, OtherForm, cap_of, last_year_of, other_forms_of
from reporting.records import Records
from reporting.spec import CAP, FormSpec, Item, Outside, Severity, Source
from reporting.stale import Staleness, staleness
from reporting.values import Value

__all__ = [
    "Child",
    "Own",
    "Sheet",
    "Staleness",
    "accepted_rounds",
    "add_up",
    "children_of",
    "figure_value",
    "frozen_values",
    "own_leaf",
    "rounds_below",
    "sheet_of",
    "source_origin",
    "staleness",
]


@dataclass(frozen=True)
class Own:
    """The own row (本级): every blank, where it comes from, what its source says, the typed leaves.

    `records` holds what the records give, also beside a formula blank, and the figure that a blank takes from last year
    or from another form.
    """

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
    asked_by: frozenset[str] = frozenset()
    """The ids of the forms on whose behalf this one is read: forms that take figures from each other end here."""

    @cached_property
    def own(self) -> Own:
        """The own row, computed now from the records and the typed leaves."""
        numbers = Records(self.submission.deliverable, [self.submission.union_id]).numbers(self.spec)
        recorded = {code: Value.of(number) for code, number in numbers[self.submission.union_id].items()}
        recorded |= self._taken_over
        typed = {
            figure.code: figure
            for figure in Figure.objects.filter(submission=self.submission).select_related("typed_by")
        }
        leaves, origins = {}, {}
        for code in self.spec.leaves:
            leaves[code], origins[code] = own_leaf(self.spec.item(code), typed, recorded)
        values = compute(self.spec, leaves)
        origins.update({item.code: Origin.FORMULA for item in self.spec.formula_items})
        return Own(values, origins, recorded, typed)

    @cached_property
    def last_year(self) -> LastYear:
        """The union's frozen figures of the year before, looked up only when the form asks for them."""
        if not self.spec.compares_years:
            return NO_LAST_YEAR
        return last_year_of(self.submission, self.spec.earlier_forms)

    @cached_property
    def other_forms(self) -> dict[str, OtherForm]:
        """The union's filings of the other forms of this campaign that the form names."""
        forms = self.spec.other_forms - self.asked_by
        return other_forms_of(self.submission, forms) if forms else {}

    @cached_property
    def _other_sheets(self) -> dict[str, Sheet]:
        asked_by = self.asked_by | {self.spec.id}
        return {form: Sheet(other.submission, other.spec, asked_by) for form, other in self.other_forms.items()}

    def other_figure(self, form: str, code: str, part: str) -> tuple[Item, Value] | None:
        """A figure of another form: from its round once it is handed in, else as it stands now."""
        other = self.other_forms.get(form)
        if other is None or code not in other.spec.by_code:
            return None
        if other.frozen is not None:
            values: Mapping[str, Value] = other.frozen[part]
        else:
            live = self._other_sheets[form]
            values = live.consolidated if part == Part.CONSOLIDATED else live.own.values
        return other.spec.item(code), values.get(code, Value.empty())

    @cached_property
    def _taken_over(self) -> dict[str, Value]:
        """What the blanks with such a source take from last year and from other forms."""
        found = {}
        for item in self.spec.items:
            if item.source is None or item.terms or item.is_formula:
                continue
            taken = self._source_figure(item.source)
            if taken is not None and taken[0].kind == item.kind and taken[1].is_filled:
                found[item.code] = taken_over(item, *taken)
        return found

    def _source_figure(self, source: Source) -> tuple[Item, Value] | None:
        if source.last_year:
            before = partner(self.spec, source.last_year, self.last_year.own)
            return (before.item, before.value) if before and before.item and before.value else None
        return self.other_figure(source.form, source.code, Part.OWN)

    def outside(self, part: str) -> Outside:
        """What the form's checks name outside the own row, as far as it is known; records stand beside the own row."""
        found: dict[str, tuple[Item, Value]] = {}
        for name in self.spec.references:
            figure: tuple[Item, Value] | None = None
            if name.kind == "last_year":
                before = partner(self.spec, name.code, self.last_year.of(part))
                figure = (before.item, before.value) if before and before.item and before.value else None
            elif name.kind == "form":
                figure = self.other_figure(name.form, name.code, part)
            elif name.kind == "cap":
                figure = (CAP, self._cap)
            elif part == Part.OWN and name.code in self.own.records:
                figure = (self.spec.item(name.code), self.own.records[name.code])
            if figure is not None:
                found[name.name] = figure
        return found

    @cached_property
    def _cap(self) -> Value:
        return cap_of(self.submission)

    @property
    def recorded_codes(self) -> list[str]:
        """The blanks for which the union's records of the period hold something."""
        return [code for code, value in self.own.records.items() if value.number and self.spec.item(code).terms]

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

    @cached_property
    def notes(self) -> dict[str, CheckNote]:
        rows = CheckNote.objects.filter(submission=self.submission).select_related("by", "waived_by")
        return {note.check_key: note for note in rows}

    @cached_property
    def findings(self) -> list[Finding]:
        """What is wrong or doubtful: the own row against the records, the sums against the form's checks."""
        explained = {code for code, figure in self.own.typed.items() if figure.note}
        own = run_checks(
            self.spec,
            self.own.values,
            self.own.records,
            explained=explained,
            outside=self.outside(Part.OWN),
            past=self.last_year.own,
        )
        if not self.children:
            return own
        beside = {check.key for check in self.spec.checks if needs_records(self.spec, check)}
        keep = [f for f in own if f.kind == "required" or f.key.startswith(OWN_KEYS) or f.key in beside]
        known = {finding.key for finding in keep}
        all_sums = run_checks(
            self.spec,
            self.consolidated,
            outside=self.outside(Part.CONSOLIDATED),
            past=self.last_year.consolidated,
        )
        return keep + [f for f in all_sums if f.key not in known and f.kind != "required"]

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


def own_leaf(item: Item, typed: Mapping[str, Figure], recorded: Mapping[str, Value]) -> tuple[Value, str]:
    """What stands in a leaf of the own row: what was typed, else what its source gives, else nothing."""
    if item.code in typed:
        return figure_value(typed[item.code]), typed[item.code].origin
    if item.code in recorded:
        return recorded[item.code], source_origin(item)
    return Value.empty(), Origin.TYPED


def source_origin(item: Item) -> str:
    """Where a leaf comes from that nobody typed."""
    if item.source is not None and item.source.last_year:
        return Origin.LAST_YEAR
    return Origin.OTHER_FORM if item.source is not None and item.source.form else Origin.RECORDS


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
