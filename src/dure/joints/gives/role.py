"""A role given by a verdict: the person is seated in it at once."""

from collections.abc import Sequence

from dure.audit.operations import record
from dure.core import clock
from dure.people.models import Organisation, Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Programme, Seat


class SeatGive:
    """Nobody sits twice in a role; who sits there already keeps the seat they have."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        """A seat can always be given."""

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        for given in gives:
            if given.person is not None:
                _seat(programme, given.name, given.person)
        done = Given.objects.filter(pk__in=[given.pk for given in gives])
        done.update(state=GivenState.DONE, done_at=clock.now(), via="seat")


def _seat(programme: Programme, role: str, person: Person) -> None:
    at = blueprint_of(programme).roles[role].at
    place = Organisation.objects.filter(pk__in=programme.parties.filter(key__in=at).values("organisation")).first()
    if not Seat.objects.filter(programme=programme, role=role, person=person, ended_at__isnull=True).exists():
        seat = Seat.objects.create(programme=programme, role=role, person=person, organisation=place)
        record("seat.taken", seat, after={"programme": programme.slug, "role": role, "person": person.pk}, about=person)
