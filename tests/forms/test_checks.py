"""The checks that the notices call for are in the forms under these names, with this severity and kind."""

import pytest

from reporting.checks import run_checks
from reporting.formulas import compute
from reporting.values import EntryFault, Value, parse_entry
from tests.forms.conftest import shipped

PAIRS = "pair_{}:ask:within"
CAPS = "cap_{}:ask:ledger"
CHECKS = {
    "shanghai-2019": {
        "persons_and_amount:ask:within",
        "amount_per_person:ask:ledger",
        "year_persons_on_record:ask:ledger",
        "year_amount_on_record:ask:ledger",
        "year_covers_last_persons:ask:last_year",
        "year_covers_last_amount:ask:last_year",
    },
    "jinshan-2020-donation": {
        "total_amount:refuse:within",
        "donors_at_most:ask:within",
        *(f"donors_and_amount_{which}:ask:within" for which in ("1", "2", "3", "4", "5", "total")),
        "amount_on_slip:ask:ledger",
        "remitted_in_phase:ask:within",
    },
    "jiaozuo-2019-campaign": {
        *(PAIRS.format(number) for number in range(1, 10)),
        *(CAPS.format(number) for number in range(1, 10)),
        "pair_wages:ask:within",
        "paid_within_raised:ask:within",
    },
    "jiaozuo-2018-centre": {
        "left_hardship_on_record:ask:ledger",
        "active_on_record:ask:ledger",
        "spent_within_raised:hint:within",
    },
    "shaanxi-2024": {
        *(PAIRS.format(number) for number in range(1, 12)),
        *(CAPS.format(number) for number in range(1, 12)),
        "pair_wages:ask:within",
        *(f"memo_{code}:ask:within" for code in ("j1", "j2", "k1", "k2")),
        "paid_within_raised:ask:within",
    },
    "suzhou-2013": {
        "raised_total:refuse:within",
        "services_total:ask:within",
        "services_new_total:ask:within",
        "farmer_households:ask:within",
        "hardship_workers:ask:within",
        "hardship_farmers:ask:within",
        "enterprises_relieved:ask:within",
        "passengers_total:ask:within",
        *(f"passengers_{letter}:ask:within" for letter in "bcdef"),
        "wages_workers:ask:within",
        "wages_farmers:ask:within",
        "paid_within_raised:ask:within",
    },
}


def test_every_check_of_the_notices_is_there(form):
    assert {f"{check.key}:{check.severity}:{check.kind}" for check in form.checks} == CHECKS[form.id]


def zeros(spec, **values) -> dict[str, Value]:
    """All numbers 0 but those given, in base units."""
    leaves = {code: Value.of(0) for code in spec.leaves if spec.item(code).is_numeric}
    return compute(spec, leaves | {code: Value.of(number) for code, number in values.items()})


def keys(spec, values) -> list[str]:
    return [finding.key for finding in run_checks(spec, values) if finding.kind != "required"]


def test_a_sheet_of_zeros_passes(form):
    assert keys(form, zeros(form)) == []


def test_donors_stay_between_the_largest_body_and_the_sum_of_all():
    spec = shipped("jinshan-2020-donation")
    money = {"J1B": 100, "J2B": 100}
    assert keys(spec, zeros(spec, J0=60, J1A=40, J2A=12, J6A=40, **money)) == []
    assert keys(spec, zeros(spec, J0=60, J1A=40, J2A=12, J6A=52, **money)) == []
    assert keys(spec, zeros(spec, J0=60, J1A=40, J2A=12, J6A=53, **money)) == ["donors_at_most"]
    assert keys(spec, zeros(spec, J0=60, J1A=40, J2A=12, J6A=39, **money)) == ["subset:J1A:J6A"]
    assert keys(spec, zeros(spec, J0=39, J1A=40, J2A=12, J6A=40, **money)) == ["subset:J6A:J0"]


def test_every_donor_relation_asks_and_does_not_refuse():
    spec = shipped("jinshan-2020-donation")
    assert {edge.severity.value for edge in spec.relations if edge.kind == "subset"} == {"ask"}


def test_an_amount_with_three_places_is_refused():
    with pytest.raises(EntryFault):
        parse_entry(shipped("jinshan-2020-donation").item("J1B"), "12.345")


def test_a_part_greater_than_its_whole_is_refused():
    spec = shipped("suzhou-2013")
    values = zeros(spec, **{"08C": 85, "08C1": 61_200_000, "08C2": 92, "08C3": 48_750_000})
    assert keys(spec, values) == ["subset:08C2:08C"]
    assert [(finding.severity.value, finding.message) for finding in run_checks(spec, values)][0] == (
        "refuse",
        "“其中帮助追讨欠薪的农民工”92 名，不能大于“帮助追讨欠薪的职工”85 名。",
    )


def test_a_train_without_passengers_is_asked_about():
    spec = shipped("suzhou-2013")
    assert keys(spec, zeros(spec, **{"10A": 100, "10B": 1})) == ["passengers_b"]
    assert keys(spec, zeros(spec, **{"10A": 99, "10B": 1, "10B1": 100})) == ["passengers_total"]


def test_what_the_records_say_is_asked_once():
    spec = shipped("shanghai-2019")
    values, record = zeros(spec, S1=10, S2=100, S5=41), {"S5": Value.of(40)}
    outside = {"records:S5": (spec.item("S5"), record["S5"])}
    found = run_checks(spec, values, record, outside=outside)
    assert [finding.key for finding in found] == ["ledger:S5"]
    assert run_checks(spec, values, record, outside=outside, explained={"S5"}) == []
    assert [finding.key for finding in run_checks(spec, values, outside=outside)] == ["year_persons_on_record"]
