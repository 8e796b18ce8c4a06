"""Cases as they travel: who is in each, and its turn at every stage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from dure.people.models import Person
from dure.programmes.models import Case, Member, Turn


@dataclass(frozen=True)
class Passage:
    """A case, its persons, and by stage the turn that it has (of several, one member's)."""

    case: Case
    people: Sequence[Person]
    turns: Mapping[str, Turn]

    @property
    def who(self) -> str:
        """Its title, else its persons' names, else whoever entered it."""
        return self.case.title or ", ".join(str(person) for person in self.people) or str(self.case.entered_by)

    @property
    def latest(self) -> Turn | None:
        """The turn that began last: where the case stands."""
        return max(self.turns.values(), key=lambda turn: (turn.arrived_at, turn.pk), default=None)


_PERSON = ("person__name", "person__email", "person__is_active")
_TURN = ("stage", "state", "options", "title", "arrived_at", "handed_in_at", "closes_at", "late", "mark")


def passages_of(cases: Sequence[Case], *, evidence: bool = True) -> list[Passage]:
    """The passages of ``cases`` in their order, in two queries. Without ``evidence`` and of persons only what a list
    shows is read; the rest comes when it is asked for."""
    people: dict[UUID, list[Person]] = defaultdict(list)
    case_of: dict[int, UUID] = {}
    members = Member.objects.filter(case__in=cases).select_related("person").only("case", *_PERSON)
    for member in members.order_by("pk"):
        case_of[member.pk] = member.case_id
        if member.person:
            people[member.case_id].append(member.person)
    turns: dict[UUID, dict[str, Turn]] = defaultdict(dict)
    taken = Turn.objects.filter(turn_members__member__in=list(case_of)).annotate(member=F("turn_members__member"))
    taken = taken.select_related("evidence") if evidence else taken.only(*_TURN)
    for turn in taken.order_by("pk"):
        turns[case_of[turn.member]].setdefault(turn.stage, turn)
    return [Passage(case, people[case.pk], turns[case.pk]) for case in cases]
