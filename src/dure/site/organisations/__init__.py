"""Organisations: their pages, and how their people sign in."""
