"""Whose turn it is: shares of a queue are served in turn, whatever each has waiting, and lanes move a few at a time.

Start-time fair queueing (Goyal, Vin, Cheng 1997) over shares: a job that comes in starts where the queue is now, or one
cost behind the last of its share and priority, whichever is later; who has the lowest start goes next. A step of
priority halves the cost. Starts never change and the queue only goes forward, so nothing waits for ever.

Lanes come before that: a job has a turn only when it has one of its lane's slots, the others are ``held``. So what one
lane has waiting costs nobody else more than its ``at_once`` jobs, and a claim is one look into an index however many
wait. Slots are given under the lock of the lane's row, and kept apart by a constraint.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dure.core import clock
from dure.jobs.models import JOB_MOVES, MOST_PRIORITY, Job, JobState, Lane
from dure.store.models import move
from dure.store.worded import asked

ADMITTED_AT_ONCE = 20


def cost(priority: int) -> int:
    """What a job of that priority takes of its share."""
    return 1 << (MOST_PRIORITY - priority)


def in_turn(queue: str) -> QuerySet[Job]:
    """The jobs of a queue that may be taken, in their order."""
    ready = Job.objects.filter(queue=queue, state=JobState.READY, turn__isnull=False)
    return ready.order_by("turn", "run_at", "pk")


def turns(queue: str, share: str, priority: int) -> Iterator[int]:
    """The starts of jobs that come in now, one after another.

    Read without a lock: what comes in at the very same moment may share a start, and goes in the order of arrival.
    """
    step, now = cost(priority), _now(queue)
    last: int
    for (last,) in asked(_last(priority), queue, share):
        now = max(now, last + step)
    yield from count(now, step)


def _now(queue: str) -> int:
    """Where the queue is: at its first start, or where it came to last."""
    starts: list[tuple[int]] = asked(_first, queue) or asked(_ever, queue)
    return starts[0][0] if starts else 0


Starts = QuerySet[Job, tuple[int | None]]


@cache
def _last(priority: int) -> Callable[[str, str], Starts]:
    def last(queue: str, share: str) -> Starts:
        own = Job.objects.filter(queue=queue, share=share, priority=priority, turn__isnull=False)
        return own.order_by("-turn").values_list("turn")[:1]

    return last


def _first(queue: str) -> Starts:
    return in_turn(queue).values_list("turn")[:1]


def _ever(queue: str) -> Starts:
    return Job.objects.filter(queue=queue, turn__isnull=False).order_by("-turn").values_list("turn")[:1]


def take_turn(job: Job) -> None:
    """Give an unsaved or locked job its start; one that is not due yet gets it when it is."""
    if job.run_at <= clock.now():
        job.turn = next(turns(job.queue, job.share, job.priority))


def admit_due(queue: str) -> None:
    """Give jobs whose moment has come their turns, some at a time; for the transaction of a claim."""
    due = Job.objects.filter(queue=queue, state=JobState.READY, turn=None, run_at__lte=clock.now())
    for job in due.select_for_update(skip_locked=True).order_by("run_at", "pk")[:ADMITTED_AT_ONCE]:
        take_turn(job)
        job.save(update_fields=["turn"])


def stand_in_lane(job: Job, name: str, at_once: int) -> None:
    """Put an unsaved job into its lane: with a slot and a turn where one is free, else held."""
    lane, _ = Lane.objects.select_for_update().get_or_create(name=name, defaults={"at_once": at_once})
    if lane.at_once != at_once:
        Lane.objects.filter(pk=lane.pk).update(at_once=at_once)
        lane.at_once = at_once
    job.lane = lane
    for field, value in _place(job, lane).items():
        setattr(job, field, value)


def stand_again(job: Job) -> dict[str, Any]:
    """The fields of the place that a job takes which had ended: its ``state``, ``slot`` and ``turn``."""
    if job.lane_id is None:
        return {"state": JobState.READY, "slot": None, "turn": None}
    return _place(job, _locked(job.lane_id))


def let_next(*lanes: UUID | None) -> None:
    """Give slots that got free to the next of their lanes; the last thing in the transaction that freed them.

    Always in one order, so that two that free several never wait for each other.
    """
    for lane_id in sorted(filter(None, lanes)):
        lane = _locked(lane_id)
        held = Job.objects.filter(lane=lane, state=JobState.HELD).order_by("pk")
        for slot in _free(lane):
            job = held.select_for_update(skip_locked=True).first()
            if job is None:
                break
            move(job, JobState.READY, by=JOB_MOVES, slot=slot, turn=next(turns(job.queue, job.share, job.priority)))


def _locked(lane_id: UUID) -> Lane:
    return Lane.objects.select_for_update().get(pk=lane_id)


def _place(job: Job, lane: Lane) -> dict[str, Any]:
    slot = next(_free(lane), None)
    if slot is None:
        return {"state": JobState.HELD, "slot": None, "turn": None}
    return {"state": JobState.READY, "slot": slot, "turn": next(turns(job.queue, job.share, job.priority))}


def _free(lane: Lane) -> Iterator[int]:
    taken = set(Job.objects.filter(lane=lane, slot__isnull=False).values_list("slot", flat=True))
    return (slot for slot in range(lane.at_once) if slot not in taken)
