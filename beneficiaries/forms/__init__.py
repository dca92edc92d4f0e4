"""Forms of dossiers and visits; payouts have their own module here."""
