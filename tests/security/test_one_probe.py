"""An import is one probe of the day, not a way around the limit; requests side by side share the limit (D19)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from beneficiaries.dossiers import duplicates
from beneficiaries.models import Dossier, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.campaigns.importing.desk import checked, confirmed
from unions.enums import JobState
from unions.models import AuditEvent

HEAD = ["与户主关系", "姓名", "身份证号", "主要致困原因"]
USED_UP = "今天的查重次数（1 次）已经用完，没有检查。请明天再导入；几份表请并成一份，一次导入只算一次。"


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


def one(number: str) -> list[str]:
    return ["户主", "唐志远", number, "患重特大疾病"]


def imported(cast, number: str):
    return checked(cast.school_clerk, cast.school, "households", HEAD, one(number))


def test_lists_of_one_number_each_are_no_register_of_the_poor(cast, settings):
    made.walk(cast, made.draft(cast.clerk, cast.mill))
    settings.RELIEF_PROBES_PER_DAY = 1
    first, second = imported(cast, made.number(1990, 1)), imported(cast, made.HOLDER_ID)
    assert (first.state, second.state) == (JobState.DONE, JobState.FAILED)
    assert (second.outcome["message"], "report" in second.outcome) == (USED_UP, False)


def test_the_check_the_yes_and_a_look_once_more_are_one_probe(cast, settings):
    settings.RELIEF_PROBES_PER_DAY = 1
    job = imported(cast, made.number(1990, 1))
    assert imported(cast, made.number(1990, 1)).state == JobState.DONE
    assert confirmed(cast.school_clerk, job).state == JobState.DONE
    assert (Dossier.objects.filter(union=cast.school).count(), duplicates.probes_left(cast.school_clerk)) == (1, 0)
    assert AuditEvent.objects.filter(act="dossier.probe", person=cast.school_clerk).count() == 1


def test_typed_files_and_lists_share_the_limit(cast, settings):
    settings.RELIEF_PROBES_PER_DAY = 1
    made.draft(cast.school_clerk, cast.school, id_number=made.number(1991, 1))
    assert imported(cast, made.HOLDER_ID).outcome["message"] == USED_UP
