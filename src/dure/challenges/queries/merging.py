"""Whether two entrants may become one: what they have used together, beside what one team would have had by now."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dure.challenges.models import UNJUDGED, Entrant, Submission
from dure.challenges.queries.attempts import TOTAL, used
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
    """Attempts of one team up to now: so many a day and a month since the first, never more than in all."""
    round_ = entrant.task.round
    zone = ZoneInfo(round_.zone)
    first = max(filter(None, [entrant.opens_at, round_.opens_at]), default=round_.made_at)
    today, since = clock.now().astimezone(zone).date(), first.astimezone(zone).date()
    days = max((today - since).days + 1, 0)
    months = max((today.year - since.year) * 12 + today.month - since.month + 1, 0)
    bounds = [
        None if most is None else most * times
        for most, times in ((round_.daily, days), (round_.monthly, months), (round_.total, 1))
    ]
    return min((most for most in bounds if most is not None), default=None)
