"""Accounts in won, GPU seconds, tokens and facility minutes; journals that sum to zero."""
