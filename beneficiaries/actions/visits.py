"""Recording visits to households and enterprises."""
