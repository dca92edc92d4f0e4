"""Form versions in the database: loaded from files, read back as checked specs."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from relief.lib import clock
from reporting.models import FormVersion
from reporting.spec import FormSpec, load_spec

FORMS = Path("fixtures") / "forms"


@transaction.atomic
def load_forms(folder: Path | None = None) -> list[FormVersion]:
    """Store every form file of the folder as a version and return the versions; a version already stored is kept."""
    source = folder or Path(settings.BASE_DIR) / FORMS
    return [store(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(source.glob("*.json"))]


def store(raw: dict) -> FormVersion:
    """Store one form; raises SpecFault with every fault, ValueError when the version exists with other content."""
    spec = load_spec(raw)
    found = FormVersion.objects.filter(form_id=spec.id, version=spec.version).first()
    if found is None:
        return FormVersion.objects.create(
            form_id=spec.id,
            version=spec.version,
            title=spec.title,
            spec=raw,
            digest=spec.digest(),
            created_at=clock.db_now(),
        )
    if found.digest != spec.digest():
        if found.used_at is not None:
            raise ValueError(f"form {spec.id} version {spec.version} is in use and cannot change")
        FormVersion.objects.filter(pk=found.pk).update(title=spec.title, spec=raw, digest=spec.digest())
        found.refresh_from_db()
    return found


def newest_versions() -> QuerySet[FormVersion]:
    """Every form in its newest version, in order of form id."""
    newest = FormVersion.objects.filter(form_id=OuterRef("form_id")).order_by("-version").values("pk")[:1]
    return FormVersion.objects.filter(pk=Subquery(newest)).order_by("form_id")


def codes_of_forms() -> dict[str, list[str]]:
    """{form id: codes} of every form in its newest version: what references between forms may name."""
    return {version.form_id: [item["code"] for item in version.spec["items"]] for version in newest_versions()}


def spec_of(version: FormVersion) -> FormSpec:
    """The checked spec of a stored version; parsed once per process and digest."""
    return _parsed(version.digest, version.pk)


@lru_cache(maxsize=64)
def _parsed(digest: str, pk: int) -> FormSpec:
    return load_spec(FormVersion.objects.values_list("spec", flat=True).get(pk=pk, digest=digest))
