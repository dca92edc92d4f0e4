"""The acts of the auditor's workspace: reading, nothing else."""

from beneficiaries.auditing.scope import AUDITORS
from relief.lib.workflow import Act
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu


def register() -> None:
    """Add the act and the menu entry; called once when Django starts."""
    ACTS.register(Act("auditing.read", "经审查账", AUDITORS))
    register_menu(MenuEntry("经审", "audit_desk", "auditing.read", 72, "/auditing/"))
