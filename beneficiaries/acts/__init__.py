"""Who may do what with dossiers, payouts, batches, bank files and rules: one table per room."""
