"""Surveys: answered, held, and what came of them."""
