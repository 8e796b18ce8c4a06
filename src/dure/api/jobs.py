"""How the queue stands, for those who run the platform."""

from datetime import timedelta
from typing import Self
from uuid import UUID

from ninja import Router

from dure.api.base import Asked
from dure.api.find import platform_operator
from dure.api.shapes import Moment, Out, Words
from dure.jobs.queries import Waiting, backlog, health

router = Router(tags=["jobs"])


class WaitingOut(Out):
    """An unfinished job, how long ago it was accepted, and why it is where it is."""

    id: UUID
    task: str
    state: str
    attempts: int
    enqueued_at: Moment
    age_seconds: float
    why: Words

    @classmethod
    def of(cls, waiting: Waiting) -> Self:
        job = waiting.job
        return cls(
            id=job.pk,
            task=job.task,
            state=job.state,
            attempts=job.attempts,
            enqueued_at=job.enqueued_at,
            age_seconds=waiting.age.total_seconds(),
            why=Words.of(waiting.why),
        )


class QueueOut(Out):
    """Counts by state, the age of the oldest due job, and the oldest jobs that are not finished."""

    jobs: dict[str, int]
    messages: dict[str, int]
    oldest_ready_seconds: float
    waiting: list[WaitingOut]


@router.get("/jobs", response=QueueOut)
def shown(request: Asked) -> QueueOut:
    """Jobs and mails by state, and why the oldest wait, for the platform's operators."""
    platform_operator(request.auth)
    seen = health()
    return QueueOut(
        jobs=seen.jobs,
        messages=seen.messages,
        oldest_ready_seconds=(seen.oldest or timedelta()).total_seconds(),
        waiting=[WaitingOut.of(waiting) for waiting in backlog()],
    )
