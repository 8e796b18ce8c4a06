"""Attempts that go on from one task to the next: set up, asked for, looked at and dropped by the organisers of both."""

from typing import Literal, Self
from uuid import UUID

from ninja import Router

from dure.api.base import Asked
from dure.api.find import one
from dure.api.rounds.found import check_organises, task_by
from dure.api.shapes import In, Moment, Out
from dure.api.writing import writes
from dure.challenges.models import CarryOver, Task
from dure.challenges.operations.carrying import carry_now, carry_over_from, drop_carry_over
from dure.challenges.queries.carrying import to_carry
from dure.core.text import Text
from dure.people.models import Person

router = Router(tags=["rounds"])
CARRY = Text(ko="이어받기 설정", en="carrying over")


class CarryIn(In):
    """``which``: the attempt of each entrant that counts, or every one that has a score. ``auto``: without asking."""

    source: UUID
    which: Literal["best", "all"] = "best"
    auto: bool = True


class CarryOut(Out):
    """``carried``: attempts that have gone on; ``waiting``: those that can go on now."""

    source: UUID
    into: UUID
    which: str
    auto: bool
    asked_at: Moment | None
    carried: int
    waiting: int

    @classmethod
    def of(cls, carry: CarryOver) -> Self:
        return cls(
            source=carry.source_id, into=carry.into_id, which=carry.which, auto=carry.auto, asked_at=carry.asked_at,
            carried=carry.carried.count(), waiting=to_carry(carry).count(),
        )  # fmt: skip


class DroppedOut(Out):
    """The task that takes over nothing any more."""

    into: UUID

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls(into=task.pk)


@router.get("/tasks/{uuid:task_id}/carry-over", response=CarryOut)
def carry_over(request: Asked, task_id: UUID) -> CarryOut:
    """Whose attempts the task takes over, and how far that is."""
    return CarryOut.of(_carry(_organised(request.auth, task_id)))


@writes(router.put, "/tasks/{uuid:task_id}/carry-over", CarryOut)
def set_up(request: Asked, task_id: UUID, body: CarryIn) -> CarryOver:
    """Take over attempts of another task from now on; what was carried before stays."""
    into, source = (_organised(request.auth, one_of) for one_of in (task_id, body.source))
    carry_over_from(into, source, by=request.auth, which=body.which, auto=body.auto)
    return _carry(into)


@writes(router.post, "/tasks/{uuid:task_id}/carry-over/ask", CarryOut)
def ask(request: Asked, task_id: UUID) -> CarryOver:
    """Carry over whatever can be, now and whenever somebody comes later."""
    return carry_now(_carry(_organised(request.auth, task_id)), by=request.auth)


@writes(router.delete, "/tasks/{uuid:task_id}/carry-over", DroppedOut)
def drop(request: Asked, task_id: UUID) -> Task:
    """Take over nothing any more; attempts that came of it stay."""
    task = _organised(request.auth, task_id)
    drop_carry_over(_carry(task), by=request.auth)
    return task


def _organised(person: Person, task_id: UUID) -> Task:
    task = task_by(task_id)
    check_organises(person, task.round)
    return task


def _carry(into: Task) -> CarryOver:
    return one(CarryOver.objects.select_related("into__round"), "carry.missing", CARRY, into=into)
