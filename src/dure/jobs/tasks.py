"""What workers do for this room and those below: deliver the outbox, seal the log, forget what ended long ago."""

from datetime import timedelta
from functools import partial

from dure.audit.operations import seal
from dure.core import clock
from dure.jobs import operations
from dure.jobs.mail import Rejected, carry
from dure.jobs.models import Message, MessageState
from dure.jobs.registry import Claim, Effect, long_task, task

KEPT = timedelta(days=90)


@long_task(operations.DELIVER)
def deliver(_claim: Claim, *, message: str) -> Effect:
    """At least once: a worker that dies between the delivery and its note is followed by one that delivers again."""
    row = Message.objects.get(pk=message)
    if row.state != MessageState.WAITING:
        return lambda: None
    operations.note_attempt(row)
    try:
        refused = carry(row)
    except Rejected:
        return partial(operations.mark_refused, row)
    return partial(operations.mark_sent, row, refused=refused)


@task("audit.seal", every=timedelta(seconds=5))
def seal_log() -> None:
    """Chain what was logged since the last seal; a backlog is worked off in pieces."""
    seal()


@task("jobs.prune", every=timedelta(days=1))
def prune() -> None:
    operations.prune(before=clock.now() - KEPT)
