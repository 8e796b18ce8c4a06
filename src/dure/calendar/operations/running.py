"""Sessions opened for signing in, and closed: by their teacher, or by the clock."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from dure.audit.operations import record
from dure.calendar.events import SessionClosed
from dure.calendar.models import SESSION_MOVES, Attendance, Mark, Session, SessionState, Source
from dure.calendar.queries import expected
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.store.models import move

EARLIEST = timedelta(hours=1)
AT_ONCE = 100
_EARLY = Text(
    ko="출석 확인은 시작 한 시간 전부터 열 수 있습니다.",
    en="Signing in can be opened an hour before the start at the earliest.",
)
_BEGUN = Text(
    ko="아직 시작하지 않았습니다. 시작한 뒤에 마치거나, 열지 않으려면 취소하세요.",
    en="It has not begun. End it once it has, or cancel it.",
)


@transaction.atomic
def open_session(session: Session) -> Session:
    """Let people sign in from now on. Raises Refused("session.early", "state.move" or "state.changed")."""
    if clock.now() < session.starts_at - EARLIEST:
        raise Refused("session.early", _EARLY)
    move(session, SessionState.OPEN, by=SESSION_MOVES, opens_at=min(session.opens_at, clock.now()))
    record("session.opened", session)
    return session


@transaction.atomic
def close_session(session: Session) -> Session:
    """End it: whoever was expected and has no mark was absent. Publishes SessionClosed.

    Raises Refused("session.unbegun", "state.move" or "state.changed"). Waits for those who sign in at this moment.
    """
    if clock.now() < session.starts_at:
        raise Refused("session.unbegun", _BEGUN)
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    move(session, SessionState.CLOSED, by=SESSION_MOVES)
    marked = session.attendance.values("person")
    absent = [
        Attendance(session=session, person=person, mark=Mark.ABSENT, source=Source.CLOSE)
        for person in expected(session).exclude(pk__in=marked)
    ]
    Attendance.objects.bulk_create(absent, batch_size=500)
    record("session.closed", session, after={"absent": len(absent)})
    publish(SessionClosed(session.pk))
    return session


def run_due() -> None:
    """Open what it is time to open, close what is over."""
    now = clock.now()
    for session in Session.objects.filter(state=SessionState.PLANNED, opens_at__lte=now).order_by("opens_at")[:AT_ONCE]:
        _unless_changed(open_session, session)
    for session in Session.objects.filter(state=SessionState.OPEN, ends_at__lte=now).order_by("ends_at")[:AT_ONCE]:
        _unless_changed(close_session, session)


def _unless_changed(operation: Callable[[Session], Session], session: Session) -> None:
    """What somebody was faster with is theirs."""
    with suppress(Refused):
        operation(session)
