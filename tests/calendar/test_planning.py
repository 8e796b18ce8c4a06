"""Series and their sessions: planned, changed, moved with all that follow, cancelled."""

from datetime import date, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from dure.calendar import tasks
from dure.calendar.models import Session, SessionChange
from dure.calendar.operations import (
    cancel_session,
    change_series,
    change_session,
    enrol,
    enrol_many,
    leave,
    open_series,
    plan_weekly,
)
from dure.calendar.queries import clashes
from dure.calendar.recurrence import Weekly
from dure.core import clock
from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.people.models import Notice
from dure.people.operations import choose_mail
from tests.calendar.conftest import refusal_of
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher
from tests.factories import make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
SPRING = Weekly({0, 2}, date(2026, 3, 16), date(2026, 4, 3), time(9), 90, "Europe/Berlin", {date(2026, 3, 25)})


@pytest.fixture(autouse=True)
def winter():
    clock.set_clock(NINE - timedelta(days=300))


def weekly(series=None) -> list[Session]:
    return list(plan_weekly(series or make_series(), SPRING, title_ko="{n}회", title_en="Part {n}"))


def walls(rows) -> list[str]:
    return [f"{row.starts_at.astimezone(ZoneInfo('Europe/Berlin')):%m-%d %H:%M}" for row in rows]


def test_a_weekly_rule_is_written_out_as_sessions():
    sessions = weekly()

    assert walls(sessions) == ["03-16 09:00", "03-18 09:00", "03-23 09:00", "03-30 09:00", "04-01 09:00"]
    assert [row.title_en for row in sessions] == ["Part 1", "Part 2", "Part 3", "Part 4", "Part 5"]
    assert {row.minutes for row in sessions} == {90}


def test_one_session_is_moved_and_what_it_was_stays_written():
    ada = make_attendee((session := make_session()).series)
    by = make_teacher(session.series)

    change_session(session, by=by, reason="Holiday", starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR, place="Hall")
    drain()

    kept = SessionChange.objects.get()
    assert (session.starts_at, session.place, session.sequence) == (NINE + HOUR, "Hall", 1)
    assert session.opens_at == session.starts_at - timedelta(minutes=10)
    assert (kept.starts_at, kept.place, kept.reason, kept.by) == (NINE, "", "Holiday", by)
    assert "moved" in Notice.objects.get(person=ada).text_en


def test_all_that_follow_move_by_as_many_days_to_the_same_time_on_the_wall():
    sessions = weekly()
    start = sessions[2].starts_at + timedelta(days=1, hours=2)

    count = change_session(sessions[2], by=None, following=True, starts_at=start, ends_at=start + HOUR)

    rows = Session.objects.order_by("starts_at")
    assert count == 3
    assert walls(rows) == ["03-16 09:00", "03-18 09:00", "03-24 11:00", "03-31 11:00", "04-02 11:00"]
    assert [row.minutes for row in rows] == [90, 90, 60, 60, 60]


def test_a_new_title_for_all_that_follow_moves_nothing_and_tells_nobody():
    sessions = weekly()
    make_attendee(sessions[0].series)

    change_session(sessions[3], by=None, following=True, title_en="Practice")
    drain()

    assert [row.title_en for row in Session.objects.order_by("starts_at")][2:] == ["Part 3", "Practice", "Practice"]
    assert not SessionChange.objects.exists()
    assert not Notice.objects.exists()


def test_cancelling_all_that_follow_leaves_the_ones_before():
    sessions = weekly()

    cancel_session(sessions[1], by=None, reason="Ill", following=True)

    assert [row.state for row in Session.objects.order_by("starts_at")] == ["planned", *["cancelled"] * 4]
    assert refusal_of(lambda: change_session(Session.objects.get(pk=sessions[1].pk), by=None)) == "session.past"


def test_two_who_change_one_session_do_not_overwrite_each_other():
    session = make_session()
    seen = Session.objects.get()
    change_session(session, by=None, title_en="Mine")

    assert refusal_of(lambda: change_session(seen, by=None, title_en="Yours")) == "state.changed"


def test_times_that_run_backwards_and_unknown_zones_are_refused():
    series = make_series()

    assert refusal_of(lambda: make_session(series, ends_at=NINE)) == "session.times"
    assert refusal_of(lambda: make_session(series, ends_at=NINE + timedelta(hours=25))) == "session.times"
    assert refusal_of(lambda: make_session(series, zone="Mars/Olympus")) == "series.zone"


def test_a_day_before_those_who_want_mail_are_reminded_once():
    session = make_session(place="Hall")
    ada, bo = make_attendee(session.series), make_attendee(session.series)
    choose_mail(bo, kinds=[])
    for before in (25, 23, 22):
        clock.set_clock(NINE - before * HOUR)
        tasks.remind()
        drain()

    assert {notice.person for notice in Notice.objects.all()} == {ada, bo}
    assert [message.to for message in Message.objects.filter(subject__contains="1회")] == [[ada.email]]


def test_no_reminder_comes_of_what_is_cancelled():
    session = make_session()
    make_attendee(session.series)
    clock.set_clock(NINE - 23 * HOUR)
    tasks.remind()
    cancel_session(session, by=None)
    drain()

    assert ["cancelled" in notice.text_en for notice in Notice.objects.all()] == [True]


def test_one_series_a_subject_and_a_hundred_without():
    organisation = make_organisation()
    open_series(organisation, title_ko="가", title_en="A", subject="cohort:1")
    twice = partial(open_series, organisation, title_ko="가", title_en="A")

    assert refusal_of(lambda: twice(subject="cohort:1")) == "series.taken"
    assert twice() != twice()


def test_seats_are_counted_and_given_back():
    series = make_series(capacity=1)
    ada, bo = make_person(), make_person()
    enrol(series, person=ada)
    enrol(series, person=ada)

    assert refusal_of(lambda: enrol(series, person=bo)) == "series.full"
    enrol(series, person=bo, role="teacher")  # takes no seat
    leave(series, person=ada)
    leave(series, person=ada)
    enrol(series, person=bo)
    series.refresh_from_db()

    assert series.taken == 1
    change_series(series, capacity=3)
    enrol(series, person=ada)
    assert refusal_of(lambda: change_series(series, capacity=1)) == "series.seats"


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_want_three_seats_at_once_three_get_one():
    series = make_series(capacity=3)
    people = [make_person() for _ in range(10)]

    got = race(*(partial(enrol, series, person=person) for person in people))

    assert sorted(getattr(one, "code", "in") for one in got) == ["in"] * 3 + ["series.full"] * 7
    series.refresh_from_db()
    assert series.taken == 3


def test_what_stands_in_the_way_of_a_session_is_told():
    organisation = make_organisation()
    here, there = (make_series(organisation=organisation) for _ in range(2))
    ada, bo = make_attendee(here), make_attendee(here)
    enrol(there, person=ada)
    session = make_session(here, place="Hall", capacity=1)
    other = make_session(there, place="Hall", starts_at=NINE + HOUR)
    make_session(there, place="Hall", starts_at=NINE + 2 * HOUR + HOUR)

    found = clashes(session)

    assert (list(found.at_place), list(found.busy), found.seats_short) == ([other], [ada], 1)
    cancel_session(other, by=None)
    leave(here, person=bo)
    assert not clashes(session).any


def test_many_come_in_at_once_within_the_seats_and_who_is_there_stays_as_they_are():
    series = make_series(capacity=4)
    teacher, there = make_teacher(series), make_attendee(series)
    three = [make_person() for _ in range(3)]

    n = enrol_many(series, [teacher, there, *three, three[0]])

    assert n == 3
    assert dict(series.attendees.values_list("person", "role")) == {
        teacher.pk: "teacher", there.pk: "attendee", **dict.fromkeys((one.pk for one in three), "attendee"),
    }  # fmt: skip
    assert refusal_of(lambda: enrol_many(series, [make_person(), make_person()])) == "series.full"
    assert series.attendees.count() == 5
