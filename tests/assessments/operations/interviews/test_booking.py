"""Times of interviews: picked, moved, given up, by one each, and never with an interviewer who is too close."""

from functools import partial

import pytest

from dure.assessments.models import Scoring
from dure.assessments.operations.interviews import excuse, give_up, pick
from dure.assessments.queries.interviews import booking_of, times_for, times_of
from dure.calendar.models import Booking, Slot
from dure.calendar.operations import book
from dure.core import clock
from dure.core.errors import Missing, Refused
from tests.assessments.interviews import HOUR, NINE, invited, make_interview, met, times
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


def refusal_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_whoever_holds_the_time_has_the_interviewee_to_score():
    kim, lee, park = make_person(), make_person(), make_person()
    interview = make_interview(kim, lee, park)
    row, (slot, *_) = invited(interview), times(interview, kim, lee)

    booking = pick(row, slot=slot)

    assert booking_of(row) == booking
    assert {one.interviewer for one in Scoring.objects.filter(interviewee=row)} == {kim, lee}
    assert (slot.place, slot.minutes if hasattr(slot, "minutes") else (slot.ends_at - slot.starts_at) / HOUR) == (
        "301",
        0.5,
    )


def test_booking_on_the_calendar_is_the_same_as_here():
    kim = make_person()
    row = invited(interview := make_interview(kim))

    book(times(interview, kim)[0], person=row.person)

    assert {one.interviewer for one in Scoring.objects.filter(interviewee=row)} == {kim}


def test_a_move_takes_the_interviewee_to_others_who_score_them():
    kim, lee = make_person(), make_person()
    row = invited(interview := make_interview(kim, lee))
    pick(row, slot=times(interview, kim)[0])

    pick(row, slot=times(interview, lee, at=NINE + 3 * HOUR)[0])

    assert {one.interviewer for one in Scoring.objects.filter(interviewee=row)} == {lee}
    assert Booking.objects.filter(person=row.person, released_at=None).count() == 1


def test_what_is_given_up_is_free_for_others_until_the_notice_begins():
    kim = make_person()
    interview = make_interview(kim)
    row, other = invited(interview), invited(interview)
    slot, _ = times(interview, kim)
    pick(row, slot=slot)
    give_up(row, by=row.person)

    pick(other, slot=Slot.objects.select_related("series").get(pk=slot.pk))
    clock.set_clock(NINE - 23 * HOUR)

    assert refusal_of(lambda: give_up(other, by=other.person)) == "slot.late"
    assert refusal_of(lambda: give_up(row, by=row.person)) == "interview.none"
    assert not Scoring.objects.filter(interviewee=row).exists()


def test_two_interviews_at_once_are_refused_for_interviewers_and_interviewees():
    kim, lee, ada = make_person(), make_person(), make_person()
    one, other = make_interview(kim), make_interview(kim, lee)
    times(one, kim)
    pick(invited(one, ada), slot=one.series.slots.earliest("starts_at"))

    assert refusal_of(lambda: times(other, lee, kim)) == "slot.overlaps"
    slot = times(other, lee)[0]
    assert refusal_of(lambda: pick(invited(other, ada), slot=slot)) == "slot.own"


def test_another_interviews_time_is_not_found():
    kim = make_person()
    row, elsewhere = invited(make_interview(kim)), times(make_interview(kim), kim)[0]

    with pytest.raises(Missing):
        pick(row, slot=elsewhere)


def test_who_is_too_close_is_offered_no_more_and_beside_others_does_not_score():
    kim, lee = make_person(), make_person()
    interview = make_interview(kim, lee)
    row, other = invited(interview), invited(interview)
    alone, together = times(interview, kim)[0], times(interview, lee, kim, at=NINE + 3 * HOUR)[0]
    excuse(row, interviewer=kim, why="my student")

    assert {slot.starts_at for slot in times_for(row)} == {
        slot.starts_at for slot in times_for(other) if lee in slot.hosts
    }
    assert refusal_of(lambda: pick(row, slot=alone)) == "interview.conflict"
    pick(row, slot=Slot.objects.select_related("series", "host").get(pk=together.pk))
    assert {(one.interviewer, one.state) for one in row.scorings.all()} == {(kim, "excused"), (lee, "draft")}


def test_who_was_met_chooses_no_other_time():
    kim = make_person()
    row = met(interview := make_interview(kim), kim)

    assert refusal_of(lambda: pick(row, slot=times(interview, kim, at=NINE + 72 * HOUR)[0])) == "slot.past"


def test_offered_times_say_who_has_booked_them():
    kim = make_person()
    interview = make_interview(kim)
    row, (slot, free) = invited(interview), times(interview, kim)
    pick(row, slot=slot)

    assert {one.pk: one.booker for one in times_of(interview)} == {slot.pk: row.person.name, free.pk: None}


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_pick_the_last_time_at_once_one_has_it():
    kim = make_person()
    interview = make_interview(kim)
    rows = [invited(interview) for _ in range(10)]
    times(interview, kim)
    last = Slot.objects.select_related("series", "host")

    found = race(*(partial(pick, row, slot=last.earliest("starts_at")) for row in rows))

    refused = [one.code for one in found if isinstance(one, Refused)]
    assert (len(refused), set(refused) <= {"slot.gone", "state.changed"}) == (9, True)
    assert Booking.objects.filter(released_at=None).count() == Scoring.objects.count() == 1
