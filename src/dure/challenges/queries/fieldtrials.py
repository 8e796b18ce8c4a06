"""Field trials as pages and files show them: which attempts may be tried, how both sides stand, where they differ."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from dure.challenges.field.tally import Brief, Tally, percentile
from dure.challenges.models import (
    Best,
    EntrantMember,
    FieldRequest,
    FieldState,
    FieldTotal,
    FieldTrial,
    Round,
    Selected,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from dure.challenges.models.programs import PROGRAM
from dure.challenges.queries.standing import not_out
from dure.people.models import Person
from dure.store.worded import found, padded

SHOWN = 20
OFFERED = 100
PIECE = 500
_NEEDED = ("round", "organisation", "owner", "upload", "submission__entrant__task__environment",
           "submission__entrant__task__inputs", "submission__entrant__task__round", "submission__upload")  # fmt: skip


def field_trials() -> QuerySet[FieldTrial]:
    """With all that running and showing them needs."""
    return FieldTrial.objects.select_related(*_NEEDED)


def trials_of(round_: Round | UUID) -> QuerySet[FieldTrial]:
    """All of a round, the newest first."""
    return field_trials().filter(round=round_).order_by("-pk")


def trials_owned_by(person: Person) -> QuerySet[FieldTrial]:
    """Those that have begun beside a service of theirs."""
    return field_trials().filter(owner=person).exclude(state=FieldState.DRAFT).order_by("-pk")


def trials_shared_with(person: Person, round_: Round) -> QuerySet[FieldTrial]:
    """Those of their own model whose summary they may read."""
    mine = EntrantMember.objects.filter(entrant=OuterRef("submission__entrant"), person=person)
    return trials_of(round_).filter(Exists(mine), shared=True).exclude(state=FieldState.DRAFT)


def that_count(round_: Round) -> QuerySet[Submission]:
    """Attempts of a round that count in the end: on the final board, or selected for it; of nobody who is out."""
    return _counting().filter(entrant__task__round=round_)


def _counting() -> QuerySet[Submission]:
    counting = Exists(Best.objects.filter(counting=OuterRef("pk")))
    selected = Exists(Selected.objects.filter(submission=OuterRef("pk")))
    rows = Submission.objects.filter(counting | selected, not_out(), state=SubmissionState.SCORED)
    return rows.select_related("entrant__task")


def runnable(round_: Round) -> list[Submission]:
    """Those of them that are code which can be asked again, the best of each task first."""
    tasks = round_.tasks.exclude(metric=PROGRAM).values_list("pk", flat=True)
    return found(_runnable, *padded(list(tasks)))


def _runnable(*tasks: UUID) -> QuerySet[Submission]:
    """By their tasks' ids, which are few: by the round, SQLite would look at the entrants of every task in order."""
    code = _counting().filter(kind=SubmissionKind.CODE, entrant__task__in=tasks)
    return code.order_by("entrant__task", "entrant__best__final_rank", "entrant__best__final_at")[:OFFERED]


def days_of(trial: FieldTrial) -> list[tuple[date, Tally]]:
    """The numbers of each day on which requests were tried, in order."""
    return [(row.day, Tally.read(row.tally)) for row in trial.days.order_by("day")]


def briefs_of(trial: FieldTrial) -> list[tuple[date, Brief]]:
    """What charts show of each of those days."""
    return [(day, Brief(**brief)) for day, brief in trial.days.order_by("day").values_list("day", "brief")]


def total_of(trial: FieldTrial) -> Tally:
    """The numbers of all days together."""
    row = FieldTotal.objects.filter(trial=trial).first()
    return Tally.read(row.tally) if row else Tally()


def differing(trial: FieldTrial) -> QuerySet[FieldRequest]:
    """Requests that both answered, each otherwise, the newest first; as long as they are kept."""
    return trial.requests.filter(agrees=False, kept=True).order_by("-pk")


def every_request(trial: FieldTrial) -> Iterator[FieldRequest]:
    """All of them in their order, some at a time: no cursor stays open while somebody downloads."""
    after = 0
    while piece := list(trial.requests.filter(pk__gt=after).order_by("pk")[:PIECE]):
        yield from piece
        after = piece[-1].pk


def comparison(trial: FieldTrial) -> dict[str, Any]:
    """Both sides in numbers, as files and the API tell them: in all and by day. Shares are exact fractions of counts;
    distances are added up as decimals."""
    days = days_of(trial)
    return {
        "trial": str(trial.pk), "service": trial.service.as_dict(), "state": trial.state, "ending": trial.ending,
        "adoption": trial.adoption, "statement": trial.statement, "read": trial.read,
        "total": told(total_of(trial)),
        "days": [{"day": day.isoformat(), **told(tally)} for day, tally in days],
    }  # fmt: skip


def told(tally: Tally) -> dict[str, Any]:
    """A tally with its percentiles in the place of every single time."""
    counts = {name: value for name, value in tally.as_dict().items() if name not in ("ms", "service_ms")}
    times = {f"{name}_p{p}": percentile(getattr(tally, name), p) for name in ("ms", "service_ms") for p in (50, 95, 99)}
    return {**counts, **times}
