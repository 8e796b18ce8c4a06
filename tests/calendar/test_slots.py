"""Slots: nobody and no place twice at a time, one booking a slot, and as many each as the series says."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.calendar.events import SlotBooked, SlotReleased
from dure.calendar.models import Booking, Claim, Slot
from dure.calendar.operations import book, publish_slots, rebook, release, withdraw_slot
from dure.calendar.operations.telling import remind_of_bookings
from dure.calendar.queries import agenda
from dure.core import clock
from dure.core.errors import Refused
from dure.people.models import Notice
from tests.calendar.conftest import refusal_of
from tests.calendar.factories import EARLIER, HOUR, NINE, make_attendee, make_series, make_teacher
from tests.factories import make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def before():
    clock.set_clock(NINE - timedelta(days=1))


def make_slots(series=None, *, host=None, hours: int = 1, **known) -> list[Slot]:
    series = series or make_series()
    told = {"starts_at": NINE, "ends_at": known.get("starts_at", NINE) + hours * HOUR, "minutes": 20, **known}
    return list(publish_slots(series, host=host or make_teacher(series), **told))


def test_a_period_is_divided_into_as_many_slots_as_fit():
    slots = make_slots(hours=2, minutes=25, pause=5)

    assert [(slot.starts_at - NINE) / MINUTE for slot in slots] == [0, 30, 60, 90]
    assert {(slot.ends_at - slot.starts_at) / MINUTE for slot in slots} == {25}


def test_a_slot_is_booked_told_of_and_given_back(told):
    (slot, *_) = make_slots()
    ada = make_attendee(slot.series)

    booking = book(slot, person=ada)
    release(booking, by=ada)
    again = book(Slot.objects.get(pk=slot.pk), person=ada)

    assert told == [SlotBooked(booking.pk), SlotReleased(booking.pk), SlotBooked(again.pk)]
    assert [row.released_at is None for row in Booking.objects.order_by("pk")] == [False, True]
    assert Notice.objects.filter(person=ada).count() == Notice.objects.filter(person=slot.host).count() == 3


def test_strangers_and_latecomers_do_not_book():
    (slot, *_) = make_slots()
    ada = make_attendee(slot.series)

    assert refusal_of(lambda: book(slot, person=make_person())) == "slot.stranger"
    clock.set_clock(NINE)
    assert refusal_of(lambda: book(slot, person=ada)) == "slot.past"


def test_one_person_holds_as_many_as_the_series_says():
    slots = make_slots(make_series(slots_each=2), hours=2)
    ada = make_attendee(slots[0].series)
    first = book(slots[0], person=ada)
    book(slots[1], person=ada)

    assert refusal_of(lambda: book(slots[2], person=ada)) == "slot.most"
    release(first, by=first.person)
    book(Slot.objects.get(pk=slots[2].pk), person=ada)


def test_nobody_is_booked_twice_at_a_time():
    one, two = make_slots()[0], make_slots(starts_at=NINE + 10 * MINUTE)[0]
    ada = make_attendee(one.series)
    make_attendee(two.series, ada)
    book(one, person=ada)

    assert refusal_of(lambda: book(two, person=ada)) == "slot.own"
    assert Slot.objects.get(pk=two.pk).state == "open"


def test_a_host_and_a_place_are_offered_once_at_a_time():
    organisation = make_organisation()
    series = make_series(organisation=organisation)
    host = make_teacher(series)
    make_slots(series, host=host, place="Room 1")
    again = partial(make_slots, make_series(organisation=organisation))

    assert refusal_of(lambda: make_slots(series, host=host)) == "slot.overlaps"
    assert refusal_of(lambda: again(place="room 1")) == "slot.overlaps"
    again(place="Room 2")
    make_slots(place="Room 1")  # of another organisation


def test_a_withdrawn_slot_frees_its_time_and_its_booker_is_told():
    (slot, *_) = make_slots()
    ada = make_attendee(slot.series)
    book(slot, person=ada)

    withdraw_slot(slot)

    assert not Claim.objects.filter(slot=slot).exists()
    assert Booking.objects.get().released_at is not None
    assert [n.text_en for n in Notice.objects.filter(person=ada).order_by("pk")][-1].count("cancelled") == 1
    assert refusal_of(lambda: withdraw_slot(slot)) == "state.move"


@pytest.mark.parametrize("wrong", [{"minutes": 7}, {"minutes": 90}, {"starts_at": NINE + MINUTE}, {"hours": 30}])
def test_slots_off_the_grid_are_refused(wrong):
    assert refusal_of(lambda: make_slots(**wrong)) == "slot.grid"


def test_slots_of_yesterday_and_of_who_does_not_teach_are_refused():
    assert refusal_of(lambda: make_slots(starts_at=EARLIER)) == "slot.past"
    assert refusal_of(lambda: make_slots(host=make_person())) == "slot.host"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 24), st.integers(1, 12)), min_size=2, max_size=6))
def test_what_is_offered_never_overlaps_and_all_that_fits_is(spans):
    series = make_series()
    host, taken = make_teacher(series), set[int]()
    for start, length in spans:
        steps = set(range(start, start + length))
        starts_at = NINE + 5 * start * MINUTE
        call = partial(publish_slots, series, host=host, starts_at=starts_at, minutes=5 * length,
                       ends_at=starts_at + 5 * length * MINUTE)  # fmt: skip
        if steps & taken:
            with pytest.raises(Refused, match="already"):
                call()
        else:
            call()
            taken |= steps

    assert Claim.objects.filter(holder=f"person:{host.pk}").count() == len(taken)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_book_one_slot_at_once_one_has_it():
    (slot, *_) = make_slots()
    people = [make_attendee(slot.series) for _ in range(20)]

    got = race(*(partial(book, Slot.objects.get(pk=slot.pk), person=person) for person in people))

    assert sorted(getattr(one, "code", "booked") for one in got) == ["booked"] + ["slot.gone"] * 19
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_books_three_slots_at_once_has_one():
    slots = make_slots()
    ada = make_attendee(slots[0].series)

    got = race(*(partial(book, slot, person=ada) for slot in slots))

    assert sorted(getattr(one, "code", "booked") for one in got) == ["booked", "slot.most", "slot.most"]


@pytest.mark.django_db(transaction=True)
def test_of_two_hosts_who_offer_one_room_at_once_one_does():
    series = make_series()
    hosts = [make_teacher(series) for _ in range(4)]

    got = race(*(partial(make_slots, series, host=host, place="Room 1") for host in hosts))

    assert sorted(getattr(one, "code", "offered") for one in got) == ["offered"] + ["slot.overlaps"] * 3
    assert Slot.objects.count() == 3


def test_a_slot_of_several_takes_up_the_time_of_each_and_stands_on_each_ones_calendar():
    series = make_series()
    host, other = make_teacher(series), make_teacher(series)
    (slot, *_) = make_slots(series, host=host, others=[other])
    ada = make_attendee(series)

    book(slot, person=ada)

    span = {"since": NINE - HOUR, "until": NINE + HOUR}
    assert {person.pk: [entry.beside for entry in agenda(person, **span)] for person in (host, other, ada)} == {
        host.pk: [str(ada)], other.pk: [str(ada)], ada.pk: [f"{host}, {other}"],
    }  # fmt: skip
    assert refusal_of(lambda: make_slots(series, host=other)) == "slot.overlaps"
    assert refusal_of(lambda: make_slots(series, host=host, others=[make_person()])) == "slot.host"


def test_a_booking_is_moved_with_one_letter_to_each():
    series = make_series()
    host, other = make_teacher(series), make_teacher(series)
    first, *_ = make_slots(series, host=host, others=[other])
    later, *_ = make_slots(series, host=host, starts_at=NINE + 3 * HOUR)
    ada = make_attendee(series)
    booking = book(first, person=ada)
    Notice.objects.all().delete()

    moved = rebook(booking, slot=later)

    assert list(Booking.objects.filter(released_at=None)) == [moved]
    assert {notice.person_id: "moved" in notice.text_en for notice in Notice.objects.all()} == {
        ada.pk: True, host.pk: True, other.pk: False,
    }  # fmt: skip
    assert Notice.objects.count() == 3


def test_where_the_other_slot_is_taken_the_booking_stays():
    series = make_series()
    first, second, *_ = make_slots(series)
    ada, bo = make_attendee(series), make_attendee(series)
    booking = book(first, person=ada)
    book(second, person=bo)

    assert refusal_of(lambda: rebook(booking, slot=second)) == "slot.gone"
    assert Booking.objects.get(pk=booking.pk).released_at is None
    assert Slot.objects.get(pk=first.pk).state == "booked"


def test_within_the_notice_the_booker_keeps_it_and_a_host_may_still_give_it_back():
    series = make_series(notice_hours=24)
    first, second, *_ = make_slots(series)
    ada = make_attendee(series)
    booking = book(first, person=ada)

    assert (
        refusal_of(lambda: release(booking, by=ada)) == refusal_of(lambda: rebook(booking, slot=second)) == "slot.late"
    )
    assert release(booking, by=first.host).released_at is not None


def test_both_sides_are_reminded_once_within_a_day():
    clock.set_clock(NINE - timedelta(days=3))
    (slot, *_) = make_slots()
    ada = make_attendee(slot.series)
    book(slot, person=ada)
    Notice.objects.all().delete()

    for hours in (30, 20, 10):
        clock.set_clock(NINE - hours * HOUR)
        remind_of_bookings()

    assert {notice.person_id for notice in Notice.objects.all()} == {ada.pk, slot.host_id}
    assert Notice.objects.count() == 2
