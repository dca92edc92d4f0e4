"""Moving a dossier through its chain, one gate for every step."""
