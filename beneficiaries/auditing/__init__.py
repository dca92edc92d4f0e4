"""What an auditor (经审) looks at: money of many unions in a year, the gaps in its papers, and the papers of each line."""
