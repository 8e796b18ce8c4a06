"""Who runs a round: its organisers, and those who operate the programme that it belongs to, as long as they do."""

from uuid import UUID

from django.db.models import QuerySet

from dure.challenges.models import Round
from dure.challenges.operations import add_organiser, remove_organiser
from dure.challenges.rules import organises
from dure.core.events import on
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.events import SeatEnded
from dure.programmes.models import Programme
from dure.store.worded import found


def runs(person: Person, round_: Round) -> bool:
    """Whether somebody sees to the round: they announce, answer as organisers, moderate, try it and watch it."""
    if organises(person, round_):
        return True
    place = next(iter(found(_places, round_.pk)), None)
    return place is not None and rules.operates(person, place.programme)


def _places(round_: UUID) -> "QuerySet[RoundTask]":
    return RoundTask.objects.filter(task__round=round_).select_related("programme").order_by("pk")


def let_organise(person: Person, round_: Round) -> None:
    """Who operates the programme of a round sees to the round as well, from the first thing they do there."""
    if not organises(person, round_) and runs(person, round_):
        add_organiser(round_, person)


@on(SeatEnded)
def leave_rounds(fact: SeatEnded) -> None:
    """Whoever operates the programme no more sees to its rounds no more."""
    programme, person = Programme.objects.get(pk=fact.programme), Person.objects.get(pk=fact.person)
    if rules.operates(person, programme):
        return
    for round_ in Round.objects.filter(tasks__round_task__programme=programme, organisers=person).distinct():
        remove_organiser(round_, person)
