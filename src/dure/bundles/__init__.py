"""Competitions of other platforms: Codabench, CodaLab and EvalAI bundles, read, judged and written. Pure."""

from dure.bundles.drafting import blueprint_of
from dure.bundles.reading import Read, read

__all__ = ["Read", "blueprint_of", "read"]
