"""Rounds as lists show them: by phase and deadline, each task with how many are in it and the best score so far."""

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.challenges.models import Best, Entrant, Round, Task, Visibility
from dure.core import clock

OPEN, SOON, ENDED = "open", "soon", "closed"
PHASES = (OPEN, SOON, ENDED)


def rounds_in(phase: str) -> QuerySet[Round]:
    """Rounds with a task in them, by phase; the next to change first, of ended ones the latest."""
    now = clock.now()
    ended, later = Q(closes_at__lte=now), Q(opens_at__gt=now)
    rows = Round.objects.filter(tasks__isnull=False).distinct()
    if phase == SOON:
        return rows.filter(later).order_by("opens_at", "pk")
    if phase == ENDED:
        return rows.filter(ended).order_by("-closes_at", "-pk")
    return rows.exclude(ended | later).order_by(F("closes_at").asc(nulls_last=True), "-pk")


def standing(rounds: list[Round]) -> QuerySet[Task]:
    """The rounds' tasks, with how many ``entered`` and the ``best`` public score (none where the public sees none)."""
    entered = Entrant.objects.filter(task=OuterRef("pk")).order_by().values("task").annotate(n=Count("*"))
    first = Best.objects.filter(task=OuterRef("pk"), task__round__board=Visibility.PUBLIC)
    best = first.order_by("public_rank", "public_at", "entrant").values("best__public_score")[:1]
    tasks = Task.objects.filter(round__in=rounds).select_related("round").order_by("pk")
    return tasks.annotate(entered=Coalesce(Subquery(entered.values("n")), 0), best=Subquery(best))
