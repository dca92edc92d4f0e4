"""What joins all apps: preparing a start, the demo world, verify, backup."""
