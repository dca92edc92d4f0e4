"""Writes happen in actions alone; no model signals, no save() of a model's own (design.md 1)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.sources import Source, complaints, sample

WRITERS = {"save", "create", "bulk_create", "bulk_update", "update", "get_or_create", "update_or_create", "delete"}
QUERY_STEPS = {"objects", "filter", "exclude", "all", "visible_to", "select_for_update", "order_by", "get_queryset"}

# Where else a row is written, and why that is right.
WRITES_ALLOWED = {
    "unions/audit.py": "the audit record is written inside every action's transaction",
    "unions/idempotency.py": "request keys are written inside every action's transaction",
    "unions/attachments.py": "the one action of files, called by the actions of their owners",
    "unions/integrity.py": "the job row of the integrity check is its own progress",
    "unions/background.py": "the job row of any work outside the request is its own progress",
    "unions/imports/jobs.py": "the job row of an import is its own progress; the rows are written by actions of the apps",
    "beneficiaries/dossiers/periods.py": "the history rows of a dossier, written inside the actions that turn them",
    "reporting/rounds.py": "the frozen copy of a hand-in, written inside hand_in",
    "reporting/formstore.py": "forms come from files at start, before anybody can act",
    "relief/site/world/loading/ground.py": "the loader of a world file into an empty database",
}


def _names(node: ast.expr) -> set[str]:
    """The attribute and function names along a call chain: `A.objects.filter(…).update` gives objects, filter."""
    found: set[str] = set()
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return found


def written(file: Source) -> Iterator[tuple[int, str]]:
    """Writes to the database, and states set on an object, outside actions."""
    if file.is_action:
        return
    for node in ast.walk(file.tree):
        for target in _targets(node):
            if isinstance(target, ast.Attribute) and target.attr == "state" and not _is_self(target.value):
                yield node.lineno, "sets .state"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            yield from _call(node, node.func)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _call(node: ast.Call, func: ast.Attribute) -> Iterator[tuple[int, str]]:
    chain = _names(func.value)
    if func.attr in ("update", "delete"):
        # A dict is updated, too; rows are reached through a query or a related name in the plural.
        if chain & QUERY_STEPS or any(keyword.arg == "state" for keyword in node.keywords):
            yield node.lineno, f".{func.attr}() of rows"
    elif func.attr == "save":
        yield node.lineno, ".save()"
    elif "objects" in chain or func.attr != "create":
        yield node.lineno, f".{func.attr}()"
    else:
        yield node.lineno, ".create()"


def signals(file: Source) -> Iterator[tuple[int, str]]:
    """Receivers, connects and imports of model signals."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("django.db.models.signals", "django.dispatch"):
            yield node.lineno, f"imports {node.module}"
        if isinstance(node, ast.Import):
            yield from (
                (node.lineno, f"imports {alias.name}")
                for alias in node.names
                if alias.name in ("django.db.models.signals", "django.dispatch")
            )
        if isinstance(node, ast.Attribute) and node.attr in (
            "pre_save",
            "post_save",
            "pre_delete",
            "post_delete",
            "m2m_changed",
        ):
            yield node.lineno, f"signal {node.attr}"


def overrides(file: Source) -> Iterator[tuple[int, str]]:
    """save() or delete() of a class of our own."""
    for outer in ast.walk(file.tree):
        if isinstance(outer, ast.ClassDef) and any("Model" in ast.unparse(base) for base in outer.bases):
            for node in outer.body:
                if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete", "full_clean", "save_base"):
                    yield node.lineno, f"{outer.name}.{node.name}() overridden"


def test_rows_are_written_by_actions_alone():
    assert [c for c in complaints(written) if c.split(":")[0] not in WRITES_ALLOWED] == []


def test_every_allowance_is_still_needed():
    writing = {c.split(":")[0] for c in complaints(written)}
    assert sorted(set(WRITES_ALLOWED) - writing) == []


def test_no_model_signals():
    assert complaints(signals) == []


def test_no_save_overrides():
    assert complaints(overrides) == []


def test_writes_in_a_view_are_seen():
    text = """
def accept(request, submission):
    submission.state = "accepted"
    submission.save()
    Submission.objects.filter(pk=1).update(state="accepted")
    rows = submission.rounds.create(number=1)
    context.update({"rows": rows})
    Submission.objects.visible_to(person).delete()
    Round.objects.bulk_create([])
"""
    assert complaints(written, sample("reporting/views.py", text)) == [
        "reporting/views.py:3 sets .state",
        "reporting/views.py:4 .save()",
        "reporting/views.py:5 .update() of rows",
        "reporting/views.py:6 .create()",
        "reporting/views.py:8 .delete() of rows",
        "reporting/views.py:9 .bulk_create()",
    ]
    assert complaints(written, sample("reporting/actions/reviewing.py", text)) == []


def test_signals_are_seen():
    text = (
        "from django.db.models.signals import post_save\nimport django.dispatch\nmodels.signals.pre_delete.connect(f)\n"
    )
    assert complaints(signals, sample("unions/models.py", text)) == [
        "unions/models.py:1 imports django.db.models.signals",
        "unions/models.py:2 imports django.dispatch",
        "unions/models.py:3 signal pre_delete",
    ]


def test_a_save_override_is_seen():
    text = "class Union(models.Model):\n    def save(self, *args):\n        super().save(*args)\n"
    assert complaints(overrides, sample("unions/models.py", text)) == ["unions/models.py:2 Union.save() overridden"]
