"""R-16: the production profile refuses to start and names everything that is missing, weak or open."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from relief import keys

ROOT = Path(__file__).resolve().parents[2]
NO_HOSTS = "RELIEF_ALLOWED_HOSTS is empty: set it to the host names of this site, separated by commas."


@pytest.fixture
def installation(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation that may start."""
    keys.create(tmp_path / "keys.json")
    (tmp_path / "var").mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "RELIEF_VAR_DIR": str(tmp_path / "var"),
        "RELIEF_KEYS_FILE": str(tmp_path / "keys.json"),
        "RELIEF_ALLOWED_HOSTS": "relief.example.org",
    }


def problems(environment: dict[str, str]) -> list[str]:
    """What the start complains about; empty when it starts."""
    code = (
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try:\n    import relief.settings.production\n"
        "except ImproperlyConfigured as problem:\n    print(problem)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [line.removeprefix("- ") for line in done.stdout.splitlines()[1:]]


def test_a_complete_installation_starts(installation):
    assert problems(installation) == []


def test_everything_that_is_missing_is_named_at_once(installation):
    del installation["RELIEF_ALLOWED_HOSTS"]
    Path(installation["RELIEF_KEYS_FILE"]).unlink()

    found = problems(installation)

    assert len(found) == 2
    assert found[0] == NO_HOSTS
    assert found[1].startswith(f"The key file {installation['RELIEF_KEYS_FILE']} is missing.")


@pytest.mark.parametrize("hosts", ["*", ".example.org", "relief.example.org,*"])
def test_a_wildcard_host_is_refused(installation, hosts):
    installation["RELIEF_ALLOWED_HOSTS"] = hosts

    assert problems(installation) == ["RELIEF_ALLOWED_HOSTS has a wildcard: name each host."]


@pytest.mark.parametrize("name", ["RELIEF_CLOCK_OFFSET", "RELIEF_DEBUG", "RELIEF_DEMO"])
@pytest.mark.parametrize("value", ["1", "0"])
def test_what_belongs_to_development_is_refused_whatever_its_value(installation, name, value):
    installation[name] = value

    assert problems(installation) == [f"{name} is set: it belongs to development and tests."]


def test_an_open_folder_is_refused(installation):
    Path(installation["RELIEF_VAR_DIR"]).chmod(0o755)

    assert problems(installation) == [
        f"{installation['RELIEF_VAR_DIR']} is open to other users: run `chmod go-rwx {installation['RELIEF_VAR_DIR']}`."
    ]


def test_an_open_database_file_is_refused(installation):
    database = Path(installation["RELIEF_VAR_DIR"]) / "relief.sqlite3"
    database.touch()
    database.chmod(0o644)

    assert problems(installation) == [f"{database} is open to other users: run `chmod go-rwx {database}`."]


def test_an_open_key_file_is_refused(installation):
    path = installation["RELIEF_KEYS_FILE"]
    Path(path).chmod(0o644)

    assert problems(installation) == [f"The key file {path} is open to other users. Run `chmod 600 {path}`."]
