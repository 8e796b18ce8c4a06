"""Every write of learning, by what it changes."""
