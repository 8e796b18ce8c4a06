"""Where a job stands in its queue, and how long that may take."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from dure.jobs.models import Job, JobState, Worker
from dure.jobs.turns import in_turn

MOST_COUNTED = 1_000
RECENT = 25
REMEMBERED, SILENT = timedelta(hours=1), timedelta(seconds=45)


@dataclass(frozen=True)
class Place:
    """How many jobs go before it (``MOST_COUNTED`` + 1: more than that), and how long until it starts.

    ``wait`` is None where nobody can say: no such job was done yet, or nobody is at work for the queue.
    """

    ahead: int
    wait: timedelta | None


def place_of(job: Job) -> Place | None:
    """Where a job stands that has not begun; None for others.

    The wait: what its task took lately, times the jobs ahead, shared by the workers. A few looks into indexes,
    however many wait.
    """
    if job.state not in (JobState.READY, JobState.HELD):
        return None
    ahead = ahead_of(job)
    usual, workers = usual_length(job.task), at_work(job.queue)
    return Place(ahead, usual * ceil(ahead / workers) if usual is not None and workers else None)


def ahead_of(job: Job) -> int:
    """Jobs that go before it, ``MOST_COUNTED`` + 1 at most. For a held one everybody's turn comes once for each
    time that its lane must move."""
    queue = in_turn(job.queue)
    if job.lane is not None and job.state == JobState.HELD:
        before = Job.objects.filter(lane=job.lane, state=JobState.HELD, pk__lt=job.pk)
        rounds = before[: MOST_COUNTED + 1].count() // job.lane.at_once + 1
        return min(rounds * queue[: MOST_COUNTED + 1].count() + 1, MOST_COUNTED + 1)
    if job.turn is not None:
        sooner = Q(turn__lt=job.turn) | Q(run_at__lt=job.run_at) | Q(run_at=job.run_at, pk__lt=job.pk)
        queue = queue.filter(sooner, turn__lte=job.turn)
    return queue[: MOST_COUNTED + 1].count()


def many(ahead: int) -> str:
    """The number as people read it."""
    return f"{ahead:,}" if ahead <= MOST_COUNTED else f"{MOST_COUNTED:,}+"


def usual_length(task: str) -> timedelta | None:
    """The median of the last jobs of the task; None where there is none."""
    done = Job.objects.filter(task=task, state=JobState.DONE, started_at__isnull=False, finished_at__isnull=False)
    times = done.order_by("-pk").values_list("started_at", "finished_at")[:RECENT]
    seconds = [(end - start).total_seconds() for start, end in times if start and end]
    return timedelta(seconds=median(seconds)) if seconds else None


def here() -> QuerySet[Worker]:
    """Workers that were seen in the last hour and have not ended."""
    return Worker.objects.filter(seen_at__gt=Now() - REMEMBERED, ended_at=None)


def alive() -> Q:
    """Whether a worker is at work: it was seen just now, or is at a job whose lease runs."""
    held = Job.objects.filter(state=JobState.RUNNING, leased_until__gt=Now(), worker=OuterRef("name"))
    return Q(seen_at__gt=Now() - SILENT) | Q(Exists(held))


def at_work(queue: str) -> int:
    """How many workers of a queue are at work."""
    return here().filter(alive(), queue=queue).count()
