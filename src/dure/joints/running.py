"""Who runs a round: its organisers, and those who operate the programme that it belongs to."""

from dure.challenges.models import Round
from dure.challenges.rules import organises
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes import rules


def runs(person: Person, round_: Round) -> bool:
    """Whether somebody sees to the round: they announce, answer as organisers, moderate, try it and watch it."""
    if organises(person, round_):
        return True
    place = RoundTask.objects.filter(task__round=round_).select_related("programme").first()
    return place is not None and rules.operates(person, place.programme)
