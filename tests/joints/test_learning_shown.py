"""A finished course is evidence of what it teaches; a cohort's sessions are attended by its people and count."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dure.calendar.models import Attendance, Mark
from dure.calendar.operations import change_series, close_session, mark, open_session, plan
from dure.core import clock
from dure.core.errors import Refused
from dure.jobs.worker import drain
from dure.joints.learning.sessions import COUNT, KEEP, open_sessions, series_of
from dure.learning.models import Enrolment
from dure.learning.operations.cohorts import seat_teacher
from dure.learning.operations.enrolling import note, withdraw
from dure.learning.operations.progressing import finish_lesson, prove
from dure.skills.models import Evidence, Evidencing, Level
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson, make_skill
from tests.learning.paths.factories import teaching

pytestmark = pytest.mark.django_db


def finished(course, **known) -> Enrolment:
    enrolment = make_enrolment(make_cohort(course), **known)
    for lesson in course.lessons.all():
        finish_lesson(enrolment, lesson)
    return enrolment


def shown(person) -> list[tuple[str, int, int, str]]:
    rows = Evidencing.objects.filter(evidence__showings__person=person).order_by("skill__code")
    return list(rows.values_list("skill__code", "level", "score", "trust"))


@pytest.fixture
def course():
    make_skill("sql")
    make_skill("python")
    return make_course(item=teaching("sql-basics", sql=2), lessons=1)


def test_a_finished_course_shows_what_its_item_and_its_lessons_teach(course):
    make_lesson(course, item=teaching("py", python=1, sql=1))

    enrolment = finished(course)

    assert shown(enrolment.person) == [("python", 1, 1000, "measured"), ("sql", 2, 1000, "measured")]
    kept = Evidence.objects.get(showings__person=enrolment.person)
    assert (kept.kind, kept.via, kept.proof) == ("learn", "course", f"enrolment {enrolment.pk}")


def test_two_courses_make_a_level_that_one_alone_does_not(course):
    person = make_person()
    other = make_course(item=teaching("sql-more", sql=2), lessons=1)

    finished(course, person=person)
    after_one = Level.objects.get(person=person).level
    finished(other, person=person)

    assert (after_one, Level.objects.get(person=person).level) == (0, 2)


def test_what_somebody_else_said_was_done_is_recorded_and_a_grade_says_how_well(course):
    outside = make_lesson(course, kind="outside")
    enrolment = make_enrolment(make_cohort(course))
    note(enrolment, attendance=None, grade=Decimal("3.6"))
    finish_lesson(enrolment, course.lessons.first())

    prove(enrolment, outside, by=make_person(), proof="seen")

    assert shown(enrolment.person) == [("sql", 2, 800, "recorded")]


def test_a_course_that_teaches_no_skill_leaves_nothing_behind():
    enrolment = finished(make_course(lessons=1))

    assert not Evidence.objects.filter(showings__person=enrolment.person).exists()


# --- sessions


def people(series) -> dict[object, str]:
    return dict(series.attendees.filter(left_at=None).values_list("person", "role"))


def test_who_is_in_a_cohort_attends_its_sessions_and_who_leaves_does_not(course):
    cohort, teacher = make_cohort(course), make_person()
    seat_teacher(cohort, person=teacher, duty="instructor")
    seat_teacher(cohort, person=make_person(), duty="mentor")
    early = make_enrolment(cohort)

    series = open_sessions(cohort)
    at_first = people(series)
    late = make_enrolment(cohort)
    withdraw(early)
    drain([KEEP])

    assert at_first == {teacher.pk: "teacher", early.person_id: "attendee"}
    assert people(series) == {teacher.pk: "teacher", late.person_id: "attendee"}
    assert series_of(cohort) == series
    with pytest.raises(Refused):
        open_sessions(cohort)


def test_what_was_attended_counts_when_a_session_closes_and_when_a_mark_is_corrected(course):
    cohort, teacher = make_cohort(course), make_person()
    one, other = make_enrolment(cohort), make_enrolment(cohort)
    note(other, attendance=None, grade=Decimal(4))
    series = open_sessions(cohort)
    start = clock.now() + timedelta(minutes=30)
    session = plan(series, title_ko="1회", title_en="First", starts_at=start, ends_at=start + timedelta(hours=1))
    open_session(session)
    with clock.at(start + timedelta(minutes=5)):
        mark(session, {one.person_id: Mark.PRESENT}, by=teacher)
        drain([COUNT])
        before = Enrolment.objects.get(pk=one.pk).attendance
        close_session(session)
        drain([COUNT])
        closed = dict(cohort.enrolments.values_list("pk", "attendance"))
        mark(session, {other.person_id: Mark.PRESENT}, by=teacher, reason="She was there.")
        drain([COUNT])

    assert before is None
    assert closed == {one.pk: Decimal("1.000"), other.pk: Decimal("0.000")}
    after = Enrolment.objects.get(pk=other.pk)
    assert (after.attendance, after.grade) == (Decimal("1.000"), Decimal("4.00"))
    assert Attendance.objects.filter(session=session).count() == 2


def test_who_finds_no_seat_in_the_sessions_stays_out_until_there_are_more_and_their_teacher_is_told_once(course):
    cohort, teacher = make_cohort(course), make_person()
    seat_teacher(cohort, person=teacher, duty="instructor")
    series = open_sessions(cohort)
    change_series(series, capacity=1)
    make_enrolment(cohort)
    make_enrolment(cohort)
    drain([KEEP])
    make_enrolment(cohort)
    drain([KEEP])

    full, told = series.attendees.filter(role="attendee").count(), list(teacher.notices.order_by("pk"))
    change_series(series, capacity=5)
    drain([KEEP])

    assert full == 1
    assert [(one.text_en.split(". ")[0], one.read_at) for one in told] == [
        (f"{n} of {cohort.name} found no seat in its sessions", None) for n in (1, 2)
    ]
    assert series.attendees.filter(role="attendee").count() == 3
