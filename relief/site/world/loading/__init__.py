"""Reading a checked world into an empty database, part by part, through the actions of all apps."""
