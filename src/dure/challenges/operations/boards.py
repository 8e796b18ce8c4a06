"""Boards made anew from the attempts that count: after verdicts were replaced, or somebody is out or back."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from dure.challenges.models import Best, Entrant, Task
from dure.challenges.queries.standing import counting_attempts, selections
from dure.challenges.standings import Stand, stands_of
from dure.store.bulk import insert_rows

_COLUMNS = ("entrant", "task", "best", "public_rank", "public_at", "counting", "chosen", "final_rank", "final_at")


def hold(task: Task, *, of: list[UUID] | None = None) -> None:
    """Let nothing be accepted, scored or chosen for these entrants (left out: any) before the transaction ends.

    Whoever locks more than one thing of a round does so in this order, so that no two wait for each other: entrants,
    the round, the task, boards.
    """
    rows = Entrant.objects.filter(task=task)
    held = rows if of is None else rows.filter(pk__in=of)
    list(held.select_for_update().order_by("pk").values_list("pk"))


def make_board(task: Task, *, of: list[UUID] | None = None, chosen: Mapping[UUID, UUID] | None = None) -> None:
    """Work the rows of these entrants (left out: all) out again; they are held.

    A submission that was chosen still counts in the end where it can; ``chosen``: by entrant the one to choose.
    """
    Task.objects.filter(pk=task.pk).update(board_version=F("board_version") + 1)
    rows = Best.objects.filter(task=task) if of is None else Best.objects.filter(task=task, entrant__in=of)
    choices = {entrant: {submission} for entrant, submission in (chosen or {}).items()} | selections(task, of=of)
    stands = stands_of(
        counting_attempts(task, of=of),
        choices,
        greater_is_better=task.greater_is_better,
        select_most=task.round.select_most,
    )
    rows.delete()
    insert_rows(Best, _COLUMNS, (_row(task, entrant, stand) for entrant, stand in stands.items()))


def _row(task: Task, entrant: UUID, stand: Stand) -> tuple[object, ...]:
    best, counting = stand.best, stand.counting
    return (
        entrant, task.pk, best.pk, stand.public_rank, best.at, counting.pk, stand.chosen, stand.final_rank, counting.at
    )  # fmt: skip
