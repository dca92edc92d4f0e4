"""Bank files in the database: what they hold, their rows, who reaches them. The files themselves: `beneficiaries.banking`."""
