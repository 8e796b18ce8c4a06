"""Signing in: members only, inside the window only, once, in a few tries."""

from datetime import timedelta
from functools import partial

import pytest

from dure.audit.models import AuditRow
from dure.calendar.codes import code_at
from dure.calendar.models import Attendance
from dure.calendar.operations import leave, mark, sign_in, take_try
from dure.calendar.operations.signing import MOST_TRIES
from dure.calendar.queries import shared_devices
from dure.core import clock
from tests.calendar.conftest import refusal_of
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher, opened
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db):
    """Open since ten to nine; it is five past nine."""
    with clock.at(NINE - timedelta(minutes=10)):
        made = opened(make_session())
    clock.set_clock(NINE + timedelta(minutes=5))
    return made


def code(session) -> str:
    return code_at(session.secret, clock.now())


def test_a_member_with_the_code_is_present_and_after_ten_minutes_late(session, told):
    ada, bo = (make_attendee(session.series) for _ in range(2))

    first = sign_in(session, person=ada, code=code(session), device="phone")
    clock.pass_time(timedelta(minutes=5))
    second = sign_in(session, person=bo, code=code(session), device="other")

    assert (first.mark, first.source, second.mark) == ("present", "code", "late")
    assert [fact.attendance for fact in told] == [first.pk, second.pk]
    assert AuditRow.objects.filter(action="attendance.signed", object_id=str(session.pk)).count() == 2


def test_a_second_time_gives_the_first_mark(session, told):
    ada = make_attendee(session.series)
    first = sign_in(session, person=ada, code=code(session))
    clock.pass_time(timedelta(minutes=30))

    assert sign_in(session, person=ada, code=code(session)) == first
    assert Attendance.objects.get().mark == "present"
    assert len(told) == 1


def test_strangers_teachers_and_those_who_left_cannot_sign_in(session):
    gone = make_attendee(session.series)
    leave(session.series, person=gone)

    for person in (make_person(), make_teacher(session.series), gone):
        assert refusal_of(partial(sign_in, session, person=person, code=code(session))) == "sign-in.stranger"


def test_old_and_wrong_codes_are_refused(session):
    ada, old = make_attendee(session.series), code(session)
    clock.pass_time(timedelta(seconds=61))

    assert refusal_of(lambda: sign_in(session, person=ada, code=old)) == "sign-in.code"
    assert refusal_of(lambda: sign_in(session, person=ada, code="")) == "sign-in.code"


@pytest.mark.parametrize("when", [NINE - timedelta(minutes=11), NINE + 2 * HOUR])
def test_outside_the_window_nobody_signs_in(session, when):
    ada = make_attendee(session.series)
    clock.set_clock(when)

    assert refusal_of(lambda: sign_in(session, person=ada, code=code(session))) == "sign-in.shut"


def test_before_it_is_opened_nobody_signs_in():
    session = make_session()
    ada = make_attendee(session.series)

    with clock.at(NINE):
        assert refusal_of(lambda: sign_in(session, person=ada, code=code(session))) == "sign-in.shut"


def test_what_the_teacher_marked_is_not_signed_over(session):
    ada = make_attendee(session.series)
    mark(session, {ada.pk: "absent"}, by=make_teacher(session.series))

    assert refusal_of(lambda: sign_in(session, person=ada, code=code(session))) == "sign-in.marked"


def test_one_device_that_signs_for_two_is_seen_and_the_same_code_from_two_is_not(session):
    ada, bo, cy = (make_attendee(session.series) for _ in range(3))
    for person, device in ((ada, "phone"), (bo, "phone"), (cy, "own")):
        sign_in(session, person=person, code=code(session), device=device)

    assert shared_devices(session) == {ada.pk, bo.pk}


def test_tries_are_counted_right_or_wrong(session):
    ada = make_attendee(session.series)
    for _ in range(MOST_TRIES):
        take_try(session, person=ada)

    assert refusal_of(lambda: take_try(session, person=ada)) == "sign-in.tries"
    take_try(make_session(session.series), person=ada)  # another session has its own


@pytest.mark.django_db(transaction=True)
def test_two_hundred_sign_in_at_once_and_each_is_there_once():
    with clock.at(NINE - timedelta(minutes=10)):
        session = opened(make_session(make_series()))
    people = [make_attendee(session.series) for _ in range(200)]
    clock.set_clock(NINE)
    shown = code(session)

    def each(some):
        for person in some:
            take_try(session, person=person)
            sign_in(session, person=person, code=shown, device=str(person.pk))
            sign_in(session, person=person, code=shown, device=str(person.pk))

    got = race(*(partial(each, people[at::10]) for at in range(10)))

    assert got == [None] * 10
    assert sorted(Attendance.objects.values_list("person", "mark")) == sorted((p.pk, "present") for p in people)


@pytest.mark.django_db(transaction=True)
def test_one_person_who_signs_in_ten_times_at_once_has_one_mark():
    with clock.at(NINE - timedelta(minutes=10)):
        session = opened(make_session(make_series()))
    ada = make_attendee(session.series)
    clock.set_clock(NINE)
    shown = code(session)

    got = race(*(lambda: sign_in(session, person=ada, code=shown).pk for _ in range(10)))

    assert set(got) == {Attendance.objects.get().pk}
