"""How marks are counted, in exact decimals: points of a rubric, lateness, graders who disagree, the grade of 4.5."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import combinations
from statistics import mean, stdev
from typing import TypeVar

from dure.core.errors import Flawed
from dure.core.text import Text

G = TypeVar("G")
W = TypeVar("W")
Points = Mapping[str, Decimal]
"""Points by the key of their criterion."""

CENT, BASIS = Decimal("0.01"), Decimal("0.0001")
TOP = Decimal("4.5")
MOST_CUTS = 20
_DAY = timedelta(days=1)
_CUT = Text(
    ko="{line}행을 ‘A+ 95 4.5’처럼 등급, 백분율, 평점 순서로 쓰세요.",
    en="Write line {line} as A+ 95 4.5: the letter, per cent, grade points.",
)
_ORDER = Text(
    ko="{line}행: 백분율과 평점은 위에서 아래로 작아져야 합니다.",
    en="Line {line}: per cent and grade points must go down from line to line.",
)
_FLOOR = Text(ko="마지막 행의 백분율은 0이어야 합니다.", en="The last line must begin at 0 per cent.")
_FLAWED = Text(ko="성적 등급의 {n}곳을 고쳐 주세요.", en="Correct {n} places of the scale.")


def total(points: Points) -> Decimal:
    return sum(points.values(), Decimal(0))


def share_of(points: Decimal, most: Decimal) -> Decimal:
    """0 to 1, rounded half up at four decimals."""
    return (points / most).quantize(BASIS, ROUND_HALF_UP) if most else Decimal(0)


def late_share(at: datetime, *, due: datetime | None, grace: timedelta, per_day: Decimal) -> Decimal:
    """The share of all points that lateness costs: ``per_day`` for each day that has begun since ``due``, at most 1.

    Within ``grace`` it costs nothing; past it, days are counted from ``due`` on.
    """
    if due is None or at <= due + grace:
        return Decimal(0)
    days = -((due - at) // _DAY)  # whole days, rounded up
    return min(Decimal(1), per_day * days)


def counted(raw: Decimal, *, most: Decimal, late: Decimal) -> Decimal:
    """What counts of ``raw`` points: less ``late`` of all that there are, never below 0, rounded half up to cents."""
    return max(Decimal(0), raw - late * most).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Compared:
    """How one grader marks beside the others, in points rounded half up to cents.

    ``spread``: the standard deviation of their totals, from two on. ``drift``: by how much they give more (less, where
    it is below 0) than the others' mean on the same work, on average; ``beside``: on so many works.
    """

    marked: int
    mean: Decimal
    spread: Decimal | None
    drift: Decimal | None
    beside: int


def compared(totals: Iterable[tuple[G, W, Decimal]]) -> dict[G, Compared]:
    """By grader, from what each gave in all to each work."""
    by_work: dict[W, dict[G, Decimal]] = defaultdict(dict)
    by_grader: dict[G, list[W]] = defaultdict(list)
    for grader, work, points in totals:
        by_work[work][grader] = points
        by_grader[grader].append(work)
    return {grader: _beside(grader, [by_work[work] for work in works]) for grader, works in by_grader.items()}


def _beside(grader: G, works: Sequence[Mapping[G, Decimal]]) -> Compared:
    own = [given[grader] for given in works]
    others = [[points for other, points in given.items() if other != grader] for given in works]
    apart = [points - mean(beside) for points, beside in zip(own, others, strict=True) if beside]
    return Compared(
        marked=len(own), mean=_cents(mean(own)), spread=_cents(stdev(own)) if len(own) > 1 else None,
        drift=_cents(mean(apart)) if apart else None, beside=len(apart),
    )  # fmt: skip


def _cents(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


def far_apart(first: Points, second: Points, *, most: Decimal, gap: Decimal) -> bool:
    """Whether two graders differ by more than the share ``gap`` of all points."""
    return abs(total(first) - total(second)) > gap * most


def agreed(markings: Sequence[Points], *, most: Decimal, gap: Decimal) -> dict[str, Decimal] | None:
    """What graders come to together, by criterion; None where a moderator has to decide.

    One counts alone, two are the mean unless they are far apart, of three it is the closest two (where two pairs are
    equally close, the higher one: a tie is the learner's).
    """
    if len(markings) < 2:
        return dict(markings[0]) if markings else None
    first, second = min(combinations(markings, 2), key=_closeness)
    if far_apart(first, second, most=most, gap=gap):
        return None
    return {key: (first[key] + second[key]) / 2 for key in first}


def _closeness(pair: tuple[Points, Points]) -> tuple[Decimal, Decimal]:
    one, other = total(pair[0]), total(pair[1])
    return abs(one - other), -(one + other)


# --- grades


@dataclass(frozen=True)
class Cut:
    """From which share on which letter stands, and what it is worth of 4.5."""

    letter: str
    share: Decimal
    points: Decimal


STANDARD = tuple(
    Cut(letter, Decimal(percent) / 100, Decimal(points))
    for letter, percent, points in (
        ("A+", 95, "4.5"), ("A0", 90, "4.0"), ("B+", 85, "3.5"), ("B0", 80, "3.0"), ("C+", 75, "2.5"),
        ("C0", 70, "2.0"), ("D+", 65, "1.5"), ("D0", 60, "1.0"), ("F", 0, "0"),
    )
)  # fmt: skip


def grade_of(share: Decimal, scale: Sequence[Cut] = STANDARD) -> Cut:
    """The first cut that the share reaches."""
    return next((cut for cut in scale if share >= cut.share), scale[-1])


def mean_share(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The mean of (weight, share), rounded half up at four decimals; None where nothing weighs."""
    rows = list(parts)
    weight = sum((one for one, _ in rows), Decimal(0))
    if not weight:
        return None
    return (sum((one * share for one, share in rows), Decimal(0)) / weight).quantize(BASIS, ROUND_HALF_UP)


def read_scale(written: str) -> tuple[Cut, ...]:
    """A scale as people write it, a cut a line. Raises Flawed("scale.flawed") with every flaw."""
    lines = [(number, line.split()) for number, line in enumerate(written.splitlines(), start=1) if line.strip()]
    cuts, flaws = list[Cut](), list[Text]()
    for number, words in lines[:MOST_CUTS]:
        cut = _cut(words)
        if cut is None:
            flaws.append(_CUT.format(line=number))
        elif cuts and (cut.share >= cuts[-1].share or cut.points >= cuts[-1].points):
            flaws.append(_ORDER.format(line=number))
        else:
            cuts.append(cut)
    if not flaws and (not cuts or cuts[-1].share):
        flaws.append(_FLOOR)
    if flaws:
        raise Flawed("scale.flawed", _FLAWED.format(n=len(flaws)), errors=[{"text": flaw.as_dict()} for flaw in flaws])
    return tuple(cuts)


def _cut(words: Sequence[str]) -> Cut | None:
    try:
        letter, percent, points = words
        cut = Cut(letter[:4], Decimal(percent) / 100, Decimal(points))
        is_right = 0 <= cut.share <= 1 and 0 <= cut.points <= TOP
    except (ValueError, InvalidOperation):
        return None
    return cut if is_right else None


def written_scale(scale: Sequence[Cut]) -> str:
    return "\n".join(f"{cut.letter} {(cut.share * 100).normalize():f} {cut.points.normalize():f}" for cut in scale)
