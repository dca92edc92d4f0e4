"""The forms of this installation: their versions, what uses them, what changed from one to the next."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns.models import Campaign
from reporting.cells import frozen_cells
from reporting.designing import compare_forms
from reporting.formstore import spec_of
from reporting.layout import grid
from reporting.models import DeliverableForm, FormVersion
from reporting.outputs.sheet import SheetData, head_lines
from reporting.values import Value
from unions.models import Person
from unions.policy import may_anywhere
from unions.web import page, person_of


@page("form.read")
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms this installation knows, newest version first, with the campaigns that use each."""
    person = person_of(request)
    versions = list(FormVersion.objects.defer("spec").order_by("form_id", "-version"))
    used = _campaigns_of(person, versions)
    newest = {version.form_id: version.pk for version in reversed(versions)}
    rows = [
        {"version": version, "campaigns": used[version.pk], "is_newest": newest[version.form_id] == version.pk}
        for version in versions
    ]
    context = {"rows": rows, "may_design": may_anywhere(person, "form.design")}
    return render(request, "reporting/form_list.html", context)


def _campaigns_of(person: Person, versions: Iterable[FormVersion]) -> dict[int, list[Campaign]]:
    """{version id: the campaigns the person sees that use it}, in one query."""
    found: dict[int, list[Campaign]] = defaultdict(list)
    links = (
        DeliverableForm.objects.filter(
            form_version__in=[version.pk for version in versions],
            deliverable__campaign__in=Campaign.objects.visible_to(person).values("pk"),
        )
        .select_related("deliverable__campaign")
        .order_by("-deliverable__campaign__year", "deliverable__campaign__code")
    )
    for link in links:
        campaigns = found[link.form_version_id]
        if link.deliverable.campaign not in campaigns:
            campaigns.append(link.deliverable.campaign)
    return found


@page("form.read")
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A form version as its paper, empty, with its other versions, its campaigns and what changed."""
    person, version = person_of(request), get_object_or_404(FormVersion, pk=pk)
    spec = spec_of(version)
    empty = {code: Value.empty() for code in spec.codes}
    head = {"union": "", "filer": "", "phone": "", "date": ""}
    versions = list(FormVersion.objects.filter(form_id=version.form_id).defer("spec").order_by("-version"))
    context = {
        "version": version,
        "spec": spec,
        "grid": grid(spec),
        "cells": frozen_cells(spec, empty, {}),
        "cell_template": "reporting/_cell_plain.html",
        "margin_template": "",
        "head_lines": head_lines(SheetData(spec, empty, head)),
        "versions": versions,
        "campaigns": _campaigns_of(person, [version])[version.pk],
        "may_design": may_anywhere(person, "form.design"),
        **_changes(version, versions),
    }
    return render(request, "reporting/form_page.html", context)


def _changes(version: FormVersion, versions: list[FormVersion]) -> dict[str, Any]:
    """What the version changed from the one before it, for the page."""
    before = next((other for other in versions if other.version < version.version), None)
    changes = None if before is None else compare_forms(before.spec, version.spec)
    return {"before": before, "changes": changes}


@page("form.read")
def form_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A form version as one file that another installation can import."""
    version = get_object_or_404(FormVersion, pk=pk)
    return json_file(version.spec, f"{version.form_id}-v{version.version}")


def json_file(raw: dict[str, Any], name: str) -> HttpResponse:
    """A form's data as a file to keep, laid out to be read."""
    response = HttpResponse(json.dumps(raw, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
