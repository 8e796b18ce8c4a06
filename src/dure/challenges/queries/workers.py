"""Who scores a round: the platform's workers or its organisers' own, what waits for them, and their keys."""

from dataclasses import dataclass

from dure.challenges.models import Round, RoundQueue, WorkerQueue, WorkerToken
from dure.challenges.queueing import share_of
from dure.jobs.models import Job, JobState
from dure.jobs.places import at_work


@dataclass(frozen=True)
class Scorers:
    """``queue`` None: the platform's own workers score the round. ``workers``: how many are at work."""

    queue: WorkerQueue | None
    waiting: int
    running: int
    workers: int
    tokens: list[WorkerToken]


def scorers_of(round_: Round) -> Scorers:
    """As it stands now, the newest key first."""
    row = RoundQueue.objects.select_related("queue__made_by").filter(round=round_).first()
    queue = row.queue if row else None
    name = queue.name if queue else ""
    jobs = Job.objects.filter(share=share_of(round_), queue=name)
    return Scorers(
        queue=queue,
        waiting=jobs.filter(state__in=[JobState.HELD, JobState.READY]).count(),
        running=jobs.filter(state=JobState.RUNNING).count(),
        workers=at_work(name),
        tokens=list(queue.tokens.order_by("-pk")) if queue else [],
    )
