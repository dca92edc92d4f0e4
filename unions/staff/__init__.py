"""People who work with the system: their logins, posts and first passwords, each subtree kept by its own administrators."""
