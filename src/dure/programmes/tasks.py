"""The engine's jobs: judging a hand-in, an announcement's letters, and the passing of time."""

from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction

from dure.core.errors import Refused
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.programmes.files import SHELF
from dure.programmes.models import LIVE, Announcement, Programme, ProgrammeFile, Turn
from dure.programmes.operations.announcing import SENDING, next_letters, send_letters
from dure.programmes.operations.banning import end_bans
from dure.programmes.operations.judging import judge_handed_in
from dure.programmes.operations.listing import keep_lists
from dure.programmes.operations.ticking import tick

TICK_ONE = "programmes.tick-one"
_ITS_OWN = (Refused, IntegrityError, LookupError, TypeError, ValueError)  # what rules and rows of a programme may raise


@task("programmes.judge")
def judge(*, turn: str) -> None:
    """Judge one hand-in as far as its gate can judge it alone."""
    found = Turn.objects.select_related("programme").get(pk=turn)
    judge_handed_in(found.programme, found.stage, only=[found.pk])


@long_task(SENDING)
def announce(_claim: Claim, *, announcement: str) -> Effect:
    """The next letters of an announcement, written before the transaction that keeps them."""
    made = Announcement.objects.select_related("programme").get(pk=announcement)
    return partial(send_letters, made, next_letters(made))


@long_task("programmes.sweep", every=timedelta(days=1))
def sweep(_claim: Claim) -> Effect:
    """Remove files that no programme's pages have any more."""
    SHELF.sweep(lambda: set(ProgrammeFile.objects.values_list("sha256", flat=True)))
    return lambda: None


@task("programmes.tick", every=timedelta(seconds=15))
def tick_all() -> None:
    """Open and close windows of every live programme, and in lists; let go whose ban is over.

    A programme whose own rows stand in its way holds up no other: it is tried in a job of its own, which fails for the
    platform's operators to see, and again here with each round until it goes on.
    """
    keep_lists()
    end_bans()
    for programme in Programme.objects.filter(state__in=LIVE):
        try:
            with transaction.atomic():
                tick(programme)
        except _ITS_OWN:
            _tick_alone(programme)


def _tick_alone(programme: Programme) -> None:
    arguments = {"programme": str(programme.pk)}
    if not Job.objects.filter(task=TICK_ONE, state=JobState.FAILED, arguments=arguments).exists():
        enqueue(TICK_ONE, arguments=arguments, key=f"{TICK_ONE}:{programme.pk}")


@task(TICK_ONE)
def tick_one(*, programme: str) -> None:
    """Do for one programme what its windows make due."""
    tick(Programme.objects.get(pk=programme))
