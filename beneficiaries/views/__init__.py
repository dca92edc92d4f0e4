"""Pages of dossiers, visits and payouts, one module each."""
