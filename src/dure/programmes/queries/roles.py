"""Who holds which role for whom."""

from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Programme, Seat, Turn, TurnMember


def seated(programme: Programme, role: str) -> list[Person]:
    """Persons who sit in ``role`` now, in the order they were seated."""
    seats = Seat.objects.filter(programme=programme, role=role, ended_at__isnull=True)
    return [seat.person for seat in seats.select_related("person").order_by("pk")]


def roles_of(programme: Programme, person: Person) -> set[str]:
    """The roles that ``person`` sits in now."""
    seats = Seat.objects.filter(programme=programme, person=person, ended_at__isnull=True)
    return set(seats.values_list("role", flat=True))


def holders_of(programme: Programme, turn: Turn, role: str) -> list[Person]:
    """Who holds ``role`` for the turn: its own, else of the latest stage its members took that had any (appendix G)."""
    blueprint = blueprint_of(programme)
    members = turn.turn_members.values("member_id")
    taken = TurnMember.objects.filter(member_id__in=members).values("turn_id")
    rows = Attendant.objects.filter(turn_id__in=taken, role=role).select_related("person", "turn")
    by_stage: dict[int, list[Attendant]] = {}
    for row in rows.order_by("slot", "pk"):
        by_stage.setdefault(blueprint.position(row.turn.stage), []).append(row)
    here = blueprint.position(turn.stage)
    latest = max((place for place in by_stage if place <= here), default=None)
    return list(dict.fromkeys(row.person for row in by_stage[latest])) if latest is not None else []
