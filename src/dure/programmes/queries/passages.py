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


class Leg(NamedTuple):
    """What a list shows of a turn. ``values`` of its evidence, where they were asked for."""

    pk: UUID
    stage: str
    state: str
    options: list[str]
    arrived_at: datetime
    handed_in_at: datetime | None
    late: bool
    mark: float | None
    values: Mapping[str, Any] | None = None


Taken = TypeVar("Taken", Turn, Leg)


@dataclass(frozen=True)
class Passage(Generic[Taken]):
    """A case, its persons, and by stage the turn that it has (of several, one member's)."""

    case: Case
    people: Sequence[Person]
    turns: Mapping[str, Taken]

    @property
    def who(self) -> str:
        """Its title, else its persons' names, else whoever entered it."""
        return self.case.title or ", ".join(str(person) for person in self.people) or str(self.case.entered_by)

    @property
    def latest(self) -> Taken | None:
        """The turn that began last: where the case stands."""
        return max(self.turns.values(), key=lambda turn: (turn.arrived_at, turn.pk), default=None)


_PERSON = ("person__name", "person__email", "person__is_active")
_LEG = ("pk", "stage", "state", "options", "arrived_at", "handed_in_at", "late", "mark")


def passages_of(cases: Sequence[Case]) -> list[Passage[Turn]]:
    """The passages of ``cases`` in their order, with whole turns, in two queries."""
    case_of, people = _members(cases)
    turns = _turns(case_of).annotate(member=F("turn_members__member")).select_related("evidence")
    return _together(cases, people, ((case_of[turn.member], turn) for turn in turns))


def legs_of(cases: Sequence[Case], *, evidence: bool) -> list[Passage[Leg]]:
    """The passages of many ``cases`` with what a list shows of their turns, as light as can be: also in two."""
    case_of, people = _members(cases)
    asked = (*_LEG, "evidence__values") if evidence else _LEG
    rows = _turns(case_of).values_list("turn_members__member", *asked)
    return _together(cases, people, ((case_of[member], Leg(*rest)) for member, *rest in rows))


def _members(cases: Sequence[Case]) -> tuple[dict[int, UUID], dict[UUID, list[Person]]]:
    """Each member's case, and each case's persons."""
    people: dict[UUID, list[Person]] = defaultdict(list)
    case_of: dict[int, UUID] = {}
    members = Member.objects.filter(case__in=cases).select_related("person").only("case", *_PERSON)
    for member in members.order_by("pk"):
        case_of[member.pk] = member.case_id
        if member.person:
            people[member.case_id].append(member.person)
    return case_of, people


def _turns(case_of: Mapping[int, UUID]) -> "QuerySet[Turn]":
    return Turn.objects.filter(turn_members__member__in=list(case_of)).order_by("pk")


def _together(
    cases: Sequence[Case], people: Mapping[UUID, list[Person]], taken: Iterable[tuple[UUID, Taken]]
) -> list[Passage[Taken]]:
    turns: dict[UUID, dict[str, Taken]] = defaultdict(dict)
    for case, turn in taken:
        turns[case].setdefault(turn.stage, turn)
    return [Passage(case, people.get(case.pk, []), turns[case.pk]) for case in cases]
