"""Rounds: tasks with data and tests, submissions, scores, boards."""
