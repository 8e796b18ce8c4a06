"""The rule by which evidence becomes a level (docs/explanation/skill-levels.md), exact and pure.

Each piece of evidence speaks for a skill at a level with some points: full ones where Dure itself measured a perfect
result yesterday, fewer where a person only wrote it down, where the result was poor, and as time goes by. A level
stands where everything that speaks for it or for a higher one comes to ``ENOUGH`` points. All numbers are whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEVELS = range(1, 6)
"""Of a skill: 1 knows of it, 2 does it with help, 3 does it alone, 4 leads others at it, 5 moves its field."""
ENOUGH = 100
STUDIED_MOST = 60  # what courses and talks alone can add towards a level from DONE_FROM on
DONE_FROM = 3
STUDIED = frozenset({"learn", "event", "form"})
WHOLE = 1000  # a score of 1
_FINE = 1_000_000  # one point, so that old evidence still counts a little


@dataclass(frozen=True, slots=True)
class Worth:
    """What a fresh, perfect, measured piece of evidence of a kind says in points, and in how many days half is gone."""

    points: int
    half_life: int


KINDS: Mapping[str, Worth] = {
    "placement": Worth(130, 1460), "project": Worth(120, 1095), "test": Worth(110, 730), "round": Worth(110, 1095),
    "credential": Worth(110, 1095), "learn": Worth(70, 730), "publish": Worth(90, 1460), "event": Worth(20, 365),
    "form": Worth(10, 365),
}  # fmt: skip
"""By the kind of stage that left the evidence behind; ``credential`` stands for proof from outside."""
OTHER = Worth(20, 365)
TRUST: Mapping[str, int] = {"signed": 100, "measured": 100, "judged": 95, "recorded": 80, "self": 0}
"""Percent, by who vouches for it: a verified signature, Dure's own measuring, graders by a rubric, one person who wrote
it down; what somebody says of themselves is no proof."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence for a skill. ``share``: percent of it that is about this skill; ``score``: of WHOLE."""

    kind: str
    level: int
    share: int
    score: int
    trust: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """``level`` 0 where nothing is shown yet; ``points``: for that level (for the first, where it is 0);
    ``towards``: for the next one."""

    level: int
    points: int
    towards: int


def fresh(half_life: int, days: int) -> int:
    """What is left of _FINE after ``days``: half after each half-life, in a straight line between."""
    halvings, rest = divmod(max(days, 0), half_life)
    return _FINE * (2 * half_life - rest) // (2 * half_life << halvings)


def strength(seen: Seen, *, on: date) -> int:
    """Its points on a day, in millionths. What lies ahead counts as of that day."""
    worth = KINDS.get(seen.kind, OTHER)
    left = fresh(worth.half_life, (on - seen.on).days)
    return worth.points * TRUST.get(seen.trust, 0) * seen.share * seen.score * left // (100 * 100 * WHOLE)


def points_for(level: int, evidence: Iterable[Seen], *, on: date) -> int:
    """Millionths of points that speak for a level: all of it that was done, and a bounded part of what was studied."""
    studied = done = 0
    for seen in evidence:
        if seen.level >= level:
            if seen.kind in STUDIED:
                studied += strength(seen, on=on)
            else:
                done += strength(seen, on=on)
    return done + (min(studied, STUDIED_MOST * _FINE) if level >= DONE_FROM else studied)


def standing(evidence: Iterable[Seen], *, on: date) -> Standing:
    """Where somebody stands at a skill on a day. More evidence never lowers it, older never raises it."""
    known = list(evidence)
    counted = {level: points_for(level, known, on=on) for level in LEVELS}
    reached = max((level for level in LEVELS if counted[level] >= ENOUGH * _FINE), default=0)
    return Standing(
        reached, counted[max(reached, 1)] // _FINE, counted[reached + 1] // _FINE if reached + 1 in LEVELS else 0
    )


def falls_on(evidence: Iterable[Seen], *, on: date) -> date | None:
    """The first day on which the level is lower than ``on``, if nothing is added; None where there is none to lose."""
    known = list(evidence)
    level = standing(known, on=on).level
    if level == 0:
        return None
    held, lost = 0, 1
    while standing(known, on=on + timedelta(days=lost)).level >= level:
        held, lost = lost, 2 * lost
    while lost - held > 1:
        middle = (held + lost) // 2
        if standing(known, on=on + timedelta(days=middle)).level >= level:
            held = middle
        else:
            lost = middle
    return on + timedelta(days=lost)


def shares(evidence: Iterable[Seen], *, level: int, on: date) -> list[int]:
    """Percent of what speaks for ``level`` that each piece brings, in their order; none speaks for less than itself."""
    known = list(evidence)
    told = [strength(seen, on=on) if seen.level >= level else 0 for seen in known]
    whole = sum(told)
    return [100 * part // whole if whole else 0 for part in told]
