"""Persons, organisations and teams over HTTP, a file for each."""
