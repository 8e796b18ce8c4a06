"""Teams: one's own, merging them, entering rounds with them, and from when they are fixed."""
