"""Rounds: tasks and their files, attempts with their receipts and verdicts, boards."""
