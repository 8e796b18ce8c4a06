"""Who is among the first places of a task, and whether their attempts were run again."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.challenges.labels import Part
from dure.challenges.models import UNJUDGED, VERIFIED, Best, Entrant, Round, SimilarityRun, Submission, Task
from dure.challenges.queries.boards import ranked
from dure.core import clock


def finalists(task: Task) -> list[Best]:
    """The first places of the final board, as many as the round verifies; each with its attempt's verification."""
    rows = ranked(task, Part.FINAL).select_related("entrant", "counting__verification__accepted_by", "counting__upload")
    return list(rows[: task.round.verify_first])


def unverified(tasks: Iterable[Task]) -> set[UUID]:
    """Entrants among the first places whose attempts have not been verified yet."""
    found = set()
    for task in tasks:
        first = ranked(task, Part.FINAL)[: task.round.verify_first].values_list(
            "entrant", "counting__verification__state"
        )
        found |= {entrant for entrant, state in first if state not in VERIFIED}
    return found


def due_for_verification() -> QuerySet[Round]:
    """Rounds that verify their first places and in which nobody can submit and nothing is judged any more."""
    now = clock.now()
    entrants = Entrant.objects.filter(task__round=OuterRef("pk"))
    late = Q(task__round__closes_at__lte=now) | Q(closes_at__lte=now)
    judging = Submission.objects.filter(entrant__task__round=OuterRef("pk"), state__in=UNJUDGED)
    asked = Round.objects.filter(verify_first__gt=0)
    return asked.filter(Exists(entrants), ~Exists(entrants.exclude(late)), ~Exists(judging))


def latest_similarity(task: Task) -> SimilarityRun | None:
    """The last comparison of a task's code, under way or ended."""
    return task.similarity_runs.select_related("by").order_by("-pk").first()
