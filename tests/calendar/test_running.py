"""Opening, closing, marks and what they come to."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.audit.models import AuditText
from dure.calendar import tasks
from dure.calendar.codes import code_at
from dure.calendar.events import AttendanceMarked, SessionClosed
from dure.calendar.models import Attendance, Mark, Session
from dure.calendar.operations import (
    ask_excuse,
    close_session,
    decide_excuse,
    enrol,
    leave,
    mark,
    open_session,
    sign_in,
    withdraw_excuse,
)
from dure.calendar.queries import Rate, attendance_of, rates
from dure.core import clock
from dure.people.models import Notice
from tests.calendar.conftest import refusal_of
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher, opened
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def held(series, *, days: int = 0) -> Session:
    """A session that is open and has begun."""
    clock.set_clock(NINE + timedelta(days=days))
    return opened(make_session(series, starts_at=NINE + timedelta(days=days)))


def marks_of(session: Session) -> dict:
    return dict(session.attendance.values_list("person", "mark"))


def test_the_clock_opens_and_closes_and_who_has_no_mark_was_absent(told):
    session = make_session()
    clock.set_clock(NINE - HOUR)
    ada, bo, gone = (make_attendee(session.series) for _ in range(3))
    make_teacher(session.series)
    leave(session.series, person=gone)
    clock.set_clock(NINE - timedelta(minutes=10))
    tasks.run()
    opened_state = Session.objects.get().state
    sign_in(Session.objects.get(), person=ada, code=code_at(session.secret, clock.now()))
    clock.set_clock(NINE + 2 * HOUR)
    tasks.run()
    tasks.run()

    assert (opened_state, Session.objects.get().state) == ("open", "closed")
    assert marks_of(session) == {ada.pk: "present", bo.pk: "absent"}
    assert [type(fact) for fact in told] == [AttendanceMarked, SessionClosed]


def test_who_left_before_or_came_after_is_not_expected():
    series = make_series()
    stays, leaves = make_attendee(series), make_attendee(series)
    clock.set_clock(NINE - HOUR)
    leave(series, person=leaves)
    session = held(series)
    clock.set_clock(NINE + 3 * HOUR)
    enrol(series, person=make_person())
    close_session(session)

    assert marks_of(session) == {stays.pk: "absent"}


def test_opening_days_before_and_ending_before_the_start_are_refused():
    session = make_session()
    clock.set_clock(NINE - 2 * HOUR)
    assert refusal_of(lambda: open_session(session)) == "session.early"

    clock.set_clock(NINE - HOUR / 2)
    open_session(session)

    assert session.takes_signs
    assert refusal_of(lambda: close_session(session)) == "session.unbegun"


def test_a_correction_of_a_closed_session_needs_a_reason_and_is_in_the_log(told):
    series = make_series()
    ada, teacher = make_attendee(series), make_teacher(series)
    session = close_session(held(series))

    assert refusal_of(lambda: mark(session, {ada.pk: "present"}, by=teacher)) == "attendance.reason"
    mark(session, {ada.pk: "present"}, by=teacher, reason="Her phone was flat")

    row = Attendance.objects.get()
    assert (row.mark, row.by, row.source, row.reason) == ("present", teacher, "teacher", "Her phone was flat")
    text = AuditText.objects.get(row__action="attendance.marked", before__contains="absent")
    assert "Her phone was flat" in text.after
    assert mark(session, {ada.pk: "present"}, by=teacher) == []
    assert told[-1] == AttendanceMarked(row.pk)


def test_marks_of_strangers_unknown_marks_and_sessions_to_come_are_refused():
    series = make_series()
    ada, teacher = make_attendee(series), make_teacher(series)
    planned = make_session(series, starts_at=NINE + timedelta(days=9))
    session = held(series)

    assert refusal_of(lambda: mark(planned, {ada.pk: "present"}, by=teacher)) == "attendance.state"
    assert refusal_of(lambda: mark(session, {make_person().pk: "present"}, by=teacher)) == "attendance.stranger"
    assert refusal_of(lambda: mark(session, {ada.pk: "asleep"}, by=teacher)) == "attendance.mark"


def test_an_approved_absence_is_excused_and_counts_for_nothing():
    series = make_series()
    ada, teacher = make_attendee(series), make_teacher(series)
    first = held(series)
    mark(first, {ada.pk: "present"}, by=teacher)
    close_session(first)
    second = close_session(held(series, days=7))
    before = attendance_of(series, ada)

    excuse = ask_excuse(second, person=ada, reason="Flu")
    decide_excuse(excuse, approve=True, by=teacher)

    assert (before, attendance_of(series, ada)) == (Fraction(1, 2), Fraction(1))
    assert Attendance.objects.get(session=second).mark == "excused"
    assert "excused" in Notice.objects.get(person=ada).text_en


def test_excuses_are_asked_once_decided_once_and_can_be_taken_back():
    series = make_series()
    ada, teacher = make_attendee(series), make_teacher(series)
    session = make_session(series)
    clock.set_clock(NINE - HOUR)
    excuse = ask_excuse(session, person=ada, reason="Flu")

    assert refusal_of(lambda: ask_excuse(session, person=ada, reason="Flu")) == "excuse.twice"
    assert refusal_of(lambda: ask_excuse(session, person=teacher, reason="Flu")) == "excuse.stranger"
    withdraw_excuse(excuse)
    again = decide_excuse(ask_excuse(session, person=ada, reason="Flu"), approve=False, by=teacher, answer="Come")

    assert refusal_of(lambda: decide_excuse(again, approve=True, by=teacher)) == "state.move"
    assert not Attendance.objects.exists()
    clock.set_clock(NINE + timedelta(days=15))
    assert refusal_of(lambda: ask_excuse(session, person=ada, reason="Flu")) == "excuse.late"


def test_who_was_excused_and_comes_is_present():
    series = make_series()
    ada, teacher = make_attendee(series), make_teacher(series)
    session = held(series)
    decide_excuse(ask_excuse(session, person=ada, reason="Flu"), approve=True, by=teacher)

    sign_in(session, person=ada, code=code_at(session.secret, clock.now()))

    assert marks_of(session) == {ada.pk: "present"}
    assert refusal_of(lambda: ask_excuse(session, person=ada, reason="Flu")) == "excuse.there"


def test_the_rate_is_one_where_nothing_counts_and_late_counts_as_the_series_says():
    series = make_series(part_percent=50)
    ada, bo, teacher = make_attendee(series), make_attendee(series), make_teacher(series)
    nothing = attendance_of(series, ada)
    for day, given_ in enumerate(({ada: "present", bo: "absent"}, {ada: "late", bo: "left-early"}, {ada: "absent"})):
        session = held(series, days=day)
        mark(session, {person.pk: wanted for person, wanted in given_.items()}, by=teacher)
        close_session(session)
    mark(held(series, days=4), {ada.pk: "present"}, by=teacher)  # open still: counts later

    assert nothing == 1
    assert {pk: rate.value for pk, rate in rates(series).items()} == {ada.pk: Fraction(1, 2), bo.pk: Fraction(1, 6)}
    assert attendance_of(series, bo) == Fraction(1, 6)


@given(st.dictionaries(st.sampled_from(Mark.values), st.integers(0, 40)), st.integers(0, 100))
def test_a_rate_is_exact_and_lies_between_nothing_and_all(counts, part):
    rate = Rate(Fraction(part, 100), counts)
    whole = {mark: counts.get(mark, 0) for mark in Mark.values}
    partly = whole["late"] + whole["left-early"]
    all_counted = sum(whole.values()) - whole["excused"]

    assert 0 <= rate.value <= 1
    assert rate.value * all_counted == (whole["present"] + partly * Fraction(part, 100) if all_counted else 0)
