"""Who is out or banned, and the attempts that count for boards."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dure.challenges.models import (
    IN_FORCE,
    Ban,
    Disqualification,
    Entrant,
    EntrantMember,
    OutState,
    Round,
    Selected,
    Submission,
    SubmissionState,
    Task,
)
from dure.challenges.standings import Attempt
from dure.people.models import Person
from dure.store.worded import asked

COLUMNS = ("entrant", "pk", "public_score", "final_score", "received_at", "number")


def not_out() -> Q:
    """Submissions that no disqualification in force keeps off the boards."""
    whole, own = Q(submission=None), Q(submission=OuterRef("pk"))
    out = Disqualification.objects.filter(whole | own, entrant=OuterRef("entrant"), state__in=IN_FORCE)
    return ~Q(Exists(out))


def takes_part_still(entrant: str) -> Q:
    """Rows whose ``entrant`` no disqualification in force keeps out as a whole."""
    return ~Q(Exists(Disqualification.objects.filter(entrant=OuterRef(entrant), submission=None, state__in=IN_FORCE)))


def is_out(submission: Submission) -> bool:
    """Whether a disqualification keeps it off the boards."""
    return not Submission.objects.filter(not_out(), pk=submission.pk).exists()


def counting_attempts(task: Task, *, of: list[UUID] | None = None) -> Iterator[Attempt]:
    """The scored submissions of a task that count, of all entrants or ``of`` these."""
    rows = Submission.objects.filter(not_out(), entrant__task=task, state=SubmissionState.SCORED)
    if of is not None:
        rows = rows.filter(entrant__in=of)
    return map(Attempt._make, rows.values_list(*COLUMNS).iterator(chunk_size=5_000))


def selections(task: Task, *, of: list[UUID] | None = None) -> dict[UUID, set[UUID]]:
    """By entrant the submissions that it chose, of all entrants of the task or ``of`` these."""
    rows = Selected.objects.filter(entrant__task=task)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for entrant, submission in (rows if of is None else rows.filter(entrant__in=of)).values_list(
        "entrant", "submission"
    ):
        found[entrant].add(submission)
    return found


def disqualifications(round_: Round) -> QuerySet[Disqualification]:
    """All there ever were in a round, the newest first."""
    rows = Disqualification.objects.filter(entrant__task__round=round_)
    return rows.select_related("entrant__task", "submission", "by", "ended_by").order_by("-pk")


def in_force(entrant: Entrant) -> QuerySet[Disqualification]:
    """What an entrant or its submissions are out for now, the entrant itself first."""
    rows = entrant.disqualifications.filter(state__in=IN_FORCE).select_related("submission")
    return rows.order_by(F("submission").asc(nulls_first=True), "pk")


def bans(round_: Round) -> QuerySet[Ban]:
    """Those in a round that were not lifted, and whose appeal waits; the newest first."""
    shown = Q(lifted_at=None) | Q(state=OutState.APPEALED)
    return round_.bans.filter(shown).select_related("person", "by").order_by("-pk")


def bans_on(person: Person, *, at: datetime) -> QuerySet[Ban]:
    """Those that keep somebody from any round at that moment, or whose appeal waits; the newest first."""
    holds = Q(lifted_at=None) & (Q(until=None) | Q(until__gt=at))
    rows = Ban.objects.filter(holds | Q(state=OutState.APPEALED), person=person)
    return rows.select_related("round").order_by("-pk")


def outs_on(person: Person, *, at: datetime) -> QuerySet[Disqualification]:
    """What disqualifies somebody, or an attempt of theirs, while its round runs or an appeal is open; newest first."""
    matters = Q(entrant__task__round__closes_at=None) | Q(entrant__task__round__closes_at__gt=at)
    open_ = Q(state=OutState.APPEALED) | Q(state=OutState.STANDING, appeal_until__gt=at)
    rows = Disqualification.objects.filter(matters | open_, entrant__members__person=person, state__in=IN_FORCE)
    return rows.select_related("entrant__task__round", "submission").order_by("-pk")


def people_of(out: Disqualification | Ban) -> QuerySet[Person]:
    """Those whom it concerns: they are told, and may appeal."""
    if isinstance(out, Disqualification):
        return Person.objects.filter(entrant_members__entrant=out.entrant)
    return Person.objects.filter(pk=out.person_id)


def ban_of(person: Person, round_: Round, *, at: datetime) -> Ban | None:
    """The ban that keeps somebody from a round at that moment."""
    holds = Q(until=None) | Q(until__gt=at)
    return Ban.objects.filter(holds, round=round_, person=person, lifted_at=None).first()


def is_noted(person: Person, entrant: Entrant) -> bool | None:
    """Whether there is a ban, over or not, or a disqualification of somebody who submits for the entrant.

    None for who does not; one look, for every submission asks.
    """
    found = asked(_noted, entrant.pk, person.pk)
    return bool(found[0][0]) if found else None


def _noted(entrant: UUID, person: UUID) -> QuerySet[EntrantMember, bool]:
    banned = Ban.objects.filter(round=OuterRef("task__round"), person=person, lifted_at=None)
    out = Disqualification.objects.filter(entrant=entrant, submission=None, state__in=IN_FORCE)
    own = EntrantMember.objects.filter(entrant=entrant, person=person)
    return own.annotate(noted=Exists(banned) | Exists(out)).values_list("noted", flat=True)
