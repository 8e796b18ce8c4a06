"""In which order submissions are scored, by whom, and where one stands.

Rounds take turns; in a round entrants do, with at most ``Round.at_once`` of each ready or running. In its last hour a
round is served four times as often as others. A round with workers of its own has a queue of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from dure.challenges.models import Entrant, Round, Submission
from dure.challenges.models.workers import RoundQueue, WorkerQueue
from dure.core import clock
from dure.jobs.models import Job
from dure.jobs.operations import enqueue
from dure.jobs.places import Place, place_of
from dure.people.models import Person

SCORE, TRY = "challenges.score", "challenges.try"
LAST = timedelta(hours=1)
URGENT = 2  # each step doubles
HARDLY = 20  # seconds


def enqueue_scoring(submission: Submission) -> Job:
    """Accept the scoring of a submission, in its place among all others."""
    entrant = submission.entrant
    return enqueue(
        SCORE,
        arguments={"submission": submission.pk},
        queue=queue_of(entrant.task.round),
        share=share_of(entrant.task.round),
        lane=f"entrant:{entrant.pk}",
        at_once=entrant.task.round.at_once,
        priority=_priority(entrant, clock.now()),
    )


def queue_of(round_: Round) -> str:
    """The queue of the round's own workers; empty: the platform's."""
    own: RoundQueue | None = getattr(round_, "worker_queue", None)
    return own.queue.name if own else ""


def share_of(round_: Round) -> str:
    return f"round:{round_.pk}"


def _priority(entrant: Entrant, now: datetime) -> int:
    deadline = entrant.deadline
    return URGENT if deadline is not None and now >= deadline - LAST else 0


@dataclass(frozen=True)
class Standing:
    """How many submissions and other jobs go before it, and in how many seconds it is about to start, if known."""

    ahead: int
    estimate_s: int | None

    @property
    def minutes(self) -> int:
        """As people are told it: whole minutes, upwards; 0 where it is hardly one, or unknown."""
        return ceil((self.estimate_s or 0) / 60) if (self.estimate_s or 0) > HARDLY else 0


def standing(submission: Submission) -> Standing | None:
    """Where a submission stands that waits to be scored; None for others."""
    place: Place | None = place_of(submission.job) if submission.job else None
    if place is None:
        return None
    return Standing(place.ahead, None if place.wait is None else round(place.wait.total_seconds()))


def keeps(person: Person, queue: WorkerQueue) -> bool:
    """Who may let rounds into a queue and issue its tokens: who made it, and the platform's operators."""
    return person.is_active and (person.is_staff or queue.made_by_id == person.pk)
