"""Search: over everything that the visitor may see, by name."""
