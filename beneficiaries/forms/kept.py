"""What was typed on the form of a file, kept and shown again without judging it: added rows, a draft, another's change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from beneficiaries.dossiers.intake import MOST_MEMBERS
from beneficiaries.forms.dossier_entry import DossierForm, MemberForm


def said_in(typed: MultiValueDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a request typed, as the initial values of the form and of its member rows: shown again, not judged."""
    head: dict[str, Any] = {}
    for name, box in DossierForm.base_fields.items():
        if isinstance(box, forms.MultipleChoiceField):
            head[name] = typed.getlist(name)
        elif isinstance(box, forms.BooleanField):
            head[name] = name in typed
        else:
            head[name] = typed.get(name, "")
    many = str(typed.get("members-TOTAL_FORMS", ""))
    count = min(int(many), MOST_MEMBERS) if many.isdecimal() else 0
    return head, [_said_in_row(typed, f"members-{place}-") for place in range(count)]


def _said_in_row(typed: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    row = {name: typed.get(f"{prefix}{name}", "") for name in MemberForm.base_fields}
    return row | {"DELETE": f"{prefix}DELETE" in typed}


def boxes(typed: MultiValueDict) -> dict[str, list[str]]:
    """The boxes of this form in a request and nothing else of it: what a draft keeps."""
    names = set(DossierForm.base_fields)
    return {
        name: [str(value) for value in typed.getlist(name)]
        for name in typed
        if name in names or name.startswith("members-")
    }
