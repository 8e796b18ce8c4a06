"""What is asked for month by month, and what is asked for more than before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from dure.skills.models import Demand, Skill

MONTHS = 3  # compared with as many before
LEAST = 5  # fewer askers are an accident


@dataclass(frozen=True, slots=True)
class Rise:
    """A skill with how often it was asked for in a month on average, before and lately."""

    skill: Skill
    before: float
    lately: float

    @property
    def growth(self) -> float:
        return self.lately - self.before


def demand(skill: Skill, *, months: int = 24) -> list[tuple[date, int]]:
    """How often a skill was asked for in each month that was counted, the oldest first."""
    rows = Demand.objects.filter(skill=skill).values_list("month").annotate(Sum("count")).order_by("-month")
    return list(reversed(rows[:months]))


def rising(*, on: date, months: int = MONTHS) -> list[Rise]:
    """Skills asked for more in the last ``months`` than in those before, the steepest first.

    A month that was never counted says nothing; a skill without a count in one that was, was not asked for.
    """
    last, first = [_back(on, n) for n in range(months)], [_back(on, n) for n in range(months, 2 * months)]
    known = set(Demand.objects.filter(month__in=last + first).values_list("month", flat=True).distinct())
    lately, before = _totals(last), _totals(first)
    skills = Skill.objects.in_bulk([skill for skill, total in lately.items() if total >= LEAST])
    counted, earlier = len(known & {*last}), len(known & {*first})
    if not earlier:
        return []
    rises = [Rise(row, before[key] / earlier, lately[key] / counted) for key, row in skills.items()]
    return sorted((rise for rise in rises if rise.growth > 0), key=lambda rise: (-rise.growth, rise.skill.code))


def _totals(months: list[date]) -> "defaultdict[object, int]":
    rows = Demand.objects.filter(month__in=months).values_list("skill").annotate(Sum("count"))
    return defaultdict(int, rows)


def _back(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, 1)
