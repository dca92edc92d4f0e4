"""What `manage.py verify` checks of dossiers: their history by days, their seals, their blind indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from django.db.models import Model

from beneficiaries.models import Dossier, DossierPeriod, Member
from relief.lib import crypto
from unions.registry import Finding, register_verifier

PERIODS = DossierPeriod._meta.db_table
FILES, MEMBERS = Dossier._meta.db_table, Member._meta.db_table


def register() -> None:
    register_verifier("dossier_periods", dossier_periods)
    register_verifier("household_seals", household_seals)


def dossier_periods() -> Iterator[Finding]:
    """Every dossier has one open period that says what the dossier says, and no two periods share a day."""
    rows = DossierPeriod.objects.order_by("dossier", "valid_from", "id")
    seen = set()
    files = {file.pk: file for file in Dossier.objects.only("number", "state", "union_id", "hardship_class")}
    for pk, group in groupby(rows.iterator(chunk_size=2000), key=lambda row: row.dossier_id):
        seen.add(pk)
        yield from _history(files[pk], list(group))
    for pk in files.keys() - seen:
        yield Finding("dossier_periods", PERIODS, files[pk].number, "档案没有状态历史")


def household_seals() -> Iterator[Finding]:
    """Every sealed value opens in its place, and the blind index of a number is the number's own."""
    yield from _seals(FILES, Dossier.objects.order_by("pk").iterator(chunk_size=500), _file_name)
    yield from _seals(
        MEMBERS, Member.objects.select_related("dossier").order_by("pk").iterator(chunk_size=500), _member_name
    )


def _history(file: Dossier, rows: list[DossierPeriod]) -> Iterator[Finding]:
    """The rows of one file; empty periods (begun and ended on one day) may lie anywhere between."""
    opened = [row for row in rows if row.valid_to is None]
    if len(opened) != 1:
        yield Finding("dossier_periods", PERIODS, file.number, f"应有一段未结束的状态，实有 {len(opened)} 段")
        return
    last = opened[0]
    if (last.state, last.union_id, last.hardship_class) != (file.state, file.union_id, file.hardship_class):
        yield Finding("dossier_periods", PERIODS, file.number, "最后一段与档案当前的状态、类别或工会不符")
    lasting = [row for row in rows if row.valid_to is None or row.valid_to > row.valid_from]
    for earlier, later in pairwise(lasting):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            yield Finding("dossier_periods", PERIODS, file.number, "两段状态的日期重叠")
        elif earlier.valid_to < later.valid_from:
            yield Finding("dossier_periods", PERIODS, file.number, "两段状态之间有空档")


def _seals(table: str, rows: Iterable[Model], name) -> Iterator[Finding]:
    for row in rows:
        sealed = [field.attname for field in row._meta.fields if isinstance(field, crypto.EncryptedTextField)]
        broken = [field for field in sealed if not _opens(row, field)]
        if broken:
            yield Finding("household_seals", table, name(row), f"密文打不开：{'、'.join(broken)}")
        elif not _index_fits(row):
            yield Finding("household_seals", table, name(row), "身份证号的索引与密文不符")


def _opens(row: Model, field: str) -> bool:
    try:
        getattr(row, field)
    except crypto.Tampered:
        return False
    return True


def _index_fits(row) -> bool:
    return row.id_index == crypto.blind_index(row.id_number, "id_number", row.id_index_generation)


def _file_name(row) -> str:
    return row.number


def _member_name(row) -> str:
    return f"{row.dossier.number}#{row.pk}"
