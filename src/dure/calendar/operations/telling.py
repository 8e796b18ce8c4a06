"""Letters about sessions and slots: soon, booked, moved, cancelled, given back. By jobs where many read them."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from dure.calendar.models import Booking, Excuse, ExcuseState, Session, SessionState
from dure.core import clock
from dure.core.moments import Told
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import NoticeKind, Person
from dure.people.operations import Letter, write_to

TELL = "calendar.tell"
SOON, MOVED, CANCELLED = "soon", "moved", "cancelled"
REMINDED = timedelta(hours=24)  # how long before a session people are reminded
AT_ONCE = 200
LINES = {
    SOON: Text(
        ko="{series}: ‘{title}’ 시간이 다가옵니다. {when}{place}",
        en="{series}: “{title}” is coming up. {when}{place}",
    ),
    MOVED: Text(
        ko="{series}: ‘{title}’ 일정이 바뀌었습니다. {when}{place}",
        en="{series}: “{title}” was moved. It is now {when}{place}",
    ),
    CANCELLED: Text(
        ko="{series}: ‘{title}’ 일정이 취소되었습니다. {when}{place}",
        en="{series}: “{title}” is cancelled. It was to be {when}{place}",
    ),
}
_BODY = Text(
    ko="{line}\n\n자세히 보기:\n{{link}}\n\n이런 메일을 받지 않으려면 계정의 알림 설정에서 끄세요.\n",
    en="{line}\n\nDetails:\n{{link}}\n\nTo get no such mail, switch it off in the notice settings of your account.\n",
)
_BOOKED = Text(ko="{series}: {who} 님과의 시간이 예약되었습니다. {when}", en="{series}: booked with {who}. {when}")
_RELEASED = Text(
    ko="{series}: {who} 님과의 예약이 취소되었습니다. {when}",
    en="{series}: the booking with {who} is cancelled. {when}",
)
_MOVED_TO = Text(
    ko="{series}: {who} 님과의 시간이 바뀌었습니다. {before} → {when}",
    en="{series}: your time with {who} was moved. {before} → {when}",
)
_COMES = Text(
    ko="{series}: {who} 님과의 시간이 다가옵니다. {when}{place}",
    en="{series}: your time with {who} is coming up. {when}{place}",
)
_APPROVED = Text(
    ko="{series}: ‘{title}’ 결석이 인정되었습니다.", en="{series}: your absence from “{title}” is excused."
)
_REFUSED = Text(
    ko="{series}: ‘{title}’ 결석이 인정되지 않았습니다. {answer}",
    en="{series}: your absence from “{title}” is not excused. {answer}",
)


def tell_soon(session: Session, what: str) -> None:
    """Have a worker tell whoever takes part; none of what is over."""
    if session.ends_at > clock.now():
        arguments = {"session": str(session.pk), "what": what, "after": ""}
        enqueue(TELL, arguments=arguments, key=f"{TELL}:{session.pk}:{what}:{session.sequence}")


@transaction.atomic
def tell_some(session: Session, *, what: str, after: UUID | None) -> None:
    """Write to those who take part, some at a time; a reminder of what was cancelled meanwhile is not sent."""
    if what == SOON and session.state == SessionState.CANCELLED:
        return
    rows = session.series.attendees.filter(left_at=None, person__is_active=True).select_related("person")
    found = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:AT_ONCE])
    told = {
        "series": session.series.title, "title": session.title, "when": Told(session.starts_at, session.zone),
        "place": f", {session.place}" if session.place else "",
    }  # fmt: skip
    write_to([row.person for row in found], _letter(LINES[what]), path=f"/calendar/sessions/{session.pk}/", **told)
    if len(found) == AT_ONCE:
        last = found[-1].pk
        enqueue(TELL, arguments={"session": session.pk, "what": what, "after": last},
                key=f"{TELL}:{session.pk}:{what}:{session.sequence}:{last}")  # fmt: skip


@transaction.atomic
def remind_due() -> None:
    """Ask for the reminders of sessions that begin within a day; each once."""
    now = clock.now()
    due = Session.objects.filter(
        state=SessionState.PLANNED, reminded_at=None, starts_at__gt=now, starts_at__lte=now + REMINDED
    )
    for session in due.order_by("starts_at")[:AT_ONCE]:
        if Session.objects.filter(pk=session.pk, reminded_at=None).update(reminded_at=now):
            tell_soon(session, SOON)


@transaction.atomic
def remind_of_bookings() -> None:
    """Remind of booked slots that begin within a day; each once, and none that was booked within that day."""
    now = clock.now()
    due = Booking.objects.filter(
        released_at=None, reminded_at=None, slot__starts_at__gt=now, slot__starts_at__lte=now + REMINDED
    )
    rows = due.select_related("slot__series", "slot__host", "person").prefetch_related("slot__others")
    for booking in rows.order_by("slot__starts_at")[:AT_ONCE]:
        taken = Booking.objects.filter(pk=booking.pk, reminded_at=None).update(reminded_at=now)
        if taken and booking.booked_at <= booking.slot.starts_at - REMINDED:
            place = f", {booking.slot.place}" if booking.slot.place else ""
            _tell_sides(booking, _COMES, place=place)


def tell_booked(booking: Booking) -> None:
    """Whoever meets at a slot learns that it was booked."""
    _tell_sides(booking, _BOOKED)


def tell_released(booking: Booking) -> None:
    _tell_sides(booking, _RELEASED)


def tell_moved(booking: Booking, *, to: Booking) -> None:
    """One letter for those who meet at both times; who is at one of them alone hears of that one."""
    old, new, who = booking.slot.hosts, to.slot.hosts, str(to.person)
    before = Told(booking.slot.starts_at, booking.slot.series.zone)
    _tell(to, [to.person], _MOVED_TO, who=_named(new), before=before)
    _tell(to, [host for host in new if host in old], _MOVED_TO, who=who, before=before)
    _tell(booking, [host for host in old if host not in new], _RELEASED, who=who)
    _tell(to, [host for host in new if host not in old], _BOOKED, who=who)


def _tell_sides(booking: Booking, line: Text, *, place: str = "") -> None:
    hosts = booking.slot.hosts
    _tell(booking, [booking.person], line, who=_named(hosts), place=place)
    _tell(booking, hosts, line, who=str(booking.person), place=place)


def _tell(booking: Booking, readers: Iterable[Person], line: Text, **told: object) -> None:
    series = booking.slot.series
    when = Told(booking.slot.starts_at, series.zone)
    write_to(readers, _letter(line), path=series.slots_path, series=series.title, when=when, **told)


def _named(hosts: Iterable[Person]) -> str:
    return ", ".join(map(str, hosts))


def tell_excuse(excuse: Excuse) -> None:
    session, approved = excuse.session, excuse.state == ExcuseState.APPROVED
    told = {"series": session.series.title, "title": session.title, "answer": excuse.answer}
    letter = _letter(_APPROVED if approved else _REFUSED)
    write_to([excuse.person], letter, path=f"/calendar/sessions/{session.pk}/", **told)


def _letter(line: Text) -> Letter:
    """The line on one's pages, as the subject, and with the way to its page as the mail."""
    subject = Text(ko=f"[두레] {line.ko}", en=f"[Dure] {line.en}")
    return Letter(NoticeKind.ANNOUNCEMENT, line, subject, _BODY.format(line=line))
