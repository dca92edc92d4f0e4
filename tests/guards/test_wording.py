"""Small rules of the house about names, numbers, lengths and hosts."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator

from tests.guards.sources import ROOT, Source, complaints, python_files, sample

LONGEST = 450
VAGUE = {"utils", "util", "helper", "helpers", "manager", "managers", "common", "core", "misc"}
# Joined from pieces, so that this file does not name them itself.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare", "com"),
        ("fonts", "googleapis", "com"),
    )
)


def floats(file: Source) -> Iterator[tuple[int, str]]:
    """Calls of float(): money and figures are integers and Decimals (R-34)."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, "float()"
        if isinstance(node, ast.Attribute) and node.attr == "FloatField":
            yield node.lineno, "FloatField"


FLOATS_ALLOWED: dict[str, str] = {}


def long_modules(file: Source) -> Iterator[tuple[int, str]]:
    lines = file.text.count("\n")
    if lines > LONGEST:
        yield lines, f"more than {LONGEST} lines"


LONG_ALLOWED: dict[str, str] = {}


def vague_names(file: Source) -> Iterator[tuple[int, str]]:
    """Modules, packages, functions and classes with a name that says nothing."""
    for part in file.path.removesuffix(".py").split("/"):
        if part in VAGUE:
            yield 1, f"named {part}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", node.name)}
            for word in sorted(words & (VAGUE - {"core", "common", "misc", "manager"})):
                yield node.lineno, f"{node.name} says {word}"


def raw_sql(file: Source) -> Iterator[tuple[int, str]]:
    """SQL written by hand or ways round the escaping of templates."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("raw", "extra"):
            yield node.lineno, f".{node.func.attr}()"
        if isinstance(node, ast.Name) and node.id in ("RawSQL", "csrf_exempt"):
            yield node.lineno, node.id


def hosts(texts: dict[str, str]) -> list[str]:
    """Committed files that name a package registry or a content delivery network."""
    return sorted(f"{name} names {host}" for name, text in texts.items() for host in HOSTS if host in text)


def committed() -> dict[str, str]:
    """Every text file of the project that is or will be committed."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    texts = {}
    for name in filter(None, names):
        try:
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return texts


def test_no_float_in_code():
    assert [c for c in complaints(floats) if c.split(":")[0] not in FLOATS_ALLOWED] == []


def test_no_module_is_too_long():
    assert [c for c in complaints(long_modules) if c.split(":")[0] not in LONG_ALLOWED] == []


def test_no_vague_names():
    assert complaints(vague_names) == []


def test_no_sql_by_hand():
    assert complaints(raw_sql) == []


def test_no_registry_is_named():
    assert hosts(committed()) == []


def test_every_module_says_what_it_is():
    silent = [file.path for file in python_files() if file.text.strip() and ast.get_docstring(file.tree) is None]
    assert silent == []


def test_a_float_is_seen():
    bad = sample("reporting/values.py", "x = float('1.5')\ny = models.FloatField()\n")
    assert complaints(floats, bad) == ["reporting/values.py:1 float()", "reporting/values.py:2 FloatField"]


def test_a_long_module_is_seen():
    assert complaints(long_modules, sample("unions/views.py", "x = 1\n" * 451)) == [
        "unions/views.py:451 more than 450 lines"
    ]
    assert complaints(long_modules, sample("unions/views.py", "x = 1\n" * 450)) == []


def test_vague_names_are_seen():
    bad = sample("unions/utils.py", "def form_helper():\n    return 1\n")
    assert complaints(vague_names, bad) == [
        "unions/utils.py:1 form_helper says helper",
        "unions/utils.py:1 named utils",
    ]


def test_sql_by_hand_is_seen():
    bad = sample("unions/views.py", "Union.objects.raw('select 1')\n@csrf_exempt\ndef page(): ...\n")
    assert complaints(raw_sql, bad) == ["unions/views.py:1 .raw()", "unions/views.py:2 csrf_exempt"]


def test_a_named_registry_is_seen():
    assert hosts({"README.md": f"pip install -i https://{HOSTS[0]}/simple"}) == [f"README.md names {HOSTS[0]}"]
