"""What the points of several interviewers come to together: exact, and only where they are not too far apart. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Points = Mapping[str, Decimal]
"""Points by the key of their criterion."""
Means = dict[str, Fraction]

KEPT = Decimal("0.0001")


def agreed(given: Sequence[Points], *, seats: int, most: Decimal, gap: Decimal) -> Means | None:
    """The mean of each criterion, or None where people have to talk: totals differ by more than the share ``gap`` of
    ``most``.

    Of more than ``seats`` interviewers, those beyond were asked because the first were too far apart: then as many as
    first gave points, those closest to each other, count (of two such groups the higher one: a tie is the candidate's).
    """
    ordered = sorted(given, key=lambda points: (total(points), sorted(points.items())))
    if not ordered:
        return None
    if spread(ordered) <= gap * most:
        return means(ordered)
    few = max(2, seats)
    closest = min(
        (ordered[at : at + few] for at in reversed(range(len(ordered) - few + 1))), key=spread, default=ordered
    )
    return means(closest) if spread(closest) <= gap * most else None


def total(points: Points) -> Decimal:
    return sum(points.values(), Decimal(0))


def spread(given: Sequence[Points]) -> Decimal:
    """How far the highest total is from the lowest."""
    totals = [total(points) for points in given]
    return max(totals) - min(totals)


def means(given: Sequence[Points]) -> Means:
    keys = given[0]
    return {key: sum((Fraction(points[key]) for points in given), Fraction(0)) / len(given) for key in keys}


def summed(points: Iterable[Fraction]) -> Fraction:
    return sum(points, Fraction(0))


def kept(exact: Fraction) -> Decimal:
    """As a row keeps it: four decimals, half up. What follows from it is decided before."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(KEPT, ROUND_HALF_UP)
