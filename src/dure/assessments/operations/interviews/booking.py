"""Times of interviews: offered by interviewers, picked, moved and given up; whoever holds a time scores it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dure.assessments.models import Interview, Interviewee, IntervieweeState, InterviewState, Scoring, ScoringState
from dure.assessments.queries.interviews import booking_of
from dure.calendar.events import SlotBooked, SlotReleased
from dure.calendar.models import Booking, Slot
from dure.calendar.operations import book, publish_slots, rebook
from dure.calendar.operations import release as release_booking
from dure.core.errors import Missing, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.people.models import Person

_OVER = Text(
    ko="지금은 면접 시간을 고를 수 없습니다. 담당자에게 문의하세요.",
    en="You cannot choose a time now. Ask those who hold the interview.",
)
_CONFLICT = Text(
    ko="이 시간의 면접관은 이해관계 때문에 이 면접을 맡을 수 없습니다. 다른 시간을 고르세요.",
    en="The interviewer at that time has a conflict of interest. Choose another time.",
)
_OTHER = Text(
    ko="이 면접의 시간이 아닙니다. 목록에서 다시 고르세요.", en="This is no time of the interview. Choose again."
)
_NONE = Text(ko="고른 면접 시간이 없습니다.", en="No time is booked.")


def offer_times(
    interview: Interview,
    *,
    interviewers: Sequence[Person],
    starts_at: datetime,
    ends_at: datetime,
    pause: int = 0,
    place: str | None = None,
    link: str | None = None,
) -> Sequence[Slot]:
    """Offer times at which these interviewers meet one interviewee each, with ``pause`` minutes between them; where it
    is not said, at the interview's own place. Raises as ``calendar.operations.publish_slots``."""
    host, *others = interviewers
    return publish_slots(
        interview.series, host=host, others=others, starts_at=starts_at, ends_at=ends_at, minutes=interview.minutes,
        pause=pause, place=interview.place if place is None else place, link=interview.link if link is None else link,
    )  # fmt: skip


@transaction.atomic
def pick(row: Interviewee, *, slot: Slot) -> Booking:
    """Take a time, or move to it from the one that is held.

    Raises Missing("slot.missing"), Refused("interview.closed", "interview.conflict") and as ``calendar.operations``
    ``book`` and ``rebook`` do: "slot.gone", "slot.own", "slot.past", "slot.late".
    """
    if slot.series_id != row.interview.series_id:
        raise Missing("slot.missing", _OTHER)
    held = booking_of(row)
    return rebook(held, slot=slot) if held else book(slot, person=row.person)


@transaction.atomic
def give_up(row: Interviewee, *, by: Person) -> Booking:
    """Give the time back. Raises Refused("interview.none", "slot.past", "slot.late")."""
    held = booking_of(row)
    if held is None:
        raise Refused("interview.none", _NONE)
    return release_booking(held, by=by)


@on(SlotBooked)
def seat_interviewers(fact: SlotBooked) -> None:
    """Whichever way a time was booked: whoever holds it has the interviewee to score, unless they are too close."""
    found = _of_booking(fact.booking)
    if found is None:
        return
    row, slot = found
    if row.interview.state != InterviewState.OPEN or row.state != IntervieweeState.WAITING:
        raise Refused("interview.closed", _OVER)
    barred = set(row.scorings.filter(state=ScoringState.EXCUSED).values_list("interviewer", flat=True))
    able = [host for host in slot.hosts if host.pk not in barred]
    if not able:
        raise Refused("interview.conflict", _CONFLICT)
    notes = {one["interviewer"]: one["notes"] for before in row.earlier for one in before["scorings"]}
    seats = [Scoring(interviewee=row, interviewer=host, notes=notes.get(str(host.pk), "")) for host in able]
    Scoring.objects.bulk_create(seats, ignore_conflicts=True)


@on(SlotReleased)
def unseat_interviewers(fact: SlotReleased) -> None:
    """Those who would have met them and have written nothing have nothing to score."""
    found = _of_booking(fact.booking)
    if found is not None:
        row, slot = found
        blank = row.scorings.filter(state=ScoringState.DRAFT, saves=0, is_extra=False)
        blank.filter(interviewer__in=[host.pk for host in slot.hosts]).delete()


def _of_booking(booking: UUID) -> tuple[Interviewee, Slot] | None:
    held = Booking.objects.select_related("slot__host").get(pk=booking)
    rows = Interviewee.objects.select_for_update(of=("self",)).select_related("interview", "person")
    row = rows.filter(interview__series=held.series_id, person=held.person_id).first()
    return (row, held.slot) if row else None
