"""Credentials over the API: what is awarded, who holds it, whether it is genuine."""
