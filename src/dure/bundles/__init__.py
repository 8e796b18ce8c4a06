"""Competitions of other platforms: Codabench, CodaLab and EvalAI bundles, read, judged and written. Pure."""

from dure.bundles.reading import Read, read

__all__ = ["Read", "read"]
