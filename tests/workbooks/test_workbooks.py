"""Every small workbook through the guarded reader, the tables and the rules of its list: what passes, what is said."""

from decimal import Decimal

import pytest

from campaigns.actions import record_donations
from relief.lib.tables import read_table
from relief.lib.xlsx import LIST, read_workbook
from relief.lib.xlsx_worker import column_name
from tests.beneficiaries.payouts.conftest import make_till, open_dossier
from tests.campaigns.drive import open_drive
from tests.campaigns.stage import day
from tests.workbooks.__main__ import FOLDERS, HERE
from unions.imports import resource_of

KINDS = ("funds", "donations", "activities", "payouts", "recipients", "households")


def read(cast, folder, case):
    """(new rows, faults as the case writes them) of the committed file."""
    resource = resource_of(case.kind)
    data = (HERE / folder / f"{case.name}.xlsx").read_bytes()
    table = read_table(read_workbook(data, LIST), resource.fields(cast.clerk, cast.mill))
    plan = resource.plan(cast.clerk, cast.mill, table)
    faults = sorted([*table.faults, *plan.faults], key=lambda fault: (fault.sheet, fault.row, fault.column))
    return len(plan.new), tuple(f"{place(fault)} {fault.says}".strip() for fault in faults)


def place(fault):
    return f"{column_name(fault.column) if fault.column else ''}{fault.row or ''}"


@pytest.fixture
def world(cast):
    make_till(cast)
    open_dossier(cast.school, cast.school_clerk, "乔宁", 8, born=1979)
    open_drive(cast)
    record_donations(
        by=cast.clerk, union=cast.mill, campaign=None, kind="joint", donated_on=day("2024-01-04"),
        given={"one_day": (5, Decimal(50))},
    )  # fmt: skip
    return cast


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_to_pass_passes(world, kind):
    cases = [case for case in FOLDERS["should_pass"] if case.kind == kind]
    assert {case.name: read(world, "should_pass", case) for case in cases} == {
        case.name: (case.says, ()) for case in cases
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_to_fail_says_why(world, kind):
    cases = [case for case in FOLDERS["should_fail"] if case.kind == kind]
    assert {case.name: read(world, "should_fail", case)[1] for case in cases} == {
        case.name: case.says for case in cases
    }


def test_every_case_has_its_file_and_every_file_its_case():
    for folder, cases in FOLDERS.items():
        assert {path.stem for path in (HERE / folder).iterdir()} == {case.name for case in cases}
    assert sum(map(len, FOLDERS.values())) >= 60
