"""What answers tell of questions and of a whole exam: classical test theory; pure.

difficulty        the mean share of its points that a question gave (high: easy).
upper_lower       the mean share of the best 27 % of candidates less that of the last 27 % (Kelley 1939).
point_biserial    Pearson's correlation of the share with the score on all other questions (corrected item-rest).
alpha             Cronbach's alpha over questions that everybody had; KR-20 where each gave all or nothing (then equal).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean, pvariance
from uuid import UUID

UPPER = 0.27
LEAST = 2


@dataclass(frozen=True)
class Sat:
    """One question in one attempt: its share of the points, the points, the places of choices that were made."""

    question: UUID
    share: float
    points: float
    chosen: tuple[int, ...] = ()

    @property
    def mark(self) -> float:
        return self.share * self.points


@dataclass(frozen=True)
class Distractor:
    """A choice: how many made it, among the best and the last too, and what they scored elsewhere on average."""

    place: int
    chosen: int
    upper: int
    lower: int
    mean_elsewhere: float | None


@dataclass(frozen=True)
class Told:
    """Of one question; None where too few sat it, or all the same."""

    question: UUID
    n: int
    difficulty: float
    upper_lower: float | None
    point_biserial: float | None
    distractors: list[Distractor] = field(default_factory=list)


@dataclass(frozen=True)
class Whole:
    """Of the exam. ``common``: how many questions everybody had; ``is_kr20``: whether each gave all or nothing."""

    n: int
    mean: float | None
    deviation: float | None
    alpha: float | None
    is_kr20: bool
    common: int
    questions: list[Told]


def analyse(attempts: Sequence[Sequence[Sat]], *, choices: Mapping[UUID, int]) -> Whole:
    """``choices``: how many choices each question has, for those that have any."""
    scores = [_share(sats) for sats in attempts]
    ranked = sorted(range(len(attempts)), key=lambda at: -scores[at])
    questions = sorted({sat.question for sats in attempts for sat in sats})
    placed = [{sat.question: sat for sat in sats} for sats in attempts]
    told = [_of(question, placed, ranked, choices.get(question, 0)) for question in questions]
    common = [question for question in questions if all(question in sats for sats in placed)]
    alpha, binary = reliability([[sats[question].mark for question in common] for sats in placed]), _is_binary(attempts)
    return Whole(
        len(attempts), fmean(scores) if scores else None, sqrt(pvariance(scores)) if scores else None,
        alpha, binary, len(common), told,
    )  # fmt: skip


def reliability(marks: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha of a row of marks a candidate; None for fewer than two questions or no spread."""
    k = len(marks[0]) if marks else 0
    spread = pvariance([sum(row) for row in marks]) if marks else 0.0
    if k < LEAST or spread <= 0:
        return None
    single = sum(pvariance(column) for column in zip(*marks, strict=True))
    return float(k / (k - 1) * (1 - single / spread))


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's; None where either does not vary."""
    if len(xs) < LEAST:
        return None
    mx, my = fmean(xs), fmean(ys)
    sxx, syy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    if min(sxx, syy) < 1e-12:  # what rounding leaves of no spread
        return None
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sqrt(sxx * syy)


def _of(question: UUID, placed: Sequence[Mapping[UUID, Sat]], ranked: Sequence[int], choices: int) -> Told:
    sat = [at for at in ranked if question in placed[at]]
    shares = [placed[at][question].share for at in sat]
    elsewhere = [_share([one for one in placed[at].values() if one.question != question]) for at in sat]
    cut = round(len(sat) * UPPER)
    upper_lower = fmean(shares[:cut]) - fmean(shares[-cut:]) if cut else None
    made = [placed[at][question].chosen for at in sat]
    distractors = [_distractor(place, made, elsewhere, cut) for place in range(choices)]
    return Told(question, len(sat), fmean(shares), upper_lower, correlation(shares, elsewhere), distractors)


def _distractor(place: int, made: Sequence[tuple[int, ...]], elsewhere: Sequence[float], cut: int) -> Distractor:
    by = [place in chosen for chosen in made]
    scored = [score for score, chose in zip(elsewhere, by, strict=True) if chose]
    return Distractor(place, sum(by), sum(by[:cut]), sum(by[-cut:]) if cut else 0, fmean(scored) if scored else None)


def _share(sats: Sequence[Sat]) -> float:
    points = sum(sat.points for sat in sats)
    return sum(sat.mark for sat in sats) / points if points else 0.0


def _is_binary(attempts: Sequence[Sequence[Sat]]) -> bool:
    return all(sat.share in {0.0, 1.0} for sats in attempts for sat in sats)
