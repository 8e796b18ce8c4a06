"""What somebody takes part in: each task with its window and the attempts that are left now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from dure.challenges.models import Entrant, Quota, Round
from dure.challenges.queries.attempts import TOTAL, month_of
from dure.core import clock
from dure.people.models import Person


@dataclass(frozen=True)
class Allowance:
    """Attempts used up of those there are (``of`` None: no limit), and when there are new ones, if ever."""

    used: int
    of: int | None
    renews_at: datetime | None = None

    @property
    def left(self) -> int | None:
        return None if self.of is None else max(self.of - self.used, 0)


@dataclass(frozen=True)
class Entered:
    """A task as it stands for an entrant now."""

    entrant: Entrant
    opens_at: datetime | None
    deadline: datetime | None
    today: Allowance
    month: Allowance
    total: Allowance

    @property
    def is_open(self) -> bool:
        """Whether something can be chosen, as far as the clock tells."""
        now = clock.now()
        return (self.opens_at is None or self.opens_at <= now) and (self.deadline is None or now < self.deadline)

    @property
    def takes(self) -> bool:
        """Whether something can be handed in."""
        return self.is_open and self.entrant.task.round.is_active


def entered_by(person: Person) -> QuerySet[Entrant]:
    """Where somebody takes part, alone or in a team."""
    return Entrant.objects.filter(members__person=person).select_related("task__round")


def as_they_stand(entrants: Sequence[Entrant]) -> list[Entered]:
    """Each of them now; the attempts of all are read at once."""
    quotas = Quota.objects.filter(entrant__in=entrants).values_list("entrant", "period", "used")
    used: dict[tuple[UUID, str], int] = {(entrant, period): count for entrant, period, count in quotas}
    return [_stands(entrant, used) for entrant in entrants]


def _stands(entrant: Entrant, used: dict[tuple[UUID, str], int]) -> Entered:
    round_ = entrant.task.round
    today, tomorrow, following = _days(round_)
    return Entered(
        entrant=entrant,
        opens_at=max(filter(None, [entrant.opens_at, round_.opens_at]), default=None),
        deadline=entrant.deadline,
        today=Allowance(used.get((entrant.pk, today), 0), round_.daily, tomorrow),
        month=Allowance(used.get((entrant.pk, month_of(today)), 0), round_.monthly, following),
        total=Allowance(used.get((entrant.pk, TOTAL), 0), round_.total),
    )


def _days(round_: Round) -> tuple[str, datetime, datetime]:
    """The day of the round's zone, and when the next day and the next month begin."""
    local = clock.now().astimezone(ZoneInfo(round_.zone))
    today = local.date()
    begins = [today + timedelta(days=1), (today.replace(day=1) + timedelta(days=31)).replace(day=1)]
    tomorrow, following = (datetime.combine(day, time(), tzinfo=local.tzinfo) for day in begins)
    return today.isoformat(), tomorrow, following
