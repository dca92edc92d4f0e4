"""The registry of field classes L1..L4 (security.md 2.2): every model says which class each field has.

L1 public, L2 internal, L3 personal (masked in lists), L4 sensitive (encrypted at rest, unmasked only by act).
"""

from collections.abc import Mapping

LEVELS = ("L1", "L2", "L3", "L4")


def field_classes(**levels: str) -> Mapping[str, str]:
    """Return {field name: class} from space-separated names per class; a field named twice is refused."""
    table: dict[str, str] = {}
    for level, names in levels.items():
        if level not in LEVELS:
            raise ValueError(f"unknown field class {level}")
        for name in names.split():
            if name in table:
                raise ValueError(f"field {name} has two classes")
            table[name] = level
    return table
