"""Who an organisation's people are, by how they stand and what they learn; how many of them stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.joints.workforce.rows import Eyes, is_one, is_own, learning, own, sharing, skilled, standing
from dure.joints.workforce.shapes import Numbers, Standing, Wanted
from dure.learning.models import Enrolment, EnrolmentState
from dure.people.days import today
from dure.people.models import Consent, Membership, Organisation, Person
from dure.people.queries.consent import EMPLOYER
from dure.people.queries.names import FORWARDS, few_called, is_near, nearer
from dure.skills.models import OwnRole
from dure.store.search import called
from dure.store.worded import counted, valued

NARROWING = ("cohort", "role", "skill")


def workforce(organisation: Organisation, wanted: Wanted | None = None) -> "QuerySet[Person]":
    """Its people, those who are looked for, by name."""
    wanted, eyes = wanted or Wanted(), Eyes.of(organisation)
    rows = Person.objects.filter(_called(wanted.text, eyes), _fits(eyes, wanted), is_active=True)
    return rows.order_by(*FORWARDS)


def _called(typed: str, eyes: Eyes) -> Q:
    """Its people of that name: of few who are called so it is asked whether they are its people."""
    few = few_called(typed) if typed else None
    if few is not None:
        return Q(is_own(eyes), pk__in=few)
    return Q(called(typed) if typed else Q(), pk__in=own(eyes))


class Found(Sequence[UUID]):
    """The ids of those who are looked for, by name, a part at a time. How many there are is counted where it is not
    ``known``; names that hold what was typed are read once."""

    def __init__(self, organisation: Organisation, wanted: Wanted, *, known: int | None = None) -> None:
        self.organisation, self.wanted, self.known = organisation, wanted, known
        given = {name: getattr(wanted, name) for name in NARROWING}
        self._narrowing = tuple(name for name, key in given.items() if key)
        self._keys = (*Eyes.of(organisation), *filter(None, given.values()))

    @cached_property
    def _typed(self) -> list[UUID]:
        return list(workforce(self.organisation, self.wanted).values_list("pk", flat=True))

    @cached_property
    def _count(self) -> int:
        if self.known is not None:
            return self.known
        return len(self._typed) if self.wanted.text else counted(self._those(), *self._keys)

    def _those(self, *order: str, walked: bool = False) -> "_Those":
        return _Those(self.wanted.standing, self._narrowing, order, walked)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, part: int) -> UUID: ...
    @overload
    def __getitem__(self, part: slice) -> list[UUID]: ...
    def __getitem__(self, part: int | slice) -> UUID | list[UUID]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        if self.wanted.text:
            return self._typed[part]
        near = is_near(part, self._count)
        order, there = nearer(part, self._count) if near else (FORWARDS, part)
        ids = [pk for (pk,) in valued(self._those(*order, walked=near), *self._keys, part=there)]
        return ids if order == FORWARDS else ids[::-1]


@dataclass(frozen=True)
class _Those:
    """A question for ids of an organisation's people, without what was typed; ``walked``: each is asked in the order of
    the index of names whether they count."""

    standing: Standing | None
    narrowing: tuple[str, ...]
    order: tuple[str, ...]
    walked: bool

    def __call__(self, *keys: Any) -> "QuerySet[Person, tuple[UUID]]":
        eyes, narrowing = Eyes(*keys[: len(Eyes._fields)]), keys[len(Eyes._fields) :]
        wanted = Wanted(standing=self.standing, **dict(zip(self.narrowing, narrowing, strict=True)))
        theirs = is_own(eyes) if self.walked else Q(pk__in=own(eyes))
        rows = Person.objects.filter(theirs, _fits(eyes, wanted), is_active=True)
        return rows.order_by(*self.order).values_list("pk")


def numbers(organisation: Organisation) -> Numbers:
    """How many of its people stand where."""
    eyes = Eyes.of(organisation)
    theirs = Person.objects.filter(is_own(eyes), is_active=True)
    counts = {kind.value: theirs.filter(pk__in=_union(rows)).count() for kind, rows in standing(eyes).items()}
    people = Person.objects.filter(pk__in=own(eyes), is_active=True)
    return Numbers(people=people.count(), sharing=theirs.filter(pk__in=sharing(eyes)).count(), **counts)


def _union(rows: "Sequence[tuple[QuerySet[Any], str]]") -> "QuerySet[Any]":
    first, *others = (some.order_by().values_list(by, flat=True) for some, by in rows)
    return first.union(*others)


def _fits(eyes: Eyes, wanted: Wanted) -> Q:
    """But for what was typed."""
    fits = Q()
    if wanted.cohort:
        fits &= is_one(learning(eyes, Q(person__in=sharing(eyes))).filter(cohort=wanted.cohort), "person")
    if wanted.role:
        fits &= is_one(OwnRole.objects.filter(role=wanted.role, person__in=sharing(eyes)), "person")
    if wanted.skill:
        fits &= skilled(eyes, wanted.skill)
    if wanted.standing:
        fits &= _stands(eyes, wanted.standing)
    return fits


def _stands(eyes: Eyes, wanted: Standing) -> Q:
    of = standing(eyes)
    if wanted == Standing.NEITHER:
        return ~_is_one_of(of[Standing.CERTIFIED]) & ~_is_one_of(of[Standing.LEARNING])
    return _is_one_of(of[wanted])


def _is_one_of(rows: "Sequence[tuple[QuerySet[Any], str]]") -> Q:
    found = Q()
    for some, by in rows:
        found |= is_one(some, by)
    return found


# --- whose they are


def employers_of(person: Person) -> "QuerySet[Organisation]":
    """The organisations of whose people somebody is, by name."""
    places = Membership.objects.on(today()).filter(person=person).values("organisation")
    sent = Enrolment.objects.filter(person=person, organisation__isnull=False).exclude(state=EnrolmentState.WITHDRAWN)
    return Organisation.objects.filter(pk__in=places.union(sent.values("organisation"))).order_by("name_key", "pk")


def employers_to_ask(person: Person) -> "QuerySet[Organisation]":
    """Those of them that somebody has not let see what they learn."""
    agreed = Consent.objects.filter(purpose=EMPLOYER, person=person, withdrawn_at=None).values_list("scope", flat=True)
    return employers_of(person).exclude(short__in=list(agreed))
