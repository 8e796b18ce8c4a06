"""Who holds which role for whom."""

from collections.abc import Collection
from uuid import UUID

from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Programme, Seat


def seated(programme: Programme, role: str) -> list[Person]:
    """Persons who sit in ``role`` now, in the order they were seated."""
    seats = Seat.objects.filter(programme=programme, role=role, ended_at__isnull=True)
    return [seat.person for seat in seats.select_related("person").order_by("pk")]


def roles_of(programme: Programme, person: Person) -> set[str]:
    """The roles that ``person`` sits in now."""
    seats = Seat.objects.filter(programme=programme, person=person, ended_at__isnull=True)
    return set(seats.values_list("role", flat=True))


def holders_of(programme: Programme, stage: str, members: Collection[int], role: str) -> list[UUID]:
    """Who holds ``role`` for members (ids) at a stage: for each, those of the latest stage that it took under that role
    (appendix G; decision 0002, Role holders)."""
    blueprint = blueprint_of(programme)
    rows = Attendant.objects.filter(turn__turn_members__member_id__in=members, role=role).order_by("slot", "pk")
    held: dict[int, dict[int, list[UUID]]] = {member: {} for member in members}
    for member, where, person in rows.values_list("turn__turn_members__member_id", "turn__stage", "person_id"):
        held[member].setdefault(blueprint.position(where), []).append(person)
    here = blueprint.position(stage)
    latest = {
        member: max((place for place in places if place <= here), default=None) for member, places in held.items()
    }
    found = [person for member, place in latest.items() if place is not None for person in held[member][place]]
    return list(dict.fromkeys(found))
