"""One decision function: roles are compared in unions.policy and the querysets, nowhere else (R-10)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.sources import Source, complaints, sample

ROLES = {"enter", "review", "approve", "pay", "organise", "audit", "system", "security", "audit_admin"}
DECIDERS = ("unions/policy.py", "unions/querysets.py", "unions/context.py", "unions/models.py")

# Who else asks for a role, and why that is no second decision.
ALLOWED: dict[str, str] = {
    "unions/web.py": "chooses the post and the union to work in; what may be done there is decided by can()",
    "beneficiaries/actions/households.py": "household.unmask belongs to the keeper or to who decides: two places, an Act has one",
    "beneficiaries/views/public_lists.py": "shows the buttons of objections without a query per row; each act asks can()",
    "beneficiaries/views/requests.py": "shows the buttons of a list without a query per row; each act asks can()",
    "beneficiaries/views/reviews.py": "shows the buttons of a list without a query per row; each act asks can()",
    "reporting/todos/cases.py": "chooses what the first page lists; what is listed comes through visible_to",
    "beneficiaries/dossiers/page.py": "says in words whose turn a step is; whether this person may is decided by can()",
    "reporting/views/home.py": "chooses the layout of the first page; what it lists comes through visible_to and can()",
    "reporting/views/loading.py": "chooses which half of the page to show; the acts on it are decided by can()",
}


def decisions(file: Source) -> Iterator[tuple[int, str]]:
    """Calls of holds() and comparisons with a role, outside the places that decide."""
    if file.path in DECIDERS or file.path.rpartition("/")[2].startswith("querysets"):
        return
    for node in ast.walk(file.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "holds"
            and not _is_rule(node)
        ):
            yield node.lineno, "asks holds()"
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_role(side) for side in sides) and any(_is_role_of(side) for side in sides):
                yield node.lineno, "compares a role"


def _is_rule(node: ast.Call) -> bool:
    """`parameters.deep.holds(yearly, divisor, standard)`: a rule about income, with three arguments."""
    return len(node.args) == 3


def _is_role(node: ast.expr) -> bool:
    """`Role.ENTER`, or a set of roles named like one."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "Role"
    if isinstance(node, ast.Constant):
        return node.value in {
            "enter",
            "review",
            "approve",
            "pay",
            "organise",
            "audit",
            "system",
            "security",
            "audit_admin",
        }
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_is_role(each) for each in node.elts)
    return isinstance(node, ast.Name) and node.id.endswith("ROLES")


def _is_role_of(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "role"


def test_one_decision_function():
    assert [c for c in complaints(decisions) if c.split(":")[0] not in ALLOWED] == []


def test_every_allowance_is_still_needed():
    asking = {c.split(":")[0] for c in complaints(decisions)}
    assert sorted(set(ALLOWED) - asking) == []


def test_a_second_decision_is_seen():
    text = """
def page(request, post):
    if person.holds({"enter"}):
        return 1
    if post.role == Role.APPROVE or post.role in ("pay", "audit"):
        return 2
    if post.kind == "enter":
        return 3
"""
    assert complaints(decisions, sample("campaigns/views.py", text)) == [
        "campaigns/views.py:3 asks holds()",
        "campaigns/views.py:5 compares a role",
        "campaigns/views.py:5 compares a role",
    ]
    assert complaints(decisions, sample("unions/policy.py", text)) == []
