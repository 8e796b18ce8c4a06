"""Levels of people, and why they are what they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dure.people.models import Person
from dure.skills.levels import Seen, shares, strength
from dure.skills.models import Evidencing, JobRole, Level, OwnRole
from dure.store.chunks import chunked


@dataclass(frozen=True, slots=True)
class Why:
    """One piece of evidence behind a level: the points it brings today, and its part of all that counts, in percent."""

    evidencing: Evidencing
    on: date
    points: int
    share: int


def seen_of(person: UUID, skills: Iterable[UUID]) -> Iterator[tuple[Evidencing, Seen]]:
    """All that speaks for a person at some skills, the oldest first."""
    rows = Evidencing.objects.filter(evidence__showings__person=person, skill__in=list(skills))
    for row in rows.select_related("evidence").order_by("evidence__recorded_at", "pk"):
        on = timezone.localtime(row.evidence.recorded_at).date()
        yield row, Seen(row.evidence.kind, row.level, row.share, row.score, row.trust, on)


def explained(person: Person, skills: Iterable[UUID], *, on: date) -> dict[UUID, list[Why]]:
    """For each skill what its level stands on, the weightiest first."""
    found: dict[UUID, list[tuple[Evidencing, Seen]]] = defaultdict(list)
    for row, seen in seen_of(person.pk, skills):
        found[row.skill_id].append((row, seen))
    held = dict(Level.objects.filter(person=person, skill__in=list(found)).values_list("skill", "level"))
    return {skill: _why(pairs, level=max(held.get(skill, 0), 1), on=on) for skill, pairs in found.items()}


def _why(pairs: list[tuple[Evidencing, Seen]], *, level: int, on: date) -> list[Why]:
    parts = shares((seen for _, seen in pairs), level=level, on=on)
    told = [
        Why(row, seen.on, strength(seen, on=on) // 1_000_000, part)
        for (row, seen), part in zip(pairs, parts, strict=True)
    ]
    return sorted(told, key=lambda why: -why.points)


def levels_of(person: Person) -> QuerySet[Level]:
    """What evidence shows of somebody, the highest first, with the skills."""
    rows = Level.objects.filter(person=person).select_related("skill__taxonomy")
    return rows.order_by("-level", "-towards", "skill__name_key", "pk")


def levels_of_many(persons: Iterable[UUID], skills: Iterable[UUID]) -> dict[UUID, dict[UUID, int]]:
    """For each person the level at each of the skills that they have some of."""
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    wanted = list(skills)
    for some in chunked(persons):
        rows = Level.objects.filter(person__in=some, skill__in=wanted, level__gte=1)
        for person, skill, level in rows.values_list("person", "skill", "level"):
            found[person][skill] = level
    return dict(found)


def own_role(person: Person) -> JobRole | None:
    """The job role that somebody has or works towards."""
    row = OwnRole.objects.filter(person=person).select_related("role__taxonomy").first()
    return row.role if row else None
