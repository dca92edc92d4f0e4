"""A batch of payouts as its page and its pasted rows see it."""
