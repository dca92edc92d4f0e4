"""What these lists have in common: unions named by their code, inside the subtree of who brings the file."""

from __future__ import annotations

from relief.lib.tables import Fault, Field, Row
from relief.lib.tables import readers as read
from unions.models import Union


def code_field(name: str = "union", title: str = "工会代码", *aliases: str, required: bool = True) -> Field:
    return Field(
        name, title, read.text(32), "text", aliases, required, hint="工会组织页上的代码，例如 C1-03；列设为文本。"
    )


def codes_below(union: Union) -> dict[str, Union]:
    """The open unions of the subtree by code."""
    return {
        row.code: row for row in Union.objects.subtree(union).filter(closed_on__isnull=True).select_related("parent")
    }


def unknown_union(row: Row, name: str, union: Union) -> Fault:
    """The fault of a code that is not below the union."""
    return row.fault(
        name,
        f"{union.called}及所属没有这个代码的工会。",
        "在工会组织页查对代码；新的工会请先导入工会，别处的工会由那里的管理员导入",
        "union",
    )
