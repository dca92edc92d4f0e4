"""The notice as text and as paper."""
