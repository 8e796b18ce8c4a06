"""Funds with lines, commitments, payments that a second person approves."""
