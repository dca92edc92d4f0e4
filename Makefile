# ./run and ./test are the two commands of a newcomer; here is what a developer needs besides.
PYTHON = .venv/bin/python
APPS = relief unions campaigns beneficiaries reporting
# Settings that need no key file.
export DJANGO_SETTINGS_MODULE = relief.settings.test

.PHONY: check format lock

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --target-version 5.2 --check $$(git ls-files '*.html')
	.venv/bin/mypy $(APPS)
	$(PYTHON) manage.py check --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run

format:
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djade --target-version 5.2 $$(git ls-files '*.html') || true

# After a change of the dependencies in pyproject.toml. No index address comes into the locks.
LOCK = uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-annotate --universal --quiet
lock:
	UV_PYTHON_DOWNLOADS=never $(LOCK) -o requirements.lock
	UV_PYTHON_DOWNLOADS=never $(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock
