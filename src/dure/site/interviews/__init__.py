"""Interviews: chosen on a phone, scored side by side, decided in one room."""
