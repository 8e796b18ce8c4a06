"""Whether two entrants may become one: what they have used together, beside what one team would have had by now."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from dure.challenges.models import UNJUDGED, Entrant, Submission
from dure.challenges.queries.attempts import TOTAL, month_of, used
from dure.core import clock


@dataclass(frozen=True)
class Outlook:
    """Two entrants as one: attempts ``used`` of those that one team would have had (``of`` None: no limit)."""

    into: Entrant
    gone: Entrant
    used: int
    of: int | None
    unjudged: int

    @property
    def holds(self) -> bool:
        return not self.unjudged and (self.of is None or self.used <= self.of)


def outlook(into: Entrant, gone: Entrant) -> Outlook:
    """The two as they stand now."""
    waiting = Submission.objects.filter(entrant__in=[into, gone], state__in=UNJUDGED).count()
    return Outlook(into, gone, used(into, TOTAL) + used(gone, TOTAL), _by_now(into), waiting)


def _by_now(entrant: Entrant) -> int | None:
    """Attempts of one team up to now: each month what its days or the month allow, never more than in all."""
    round_ = entrant.task.round
    zone = ZoneInfo(round_.zone)
    first = max(filter(None, [entrant.opens_at, round_.opens_at]), default=round_.made_at)
    today, since = clock.now().astimezone(zone).date(), first.astimezone(zone).date()
    days = Counter(month_of((since + timedelta(day)).isoformat()) for day in range((today - since).days + 1))
    by_months = [
        _least(None if round_.daily is None else round_.daily * count, round_.monthly) for count in days.values()
    ]
    is_bounded = round_.daily is not None or round_.monthly is not None
    return _least(sum(most or 0 for most in by_months) if is_bounded else None, round_.total)


def _least(*bounds: int | None) -> int | None:
    return min((most for most in bounds if most is not None), default=None)
