"""Imports point down: reporting → beneficiaries → campaigns → unions → relief.lib, and stand at the top of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.sources import Source, complaints, sample

MAY_IMPORT = {
    "relief.lib": {"relief.lib"},
    "unions": {"unions", "relief.lib"},
    "campaigns": {"campaigns", "unions", "relief.lib"},
    "beneficiaries": {"beneficiaries", "campaigns", "unions", "relief.lib"},
    "reporting": {"reporting", "beneficiaries", "campaigns", "unions", "relief.lib"},
    "relief": {"relief", "reporting", "beneficiaries", "campaigns", "unions", "relief.lib"},
}


def _room(module: str) -> str | None:
    if module == "relief.lib" or module.startswith("relief.lib."):
        return "relief.lib"
    first = module.split(".")[0]
    return first if first in MAY_IMPORT else None


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        # `from relief import lib` names the room in the alias.
        return [f"{module}.{alias.name}" for alias in node.names]
    return []


def upward(file: Source) -> Iterator[tuple[int, str]]:
    """Imports of a higher or a neighbouring room, and relative ones that hide where they point."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "relative import"
            continue
        for module in _imported(node):
            room = _room(module)
            if room is not None and room not in MAY_IMPORT[file.room]:
                yield node.lineno, f"{file.room} imports {room}"


def hidden(file: Source) -> Iterator[tuple[int, str]]:
    """Imports inside a function; AppConfig.ready is the one place for them (D20)."""
    for outer in ast.walk(file.tree):
        if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if outer.name == "ready" and file.path.endswith("/apps.py"):
            continue
        for node in ast.walk(outer):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, f"import inside {outer.name}()"


def test_imports_point_down():
    assert complaints(upward) == []


def test_no_import_hides_in_a_function():
    assert complaints(hidden) == []


def test_an_upward_import_is_seen():
    bad = sample("campaigns/views.py", "from reporting.models import Round\nfrom unions.models import Union\n")
    assert complaints(upward, bad) == ["campaigns/views.py:1 campaigns imports reporting"]


def test_the_library_knows_no_app_and_no_settings_package():
    bad = sample("relief/lib/money.py", "import unions.models\nfrom relief import keys\nfrom relief.lib import clock\n")
    assert complaints(upward, bad) == [
        "relief/lib/money.py:1 relief.lib imports unions",
        "relief/lib/money.py:2 relief.lib imports relief",
    ]


def test_a_relative_import_is_seen():
    assert complaints(upward, sample("unions/views.py", "from . import models\n")) == [
        "unions/views.py:1 relative import"
    ]


def test_a_hidden_import_is_seen_but_not_in_ready():
    text = "class Config:\n    def ready(self):\n        import os\n\ndef late():\n    from unions import audit\n"
    assert complaints(hidden, sample("unions/apps.py", text)) == ["unions/apps.py:6 import inside late()"]
    assert complaints(hidden, sample("unions/views.py", text)) == [
        "unions/views.py:3 import inside ready()",
        "unions/views.py:6 import inside late()",
    ]
