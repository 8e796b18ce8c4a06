"""What can be found: a finder for each kind of thing, which looks only at what the visitor may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dure.challenges import rules as rounds
from dure.challenges.models import Entrant, EntrantMember, Round, Submission, Task
from dure.core import clock
from dure.core.hangul import letters_in
from dure.joints.models import RoundTask
from dure.people import rules as people
from dure.people.days import today
from dure.people.models import Membership, Organisation, Person
from dure.people.queries import likeliest_persons
from dure.programmes import rules as programmes
from dure.programmes.models import Party, Programme, ProgrammeState
from dure.programmes.queries.listing import in_lines, phase_in
from dure.site import words
from dure.site.desk.overview import is_run, seated_at
from dure.store.search import likeliest, matching, matching_keys, sought
from dure.store.worded import asked, found, padded, valued

ATTEMPT = (
    "number", "state", "entrant__title", "entrant__task__round__title_ko", "entrant__task__round__title_en",
    "upload__name",
)  # what a line says of a submission  # fmt: skip
LEAST = 2  # letters of a person's name: one alone is a tenth of the country


@dataclass(frozen=True)
class Found:
    """A line of the results."""

    title: str
    about: str
    address: str


Finder = Callable[[Person | None, str, slice], list[Found]]


def find_programmes(viewer: Person | None, typed: str, part: slice) -> list[Found]:
    """Announced ones, and the drafts of those who operate them."""
    keys, runs = sought(typed), _keys_of_runs(viewer)
    rows = found(_Programmes(_stands(viewer), len(runs)), *runs, *keys, part=part) if keys else []
    return [
        Found(words.say(row.title), str(words.PHASES[phase_in(row)]), reverse("programme", args=[row.slug]))
        for row in rows
    ]


class _As(Enum):
    """Who looks, as far as a question's words depend on it."""

    ANYBODY, PERSON, OPERATOR = range(3)


def _stands(viewer: Person | None) -> _As:
    if viewer is None or not viewer.is_active:
        return _As.ANYBODY
    return _As.OPERATOR if people.is_operator(viewer) else _As.PERSON


def _keys_of_runs(viewer: Person | None) -> list[UUID]:
    """Who looks, and at the desks of which programmes they sit."""
    return [viewer.pk, *padded(seated_at(viewer))] if viewer and _stands(viewer) is _As.PERSON else []


@dataclass(frozen=True)
class _Programmes:
    """Asks for programmes by what was :func:`sought`, after ``runs`` keys of the one who looks."""

    viewer: _As
    runs: int

    def __call__(self, *keys: Any) -> QuerySet[Programme]:
        shown = Q() if self.viewer is _As.OPERATOR else ~Q(state=ProgrammeState.DRAFT)
        if self.runs:
            person, *seated = keys[: self.runs]
            shown |= is_run(person, seated)
        return matching_keys(in_lines(Programme.objects.filter(shown)), keys[self.runs :])


def find_rounds(viewer: Person | None, typed: str, part: slice) -> list[Found]:
    """Rounds whose boards the viewer may see, and not before their programme is announced."""
    keys, who = sought(typed), viewer.pk if viewer else UUID(int=0)
    rows = found(_Rounds(_stands(viewer)), who, clock.now(), *keys, part=part) if keys else []
    tasks: dict[UUID, list[UUID]] = {row.pk: [] for row in rows}
    for task, round_ in valued(_tasks, *padded(list(tasks))) if tasks else ():
        tasks[round_].append(task)
    return [
        Found(words.say(row.title), _count(tasks[row.pk]), reverse("board", args=[min(tasks[row.pk])])) for row in rows
    ]


@dataclass(frozen=True)
class _Rounds:
    """Asks for rounds by what was :func:`sought`, after the one who looks, and when."""

    viewer: _As

    def __call__(self, person: UUID, now: datetime, *keys: Any) -> QuerySet[Round]:
        who = None if self.viewer is _As.ANYBODY else Person(pk=person, is_staff=self.viewer is _As.OPERATOR)
        task = RoundTask.objects.filter(task__round=OuterRef("pk"))
        drafts = Exists(task.filter(programme__state=ProgrammeState.DRAFT))
        has_tasks = Exists(Task.objects.filter(round=OuterRef("pk")))
        open_to = Round.objects.filter(rounds.sees_boards_of(who, at=now), ~Q(drafts), has_tasks)
        return matching_keys(open_to.only("title_ko", "title_en"), keys)


def _tasks(*of: UUID) -> QuerySet[Task, Any]:
    return Task.objects.filter(round__in=of).values_list("pk", "round")


def _count(tasks: Sequence[UUID]) -> str:
    return ngettext("%(count)d task", "%(count)d tasks", len(tasks)) % {"count": len(tasks)}


def find_people(viewer: Person | None, typed: str, part: slice) -> list[Found]:
    """Team mates, colleagues, and who takes part in what the viewer runs or judges; by name, never by address."""
    if viewer is None or letters_in(typed) < LEAST:
        return []
    persons = likeliest_persons(typed, part, among=partial(_persons_seen_by, viewer))
    places = _places_of(persons)
    return [Found(row.name, places.get(row.pk, ""), reverse("person", args=[row.pk])) for row in persons]


def _persons_seen_by(viewer: Person) -> QuerySet[Person]:
    return Person.objects.filter(seen_by(viewer), is_active=True).only("name")


def seen_by(viewer: Person) -> Q:
    """Persons whom the viewer may know to be here."""
    if people.is_operator(viewer):
        return Q()
    overseen = programmes.overseen_by(viewer)
    return people.meets(viewer) | (programmes.takes_part_in(overseen) if overseen else Q())


def _places_of(persons: Sequence[Person]) -> dict[UUID, str]:
    """Where each of them is, so that two of one name can be told apart."""
    places: dict[UUID, list[str]] = {}
    rows = valued(_Places(words.language()), today(), *padded([one.pk for one in persons])) if persons else ()
    for person, *parts in rows:
        places.setdefault(person, []).append(" ".join(filter(None, parts)))
    return {person: ", ".join(dict.fromkeys(names)) for person, names in places.items()}


@dataclass(frozen=True)
class _Places:
    """Asks where persons belong on a day, in a language."""

    language: str

    def __call__(self, day: date, *persons: UUID) -> QuerySet[Membership, Any]:
        rows = Membership.objects.on(day).filter(person__in=persons).order_by("pk")
        return rows.values_list("person", f"organisation__name_{self.language}", "department")


def find_organisations(viewer: Person | None, typed: str, part: slice) -> list[Found]:
    """All of them for those who are signed in; for others those that stand in an announced programme."""
    keys, wording = sought(typed), _in_public if viewer is None else _organisations
    return [
        Found(words.say(row.title), str(words.ORGANISATION_KINDS[row.kind]), reverse("organisation", args=[row.short]))
        for row in (found(wording, *keys, part=part) if keys else ())
    ]


def _organisations(*keys: str) -> QuerySet[Organisation]:
    return matching_keys(Organisation.objects.all(), keys)


def _in_public(*keys: str) -> QuerySet[Organisation]:
    public = Party.objects.filter(organisation=OuterRef("pk")).exclude(programme__state=ProgrammeState.DRAFT)
    return matching_keys(Organisation.objects.filter(Exists(public)), keys)


def find_submissions(viewer: Person | None, typed: str, part: slice) -> list[Found]:
    """One's own, by the entrant's or the file's name; of those one organises the latest of each entrant."""
    if viewer is None:
        return []
    attempts = Submission.objects.select_related("entrant__task__round", "upload").only(*ATTEMPT)
    attempts = attempts.order_by("-received_at", "-pk")
    rows = list(_own(attempts, viewer, typed)[: part.stop]) if asked(_entered, viewer.pk) else []
    if len(rows) < part.stop and letters_in(typed) >= LEAST:
        rows += _latest_of(likeliest(Entrant, typed, slice(part.stop), among=partial(_organised_by, viewer)), attempts)
    return [_attempt(row) for row in list(dict.fromkeys(rows))[part]]


def _own(attempts: QuerySet[Submission], viewer: Person, typed: str) -> QuerySet[Submission]:
    named = Q(entrant__in=matching(Entrant.objects.filter(members__person=viewer), typed).order_by().values("pk"))
    return attempts.filter(named | Q(upload__name__icontains=typed), entrant__members__person=viewer)


def _entered(person: UUID) -> QuerySet[EntrantMember, Any]:
    """Whether somebody is in any entrant, as most who run programmes are not: one row tells."""
    return EntrantMember.objects.filter(person=person).values_list("pk")[:1]


def _organised_by(viewer: Person) -> QuerySet[Entrant]:
    rows = Entrant.objects.filter(attempts__gt=0)
    if people.is_operator(viewer):
        return rows
    return rows.filter(task__round__in=list(viewer.rounds_organised.values_list("pk", flat=True)))


def _latest_of(entrants: Iterable[Entrant], attempts: QuerySet[Submission]) -> list[Submission]:
    latest = {entrant.pk: entrant.attempts for entrant in entrants}
    rows = {row.entrant_id: row for row in attempts.filter(_numbered(latest))} if latest else {}
    return [rows[entrant] for entrant in latest if entrant in rows]


def _numbered(latest: dict[UUID, int]) -> Q:
    numbered = Q()
    for entrant, number in latest.items():
        numbered |= Q(entrant=entrant, number=number)
    return numbered


def _attempt(row: Submission) -> Found:
    title = f"{row.entrant} #{row.number}"
    about = [words.say(row.entrant.task.round.title), row.upload.name, str(words.SUBMISSION_STATES[row.state])]
    return Found(title, " · ".join(filter(None, about)), reverse("submission", args=[row.pk]))


GROUPS: dict[str, tuple[Promise, Finder]] = {
    "programmes": (_("Programmes"), find_programmes),
    "challenges": (_("Challenges"), find_rounds),
    "people": (_("People"), find_people),
    "organisations": (_("Organisations"), find_organisations),
    "submissions": (_("Submissions"), find_submissions),
}
