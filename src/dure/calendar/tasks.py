"""What workers do for the calendar: open and close sessions by the clock, remind, write to those who take part."""

from datetime import timedelta
from uuid import UUID

from dure.calendar.models import Session
from dure.calendar.operations import running, telling
from dure.jobs.registry import task


@task("calendar.run", every=timedelta(minutes=1))
def run() -> None:
    running.run_due()


@task("calendar.remind", every=timedelta(minutes=5))
def remind() -> None:
    telling.remind_due()
    telling.remind_of_bookings()


@task(telling.TELL)
def tell(*, session: str, what: str, after: str) -> None:
    row = Session.objects.select_related("series").get(pk=UUID(session))
    telling.tell_some(row, what=what, after=UUID(after) if after else None)
