"""The engine: programmes, cases, turns, gates, decisions, gives. It never asks what a stage is made of."""
