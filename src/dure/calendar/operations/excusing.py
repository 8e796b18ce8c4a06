"""Absences that somebody asks to be excused, and what is decided."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.calendar.events import AttendanceMarked
from dure.calendar.models import (
    ATTENDED,
    EXCUSE_MOVES,
    Attendance,
    Excuse,
    ExcuseState,
    Mark,
    Session,
    SessionState,
    Source,
)
from dure.calendar.operations.telling import tell_excuse
from dure.calendar.queries import expected
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import move

WITHIN = timedelta(days=14)
_STRANGER = Text(ko="이 수업의 참석자가 아닙니다.", en="You are not expected at this session.")
_LATE = Text(
    ko="수업이 끝나고 {days}일까지만 요청할 수 있습니다. 강사에게 문의하세요.",
    en="This can be asked for until {days} days after the session. Ask the teacher.",
)
_CANCELLED = Text(
    ko="취소된 수업입니다. 요청할 것이 없습니다.", en="The session is cancelled: there is nothing to excuse."
)
_THERE = Text(ko="이미 참석한 것으로 기록되었습니다.", en="You are marked as having been there.")
_TWICE = Text(ko="이미 요청했습니다. 결정을 기다리세요.", en="You have asked already. Wait for the decision.")


@transaction.atomic
def ask_excuse(session: Session, *, person: Person, reason: str) -> Excuse:
    """Ask that somebody's absence be excused, before the session or within two weeks after it.

    Raises Missing("excuse.stranger"), Refused("excuse.late", "excuse.cancelled", "excuse.there" or "excuse.twice").
    """
    if not expected(session).filter(pk=person.pk).exists():
        raise Missing("excuse.stranger", _STRANGER)
    if session.state == SessionState.CANCELLED:
        raise Refused("excuse.cancelled", _CANCELLED)
    if clock.now() > session.ends_at + WITHIN:
        raise Refused("excuse.late", _LATE.format(days=WITHIN.days))
    if session.attendance.filter(person=person, mark__in=ATTENDED).exists():
        raise Refused("excuse.there", _THERE)
    try:
        with transaction.atomic():
            excuse = Excuse.objects.create(session=session, person=person, reason=reason)
    except IntegrityError:
        raise Refused("excuse.twice", _TWICE) from None
    record("excuse.asked", excuse, after={"session": str(session.pk), "reason": reason}, about=person)
    return excuse


@transaction.atomic
def withdraw_excuse(excuse: Excuse) -> Excuse:
    """Take a request back that was not decided. Raises Refused("state.move" or "state.changed")."""
    move(excuse, ExcuseState.WITHDRAWN, by=EXCUSE_MOVES)
    record("excuse.withdrawn", excuse, about=excuse.person)
    return excuse


@transaction.atomic
def decide_excuse(excuse: Excuse, *, approve: bool, by: Person, answer: str = "") -> Excuse:
    """Approve or refuse; an approved absence is excused at once, unless they came. They are told.

    Raises Refused("state.move" or "state.changed").
    """
    state = ExcuseState.APPROVED if approve else ExcuseState.REFUSED
    move(excuse, state, by=EXCUSE_MOVES, answer=answer, decided_by=by, decided_at=clock.now())
    record("excuse.decided", excuse, after={"state": state, "answer": answer}, about=excuse.person)
    if approve:
        _excuse(excuse, by)
    tell_excuse(excuse)
    return excuse


def _excuse(excuse: Excuse, by: Person) -> None:
    Session.objects.select_for_update(no_key=True).get(pk=excuse.session_id)
    row = Attendance.objects.filter(session=excuse.session, person=excuse.person).first()
    if row and row.mark in ATTENDED:
        return
    row = row or Attendance(session=excuse.session, person=excuse.person)
    row.mark, row.source, row.by, row.marked_at = Mark.EXCUSED, Source.EXCUSE, by, clock.now()
    row.save()
    publish(AttendanceMarked(row.pk))
