"""Forms of campaigns, drives, donations and the ledger."""
