"""Figures that a filing takes from elsewhere: last year's frozen figures, other forms of the campaign, the cap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from beneficiaries.models import FundRule
from beneficiaries.payouts.rules_in_force import in_force
from relief.lib.money import to_fen
from reporting.comparing import Past, PastForm
from reporting.enums import Part, SubmissionState
from reporting.formstore import spec_of
from reporting.frozen import figure_value, round_parts
from reporting.models import FormVersion, Round, RoundFigure, Submission
from reporting.spec import FormSpec
from reporting.values import Value

CAP_KEY = "cap_per_contact"
HANDED_IN = frozenset({SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW, SubmissionState.ACCEPTED})


@dataclass(frozen=True)
class LastYear:
    """The accepted forms of one union in the year before, by form id, own row and consolidated."""

    own: Past
    consolidated: Past

    def of(self, part: str) -> Past:
        return self.consolidated if part == Part.CONSOLIDATED else self.own


NO_LAST_YEAR = LastYear({}, {})


def last_year_of(submission: Submission, forms: Collection[str]) -> LastYear:
    """What the union's accepted filings of the year before say, for these forms; one query.

    Where the year held several campaigns with the same form, the newest one speaks.
    """
    figures = (
        RoundFigure.objects.filter(
            round__submission__union=submission.union_id,
            round__submission__state=SubmissionState.ACCEPTED,
            round__submission__deliverable__campaign__year=submission.deliverable.campaign.year - 1,
            round__number=F("round__submission__round_number"),
            round__form_version__form_id__in=forms,
        )
        .annotate(
            form=F("round__form_version__form_id"),
            version_id=F("round__form_version_id"),
            digest=F("round__form_version__digest"),
        )
        .order_by("round__submission__deliverable__campaign__starts_on", "round_id", "pk")
    )
    newest: dict[str, int] = {}
    versions: dict[str, FormVersion] = {}
    parts: dict[int, dict[str, dict[str, Value]]] = {}
    for figure in figures:
        if newest.get(figure.form) != figure.round_id:
            newest[figure.form] = figure.round_id
            versions[figure.form] = FormVersion(pk=figure.version_id, digest=figure.digest)
            parts[figure.round_id] = {Part.OWN: {}, Part.CONSOLIDATED: {}}
        parts[figure.round_id][figure.part][figure.code] = figure_value(figure)
    specs = {form: spec_of(version) for form, version in versions.items()}
    own, consolidated = (
        {form: PastForm(specs[form], parts[round_id][part]) for form, round_id in newest.items()}
        for part in (Part.OWN, Part.CONSOLIDATED)
    )
    return LastYear(own, consolidated)


@dataclass(frozen=True)
class OtherForm:
    """Another form of the same campaign and union: its filing, its spec, and its figures where they are frozen."""

    submission: Submission
    spec: FormSpec
    frozen: dict[str, dict[str, Value]] | None


def other_forms_of(submission: Submission, forms: Collection[str]) -> dict[str, OtherForm]:
    """The union's filings of the named forms in the same campaign; a form that is handed in comes with its round."""
    rows = list(
        Submission.objects.filter(
            union=submission.union_id,
            deliverable__campaign=submission.deliverable.campaign_id,
            deliverable__form_link__form_version__form_id__in=forms,
        )
        .select_related("union", "deliverable__campaign", "deliverable__form_link__form_version", "addressee")
        .defer("deliverable__form_link__form_version__spec")
        .order_by("-deliverable__order", "-pk")
    )
    handed_in = [row for row in rows if row.state in HANDED_IN]
    rounds = (
        {
            frozen.submission_id: frozen.pk
            for frozen in Round.objects.filter(
                submission__in=[row.pk for row in handed_in], number=F("submission__round_number")
            ).only("submission_id")
        }
        if handed_in
        else {}
    )
    parts = round_parts(rounds.values()) if rounds else {}
    return {
        row.deliverable.form_link.form_version.form_id: OtherForm(
            row, spec_of(row.deliverable.form_link.form_version), parts[rounds[row.pk]] if row.pk in rounds else None
        )
        for row in rows
    }


def cap_of(submission: Submission) -> Value:
    """The cap per 人次 in force at the end of the counting period, in 分; empty when there is none."""
    deliverable = submission.deliverable
    rows = FundRule.objects.filter(Q(campaign=None) | Q(campaign=deliverable.campaign_id), key=CAP_KEY)
    rules = in_force(
        rows.select_related("campaign__issuer"),
        deliverable.campaign_id,
        deliverable.period_to,
        submission.union.line_ids(),
    )
    return Value.of(min(to_fen(Decimal(rule.parameters["yuan"])) for rule in rules)) if rules else Value.empty()
