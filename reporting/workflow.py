"""The acts of this app."""


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
