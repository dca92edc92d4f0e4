"""Past filings: saved, handed in, reviewed, returned, accepted, adjusted, each under the clock of its own instant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relief.lib import clock
from relief.site.world.instants import read_instant
from relief.site.world.loading.cast import Cast, at_path
from reporting import actions
from reporting.actions.filling import Typed
from reporting.figures import sheet_of
from reporting.models import Submission
from reporting.values import EntryFault, parse_entry
from unions import idempotency
from unions.enums import Role
from unions.models import Person
from unions.policy import Refused

Load = Callable[["_Filing"], None]


def load_filings(cast: Cast, world: dict[str, Any]) -> None:
    """Carry out the filings in the order of the file."""
    for place, row in enumerate(world.get("filings", [])):
        at = min(read_instant(row["at"], cast.now), cast.now)
        with clock.as_of(at), at_path(f"$.filings[{place}]"):
            ACTS[row["act"]](_Filing(cast, row))


class _Filing:
    """One act on one submission, which is read anew."""

    def __init__(self, cast: Cast, row: dict[str, Any]) -> None:
        self.cast, self.row = cast, row
        found = Submission.objects.select_related(
            "union", "addressee__reports_to", "deliverable__campaign", "deliverable__form_link__form_version"
        ).filter(
            deliverable__campaign__code=row["campaign"],
            deliverable__key=row["deliverable"],
            union__code=row["union"],
        )
        submission = found.first()
        if submission is None:
            raise Refused(f"“{row['union']}”不在这份材料的报送范围内。", "请核对 addressees。")
        self.submission = submission

    @property
    def filer(self) -> Person:
        return self.cast.person(self.row.get("by"), self.submission.union, Role.ENTER)

    @property
    def reviewer(self) -> Person:
        """Who decides: somebody of the union it goes to, or above; for the issuer's own the second person there."""
        place = self.submission.review_union or self.submission.union
        return self.cast.person_above(self.row.get("by"), place, Role.REVIEW, not_by=(self.submission.submitted_by_id,))

    @property
    def seen(self) -> dict[str, Any]:
        return {"submission": self.submission, "version": self.submission.version}

    def save(self) -> None:
        self._type(self.filer)
        self._explain(self.filer)

    def _type(self, by: Person) -> None:
        spec = sheet_of(self.submission).spec
        typed = {}
        for code, entry in self.row.get("typed", {}).items():
            if code not in spec.codes:
                raise Refused(f"表里没有“{code}”。", "请核对 typed 里的代码。")
            try:
                typed[code] = Typed(parse_entry(spec.item(code), entry["value"]), entry.get("note", ""))
            except EntryFault as fault:
                raise Refused(f"{code}：{fault}") from None
        actions.save_figures(by=by, typed=typed, **self.seen)
        self.submission.refresh_from_db()

    def _explain(self, by: Person) -> None:
        for key, text in self.row.get("explain", {}).items():
            actions.explain_check(by=by, submission=self.submission, key=key, text=text)

    def submit(self) -> None:
        by = self.filer
        if self.row.get("typed"):
            self._type(by)
        self._explain(by)
        note = self.row.get("missing_note")
        actions.hand_in(by=by, **self.seen, key=idempotency.new_key(), missing_note=note)

    def open(self) -> None:
        actions.open_review(by=self.reviewer, **self.seen)

    def send_back(self) -> None:
        actions.return_submission(by=self.reviewer, **self.seen, reason=self.row["reason"], pins=self.row.get("pins"))

    def accept(self) -> None:
        """Accept; a review that the file does not open is opened first."""
        by = self.reviewer
        if self.submission.state == "submitted":
            actions.open_review(by=by, **self.seen)
            self.submission.refresh_from_db()
        actions.accept(by=by, **self.seen)

    def nil(self) -> None:
        actions.nil_report(by=self.filer, **self.seen, key=idempotency.new_key(), reason=self.row["reason"])

    def report(self) -> None:
        by = self.filer
        actions.save_report(by=by, **self.seen, text=self.row["text"])
        self.submission.refresh_from_db()
        actions.hand_in(by=by, **self.seen, key=idempotency.new_key())

    def adjust(self) -> None:
        row, union = self.row, self.submission.union
        spec = sheet_of(self.submission).spec
        if row["code"] not in spec.codes:
            raise Refused(f"表里没有“{row['code']}”。", "请核对 code。")
        try:
            value = parse_entry(spec.item(row["code"]), row["value"], signed=True)
        except EntryFault as fault:
            raise Refused(f"{row['code']}：{fault}") from None
        by = self.filer
        made = actions.propose_adjustment(
            by=by,
            submission=self.submission,
            code=row["code"],
            number=value.number or 0,
            title=row["title"],
            reason=row["reason"],
        )
        confirmer = self.cast.person(row.get("confirmed_by"), union, Role.REVIEW, not_by=(by.pk,))
        actions.confirm_adjustment(by=confirmer, adjustment=made)

    def withdraw(self) -> None:
        actions.withdraw(by=self.filer, **self.seen)

    def finalise(self) -> None:
        actions.finalise(by=self.reviewer, **self.seen)


ACTS: dict[str, Load] = {
    "save": _Filing.save,
    "submit": _Filing.submit,
    "open": _Filing.open,
    "return": _Filing.send_back,
    "accept": _Filing.accept,
    "nil": _Filing.nil,
    "report": _Filing.report,
    "adjust": _Filing.adjust,
    "withdraw": _Filing.withdraw,
    "finalise": _Filing.finalise,
}
