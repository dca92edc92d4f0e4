"""The whole way of hardship money, station by station: every step begins where the page before it ended."""
