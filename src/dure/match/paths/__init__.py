"""The shortest set of learning items that closes a gap of skills, and when each is done.

``quick`` answers at once, ``shortest`` proves that no set takes fewer minutes.
"""

from dure.match.paths.exact import shortest
from dure.match.paths.greedy import quick
from dure.match.paths.model import Item, Lack, Plan, Run, Step, Wish
from dure.match.paths.reach import lacking

__all__ = ["Item", "Lack", "Plan", "Run", "Step", "Wish", "lacking", "quick", "shortest"]
