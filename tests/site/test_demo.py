"""The demo as a whole: it loads, every state is there, nearly every blank speaks, and its records are sound."""

import json

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from reporting.exports import as_json, document
from reporting.models import Round, Submission
from tests.oracle import oracle
from tests.oracle.test_oracle import (
    differences,
    exported,
    exported_by_oracle,
    figures_of_oracle,
    figures_of_product,
    printed_by_oracle,
    printed_by_product,
)
from tests.site.world import run
from unions.models import AuditEvent

# One worker loads the demo once, and everything that is said of it is said there.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(RELIEF_DEMO=True):
            assert run("demo")[0] == 0
            yield
        transaction.set_rollback(True)


def test_filings_stand_at_every_point(demo):
    """Not started is a draft that nobody saved."""
    filings = Submission.objects.filter(deliverable__key="form")
    states = set(filings.values_list("state", flat=True))
    assert states == {"draft", "submitted", "in_review", "returned", "accepted"}
    drafts = filings.filter(state="draft")
    assert (drafts.filter(saved_at=None).exists(), drafts.filter(saved_at__isnull=False).exists()) == (True, True)
    rounds = Round.objects.filter(submission__in=filings)
    assert (rounds.filter(late=True).exists(), rounds.filter(nil=True).exists(), rounds.filter(number=2).count()) == (
        True,
        True,
        2,
    )


def test_every_blank_of_the_province_speaks(demo):
    submission = Submission.objects.get(deliverable__key="form", union__code="P")
    figures = as_json(document(submission))["figures"]
    assert (len(figures), [code for code, figure in figures.items() if not figure["value"]]) == (49, [])


def test_every_blank_at_every_level_is_what_the_oracle_reckons(demo, tmp_path):
    world = json.loads((settings.BASE_DIR / "fixtures/demo/world.json").read_text(encoding="utf-8"))
    assert differences(figures_of_product(), figures_of_oracle(world)) == []
    assert differences(printed_by_product(), printed_by_oracle(world)) == []
    for place, filing in oracle.compute(world).items():
        for part in ("own", "consolidated"):
            assert exported(tmp_path, place, "shaanxi-2024", "--part", part) == exported_by_oracle(filing, part)


def test_nothing_in_it_was_changed_behind_the_application(demo):
    assert run("verify", "--json") == (0, "")


def test_a_second_start_loads_nothing(demo):
    events = AuditEvent.objects.count()
    with override_settings(RELIEF_DEMO=True):
        assert run("demo") == (0, "")
    assert AuditEvent.objects.count() == events


def test_the_main_accounts_are_told(demo):
    with override_settings(RELIEF_DEMO=True):
        rows = json.loads(run("demo", "--accounts", "--json")[1])
    roles = {row["role"] for row in rows}
    assert roles == {"填报", "审核", "审批", "出纳", "活动管理", "经审", "系统管理", "安全管理", "审计管理"}
