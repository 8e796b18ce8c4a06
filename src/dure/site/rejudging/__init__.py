"""Judging a round again, and who is out of it: pages for its organisers, and for those it concerns."""
