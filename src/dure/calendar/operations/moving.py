"""Sessions changed, moved and cancelled: this one, or this one and all that follow in its run."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from dure.audit.operations import Part, record_many
from dure.calendar.models import SESSION_MOVES, Session, SessionChange, SessionState
from dure.calendar.operations.planning import check_times
from dure.calendar.operations.telling import CANCELLED, MOVED, tell_soon
from dure.calendar.recurrence import span
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import move

_PLANNED = Text(
    ko="아직 시작하지 않은 수업만 바꿀 수 있습니다. 지난 수업은 출석만 고칠 수 있습니다.",
    en="Only a session that has not opened can be changed. Of past ones, correct the attendance.",
)
_CHANGED = Text(
    ko="그 사이 다른 사람이 이 수업을 바꾸었습니다. 새로 고친 뒤 다시 시도하세요.",
    en="Somebody else changed this session meanwhile. Reload and try again.",
)


@transaction.atomic
def change_session(
    session: Session, *, by: Person | None, reason: str = "", following: bool = False, **told: Any
) -> int:
    """Change when (``starts_at``, ``ends_at``), where and as what it takes place; returns how many sessions changed.

    ``following``: and all later ones of its run that have not opened, by as many days, at the same time on the wall and
    for as long. Raises Refused("session.times", "session.past", "state.changed"). Whoever takes part is told of a new
    time or place.
    """
    if session.state != SessionState.PLANNED:
        raise Refused("session.past", _PLANNED)
    new = {name: told.pop(name, getattr(session, name)) for name in ("starts_at", "ends_at")}
    check_times(**new)
    rows = _run_of(session) if following else [session]
    moved = (session.starts_at, session.ends_at, session.place) != (*new.values(), told.get("place", session.place))
    shift = _Shift(session, **new)
    parts = [_change(row, {**told, **shift.of(row)}, by=by, reason=reason, moved=moved) for row in rows]
    record_many("session.changed", session.series, parts=parts)
    session.refresh_from_db()
    if moved:
        tell_soon(session, MOVED)
    return len(parts)


@transaction.atomic
def cancel_session(session: Session, *, by: Person | None, reason: str = "", following: bool = False) -> int:
    """Cancel it (and all later ones of its run); it stays on calendars, as cancelled. Returns how many there were.

    Raises Refused("state.move" or "state.changed").
    """
    rows = _run_of(session) if following else [session]
    for row in rows:
        move(row, SessionState.CANCELLED, by=SESSION_MOVES, sequence=F("sequence") + 1, changed_at=clock.now())
        _keep(row, row.starts_at, row.ends_at, row.place, by=by, reason=reason)
    parts = [Part(row, after={"reason": reason}) for row in rows]
    record_many("session.cancelled", session.series, parts=parts)
    session.refresh_from_db()
    tell_soon(session, CANCELLED)
    return len(parts)


def _run_of(session: Session) -> list[Session]:
    """The session and the later planned ones of its run, itself first."""
    if session.recurrence_id is None:
        return [session]
    later = Session.objects.filter(
        recurrence=session.recurrence_id, state=SessionState.PLANNED, starts_at__gte=session.starts_at
    )
    return [session, *later.exclude(pk=session.pk).order_by("starts_at")]


class _Shift:
    """Where each session of a run goes when one of them goes from its time to another: so many days later by the
    calendar, at the new time on the wall, for the new length."""

    def __init__(self, session: Session, *, starts_at: datetime, ends_at: datetime) -> None:
        self.session, self.starts_at, self.ends_at = session, starts_at, ends_at
        old, new = self._wall(session.starts_at), self._wall(starts_at)
        self.days, self.at = new.date() - old.date(), new.time()
        self.minutes = round((ends_at - starts_at).total_seconds() / 60)
        self.moves = (starts_at, ends_at) != (session.starts_at, session.ends_at)

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.session.zone))

    def of(self, row: Session) -> dict[str, datetime]:
        if row.pk == self.session.pk or not self.moves:
            own = (self.starts_at, self.ends_at) if row.pk == self.session.pk else (row.starts_at, row.ends_at)
        else:
            day = self._wall(row.starts_at).date() + self.days
            own = span(day, self.at, minutes=self.minutes, zone=self.session.zone)
        return {"starts_at": own[0], "ends_at": own[1]}


def _change(row: Session, told: dict[str, Any], *, by: Person | None, reason: str, moved: bool) -> Part:
    before = {name: getattr(row, name) for name in told}
    if told["starts_at"] != row.starts_at:
        told |= {"opens_at": told["starts_at"] - row.series.early, "reminded_at": None}
    known = Session.objects.filter(pk=row.pk, state=SessionState.PLANNED, sequence=row.sequence)
    if not known.update(**told, sequence=F("sequence") + 1, changed_at=clock.now()):
        raise Refused("state.changed", _CHANGED)
    if moved:
        _keep(row, row.starts_at, row.ends_at, row.place, by=by, reason=reason)
    return Part(row, before=before, after={name: told[name] for name in before} | {"reason": reason})


def _keep(row: Session, starts_at: datetime, ends_at: datetime, place: str, *, by: Person | None, reason: str) -> None:
    SessionChange.objects.create(session=row, starts_at=starts_at, ends_at=ends_at, place=place, reason=reason, by=by)
