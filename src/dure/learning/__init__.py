"""Learning: what providers offer, courses and their cohorts, who learns and how far they are."""
