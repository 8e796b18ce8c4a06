"""Competitions of other platforms: Codabench, CodaLab and EvalAI bundles, read, judged and written. Pure."""

from dure.bundles.drafting import blueprint_of
from dure.bundles.reading import Read, read
from dure.bundles.writing import write_codabench

__all__ = ["Read", "blueprint_of", "read", "write_codabench"]
