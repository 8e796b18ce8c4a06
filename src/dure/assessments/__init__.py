"""Tests: banks of questions, papers drawn from them, exams by the server's clock, marks, what the questions tell."""
