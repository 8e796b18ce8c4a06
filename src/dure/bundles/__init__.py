"""Competitions of other platforms: Codabench, CodaLab and EvalAI bundles, read, judged and written. Pure."""
