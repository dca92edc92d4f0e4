"""The coarse class of a cause follows the sealed cause wherever that is written, and old files got theirs (D4)."""

import importlib
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from beneficiaries import actions
from beneficiaries.dossiers import intake
from beneficiaries.enums import Cause
from beneficiaries.models import Dossier, FieldChange
from tests.beneficiaries import households as made

known_causes = importlib.import_module("beneficiaries.migrations.0005_known_causes")

TODAY = date(2024, 1, 20)


@pytest.mark.parametrize("cause", Cause.values)
def test_the_class_follows_the_cause(cause):
    entry = intake.householder(made.fields(cause=cause), today=TODAY, new=True)
    sudden = cause in ("illness", "disaster", "accident")
    assert entry.values["cause_class"] == ("sudden" if sudden else "other")


def test_a_new_cause_turns_the_class_without_a_history_row_of_its_own(cast):
    dossier = made.draft(cast.clerk, cast.mill)
    assert dossier.cause_class == "sudden"
    saved = actions.save_dossier(
        by=cast.clerk, dossier=dossier, version=dossier.version, fields={"cause": "schooling"}, members=[]
    )
    assert (saved.cause_class, saved.cause_is_health) == ("other", False)
    assert sorted(FieldChange.objects.filter(field__contains="致困").values_list("field", flat=True)) == [
        "主要致困原因"
    ]
    assert FieldChange.objects.exclude(field__in=["主要致困原因", "家庭成员"]).count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("特困职工救助证", "特困职工救助证"), ("", ""), ("驾驶证", None)],
)
def test_certificates_come_from_the_list(typed, kept):
    entry = intake.householder(made.fields(certificate=typed), today=TODAY, new=True)
    assert entry.values.get("certificate") == kept
    told = "不在“持有证件”的可选范围里，请从列表里选择：特困职工救助证、低保证、残疾证、其他证件。"
    assert entry.faults == ({} if kept is not None else {"certificate": told})


def test_files_of_before_get_their_class_and_their_word(cast):
    ill = made.draft(cast.clerk, cast.mill)
    poor = made.draft(cast.clerk, cast.mill, id_number=made.number(1969, 9), cause="laid_off", card_number="", bank="")
    Dossier.objects.filter(pk=ill.pk).update(cause_class="other", certificate="苏州市区特困职工救助证")
    Dossier.objects.filter(pk=poor.pk).update(certificate="老干部优待证", note="单亲")
    known_causes.fill(apps, SimpleNamespace(connection=connection))
    rows = Dossier.objects.order_by("pk").values_list("cause_class", "certificate", "note")
    assert list(rows) == [
        ("sudden", "特困职工救助证", ""),
        ("other", "其他证件", "单亲\n持有证件：老干部优待证"),
    ]
