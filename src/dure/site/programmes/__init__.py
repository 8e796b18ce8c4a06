"""Programmes: the list of them, the page of one, and how one applies."""
