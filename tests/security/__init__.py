"""Tests of what security.md asks for: audit, login, secrets, refusals, races."""
