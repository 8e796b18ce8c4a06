"""Habits of every table: durable transactions, state moves by compare-and-set, public ids, keyset pages."""
