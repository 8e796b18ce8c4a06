"""A lesson that is a session is done by whoever attends it; corrections, and lessons told afterwards, count as well."""

from datetime import datetime, timedelta

import pytest

from dure.calendar.models import Mark, Session
from dure.calendar.operations import cancel_session, mark, open_session, plan
from dure.core import clock
from dure.core.errors import Missing
from dure.jobs.worker import drain
from dure.joints.learning.lessons import PROVE, held_at, hold_lessons, own_marks, proof_of
from dure.joints.learning.sessions import KEEP, open_sessions
from dure.learning.models import Enrolment, Progress
from dure.learning.operations.courses import edit_lesson
from dure.learning.operations.progressing import prove
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson

pytestmark = pytest.mark.django_db


class Blended:
    """A course of one lesson that is a session, two learners, and two sessions that can hold it."""

    third: Enrolment

    def __init__(self) -> None:
        self.course = make_course(lessons=1)
        self.lesson = self.course.lessons.get()
        edit_lesson(self.lesson, kind="session")
        self.cohort, self.teacher = make_cohort(self.course), make_person()
        self.one, self.other = make_enrolment(self.cohort), make_enrolment(self.cohort)
        self.series = open_sessions(self.cohort)
        self.first, self.second = self.planned(30), self.planned(120)

    def planned(self, minutes: int) -> Session:
        start = clock.now() + timedelta(minutes=minutes)
        return plan(self.series, title_ko="실습", title_en="Lab", starts_at=start, ends_at=start + timedelta(hours=1))

    def marked(self, session: Session, **marks: str) -> None:
        """Marks by the names of the learners here, while the session runs."""
        told = {getattr(self, name).person_id: value for name, value in marks.items()}
        with clock.at(session.starts_at + timedelta(minutes=5)):
            if Session.objects.get(pk=session.pk).state == "planned":
                open_session(session)
            mark(session, told, by=self.teacher)
        drain([PROVE])

    def hold(self, **lessons: object) -> None:
        hold_lessons(self.cohort, {getattr(self, name).pk: lesson for name, lesson in lessons.items()}, by=self.teacher)
        drain([PROVE])


@pytest.fixture
def blended() -> Blended:
    return Blended()


def done(enrolment: Enrolment) -> tuple[str, str]:
    """Its state, and by what the lesson is done ("": not)."""
    row = Progress.objects.filter(enrolment=enrolment, done_at__isnull=False).first()
    return Enrolment.objects.get(pk=enrolment.pk).state, row.proof if row else ""


def test_attending_a_session_does_its_lesson_and_being_excused_or_absent_does_not(blended):
    blended.third = third = make_enrolment(blended.cohort)
    blended.hold(first=blended.lesson.pk)
    drain([KEEP])

    blended.marked(blended.first, one=Mark.LATE, other=Mark.EXCUSED, third=Mark.ABSENT)

    assert done(blended.one) == ("finished", proof_of(blended.first))
    assert [done(blended.other), done(third)] == [("active", ""), ("active", "")]
    assert own_marks(blended.other, blended.lesson) == [(blended.first, "excused")]


def test_a_mark_that_is_corrected_takes_the_lesson_back_but_not_what_an_instructor_said(blended):
    make_lesson(blended.course, kind="outside")  # so that nobody has finished
    blended.hold(first=blended.lesson.pk)
    prove(blended.other, blended.lesson, by=blended.teacher, proof="made up for")
    blended.marked(blended.first, one=Mark.PRESENT)

    blended.marked(blended.first, one=Mark.ABSENT, other=Mark.ABSENT)

    assert [done(blended.one), done(blended.other)] == [("active", ""), ("active", "made up for")]


def test_a_lesson_held_twice_is_done_at_either(blended):
    blended.hold(first=blended.lesson.pk, second=blended.lesson.pk)

    blended.marked(blended.first, one=Mark.PRESENT, other=Mark.ABSENT)
    blended.marked(blended.second, other=Mark.PRESENT)

    assert done(blended.one) == ("finished", proof_of(blended.first))
    assert done(blended.other) == ("finished", proof_of(blended.second))


def test_what_was_attended_already_counts_when_the_lesson_is_told_afterwards_and_no_more_when_it_is_another(blended):
    make_lesson(blended.course, kind="outside")
    blended.marked(blended.first, one=Mark.PRESENT)
    before = done(blended.one)

    blended.hold(first=blended.lesson.pk)
    told = done(blended.one)
    blended.hold(first=None)

    assert [before, told, done(blended.one)] == [("active", ""), ("active", proof_of(blended.first)), ("active", "")]


def test_a_cancelled_session_holds_no_lesson(blended):
    blended.hold(first=blended.lesson.pk, second=blended.lesson.pk)

    cancel_session(blended.first, by=blended.teacher)

    assert list(held_at(blended.cohort, blended.lesson)) == [blended.second]


def test_only_sessions_of_the_cohort_hold_only_lessons_that_are_sessions(blended):
    page, elsewhere = make_lesson(blended.course), Blended()

    with pytest.raises(Missing) as of_page:
        blended.hold(first=page.pk)
    with pytest.raises(Missing) as of_other:
        hold_lessons(blended.cohort, {elsewhere.first.pk: blended.lesson.pk}, by=blended.teacher)

    assert (of_page.value.code, of_other.value.code) == ("lesson.missing", "session.missing")


def test_a_session_proves_by_its_day_on_the_wall_and_each_title_once(blended):
    start = datetime.fromisoformat("2027-03-02T23:30:00+00:00")
    told = {"starts_at": start, "ends_at": start + timedelta(hours=1), "title_ko": "Lab", "title_en": "Lab"}

    assert proof_of(plan(blended.series, **told, zone="Asia/Seoul")) == "2027-03-03 · Lab"
