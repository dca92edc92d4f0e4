"""What `manage.py verify` checks in this app."""


def register() -> None:
    """Add the checks; called once when Django starts."""
