"""Signing in with a session's code: by members, inside the window, once, in a few tries."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from dure.audit.operations import record
from dure.calendar.codes import holds
from dure.calendar.events import AttendanceMarked
from dure.calendar.models import Attendance, Mark, Role, Session, SignInTries, Source
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.keys import sha256_of
from dure.people.models import Person

MOST_TRIES = 10  # a session: two codes of a million hold at a time
_STRANGER = Text(
    ko="참석자 명단에 없습니다. 강사에게 등록을 요청하세요.",
    en="You are not on the list of this session. Ask its teacher to add you.",
)
_SHUT = Text(
    ko="지금은 출석을 확인하는 시간이 아닙니다. 수업 시간에 다시 시도하거나 강사에게 말하세요.",
    en="Signing in is not open now. Try during the session, or tell the teacher.",
)
_WRONG = Text(
    ko="코드가 맞지 않거나 바뀌었습니다. 화면에 지금 보이는 코드를 입력하세요.",
    en="The code is wrong or has changed. Enter the one that is on the screen now.",
)
_MARKED = Text(
    ko="강사가 이미 출석을 기록했습니다. 다르면 강사에게 말하세요.",
    en="The teacher has marked you already. If it is wrong, tell the teacher.",
)
_TRIES = Text(
    ko="코드는 수업마다 {most}번까지 입력할 수 있습니다. 강사에게 출석을 기록해 달라고 하세요.",
    en="A code can be tried {most} times a session. Ask the teacher to mark you.",
)


class TooManyTries(Refused):
    """Too many codes were tried in one session."""

    status = 429


@transaction.atomic
def take_try(session: Session, *, person: Person) -> None:
    """Use up one of somebody's tries; before :func:`sign_in`, in a transaction of its own: what is refused later stays
    counted. Raises TooManyTries."""
    SignInTries.objects.get_or_create(session=session, person=person)
    rows = SignInTries.objects.filter(session=session, person=person, used__lt=MOST_TRIES)
    if not rows.update(used=F("used") + 1):
        raise TooManyTries("sign-in.tries", _TRIES.format(most=MOST_TRIES), of=MOST_TRIES)


@transaction.atomic
def sign_in(session: Session, *, person: Person, code: str, device: str = "") -> Attendance:
    """Mark that somebody is there, late or in time; ``device`` is what their browser is known by. The second time
    returns the first mark.

    Raises Missing("sign-in.stranger"), Refused("sign-in.shut", "sign-in.code" or "sign-in.marked").
    """
    locked = Session.objects.select_for_update(of=["self"], no_key=True).select_related("series").get(pk=session.pk)
    if not locked.series.attendees.filter(person=person, role=Role.ATTENDEE, left_at=None).exists():
        raise Missing("sign-in.stranger", _STRANGER)
    if not locked.takes_signs:
        raise Refused("sign-in.shut", _SHUT)
    if not holds(locked.secret, code, clock.now()):
        raise Refused("sign-in.code", _WRONG)
    before = locked.attendance.filter(person=person).first()
    if before and before.source == Source.CODE:
        return before
    if before and before.source != Source.EXCUSE:
        raise Refused("sign-in.marked", _MARKED)
    return _signed(locked, person, device, before)


def _signed(session: Session, person: Person, device: str, before: Attendance | None) -> Attendance:
    now = clock.now()
    late = now >= session.starts_at + timedelta(minutes=session.series.late_minutes)
    row = before or Attendance(session=session, person=person)
    row.mark, row.source = Mark.LATE if late else Mark.PRESENT, Source.CODE
    row.signed_at = row.marked_at = now
    row.device = sha256_of(device) if device else ""
    row.save()
    record("attendance.signed", session, after={"person": str(person.pk), "mark": row.mark}, about=person)
    publish(AttendanceMarked(row.pk))
    return row
