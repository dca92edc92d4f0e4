"""What a world file may hold. `faults(world)` tells everything that is wrong with it at once; nothing is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from beneficiaries.dossiers.particulars import HOLDER, HOLDER_MARKS
from beneficiaries.enums import (
    Cause,
    Certificate,
    ClosingReason,
    DossierLevel,
    DossierState,
    HardshipClass,
    PayoutState,
    Purpose,
    Relation,
    ReliefGroup,
    Route,
    Sex,
    ThresholdWay,
    Trait,
    VisitKind,
    WorkStatus,
)
from campaigns.enums import (
    ActivityKind,
    CampaignKind,
    DeliverableKind,
    DonationBody,
    DonationKind,
    FundForm,
    FundSource,
)
from relief.site.world import references
from relief.site.world.shapes import (
    Fault,
    Record,
    day,
    deadline,
    flag,
    id_number,
    instant,
    list_of,
    map_of,
    maybe,
    money,
    one_of,
    period,
    text,
    whole,
)
from unions.enums import Role, UnionKind

FORMAT = "relief-world/1"
FILING_ACTS = "save submit open return accept nil report adjust withdraw finalise".split()
KEY = text(40)
LOGIN = text(40)
NOTE = text(200, blank=True)
YEAR = whole(1990, 2200)

UNION = Record(
    {"code": text(32), "name": text(120), "kind": one_of(UnionKind.values), "parent": maybe(text(32))},
    {
        "short": text(60, blank=True),
        "phone": text(32, blank=True),
        "opened_on": day,
        "headcounts": list_of(
            Record({"year": YEAR, "workers": whole()}, dict.fromkeys(("farmer_workers", "help_centres"), whole()))
        ),
        "standards": list_of(Record({"year": YEAR, "monthly": money()})),
    },
)
PERSON = Record(
    {"login": LOGIN, "name": text(40)},
    {
        "phone": text(32, blank=True),
        "password": text(200),
        "posts": list_of(Record({"union": text(32), "role": one_of(Role.values)})),
    },
)
NOTICE = Record(
    {"title": text(160), "salutation": text(240), "body": text(200_000), "issued_on": day},
    {
        "document_number": text(60, blank=True),
        "annexes": list_of(text(120)),
        "signatories": list_of(text(120)),
        "contact": text(160, blank=True),
        "copied_to": text(240, blank=True),
        "printed_by": text(120, blank=True),
    },
)
DELIVERABLE = Record(
    {
        "key": KEY,
        "kind": one_of(DeliverableKind.values),
        "title": text(120),
        "period": period,
        "opens": instant,
        "due": deadline,
    },
    {
        "form": text(60),
        "required": flag,
        "second_period": maybe(period),
        "late_until": maybe(deadline),
        "edit_until": maybe(deadline),
        "visible_until": maybe(deadline),
        "leads": map_of(one_of(UnionKind.values), whole(0, 365)),
    },
)


def addressees(value: Any, path: str) -> Any:
    """A list of union codes, or the word all."""
    if value != "all":
        yield from list_of(text(32), least=1)(value, path)


CAMPAIGN = Record(
    {
        "code": KEY,
        "issuer": text(32),
        "year": YEAR,
        "title": text(120),
        "starts_on": day,
        "ends_on": day,
        "notice": NOTICE,
        "deliverables": list_of(DELIVERABLE, least=1),
    },
    {
        "kind": one_of(CampaignKind.values),
        "drafted_by": LOGIN,
        "confirmed_by": LOGIN,
        "published_at": maybe(instant),
        "addressees": addressees,
        "optional": list_of(text(32)),
        "acknowledged": list_of(Record({"union": text(32)}, {"by": LOGIN, "at": instant})),
    },
)
HISTORY = Record(
    {"on": day, "event": one_of(["transfer", "out_of_hardship", "closed"])},
    {"to": text(32), "by": LOGIN, "reason": one_of(ClosingReason.values), "text": NOTE},
)
HOUSEHOLD = Record(
    {"key": KEY, "union": text(32), "name": text(40), "id_number": id_number(), "cause": one_of(Cause.values)},
    {
        "state": one_of(DossierState.values),
        "sex": one_of(Sex.values),
        "class": one_of(HardshipClass.values),
        "opened_on": maybe(day),
        "health": text(40, blank=True),
        "work_status": one_of(WorkStatus.values),
        "employer": text(120, blank=True),
        "phone": text(32, blank=True),
        "address": NOTE,
        "bank": text(120, blank=True),
        "card_number": text(32, blank=True),
        "certificate": one_of(["", *Certificate.values]),
        "note": text(2000, blank=True),
        **{name: text(200, blank=True) for name in sorted(HOLDER - set(HOLDER_MARKS))},
        "traits": list_of(one_of([word for word in Trait.values if word != Trait.NEW_GENERATION])),
        "level": one_of(DossierLevel.values),
        "assessment": Record(
            {"persons": whole(1, 30), "yearly_income": money(least=-(10**9), signed=True)},
            {name: money(least=Decimal(0)) for name in ("rigid_expenses", "job_cost", "accidental_loss")},
        ),
        "members": list_of(
            Record(
                {"relation": one_of(Relation.values), "name": text(40)},
                {
                    "id_number": id_number(blank=True),
                    "monthly_income": text(20, blank=True),
                    "health": text(40, blank=True),
                    "role": text(40, blank=True),
                },
            )
        ),
        "steps": Record({}, dict.fromkeys(("by", "visited_by", "posted_by", "reviewed_by", "approved_by"), LOGIN)),
        "history": list_of(HISTORY),
    },
)
LINE = Record(
    {"source": one_of(FundSource.values), "route": one_of(Route.values), "amount": money()},
    {"item": text(60, blank=True)},
)
PAYOUT = Record(
    {
        "key": KEY,
        "union": text(32),
        "group": one_of(ReliefGroup.values),
        "purpose": one_of(Purpose.values),
        "planned_on": day,
        "state": one_of(PayoutState.values),
        "lines": list_of(LINE, least=1),
    },
    {
        "paid_from": text(32),
        "batch": maybe(KEY),
        "campaign": maybe(KEY),
        "household": maybe(KEY),
        "recipient": maybe(
            Record(
                {"name": text(40)},
                {
                    "id_number": id_number(blank=True),
                    "bank": text(120, blank=True),
                    "card_number": text(32, blank=True),
                },
            )
        ),
        "traits": list_of(one_of(Trait.values)),
        "paid_on": maybe(day),
        "reason": NOTE,
        "failure": text(120),
        "steps": Record({}, dict.fromkeys(("by", "reviewed_by", "approved_by", "paid_by"), LOGIN)),
        "reversed_on": maybe(day),
        "reversal": maybe(Record({"reason": text(200)}, {"by": LOGIN, "confirmed_by": LOGIN})),
    },
)
BATCH = Record(
    {
        "key": KEY,
        "union": text(32),
        "title": text(60),
        "group": one_of(ReliefGroup.values),
        "purpose": one_of(Purpose.values),
        "planned_on": day,
        "source": one_of(FundSource.values),
        "route": one_of(Route.values),
        "reached": one_of(references.REACHED),
    },
    {"campaign": maybe(KEY), "paid_from": text(32), "amount": money(), "item": text(60, blank=True), "by": LOGIN},
)
THRESHOLD = Record(
    {"union": text(32), "origin": text(160), "valid_from": day},
    {"per_payout": money(), "per_batch": money(), "way": one_of(ThresholdWay.values), "by": LOGIN},
)
FUNDS = Record(
    {"union": text(32), "source": one_of(FundSource.values), "amount": money(), "received_on": day},
    {
        "campaign": maybe(KEY),
        "form": one_of(FundForm.values),
        "voucher": text(60, blank=True),
        "note": NOTE,
        "by": LOGIN,
        "reversed": flag,
    },
)
ALLOCATION = Record(
    {
        "giver": text(32),
        "receiver": text(32),
        "source": one_of(FundSource.values),
        "amount": money(),
        "allocated_on": day,
    },
    {"campaign": maybe(KEY), "voucher": text(60, blank=True), "confirmed_on": maybe(day), "by": LOGIN},
)
NOTHING = Record({"union": text(32), "on": day}, {"by": LOGIN})
DRIVE = Record(
    {
        "key": KEY,
        "issuer": text(32),
        "title": text(80),
        "kind": one_of(DonationKind.values),
        "year": whole(2000, 2100),
        "bodies": list_of(one_of(DonationBody.values), least=1),
        "starts_on": day,
        "ends_on": day,
        "account_by": day,
    },
    {
        "campaign": maybe(KEY),
        "receiver": maybe(text(32)),
        "keeps": flag,
        "note": text(500, blank=True),
        "closed_on": maybe(day),
        "nothing": list_of(NOTHING),
        "by": LOGIN,
    },
)
DONATION = Record(
    {"union": text(32), "kind": one_of(DonationKind.values), "donated_on": day},
    {
        "campaign": maybe(KEY),
        "drive": maybe(KEY),
        "body": one_of(["", *DonationBody.values]),
        "donors": whole(),
        "amount": money(least=Decimal(0)),
        "voucher": text(60, blank=True),
        "note": NOTE,
        "by": LOGIN,
        "reversed": flag,
    },
)
REMITTANCE = Record(
    {"union": text(32), "remitted_on": day, "amount": money(), "slip_number": text(60)},
    {
        "campaign": maybe(KEY),
        "drive": maybe(KEY),
        "note": NOTE,
        "confirmed_on": maybe(day),
        "by": LOGIN,
        "reversed": flag,
    },
)
VISIT = Record(
    {"union": text(32), "kind": one_of(VisitKind.values), "visited_on": day},
    {
        "campaign": maybe(KEY),
        "household": maybe(KEY),
        "enterprise": text(120, blank=True),
        "in_difficulty": flag,
        "with_relief": flag,
        "leader": text(40, blank=True),
        "persons": whole(1, 1000),
        "note": text(2000, blank=True),
        "by": LOGIN,
    },
)
COUNTS = tuple("number contacts persons quantity farmer_contacts farmer_persons new_contacts new_persons".split())
ACTIVITY = Record(
    {"union": text(32), "kind": one_of(ActivityKind.values), "held_on": day},
    {
        "campaign": maybe(KEY),
        "note": NOTE,
        "by": LOGIN,
        "amount": money(least=Decimal(0)),
        "farmer_amount": money(least=Decimal(0)),
        **dict.fromkeys(COUNTS, whole()),
    },
)
FILING = Record(
    {"at": instant, "act": one_of(FILING_ACTS), "campaign": KEY, "deliverable": KEY, "union": text(32)},
    {
        "by": LOGIN,
        "typed": map_of(text(20), Record({"value": text(400, blank=True)}, {"note": NOTE})),
        "explain": map_of(text(60), text(200)),
        "missing_note": text(400, blank=True),
        "reason": text(400, blank=True),
        "pins": map_of(text(20), text(400)),
        "text": text(100_000),
        "code": text(20),
        "value": text(40),
        "title": text(60),
        "confirmed_by": LOGIN,
    },
)


def this_format(value: Any, path: str) -> Any:
    """The name of this format."""
    if value != FORMAT:
        yield Fault(path, f"应当是“{FORMAT}”。")


WORLD = Record(
    {"format": this_format, "unions": list_of(UNION, least=1)},
    {
        "title": text(200, blank=True),
        "persons": list_of(PERSON),
        "campaigns": list_of(CAMPAIGN),
        "households": list_of(HOUSEHOLD),
        "thresholds": list_of(THRESHOLD),
        "batches": list_of(BATCH),
        "payouts": list_of(PAYOUT),
        "funds": list_of(FUNDS),
        "allocations": list_of(ALLOCATION),
        "drives": list_of(DRIVE),
        "donations": list_of(DONATION),
        "remittances": list_of(REMITTANCE),
        "visits": list_of(VISIT),
        "activities": list_of(ACTIVITY),
        "filings": list_of(FILING),
    },
)


def faults(world: Any) -> list[Fault]:
    """Everything wrong with a world, in the order of the file; references are looked at when every shape is right."""
    return list(WORLD(world, "$")) or list(references.faults(world))
