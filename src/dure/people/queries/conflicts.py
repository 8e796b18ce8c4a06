"""Conflicts of interest between a reviewer and those whose case it is (BLUEPRINT, E, Conflicts)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from dure.people.models import Bond, Membership, Relation, Role, TeamMember
from dure.store.chunks import chunked

Unit = tuple[object, ...]  # something two persons may both belong to; equal units are the same one


@dataclass(slots=True)
class _Belongings:
    """Where one person belongs on the day, and where they worked before."""

    organisations: set[UUID] = field(default_factory=set)
    departments: set[Unit] = field(default_factory=set)
    teams: set[Unit] = field(default_factory=set)
    worked: set[UUID] = field(default_factory=set)  # ever, up to the day

    @property
    def left(self) -> set[UUID]:
        """Employers they no longer have."""
        return self.worked - self.organisations

    @property
    def past_and_present(self) -> set[UUID]:
        return self.worked | self.organisations


_NOWHERE = _Belongings()


@dataclass(frozen=True, slots=True)
class Ties:
    """How some persons hang together on one day: read once, asked for any number of reviewers and cases."""

    belongings: Mapping[UUID, _Belongings]
    bonds: Mapping[tuple[UUID, UUID], Collection[str]]

    def between(
        self, reviewer: UUID, persons: Collection[UUID], organisations: Collection[UUID], kinds: Iterable[str]
    ) -> set[str]:
        """The ``kinds`` of conflict between a reviewer and a case's persons or organisations.

        ``own-proposal`` and declared conflicts are the engine's to know. Bonds count from both sides: nobody
        reviews their line manager either. A past employer is one that at least one of the two has left.
        """
        own = self.belongings.get(reviewer, _NOWHERE)
        others = [self.belongings.get(person, _NOWHERE) for person in persons]
        bonds = {bond for person in persons for bond in self.bonds.get((reviewer, person), ())}
        return {kind for kind in kinds if kind in bonds or _shares(kind, own, others, organisations)}


def ties(persons: Iterable[UUID], *, on: date) -> Ties:
    """Read what ties these persons (reviewers and the cases' persons alike) together: three queries for each 5,000."""
    belongings: dict[UUID, _Belongings] = defaultdict(_Belongings)
    bonds: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for chunk in chunked(set(persons)):
        _read_memberships(chunk, on, belongings)
        _read_teams(chunk, belongings)
        _read_bonds(chunk, bonds)
    return Ties(dict(belongings), dict(bonds))


def conflicts_between(
    reviewer: UUID, persons: Collection[UUID], organisations: Collection[UUID], kinds: Iterable[str], *, on: date
) -> set[str]:
    """The conflicts of one reviewer with one case. For many of them ask :func:`ties` once."""
    return ties([reviewer, *persons], on=on).between(reviewer, persons, organisations, kinds)


_Shares = Callable[[_Belongings, _Belongings], bool]
_SHARED: Mapping[str, _Shares] = {
    "same-org": lambda own, other: not own.organisations.isdisjoint(other.organisations),
    "same-department": lambda own, other: not own.departments.isdisjoint(other.departments),
    "same-team": lambda own, other: not own.teams.isdisjoint(other.teams),
    "past-employer": lambda own, other: bool(own.left & other.past_and_present or other.left & own.past_and_present),
}


def _shares(kind: str, own: _Belongings, others: list[_Belongings], organisations: Collection[UUID]) -> bool:
    if kind not in _SHARED:
        return False
    itself = _Belongings(organisations=set(organisations))
    return any(_SHARED[kind](own, other) for other in (*others, itself))


def _read_memberships(persons: Sequence[UUID], on: date, into: Mapping[UUID, _Belongings]) -> None:
    rows = Membership.objects.filter(person__in=persons, since__lte=on)
    for row in rows.only("person_id", "organisation_id", "role", "department", "team", "until"):
        belongings = into[row.person_id]
        if row.role != Role.STUDENT:
            belongings.worked.add(row.organisation_id)
        if row.until is None or row.until > on:
            _add_current(belongings, row)


def _add_current(belongings: _Belongings, row: Membership) -> None:
    department, team = row.department.strip().casefold(), row.team.strip().casefold()
    belongings.organisations.add(row.organisation_id)
    if department:
        belongings.departments.add((row.organisation_id, department))
    if team:
        belongings.teams.add((row.organisation_id, department, team))


def _read_teams(persons: Sequence[UUID], into: Mapping[UUID, _Belongings]) -> None:
    rows = TeamMember.objects.filter(person__in=persons, left_at=None)
    for person, team in rows.values_list("person_id", "team_id"):
        into[person].teams.add((team,))


def _read_bonds(persons: Sequence[UUID], into: Mapping[tuple[UUID, UUID], set[str]]) -> None:
    rows = Relation.objects.filter(Q(one__in=persons) | Q(other__in=persons), ended_at=None)
    for one, other, bond in rows.values_list("one_id", "other_id", "bond"):
        into[one, other].add(Bond(bond).value)
        into[other, one].add(Bond(bond).value)
