"""Marks that teachers give, and correct with a reason."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from dure.audit.operations import Part, record_many
from dure.calendar.events import AttendanceMarked
from dure.calendar.models import Attendance, Mark, Session, SessionState, Source
from dure.calendar.queries import expected
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person

_STATE = Text(
    ko="열려 있거나 끝난 수업의 출석만 기록할 수 있습니다.",
    en="Attendance is marked for sessions that are open or over.",
)
_REASON = Text(
    ko="끝난 수업의 출석을 고치려면 이유를 쓰세요. 기록에 남습니다.",
    en="To correct the attendance of a session that is over, give a reason. It is kept in the log.",
)
_MARK = Text(ko="모르는 출석 표시입니다: {given}", en="No such mark: {given}")
_STRANGER = Text(ko="이 수업의 참석자가 아닙니다.", en="They are not expected at this session.")


@transaction.atomic
def mark(
    session: Session, marks: Mapping[UUID, str], *, by: Person | None, reason: str = "", source: str = Source.TEACHER
) -> Sequence[Attendance]:
    """Mark persons (by id); returns the rows that changed. Who has the mark already stays as they are.

    Raises Refused("attendance.state", "attendance.reason"), Missing("attendance.stranger"), Flawed("attendance.mark").
    """
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if locked.state not in {SessionState.OPEN, SessionState.CLOSED}:
        raise Refused("attendance.state", _STATE)
    if unknown := set(marks.values()) - set(Mark.values):
        raise Flawed("attendance.mark", _MARK.format(given=", ".join(sorted(unknown))), marks=sorted(unknown))
    there = {row.person_id: row for row in locked.attendance.filter(person__in=marks)}
    new = {pk: wanted for pk, wanted in marks.items() if pk not in there or there[pk].mark != wanted}
    fresh = set(new) - set(there)
    if fresh and fresh - set(expected(locked).filter(pk__in=fresh).values_list("pk", flat=True)):
        raise Missing("attendance.stranger", _STRANGER)
    if new and locked.state == SessionState.CLOSED and not reason.strip():
        raise Refused("attendance.reason", _REASON)
    rows = [there.get(pk) or Attendance(session=locked, person_id=pk) for pk in new]
    parts = [_marked(row, new[row.person_id], by=by, reason=reason, source=source) for row in rows]
    if parts:
        record_many("attendance.marked", locked, parts=parts)
    for row in rows:
        publish(AttendanceMarked(row.pk))
    return rows


def _marked(row: Attendance, wanted: str, *, by: Person | None, reason: str, source: str) -> Part:
    before = {"mark": row.mark} if row.mark else None
    row.mark, row.by, row.reason, row.source, row.marked_at = wanted, by, reason.strip(), source, clock.now()
    row.save()
    return Part(row, before=before, after={"mark": wanted, "reason": reason}, about=("people.person", row.person_id))
