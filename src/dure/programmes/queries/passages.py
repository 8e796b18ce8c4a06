"""Cases as they travel: who is in each, and its turn at every stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet

from dure.people.models import Person
from dure.programmes.models import Case, Member, Turn
from dure.store.worded import found, padded, valued


class Leg(NamedTuple):
    """What a list shows of a turn; what was handed in, and ``values`` of its evidence, where they were asked for."""

    stage: str
    state: str
    options: list[str]
    handed_in_at: datetime | None = None
    late: bool = False
    mark: float | None = None
    values: Mapping[str, Any] | None = None


class Face(NamedTuple):
    """What a list shows of a person."""

    pk: UUID
    name: str
    email: str

    def __str__(self) -> str:
        return self.name or self.email


Taken = TypeVar("Taken", Turn, Leg)
Who = TypeVar("Who", Person, Face)


@dataclass(frozen=True)
class Passage(Generic[Who, Taken]):
    """A case, its persons, and by stage the turn that it has (of several, one member's), in the order of arrival."""

    case: Case
    people: Sequence[Who]
    turns: dict[str, Taken]

    @property
    def who(self) -> str:
        """Its title, else its persons' names, else whoever entered it."""
        return self.case.title or ", ".join(str(person) for person in self.people) or str(self.case.entered_by)

    @property
    def latest(self) -> Taken | None:
        """The turn that began last: where the case stands."""
        return next(reversed(self.turns.values()), None)


Journey = Passage[Person, Turn]
Glimpse = Passage[Face, Leg]
FACE = ("person", "person__name", "person__email")
_LEG = ("stage", "state", "options")
_DONE = ("handed_in_at", "late", "mark")
_CASE = "turn_members__member__case"


def passages_of(cases: Sequence[Case]) -> list[Journey]:
    """The passages of ``cases`` in their order, with whole persons and turns, in two queries."""
    ids = padded([case.pk for case in cases])
    people = ((member.case_id, member.person) for member in found(_members, *ids) if member.person)
    return _together(cases, people, ((turn.of, turn) for turn in found(_whole_turns, *ids)))


def _members(*cases: UUID) -> "QuerySet[Member]":
    return Member.objects.filter(case__in=cases, person__isnull=False).order_by("pk").select_related("person")


def _whole_turns(*cases: UUID) -> "QuerySet[Any]":
    return _turns(cases).annotate(of=F(_CASE)).select_related("evidence")


def legs_of(cases: Sequence[Case], *, done: bool, evidence: bool) -> list[Glimpse]:
    """The passages of many ``cases`` with what a list shows of them, as light as can be: also in two.

    ``done``: with what was handed in when; ``evidence``: with that and its values.
    """
    ids = padded([case.pk for case in cases])
    members, turns = valued(_faces, *ids), valued(_Legs(done=done, evidence=evidence), *ids)
    return _together(
        cases, ((case, Face(*rest)) for case, *rest in members), ((case, Leg(*rest)) for case, *rest in turns)
    )


def _faces(*cases: UUID) -> "QuerySet[Member, Any]":
    return Member.objects.filter(case__in=cases, person__isnull=False).order_by("pk").values_list("case", *FACE)


@dataclass(frozen=True)
class _Legs:
    """Asks for the turns of cases, with as much of them as :func:`legs_of` is asked for."""

    done: bool
    evidence: bool

    def __call__(self, *cases: UUID) -> "QuerySet[Turn, Any]":
        values = ("evidence__values",) if self.evidence else ()
        return _turns(cases).values_list(_CASE, *_LEG, *(_DONE if self.done or self.evidence else ()), *values)


def _turns(cases: Sequence[UUID]) -> "QuerySet[Turn]":
    return Turn.objects.filter(turn_members__member__case__in=cases).order_by("arrived_at", "pk")


def _together(
    cases: Sequence[Case], people: Iterable[tuple[UUID, Who]], taken: Iterable[tuple[UUID, Taken]]
) -> list[Passage[Who, Taken]]:
    persons: dict[UUID, list[Who]] = defaultdict(list)
    for case, person in people:
        persons[case].append(person)
    turns: dict[UUID, dict[str, Taken]] = defaultdict(dict)
    for case, turn in taken:
        turns[case].setdefault(turn.stage, turn)
    return [Passage(case, persons[case.pk], turns[case.pk]) for case in cases]
