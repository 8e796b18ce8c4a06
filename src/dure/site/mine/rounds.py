"""Rounds outside programmes that somebody takes part in: what is open by deadline, then what has ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dure.challenges.models import Entrant
from dure.challenges.queries.entered import Entered, as_they_stand, entered_by
from dure.core import clock
from dure.people.models import Person
from dure.site.challenges.tasks import title_of
from dure.site.mine.work import RECENT
from dure.store.worded import found


@dataclass(frozen=True)
class Part:
    """A round as its entrant stands in it."""

    title: str
    stands: Entered

    @property
    def is_over(self) -> bool:
        return self.stands.deadline is not None and self.stands.deadline <= clock.now()


def standing_rounds(person: Person) -> list[Part]:
    """The newest that somebody entered."""
    stand = as_they_stand(found(_entered, person.pk))
    return sorted((Part(title_of(one.entrant.task), one) for one in stand), key=_by_deadline)


def _entered(person: UUID) -> "QuerySet[Entrant]":
    rows = entered_by(Person(pk=person)).filter(round_turn=None)
    return rows.select_related("task__round_task__programme").order_by("-pk")[:RECENT]


def _by_deadline(part: Part) -> tuple[bool, bool, datetime]:
    deadline = part.stands.deadline
    return part.is_over, deadline is None, deadline or part.stands.entrant.entered_at
