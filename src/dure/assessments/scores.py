"""Scores: marks added up, what they mean for passing and level, what a remedy makes of a mark. Reads nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dure.assessments.marking import mark_of, share_of
from dure.assessments.models import Asked, Exam, Remarking, Remedy
from dure.core.text import Text


@dataclass(frozen=True)
class Result:
    """``score`` of ``total`` points."""

    score: Decimal
    total: Decimal
    passed: bool
    level: Text

    def as_columns(self) -> dict[str, Any]:
        """As an attempt keeps it."""
        return {"score": self.score, "total": self.total, "passed": self.passed,
                "level_ko": self.level.ko, "level_en": self.level.en}  # fmt: skip


def result_of(exam: Exam, asked: Iterable[tuple[bool, Decimal, Decimal]]) -> Result:
    """The result of questions, each as (counts, mark, points); exact. Where all were dropped, it is passed."""
    counting = [(mark, points) for counts, mark, points in asked if counts]
    score = sum((mark for mark, _ in counting), start=Decimal(0))
    total = sum((points for _, points in counting), start=Decimal(0))
    share = Fraction(score) / Fraction(total) if total else Fraction(1)
    return Result(score, total, share >= Fraction(exam.pass_share), level_at(exam.bands, share))


def level_at(bands: Sequence[Sequence[str]], share: Fraction) -> Text:
    """The level of a share of the points: that of the highest band which it reaches."""
    for least, korean, english in sorted(bands, key=lambda band: Decimal(band[0]), reverse=True):
        if share >= Fraction(least):
            return Text(ko=korean, en=english)
    return Text(ko="", en="")


def remedied(one: Asked, remarking: Remarking) -> tuple[bool, Decimal]:
    """Whether an answer counts under a remedy, and its mark."""
    mark = one.mark or Decimal(0)
    match remarking.remedy:
        case Remedy.DROP:
            return False, mark
        case Remedy.CREDIT:
            return one.counts, one.points
    assert remarking.correction  # noqa: S101 -- a constraint: what corrects says by what
    return one.counts, mark_of(one.points, share_of(remarking.correction.read, one.answer))
