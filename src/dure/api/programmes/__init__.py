"""Programmes over HTTP, a file for each thing that one does with them."""
