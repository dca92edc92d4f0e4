"""Guard tests: what holds the house together. Each guard is also shown a small bad sample and must complain."""
