"""What is left per union and source, and 筹集 against 发放."""
