"""Rounds as lists show them: each task with how many are in it and the best score so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.challenges.models import Best, Entrant, Round, Task
from dure.challenges.rules import tells_everybody
from dure.core import clock
from dure.store.worded import found, padded


def ended() -> QuerySet[Round]:
    """Rounds that are over, the latest first."""
    return with_tasks().filter(closes_at__lte=clock.now()).order_by("-closes_at", "-pk")


def ahead() -> QuerySet[Round]:
    """Rounds that are not over, the newest first."""
    return with_tasks().filter(Q(closes_at=None) | Q(closes_at__gt=clock.now())).order_by("-pk")


@dataclass(frozen=True)
class Standing:
    """A task with how many entered it, and the best public score (None where the public sees none)."""

    task: Task
    entered: int
    best: float | None


def standing(tasks: QuerySet[Task]) -> list[Standing]:
    """How each task stands, in the order in which they were set up."""
    return _stands(_standing(tasks, clock.now()))


def standing_in(rounds: Iterable[UUID]) -> list[Standing]:
    """The same of every task of these rounds."""
    return _stands(found(_standing_of, clock.now(), *padded(list(rounds))))


def _standing_of(at: datetime, *rounds: UUID) -> QuerySet[Any]:
    return _standing(Task.objects.filter(round__in=rounds), at)


def _standing(tasks: QuerySet[Task], at: datetime) -> QuerySet[Any]:
    entered = Entrant.objects.filter(task=OuterRef("pk")).order_by().values("task").annotate(n=Count("*"))
    first = Best.objects.filter(tells_everybody("task__round__", at=at), task=OuterRef("pk"))
    best = first.order_by("public_rank", "public_at", "entrant").values("best__public_score")[:1]
    return tasks.annotate(entered=Coalesce(Subquery(entered.values("n")), 0), top=Subquery(best)).order_by("pk")


def _stands(rows: Iterable[Any]) -> list[Standing]:
    return [Standing(task, task.entered, task.top) for task in rows]


def with_tasks() -> QuerySet[Round]:
    """Rounds that can be entered or are made to be: something is to be done in them."""
    return Round.objects.filter(tasks__isnull=False).distinct()
