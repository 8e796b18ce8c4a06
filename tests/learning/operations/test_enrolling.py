"""Seats, the waiting list, who moves up, and what instructors note."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import on
from dure.learning.events import Enrolled, Withdrawn
from dure.learning.models import Enrolment
from dure.learning.operations.cohorts import change_cohort, plan_cohort, seat_teacher, unseat_teacher
from dure.learning.operations.courses import archive_course
from dure.learning.operations.enrolling import enrol, extend, join, note, withdraw, write_to
from dure.learning.operations.progressing import finish_lesson
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment
from tests.people.races import race

pytestmark = pytest.mark.django_db


def states(cohort) -> list[str]:
    return list(cohort.enrolments.order_by("pk").values_list("state", flat=True))


def test_whoever_comes_when_it_is_full_waits_and_moves_up_in_turn():
    cohort = make_cohort(capacity=1)
    first, second, third = (join(cohort, person=make_person()) for _ in range(3))

    before = states(cohort)
    withdraw(first)
    after = states(cohort)
    withdraw(Enrolment.objects.get(pk=third.pk))

    assert before == ["active", "waiting", "waiting"]
    assert after == ["withdrawn", "active", "waiting"]
    assert second.person.notices.count() == 1
    cohort.refresh_from_db()
    assert (cohort.taken, states(cohort)) == (1, ["withdrawn", "active", "withdrawn"])


def test_more_seats_let_those_who_wait_in():
    cohort = make_cohort(capacity=1)
    for _ in range(4):
        make_enrolment(cohort)

    change_cohort(cohort, capacity=3)

    assert states(cohort) == ["active", "active", "active", "waiting"]
    with pytest.raises(Refused, match="3 people"):
        change_cohort(cohort, capacity=2)


def test_the_waiting_list_keeps_the_order_of_asking_also_for_whoever_comes_back():
    cohort = make_cohort(capacity=1)
    first, second = make_enrolment(cohort), make_enrolment(cohort)

    withdraw(first)
    back = enrol(cohort, person=first.person)
    third = make_enrolment(cohort)
    withdraw(Enrolment.objects.get(pk=second.pk))

    assert (back.pk, third.state) == (first.pk, "waiting")
    assert Enrolment.objects.get(pk=first.pk).state == "active"


def test_nobody_is_in_a_cohort_twice():
    enrolment = make_enrolment()
    with pytest.raises(Refused) as refused:
        enrol(enrolment.cohort, person=enrolment.person)
    assert refused.value.code == "enrolment.there"
    enrolment.cohort.refresh_from_db()
    assert enrolment.cohort.taken == 1


def test_one_joins_in_time_and_where_one_may_and_a_roster_takes_late_joiners():
    now = clock.now()
    course = make_course()
    late = make_cohort(course, join_until=now - timedelta(days=1), closes_at=now + timedelta(days=9))
    listed = make_cohort(course, self_service=False)

    with pytest.raises(Refused) as over:
        join(late, person=make_person())
    with pytest.raises(Forbidden):
        join(listed, person=make_person())
    archive_course(course)
    with pytest.raises(Refused) as archived:
        join(make_cohort(course), person=make_person())

    assert (over.value.code, archived.value.code) == ("cohort.closed", "course.closed")
    assert make_enrolment(late).state == make_enrolment(listed).state == "active"


def test_a_track_is_chosen_where_there_are_tracks():
    cohort = make_cohort(make_course(options=["vision", "voice"]))
    with pytest.raises(Refused, match="vision, voice"):
        join(cohort, person=make_person())
    assert join(cohort, person=make_person(), option="voice").option == "voice"
    assert make_enrolment(option="ignored").option == ""


def test_a_finished_course_is_not_left():
    enrolment = make_enrolment(make_cohort(make_course(lessons=1)))
    finish_lesson(enrolment, enrolment.cohort.course.lessons.get())
    with pytest.raises(Refused):
        withdraw(enrolment)


def test_an_extension_is_one_persons_own():
    now = clock.now()
    cohort = make_cohort(closes_at=now - timedelta(hours=1))
    mine, other = make_enrolment(cohort), make_enrolment(cohort)

    extend(mine, until=now + timedelta(days=3))

    assert (mine.is_open, other.is_open, mine.person.notices.count()) == (True, False, 1)
    extend(mine, until=None)
    assert not mine.is_open


def test_an_extension_ends_after_the_cohort_does():
    enrolment = make_enrolment(make_cohort(closes_at=clock.now()))

    with pytest.raises(Flawed, match="later than"):
        extend(enrolment, until=enrolment.cohort.closes_at)

    assert (Enrolment.objects.get().extended_until, enrolment.person.notices.count()) == (None, 0)


def test_an_instructor_notes_attendance_and_grade():
    enrolment = note(make_enrolment(), attendance=Decimal("0.9"), grade=Decimal("4.5"))
    enrolment.refresh_from_db()
    assert (enrolment.attendance, enrolment.grade) == (Decimal("0.900"), Decimal("4.50"))


def test_those_who_wait_are_written_to_and_nobody_else():
    cohort = make_cohort(capacity=1)
    active, waiting = make_enrolment(cohort), make_enrolment(cohort)

    assert write_to(cohort, states=["waiting"], text="곧 자리가 납니다.") == 1
    assert (waiting.person.notices.count(), active.person.notices.count()) == (1, 0)


def test_cohorts_have_sound_dates_their_own_name_and_teachers():
    now, course = clock.now(), make_course()
    cohort = plan_cohort(course, name="1")
    with pytest.raises(Refused):
        plan_cohort(course, name="1")
    with pytest.raises(Refused):
        plan_cohort(course, name="2", opens_at=now, closes_at=now - timedelta(days=1))

    seat = seat_teacher(cohort, person=make_person(), duty="mentor")
    seat_teacher(cohort, person=seat.person, duty="instructor")
    assert cohort.seats.get().duty == "instructor"
    unseat_teacher(seat)
    assert not cohort.seats.exists()


def test_facts_are_told():
    told: list[object] = []
    on(Enrolled)(told.append)
    on(Withdrawn)(told.append)
    cohort = make_cohort(capacity=1)
    first, second = make_enrolment(cohort), make_enrolment(cohort)
    withdraw(first)
    assert told == [Enrolled(first.pk), Withdrawn(first.pk), Enrolled(second.pk)]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_join_at_once_as_many_get_in_as_there_are_seats():
    cohort = make_cohort(capacity=3)
    people = [make_person() for _ in range(8)]

    race(*((lambda person=person: join(cohort, person=person)) for person in people))

    cohort.refresh_from_db()
    assert (cohort.taken, sorted(states(cohort))) == (3, ["active"] * 3 + ["waiting"] * 5)


@pytest.mark.django_db(transaction=True)
def test_leaving_and_joining_at_once_leaves_no_seat_empty_while_somebody_waits():
    for _ in range(5):
        cohort = make_cohort(capacity=1)
        first, person = make_enrolment(cohort), make_person()

        race(lambda first=first: withdraw(first), lambda person=person, cohort=cohort: join(cohort, person=person))

        assert sorted(states(cohort)) == ["active", "withdrawn"]
