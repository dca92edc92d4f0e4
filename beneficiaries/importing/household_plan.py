"""What a list of households would do: rows joined to households, each checked as a typed one, files found and compared."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from beneficiaries import codes
from beneficiaries.actions.dossiers import PAYEE
from beneficiaries.dossiers import duplicates, intake, particulars
from beneficiaries.enums import DossierState
from beneficiaries.importing.household_fields import SELF, of_holder, of_member
from beneficiaries.models import Dossier, Member
from relief.lib import clock, crypto
from relief.lib.tables import Fault, Row, Table
from unions.imports import Change, Plan
from unions.models import Person, Union

OPEN = (DossierState.DRAFT, DossierState.ACTIVE)
AT_ONCE = 5_000
TODO = "改正后再上传"
MINE = "本单位的另一份档案"


@dataclass(slots=True)
class Household:
    """The rows of one household, the file that the union keeps of it, and what would be written."""

    number: str
    holder: Row | None = None
    members: list[Row] = field(default_factory=list)
    dossier: Dossier | None = None
    head: intake.Entry = field(default_factory=intake.Entry)
    entries: list[intake.Entry] = field(default_factory=list)
    kept: list[Member] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [*([self.holder] if self.holder else []), *self.members]

    @property
    def reason(self) -> str:
        return next((row.values["reason"] for row in self.rows if row.values.get("reason")), "")


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which households are new, which change a file, which say what stands there; every fault of the typed form."""
    found = Plan()
    households = list(_gather(found, table.rows))
    _find_files(union, households)
    held = _held(person, union, households)
    seen: dict[str, Row] = {}
    today = clock.today()
    for household in households:
        faults = [*_check(household, today), *_elsewhere(household, held), *_twice(household, seen)]
        if faults:
            found.faults += faults
        elif household.dossier is None:
            found.new += household.rows
            found.made.append(household)
        else:
            _compare(found, household)
    _say_old_words(table)
    return found


def _gather(found: Plan, rows: Iterable[Row]) -> Iterator[Household]:
    """Householders by number; members by the householder's number, else under the householder above them."""
    by_number: dict[str, Household] = {}
    above: Household | None = None
    waiting: list[tuple[Row, str]] = []
    sheet = ""
    for row in rows:
        above = above if row.sheet == sheet else None
        sheet = row.sheet
        named = row.values.get("holder_number") or ""
        if row.values.get("relation") in (None, SELF):
            above = _householder(found, row, by_number)
        elif named or above is None:
            waiting.append((row, named))
        else:
            above.members.append(row)
    for row, named in waiting:
        if named:
            by_number.setdefault(named, Household(named)).members.append(row)
        else:
            todo = "放在户主那一行下面，或填户主身份证号"
            found.faults.append(row.fault("relation", "不知道是哪一户的成员。", todo))
    yield from by_number.values()


def _householder(found: Plan, row: Row, by_number: dict[str, Household]) -> Household | None:
    number, named = row.values.get("id_number") or "", row.values.get("holder_number") or ""
    if not number and not named:
        found.faults.append(row.fault("id_number", "户主没有身份证号，认不出是哪一户。", "填入身份证号"))
        return Household("")
    if number and named and number != named:
        found.faults.append(row.fault("relation", "不是户主，却没有写与户主的关系。", "填入与户主的关系"))
        return Household("")
    household = by_number.setdefault(number or named, Household(number or named))
    if household.holder is not None:
        before = household.holder
        says = f"与“{before.sheet}”第 {before.row} 行是同一个户主。"
        found.faults.append(row.fault("id_number", says, "一户只留一行户主；成员写与户主的关系"))
        return Household("")
    row.values["id_number"] = number or named
    row.values["name"] = row.values.get("name") or row.values.get("holder_name")
    household.holder = row
    return household


def _find_files(union: Union, households: list[Household]) -> None:
    """The union's own file of each household, open ones before closed ones, with its members: two queries in all."""
    by_index = {crypto.blind_index(each.number, "id_number"): each for each in households}
    wanted = sorted(by_index)
    for start in range(0, len(wanted), AT_ONCE):
        some = Dossier.objects.filter(union=union, restricted=False, id_index__in=wanted[start : start + AT_ONCE])
        for file in some.select_related("union").order_by("pk"):
            mine = by_index[file.id_index]
            if mine.dossier is None or mine.dossier.state not in OPEN:
                mine.dossier = file
    files = {each.dossier.pk: each for each in households if each.dossier}
    members = defaultdict(list)
    keys = sorted(files)
    for start in range(0, len(keys), AT_ONCE):
        for member in Member.objects.filter(dossier__in=keys[start : start + AT_ONCE]).order_by("pk"):
            members[member.dossier_id].append(member)
    for pk, household in files.items():
        household.kept = members[pk]


def _check(household: Household, today: datetime.date) -> Iterator[Fault]:
    """What the typed form would refuse, at its row and column."""
    file = household.dossier
    if file is None and household.holder is None:
        for row in household.members:
            yield row.fault(
                "holder_number", "文件和本单位的档案里都没有这个户主。", "补上户主那一行，或核对户主身份证号"
            )
        return
    said = of_holder(household.holder.values) if household.holder else {}
    household.head = intake.householder(said, today=today, new=file is None)
    household.entries = _members(household, today)
    for name, sentence in household.head.faults.items():
        yield (household.holder or household.rows[0]).fault(name, *_advice(sentence))
    for place, sentence in intake.member_faults(household.entries, household.number).items():
        _, at, name = place.split("-", 2) if "-" in place else ("", "0", "relation")
        yield household.members[int(at)].fault("employer" if name == "place" else name, *_advice(sentence))
    if file is not None and file.state not in OPEN:
        says = f"档案 {file.number} 是“{file.get_state_display()}”，不能用导入修改。"
        todo = "审核中的请先退回；已退出的请在档案页面重新申请"
        yield household.rows[0].fault("id_number", says, todo)


def _advice(sentence: str) -> tuple[str, str]:
    says, comma, todo = sentence.rstrip("。").rpartition("，请")
    return (f"{says}。", f"请{todo}") if comma else (sentence, TODO)


def _members(household: Household, today: datetime.date) -> list[intake.Entry]:
    """The checked member rows; one that stands in the file already carries its key."""
    by_index = {member.id_index: member for member in household.kept if member.id_index}
    rows = []
    for row in household.members:
        said = of_member(row.values)
        known = by_index.get(crypto.blind_index(said.get("id_number", ""), "id_number")) or _by_name(
            household.kept, said
        )
        rows.append(said | ({"id": known.pk} if known else {}))
    return intake.members(rows, today=today, known={member.pk for member in household.kept})


def _by_name(kept: list[Member], said: Mapping[str, Any]) -> Member | None:
    """A member without a number, or with a new one, is known by relation and name."""
    return next(
        (
            member
            for member in kept
            if member.relation == said.get("relation")
            and member.name == said.get("name")
            and not (member.id_index and said.get("id_number"))
        ),
        None,
    )


def _held(person: Person, union: Union, households: list[Household]) -> dict[str, duplicates.Hit]:
    """The files that hold one of the numbers: all of the list together are one probe (D19)."""
    numbers = {row.values["id_number"] for each in households for row in each.rows if row.values.get("id_number")}
    if not numbers:
        return {}
    with duplicates.as_one_probe(limited=True):
        return duplicates.hits(by=person, union=union, numbers=numbers, own=None)


def _elsewhere(household: Household, held: Mapping[str, duplicates.Hit]) -> Iterator[Fault]:
    """Numbers that another file holds, with the name of its union and nothing more."""
    for row in household.rows:
        hit = held.get(row.values.get("id_number") or "")
        if hit is None or (household.dossier is not None and hit.dossier == household.dossier.pk):
            continue
        own = household.dossier is not None and hit.union.pk == household.dossier.union_id
        who = MINE if own else f"“{hit.union.name}”的档案"
        todo = "删去这一户；要转入或重复登记，请在新建档案页面提出"
        yield row.fault("id_number", f"身份证号已登记在{who}里，一人只能在一份档案里。", todo)


def _twice(household: Household, seen: dict[str, Row]) -> Iterator[Fault]:
    """One person in two households of the list."""
    for row in household.rows:
        number = row.values.get("id_number") or ""
        before = seen.setdefault(number, row) if number else row
        if before is not row and before not in household.rows:
            says = f"与“{before.sheet}”第 {before.row} 行的身份证号相同，一人只能在一户里。"
            yield row.fault("id_number", says, "核对两行，留一处")


def _compare(found: Plan, household: Household) -> None:
    """Count the rows of a known household: unchanged, or changed with old and new in masked words."""
    file = household.dossier
    assert file is not None
    by_key = {member.pk: member for member in household.kept}
    said: list[tuple[Row, list[tuple[str, str, str]]]] = []
    if household.holder is not None:
        said.append((household.holder, list(_changes(file, household.head.values))))
    for row, entry in zip(household.members, household.entries, strict=True):
        said.append((row, _member_changes(by_key.get(entry.pk or 0), entry)))
    if not any(changes for _, changes in said):
        found.same += len(said)
    elif file.state == DossierState.ACTIVE and not household.reason:
        row = next(row for row, changes in said if changes)
        says = f"档案 {file.number} 已经在档，内容与文件不同，修改要写明原因。"
        found.faults.append(row.fault("reason", says, "加一列“修改原因”并填写"))
    else:
        if (
            file.state == DossierState.ACTIVE
            and household.holder
            and PAYEE & set(_differing(file, household.head.values))
        ):
            says = f"档案 {file.number} 已经在档，换了证件号或账号，导入后要重新走申请到审批。"
            found.hints.append(household.holder.fault("card_number", says, "", "payee"))
        found.changed += [Change(row, file.pk, file.version, tuple(changes)) for row, changes in said]
        found.made.append(household)


def _changes(file: Dossier, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in _differing(file, values):
        stored, value = getattr(file, name), values[name]
        label = str(Dossier._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        if name in intake.SECRETS or name in ("name", "birth_date"):
            yield label, "已登记" if stored else "（空）", "文件里的不同"
        else:
            yield label, _word(name, stored), _word(name, value)


def _differing(file: Dossier, values: Mapping[str, Any]) -> list[str]:
    """The typed fields that the file says otherwise."""
    follows = intake.DERIVED | {"birth_date", "sex"}
    changed = [name for name, value in values.items() if getattr(file, name) != value]
    return [name for name in changed if name not in follows or (name not in intake.DERIVED and "id_number" in changed)]


def _kept(member: Member) -> dict[str, str]:
    """The stored particulars; the sealed field opens to what was kept."""
    stored: dict[str, str] = member.particulars or {}  # type: ignore[assignment]
    return stored


def _member_changes(member: Member | None, entry: intake.Entry) -> list[tuple[str, str, str]]:
    if member is None:
        return [("家庭成员", "（空）", "新增 1 人")]
    typed = dict(entry.values)
    if "particulars" in typed:
        typed["particulars"] = particulars.merged(_kept(member), typed["particulars"])
    differs = any((getattr(member, name) or None) != (value or None) for name, value in typed.items())
    return [("家庭成员", "1 人", "有改动")] if differs else []


def _word(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    made = codes.LISTS.get(name)
    shown = dict(made.values).get(value, value) if made else value
    return "（空）" if shown in (None, "") else str(shown)


def _say_old_words(table: Table) -> None:
    """Tell how many words of older lists were read as what they are called today."""
    names = [name for name in codes.LISTS if any(name in row.columns for row in table.rows[:1])]
    old = sum(
        1 for row in table.rows for name in names if row.cell(name) and codes.read(name, row.cell(name)).how == "old"
    )
    if old:
        table.notes.append(f"旧的说法 {old} 处，已换成现在的词")
