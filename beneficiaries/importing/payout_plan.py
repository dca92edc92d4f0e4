"""What a list of payouts would do: rows of one recipient joined, files found, rules asked, the ledger compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beneficiaries.actions.payout_imports import Draft, draft_of
from beneficiaries.actions.payouts import LINES_AT_MOST
from beneficiaries.enums import DossierState, PayoutState, Route, Trait
from beneficiaries.models import Dossier, Payout, PayoutLine
from beneficiaries.payouts.facts import Proposal, findings_of
from beneficiaries.rules import REFUSE, WARN, Finding, LineFacts
from campaigns.enums import FundSource
from relief.lib import clock, crypto
from relief.lib.money import grouped, to_fen
from relief.lib.tables import Fault, Row, Table
from unions.imports import Plan
from unions.models import Person, Union

AT_ONCE = 5_000
"""Numbers looked up by one query, drafts put before the rules together."""
TRAITS = tuple(Trait.values)
ALIKE = (
    "recipient",
    "relief_group",
    "paid_from",
    "bank",
    "card_number",
    "reason",
    "dossier",
    "self_paid",
    "students",
    *TRAITS,
)
"""What the rows of one payout may not say differently."""
MOST_STUDENTS = 20
LABELS = dict(PayoutState.choices)


@dataclass(slots=True)
class Entry:
    """The rows of one payout and what names it."""

    index: str
    purpose: str
    rows: list[Row] = field(default_factory=list)
    dossier: Dossier | None = None

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def place(self) -> tuple[Hashable, ...]:
        """What names the payout in the ledger; without a number it is the name."""
        said = self.first.values
        who = self.index or f"={said['recipient']}"
        return who, said.get("campaign"), said["planned_on"], self.purpose

    def said(self, name: str) -> Any:
        """The first thing that one of the rows says."""
        if len(self.rows) == 1:
            value = self.rows[0].values.get(name)
            return None if value == "" else value
        return next((row.values[name] for row in self.rows if row.values.get(name) not in (None, "")), None)

    def lines(self) -> tuple[tuple[str, str, int, str], ...]:
        return tuple(sorted(_line(row) for row in self.rows))


def _line(row: Row) -> tuple[str, str, int, str]:
    source, route, amount, item = _typed(row)
    return source, route, to_fen(amount), item


def plan(person: Person, union: Union, table: Table, *, purpose: str) -> Plan:
    """Which rows become drafts and which stand in the ledger; every fault of the rules. `purpose` where no column says it."""
    found = Plan(amount=Decimal(0))
    good: list[Entry] = []
    entries = _gather(table.rows, purpose)
    _find_files(union, entries)
    known = _Ledger(union, entries)
    met: dict[tuple[Hashable, ...], Row] = {}
    for entry in entries:
        faults = [*_faults(entry)]
        before = met.setdefault(entry.place, entry.first) if entry.index else entry.first
        if before is not entry.first:
            says = f"与“{before.sheet}”第 {before.row} 行是同一笔：一行写了证件号，一行写了档案号。"
            faults.append(entry.first.fault("recipient", says, "两行都写证件号"))
        if faults:
            found.faults += faults
        elif known.has(entry):
            found.same += len(entry.rows)
        elif other := known.other(entry):
            found.faults.append(entry.first.fault("amount", *other))
        else:
            good.append(entry)
    for start in range(0, len(good), AT_ONCE):
        _ask_rules(found, person, union, good[start : start + AT_ONCE])
    return found


def _gather(rows: Iterable[Row], purpose: str) -> list[Entry]:
    """Rows of one person, campaign, day and purpose are one payout; a row that names neither number nor file is one by itself."""
    joined: dict[tuple[Hashable, ...], Entry] = {}
    for row in rows:
        index = crypto.blind_index(row.values.get("id_number") or "", "id_number")
        entry = Entry(index, purpose or row.values["purpose"], [row])
        file = row.values.get("dossier")
        key = entry.place if index else (f"#{file}", *entry.place[1:]) if file else (row.sheet, row.row)
        if key in joined:
            joined[key].rows.append(row)
        else:
            joined[key] = entry
    return list(joined.values())


def _find_files(union: Union, entries: list[Entry]) -> None:
    """The union's own file of each recipient: by the number of the file, else by the identity number."""
    wanted = {row.values["dossier"] for entry in entries for row in entry.rows if row.values.get("dossier")}
    indexes = {entry.index for entry in entries if entry.index}
    files = list(_files(union, "number", wanted)) + list(_files(union, "id_index", indexes))
    by_number = {file.number: file for file in files}
    by_index = {file.id_index: file for file in sorted(files, key=lambda file: file.state == DossierState.ACTIVE)}
    for entry in entries:
        number = entry.said("dossier")
        entry.dossier = by_number.get(number) if number else by_index.get(entry.index) if entry.index else None
        if entry.dossier is not None and not entry.index:
            entry.index = entry.dossier.id_index


def _files(union: Union, name: str, values: Iterable[str]) -> Iterator[Dossier]:
    rest = sorted(values)
    shown = ("number", "name", "state", "opened_on", "id_index", "union", "row_key", "id_number", "bank", "card_number")
    files = Dossier.objects.filter(union=union, restricted=False).exclude(state=DossierState.CLOSED).only(*shown)
    for start in range(0, len(rest), AT_ONCE):
        yield from files.filter(**{f"{name}__in": rest[start : start + AT_ONCE]})


def _faults(entry: Entry) -> Iterator[Fault]:
    first, number = entry.first, entry.said("dossier")
    if number and entry.dossier is None:
        yield first.fault("dossier", "本单位没有这份档案，或已经注销。", "核对档案号；不是建档对象的留空")
    file = entry.dossier
    if file is not None and first.values["recipient"] != file.name:
        yield first.fault(
            "recipient", f"姓名与档案 {file.number} 的户主不一致。", "核对姓名和证件号；成员领取的也写户主"
        )
    elif file is not None and entry.index and file.id_index != entry.index:
        yield first.fault("id_number", f"证件号与档案 {file.number} 的户主不一致。", "核对两项")
    if len(entry.rows) > LINES_AT_MOST:
        yield first.fault("recipient", f"同一笔有 {len(entry.rows)} 行，一笔最多 {LINES_AT_MOST} 行款物。", "分成几天")
    seen: dict[tuple[str, str, int, str], Row] = {}
    for row in entry.rows:
        yield from _row_faults(row)
        before = seen.setdefault(_line(row), row)
        if before is not row:
            says = f"与“{before.sheet}”第 {before.row} 行重复。"
            yield row.fault("amount", says, "留一行；确是两笔的，请改日期或用途", "repeated")
        for name in ALIKE if len(entry.rows) > 1 else ():
            if row.values.get(name) and row.values[name] != entry.said(name):
                says = f"与第 {first.row} 行是同一个人同一天同一用途，这一项却不同。"
                yield row.fault(name, says, "改成一样；确是两笔的，请改日期或用途", f"unlike {name}")


def _row_faults(row: Row) -> Iterator[Fault]:
    said = row.values
    if said.get("students") is not None and not 1 <= said["students"] <= MOST_STUDENTS:
        yield row.fault("students", f"受助学生数须在 1 到 {MOST_STUDENTS} 之间。", "改成这一户这次受助的学生人数")
    if (said.get("self_paid") or 0) < 0:
        yield row.fault("self_paid", "自付医疗费不能小于 0。", "照医疗票据的自付部分填写")
    if said["amount"] <= 0:
        yield row.fault("amount", "金额要大于 0。", "改正金额；要收回请用冲正")
    if said["route"] == Route.GOODS and not said.get("item"):
        yield row.fault("item" if "item" in row.columns else "route", "实物没有写名称。", "写明物品，例如大米、食用油")
    if said["route"] == Route.CARD and said.get("item"):
        yield row.fault("item", "打卡的款不写实物名称。", "删去名称，或把方式改成实物")


class _Ledger:
    """What the union has down already on the days of the file."""

    def __init__(self, union: Union, entries: list[Entry]):
        self.payouts: dict[tuple[Hashable, ...], list[tuple[tuple, str]]] = defaultdict(list)
        days = [entry.first.values["planned_on"] for entry in entries]
        if not days:
            return
        span: dict[str, Any] = {"planned_on__range": (min(days), max(days))}
        lines = defaultdict(list)
        for key, source, route, amount, item in PayoutLine.objects.filter(
            payout__union=union, **{f"payout__{name}": value for name, value in span.items()}
        ).values_list("payout", "source", "route", "amount", "item"):
            lines[key].append((source, route, to_fen(amount), item))
        rows = Payout.objects.filter(union=union, **span).exclude(state=PayoutState.FAILED)
        shown = ("pk", "id_index", "recipient", "campaign", "planned_on", "purpose", "state")
        for key, index, name, *place, state in rows.exclude(reversals__confirmed_at__isnull=False).values_list(*shown):
            self.payouts[index or f"={name}", *place].append((tuple(sorted(lines[key])), state))
        self.used = Counter[tuple[Hashable, ...]]()

    def has(self, entry: Entry) -> bool:
        """Whether the ledger has this very payout; two equal ones without a number need two there."""
        lines = entry.lines()
        there = sum(1 for held, _ in self.payouts.get(entry.place, ()) if held == lines)
        if not there or entry.index:
            return there > 0
        self.used[entry.place, lines] += 1
        return self.used[entry.place, lines] <= there

    def other(self, entry: Entry) -> tuple[str, str] | None:
        """What is wrong when the ledger pays the same person otherwise; people without a number are never taken for one."""
        held = self.payouts.get(entry.place) if entry.index else None
        if not held:
            return None
        lines, state = held[0]
        amount = Decimal(sum(fen for *_, fen, _ in lines)) / 100
        says = f"同一个人同一活动、同一天、同一用途已有一笔 {grouped(amount, 2)} 元（{LABELS[state]}）。"
        return says, "要改的请在慰问发放里改那一笔；确是另一笔的，请改日期或用途"


def _ask_rules(found: Plan, person: Person, union: Union, entries: list[Entry]) -> None:
    """Put the drafts before the rules; what passes is new."""
    told = findings_of(list(_proposals(union, entries)), today=clock.today())
    for at, entry in enumerate(entries, 1):
        refused = False
        for finding in told[-at]:
            row, name = _where(entry, finding)
            if finding.severity == REFUSE:
                refused = True
                todo = "；".join(way.label for way in finding.ways) or "改正后再上传"
                found.faults.append(row.fault(name, finding.sentence, todo))
            elif finding.severity != WARN or not entry.said("reason"):
                found.hints.append(row.fault(name, _reminder(row, finding), "", _same(row, finding)))
        if not refused:
            found.new += entry.rows
            found.made.append(entry)
            found.amount = (found.amount or Decimal(0)) + sum(row.values["amount"] for row in entry.rows)


def _same(row: Row, finding: Finding) -> str:
    """What makes two reminders one: the rule, and of a fund the source as well."""
    return f"hint {finding.key} {row.values['source'] if finding.key == 'funds_cover' else ''}"


def _reminder(row: Row, finding: Finding) -> str:
    """What a finding says once for all its rows; of a fund it is the whole file that asks too much, not one row."""
    if finding.key != "funds_cover":
        return finding.sentence
    source = FundSource(row.values["source"]).label
    return f"{source}可用的钱不够文件里的全部发放：请减少金额，或在“提醒说明”里写明何时补足。"


def drafts(person: Person, union: Union, entries: Iterable[Entry]) -> Iterator[Draft]:
    """The drafts that the entries mean, one by one: all of a large file together would not fit into memory."""
    unions = {each.pk: each for each in Union.objects.filter(pk__in=union.line_ids())}
    entered = {"entered_by": person, "entered_at": clock.db_now()}
    for entry in entries:
        yield draft_of(_values(entry, unions[union.pk], unions) | entered, [_typed(row) for row in entry.rows])


def _proposals(union: Union, entries: Iterable[Entry]) -> Iterator[Proposal]:
    """What the rules look at, numbered from -1 downwards."""
    for at, entry in enumerate(entries, 1):
        yield Proposal(
            pk=-at,
            union=union,
            paid_from_id=entry.said("paid_from") or union.pk,
            lines=tuple(LineFacts(*_typed(row)) for row in entry.rows),
            farmer_worker=bool(entry.said(Trait.FARMER_WORKER.value)),
            **_judged(entry),
        )


def _typed(row: Row) -> tuple[str, str, Decimal, str]:
    said = row.values
    return said["source"], said["route"], said["amount"], said.get("item") or ""


def _values(entry: Entry, union: Union, unions: dict[int, Union]) -> dict[str, Any]:
    """Every value of the draft but its lines."""
    said, file = entry.first.values, entry.dossier
    return _judged(entry) | {
        "union": union,
        "paid_from": unions[entry.said("paid_from") or union.pk],
        "recipient": said["recipient"],
        "bank": entry.said("bank") or (file.bank if file and _is_own(entry) else ""),
        "relief_group": said["relief_group"],
        "reason": entry.said("reason") or "",
        **{trait: bool(entry.said(trait)) for trait in TRAITS},
    }


def _judged(entry: Entry) -> dict[str, Any]:
    """The values that the rules look at as well."""
    said, file, paid = entry.first.values, entry.dossier, entry.said("self_paid")
    return {
        "campaign_id": said.get("campaign"),
        "dossier": file,
        "id_number": said.get("id_number") or (file.id_number if file else ""),
        "id_index": entry.index or (file.id_index if file else ""),
        "household_index": file.id_index if file else entry.index,
        "card_number": entry.said("card_number") or (file.card_number if file and _is_own(entry) else ""),
        "purpose": entry.purpose,
        "planned_on": said["planned_on"],
        "union_member": entry.said("union_member"),
        "self_paid": "" if paid is None else f"{paid:.2f}",
        "students": entry.said("students"),
    }


def _is_own(entry: Entry) -> bool:
    """Whether the file found is that of the very number in the row."""
    return entry.dossier is not None and (not entry.index or entry.dossier.id_index == entry.index)


def _where(entry: Entry, finding: Finding) -> tuple[Row, str]:
    """The row and field that a finding means."""
    if finding.field.startswith("lines-"):
        _, at, name = finding.field.split("-")
        return entry.rows[int(at)], name
    return entry.first, finding.field
