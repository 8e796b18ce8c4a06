"""Evidence: what was done and what it left behind, append-only; skills and levels stand on it."""
