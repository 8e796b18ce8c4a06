"""What exams and interviews share at a test stage: who goes to which, and a result that hands in or counts no more."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from dure.core.errors import Refused
from dure.joints.options import option_by_turn
from dure.people.models import Person
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.operations.handing import hand_in, try_again
from dure.programmes.queries.members import members_by_turn
from dure.skills.operations import record

Bound = TypeVar("Bound")


def persons_for(
    programme: Programme, stage_id: str, turns: Sequence[Turn], *, bound: Mapping[str, Bound]
) -> dict[Bound, dict[Person, Turn]]:
    """Who goes where, each with their turn: to what is bound for their option, else for everybody ("").

    A turn of several persons goes nowhere: somebody records it.
    """
    members = members_by_turn(turns)
    options = option_by_turn(programme, stage_id, turns, members)
    going: dict[Bound, dict[Person, Turn]] = {}
    for turn in turns:
        persons = [member.person for member in members[turn.pk] if member.person]
        where = bound.get(options[turn.pk]) or bound.get("")
        if where is not None and len(persons) == 1:
            going.setdefault(where, {})[persons[0]] = turn
    return going


@dataclass(frozen=True)
class Result:
    """What counts of a turn's person: the evidence, what it is shown by, and when it was received."""

    values: dict[str, Any]
    proof: str
    received: datetime | None


def show_result(turn: Turn, person: Person, result: Result | None, *, via: str) -> None:
    """Hand in the result that counts, or let what was handed in ``via`` it count no more; the same twice is once.

    What the turn takes no more (closed, settled, left) stays the room's alone.
    """
    values, proof = (result.values, result.proof) if result else ({}, "void")
    stood = turn.evidence if turn.evidence is not None and turn.evidence.via == via else None
    if (stood is None and result is None) or (stood and (stood.values, stood.proof) == (values, proof)):
        return
    with suppress(Refused), transaction.atomic():
        moment = result.received if result else turn.handed_in_at
        if turn.state == TurnState.OUT and result:
            try_again(turn, at=moment)
        evidence = record("test", values, persons=[person], via=via, by=None, proof=proof)
        hand_in(turn, evidence, at=moment)
