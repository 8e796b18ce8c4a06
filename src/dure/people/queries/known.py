"""What is known of persons and organisations on a day, from everything that speaks of them (BLUEPRINT, E)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dure.people.days import whole_years
from dure.people.models import KnownFact, Membership, Organisation, Person, Role, Source
from dure.people.queries.consent import RECRUITERS, answers_of
from dure.store.chunks import chunked
from dure.store.worded import padded, valued

Value = str | int
_ORDER, _TOLD = ("recorded_at", "pk"), ("name", "source", "value", "recorded_at")

# The later speaks louder. Membership, birth date, consent and the organisation's own row are what Dure holds itself.
_VOICES = (Source.ASKED, "register", "consent", "membership", "birth-date", Source.CREDENTIAL, Source.OPERATOR)
_LOUDNESS = {str(source): loudness for loudness, source in enumerate(_VOICES)}


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: ``source`` says who speaks, ``since`` from which day on they say so (None: for ever)."""

    value: Value
    source: str
    since: date | None


_Heard = Iterator[tuple[UUID, str, Known]]


def known(
    persons: Iterable[UUID], names: Collection[str], *, on: date, scope: str = ""
) -> dict[UUID, dict[str, Known]]:
    """The facts in ``names`` that are known of each person on a day; who has none of them is left out.

    Where several sources speak: operator over credential over what Dure holds itself over asked. ``employer`` is
    the shorts of all organisations one works at, as words. ``consent`` is to be shown to the recruiters of
    ``scope``, a programme; who never answered has no such fact. At most four queries for each 5,000 persons.
    """
    return _loudest(heard for chunk in chunked(persons) for heard in _heard_of_persons(chunk, names, on, scope))


def known_of_organisations(
    organisations: Iterable[UUID], names: Collection[str] = ("kind", "staff")
) -> dict[UUID, dict[str, Known]]:
    """The same for organisations: ``kind`` and ``staff`` from their own row, and whatever was stated of them."""
    return _loudest(heard for chunk in chunked(organisations) for heard in _heard_of_organisations(chunk, names))


def sources_of(person: Person, name: str, *, on: date, scope: str = "") -> list[Known]:
    """What each source says of one fact of a person, the one that counts first."""
    heard = [known for _, _, known in _heard_of_persons([person.pk], {name}, on, scope)]
    return sorted(heard, key=lambda known: -_LOUDNESS[known.source])


def history_of(subject: Person | Organisation, name: str) -> QuerySet[KnownFact]:
    """All that was ever stated of one fact, the newest first."""
    return subject.known_facts.filter(name=name).order_by("-recorded_at", "-pk")


def _loudest(heard: _Heard) -> dict[UUID, dict[str, Known]]:
    found: dict[UUID, dict[str, Known]] = defaultdict(dict)
    for subject, name, known in heard:
        before = found[subject].get(name)
        if before is None or _LOUDNESS[known.source] > _LOUDNESS[before.source]:
            found[subject][name] = known
    return dict(found)


def _heard_of_persons(persons: Sequence[UUID], names: Collection[str], on: date, scope: str) -> _Heard:
    yield from _stated(valued(_StatedOf(tuple(sorted(names))), *padded(persons)))
    if "age" in names:
        yield from _ages(persons, on)
    if "employer" in names:
        yield from _employers(persons, on)
    if "consent" in names:
        yield from _consents(persons, scope)


def _heard_of_organisations(organisations: Sequence[UUID], names: Collection[str]) -> _Heard:
    facts = KnownFact.objects.filter(organisation__in=organisations, name__in=names)
    yield from _stated(facts.order_by(*_ORDER).values_list("organisation_id", *_TOLD))
    for name in {"kind", "staff"} & set(names):
        rows = Organisation.objects.filter(pk__in=organisations, **{f"{name}__isnull": False})
        for organisation, value in rows.values_list("pk", name):
            yield organisation, name, Known(value, "register", None)


@dataclass(frozen=True)
class _StatedOf:
    """Asks what was ever stated of persons, of facts with these names."""

    names: tuple[str, ...]

    def __call__(self, *persons: UUID) -> QuerySet[KnownFact, Any]:
        facts = KnownFact.objects.filter(person__in=persons, name__in=self.names)
        return facts.order_by(*_ORDER).values_list("person_id", *_TOLD)


def _stated(rows: Iterable[tuple[Any, ...]]) -> _Heard:
    """Of each source the latest statement."""
    latest: dict[tuple[Any, str, str], Known] = {}
    for of, name, source, value, at in rows:
        latest[of, name, source] = Known(value, source, timezone.localdate(at))
    for (of, name, _), fact in latest.items():
        yield of, name, fact


def _ages(persons: Sequence[UUID], on: date) -> _Heard:
    for person, birth in valued(_births, *padded(persons)):
        if birth <= on:
            yield person, "age", Known(whole_years(birth, on), "birth-date", birth)


def _births(*persons: UUID) -> QuerySet[Person, Any]:
    return Person.objects.filter(pk__in=persons).exclude(birth_date=None).values_list("pk", "birth_date")


def _employers(persons: Sequence[UUID], on: date) -> _Heard:
    shorts: dict[UUID, dict[str, date]] = defaultdict(dict)
    for person, short, since in valued(_jobs, on, *padded(persons)):
        shorts[person][short] = since
    for person, since_by_short in shorts.items():
        yield person, "employer", Known(" ".join(sorted(since_by_short)), "membership", max(since_by_short.values()))


def _jobs(on: date, *persons: UUID) -> QuerySet[Membership, Any]:
    jobs = Membership.objects.on(on).filter(person__in=persons).exclude(role=Role.STUDENT)
    return jobs.order_by("-since").values_list("person_id", "organisation__short", "since")


def _consents(persons: Sequence[UUID], scope: str) -> _Heard:
    for person, given, since in answers_of(persons, purpose=RECRUITERS, scope=scope):
        yield person, "consent", Known("yes" if given else "no", "consent", timezone.localdate(since))
