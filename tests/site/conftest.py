"""The small world, loaded once per module; every test of the module starts from it and leaves it as it was."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from relief.site.world import loader
from tests.site.world import small_world

NOW = datetime(2024, 2, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What `load_world` answered; the world is taken back when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(RELIEF_DEMO=True):
            yield loader.load_world(small_world(), NOW)
        transaction.set_rollback(True)
