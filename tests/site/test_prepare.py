"""What ./run does before it serves: once in full, afterwards next to nothing."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from relief.site.management.commands.prepare import migrations_are_due, remove_stale_uploads


@pytest.fixture
def own_static_root(tmp_path, settings) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


def said_by_prepare() -> list[str]:
    err = StringIO()
    call_command("prepare", stderr=err, stdout=StringIO())
    return err.getvalue().splitlines()


@pytest.mark.django_db
def test_a_migrated_database_has_nothing_due():
    assert migrations_are_due() is False


@pytest.mark.django_db
def test_static_files_are_collected_once_and_again_only_after_a_change(own_static_root):
    first, second = said_by_prepare(), said_by_prepare()
    own_static_root.with_name("static.stamp").write_text("of another version")
    third = said_by_prepare()

    assert (first, second, third) == (["Collecting static files ..."], [], ["Collecting static files ..."])
    assert (own_static_root / "js-lib-bootstrap5" / "css" / "bootstrap.min.css").exists()


def test_what_a_crash_left_is_removed_and_an_upload_in_progress_stays(tmp_path):
    for name, age in {"left.upload": 2 * 60 * 60, "running.upload": 60}.items():
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (time.time() - age,) * 2)

    remove_stale_uploads(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["running.upload"]
