"""Writing the file of a household: open, save, assess."""
