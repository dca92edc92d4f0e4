"""Collected script modules name each other by their hashed names."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

from relief.lib.statics import HashedModulesStorage

IMPORTED = re.compile(r'\b(?:from|import) "\./([^"]+)"')


def collected(source: Path, target: Path) -> dict[str, str]:
    """{name: text} of the hashed files that collecting the source would serve."""
    names = [str(path.relative_to(source)) for path in source.rglob("*.js")]
    finder = StaticFilesStorage(location=source, base_url="/static/")
    storage = HashedModulesStorage(location=target, base_url="/static/")
    for name in names:
        with finder.open(name) as file:
            storage.save(name, file)
    for _, _, done in storage.post_process({name: (finder, name) for name in names}):
        if isinstance(done, Exception):
            raise done
    return {hashed: (target / hashed).read_text(encoding="utf-8") for hashed in storage.hashed_files.values()}


def test_every_module_imports_files_that_are_served_under_hashed_names(tmp_path):
    """As Django's own manifest does it for the page's `main.js`; here for what that one imports, and so on."""
    (source,) = settings.STATICFILES_DIRS
    served = collected(Path(source), tmp_path)
    imports = {f"{Path(name).parent}/{other}" for name, text in served.items() for other in IMPORTED.findall(text)}
    assert len(imports) > 20
    assert imports - set(served) == set()
    assert [name for name in imports if not re.search(r"\.[0-9a-f]{12}\.js$", name)] == []


def test_a_changed_module_changes_the_name_of_all_that_import_it(tmp_path):
    source = tmp_path / "source" / "relief"
    source.mkdir(parents=True)
    (source / "main.js").write_text('import { a } from "./part.js";\nimport "./once.js";\n')
    (source / "once.js").write_text("window.once = true;\n")
    (source / "part.js").write_text("export const a = 1;\n")
    before = collected(source.parent, tmp_path / "before")
    (source / "part.js").write_text("export const a = 2;\n")
    after = collected(source.parent, tmp_path / "after")
    changed = {name.split(".")[0] for name in before.keys() - after.keys()}
    assert changed == {"relief/main", "relief/part"}
