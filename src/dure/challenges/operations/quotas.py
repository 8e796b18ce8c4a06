"""Attempts that are used up: taken by compare-and-set, given back once, on each day, in each month and in all."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Q, QuerySet

from dure.challenges.models import Entrant, Quota, Round, Submission
from dure.challenges.queries.attempts import TOTAL, month_of
from dure.core.errors import Refused
from dure.core.text import Text
from dure.store.worded import asked

_TODAY = Text(
    ko="오늘({period}) 제출 {most}회를 모두 썼습니다. 내일 다시 제출하세요.",
    en="All {most} attempts of today ({period}) are used up. Submit again tomorrow.",
)
_MONTH = Text(
    ko="이번 달({period}) 제출 {most}회를 모두 썼습니다. 다음 달에 다시 제출하세요.",
    en="All {most} attempts of this month ({period}) are used up. Submit again next month.",
)
_ALL = Text(ko="제출 {most}회를 모두 썼습니다.", en="All {most} attempts are used up.")


class OverQuota(Refused):
    """All attempts of a day, of a month or of the round are used up."""

    status = 429


def day_of(round_: Round, moment: datetime) -> str:
    """The day of the round's zone, as its ISO date."""
    return moment.astimezone(ZoneInfo(round_.zone)).date().isoformat()


def take_attempt(entrant: Entrant, day: str) -> None:
    """Use one attempt up, in every period or in none, by compare-and-set: however many come at once, none is taken
    twice. The entrant is held, so that rows of new periods are made once. Raises OverQuota."""
    limits = _limits(entrant.task.round, day)
    rows = Quota.objects.filter(entrant=entrant, period__in=list(limits))
    full = [Q(period=period, used__gte=most) for period, most in limits.items() if most is not None]
    free = rows.filter(~Exists(rows.filter(reduce(or_, full)))) if full else rows
    taken = free.update(used=F("used") + 1)
    if taken == len(limits):
        return
    if not taken or 0 in limits.values():
        check_attempts(entrant, day)
    known = set(rows.values_list("period", flat=True))
    Quota.objects.bulk_create(Quota(entrant=entrant, period=period, used=1) for period in limits.keys() - known)


def check_attempts(entrant: Entrant, day: str) -> None:
    """Raise OverQuota where none is left."""
    bounds = _bounds(entrant.task.round, day)
    spent = _spent(entrant, day) if bounds else {}
    for period, most in bounds.items():
        if spent.get(period, 0) >= most:
            raise _over(period, most)


def give_back(submission: Submission) -> None:
    """Give an attempt's quota back, once."""
    if Submission.objects.filter(pk=submission.pk, counted=True).update(counted=False):
        periods = [submission.period, month_of(submission.period), TOTAL]
        Quota.objects.filter(entrant=submission.entrant_id, period__in=periods).update(used=F("used") - 1)


def tightest(entrant: Entrant, day: str) -> tuple[int, int | None]:
    """How many are used up of how many, by the limit with the fewest left; (…, None) where there is none."""
    limits = _bounds(entrant.task.round, day)
    spent = _spent(entrant, day)
    if not limits:
        return spent.get(TOTAL, 0), None
    period = min(limits, key=lambda one: limits[one] - spent.get(one, 0))
    return spent.get(period, 0), limits[period]


def _limits(round_: Round, day: str) -> Mapping[str, int | None]:
    return {day: round_.daily, month_of(day): round_.monthly, TOTAL: round_.total}


def _bounds(round_: Round, day: str) -> Mapping[str, int]:
    return {period: most for period, most in _limits(round_, day).items() if most is not None}


def _spent(entrant: Entrant, day: str) -> Mapping[str, int]:
    """Attempts that count, of the day, of its month and in all."""
    return dict(asked(_used, entrant.pk, day, month_of(day)))


def _used(entrant: UUID, day: str, month: str) -> QuerySet[Quota, tuple[str, int]]:
    return Quota.objects.filter(entrant=entrant, period__in=[day, month, TOTAL]).values_list("period", "used")


def _over(period: str, most: int) -> OverQuota:
    sentence = _ALL if period == TOTAL else _MONTH if period == month_of(period) else _TODAY
    return OverQuota("challenges.quota", sentence.format(most=most, period=period), used=most, of=most, period=period)
