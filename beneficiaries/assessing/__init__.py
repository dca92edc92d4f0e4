"""Assessment: incomes, the class rules as data, and their tests. Pure but for the rule in force."""
