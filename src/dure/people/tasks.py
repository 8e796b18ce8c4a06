"""This room's jobs: what nobody needs any more is forgotten, memberships that nobody renews end."""

from datetime import timedelta

from dure.core import clock
from dure.jobs.registry import task
from dure.people.operations import end_lapsed, expire_exports, forget_answers

ANSWERS_LAST = timedelta(days=2)


@task("people.forget-answers", every=timedelta(hours=6))
def forget_old_answers() -> None:
    """Long enough for every client that tries again, short enough to keep the table small."""
    forget_answers(before=clock.now() - ANSWERS_LAST)


@task("people.expire-exports", every=timedelta(hours=1))
def expire_old_exports() -> None:
    expire_exports(before=clock.now())


@task("people.end-lapsed", every=timedelta(days=1))
def end_lapsed_memberships() -> None:
    """Who left an organisation seldom comes back to say so."""
    end_lapsed()
