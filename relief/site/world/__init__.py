"""World files: a whole installation as one JSON document (docs/world-format.md)."""
