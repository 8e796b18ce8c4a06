"""Where somebody may nominate now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from dure.blueprint.model import Ability, Entry, Stage
from dure.core import clock
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Programme, ProgrammeState, Seat
from dure.programmes.windows import entry_span
from dure.store.worded import found

_NOMINATE = frozenset({Ability.OPERATE, Ability.DECIDE})


@dataclass(frozen=True)
class Nominating:
    """A stage that takes nominations, until ``closes`` (None: until an operator says so)."""

    programme: Programme
    stage: Stage
    closes: datetime | None


def nominating_of(person: Person) -> list[Nominating]:
    """The stages for which a seat lets somebody nominate now (``rules.may_nominate``), by programme."""
    programmes = {seat.programme_id: seat.programme for seat in found(_seats, person.pk) if _may(seat)}
    prefetch_related_objects(list(programmes.values()), "closings")
    taken = [
        Nominating(programme, stage, entry_span(programme, stage)[1])
        for programme in programmes.values()
        for stage in blueprint_of(programme).stages
        if _is_taken(programme, stage)
    ]
    return [one for one in taken if one.closes is None or one.closes > clock.now()]


def _seats(person: UUID) -> "QuerySet[Seat]":
    seats = Seat.objects.filter(person=person, ended_at__isnull=True, programme__state__in=LIVE)
    return seats.select_related("programme").order_by("programme", "pk")


def _may(seat: Seat) -> bool:
    role = blueprint_of(seat.programme).roles.get(seat.role)
    return role is not None and not _NOMINATE.isdisjoint(role.can)


def _is_taken(programme: Programme, stage: Stage) -> bool:
    """A start takes nominations while the programme takes entries, a later stage as long as it lives."""
    return stage.entry is Entry.NOMINATE and (bool(stage.after) or programme.state == ProgrammeState.OPEN)
