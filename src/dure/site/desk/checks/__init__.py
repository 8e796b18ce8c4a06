"""What a round's organisers decide and check before they settle it."""
