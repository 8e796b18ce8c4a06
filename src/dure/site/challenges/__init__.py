"""Challenges: what can be entered, and the boards."""
