"""Degrees: one's own audit, the registrar's and the committee's work, transcripts that anybody can check."""
