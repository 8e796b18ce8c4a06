"""What one takes part in: each task with its deadline and the attempts that are left."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from ninja import Query, Router

from dure.api.base import Asked
from dure.api.rounds.asking import AskedQuestionOut
from dure.api.shapes import Moment, Out, Page, Paging, Words, paged
from dure.challenges.models import Entrant
from dure.challenges.queries.entered import Allowance, Entered, as_they_stand, entered_by
from dure.joints.naming import name_of

router = Router(tags=["rounds"])


class AllowanceOut(Out):
    """Attempts; ``of`` null: no limit. ``renews_at``: when there are new ones."""

    used: int
    of: int | None
    renews_at: Moment | None

    @classmethod
    def seen(cls, allowance: Allowance) -> Self:
        return cls(used=allowance.used, of=allowance.of, renews_at=allowance.renews_at)


class RoundOut(Out):
    """``name`` is what a person calls it by: programme, stage and option. ``code``: none, allowed or required.

    ``is_active``: submissions are taken within the dates. ``file_types``: ends of names that are taken; none: all.
    ``questions`` are answered with each submission; ``sharing``: whether it can be public (none, chosen, open).
    """

    id: UUID
    name: str
    title: Words
    option: str
    metric: str
    greater_is_better: bool
    code: str
    opens_at: Moment | None
    deadline: Moment | None
    is_active: bool
    today: AllowanceOut
    month: AllowanceOut
    total: AllowanceOut
    most_bytes: int
    file_types: list[str]
    questions: list[AskedQuestionOut]
    sharing: str

    @classmethod
    def of(cls, entered: Entered) -> Self:
        task = entered.entrant.task
        return cls(
            id=task.pk,
            name=name_of(task),
            title=Words.of(task.round.title),
            option=task.option,
            metric=task.metric,
            greater_is_better=task.greater_is_better,
            code=task.round.code,
            opens_at=entered.opens_at,
            deadline=entered.deadline,
            is_active=task.round.is_active,
            today=AllowanceOut.seen(entered.today),
            month=AllowanceOut.seen(entered.month),
            total=AllowanceOut.seen(entered.total),
            most_bytes=task.most_bytes,
            file_types=task.round.file_types,
            questions=[AskedQuestionOut.of(question) for question in task.round.asked],
            sharing=task.round.sharing,
        )


@router.get("/rounds", response=Page[RoundOut])
def rounds(request: Asked, paging: Query[Paging]) -> Any:
    """The rounds that one takes part in, alone or in a team, over or not."""
    rows = entered_by(request.auth).select_related("task__round", "task__round_task__programme")
    return paged(rows, paging, _rounds)


def _rounds(rows: Sequence[Entrant]) -> list[RoundOut]:
    return [RoundOut.of(entered) for entered in as_they_stand(rows)]
