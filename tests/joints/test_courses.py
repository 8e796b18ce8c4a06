"""A learn stage whose people learn in a cohort: what they finish there is their evidence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.jobs.worker import drain
from dure.joints.stages.courses import bind_cohort
from dure.learning.models import Enrolment
from dure.learning.operations.assignments import moderate_all, release
from dure.learning.operations.cohorts import seat_teacher
from dure.learning.operations.enrolling import note
from dure.learning.operations.progressing import finish_lesson
from dure.programmes.models import Programme
from tests.factories import make_person
from tests.learning.assignments.factories import handed_in, make_task, marked
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson
from tests.programmes.build import live

pytestmark = pytest.mark.django_db


def study(gate: str = "", more: str = "") -> str:
    gated = f", gate: [{gate}]" if gate else ""
    do = "{mode: online, items: [{id: basics, type: course}]}"
    return f"- {{id: study, kind: learn, entry: open, do: {do}{more}{gated}}}"


def bound(stages: str, **known):
    """A programme whose operator teaches the cohort in which its people learn."""
    found, cohort = live(stages), make_cohort(make_course(**known))
    seat_teacher(cohort, person=found.operator, duty="instructor")
    bind_cohort(found.programme, "study", cohort=cohort, by=found.operator)
    return found, cohort


def finish(enrolment: Enrolment, *, but: int = 0) -> None:
    """All lessons of one's own track, or all but the last ones."""
    lessons = [x for x in enrolment.cohort.course.lessons.order_by("place") if x.is_for(enrolment.option)]
    for lesson in lessons[: len(lessons) - but]:
        finish_lesson(enrolment, lesson)
    drain()


def test_a_turn_that_opens_takes_a_seat_and_finishing_the_course_hands_it_in():
    found, cohort = bound(study(gate="{rule: [completion = 1]}"))
    turn = found.enter("study")
    enrolment = cohort.enrolments.get()
    before = found.again(turn).state

    finish(enrolment)

    turn = found.again(turn)
    assert (enrolment.person, before) == (turn.turn_members.get().member.person, "open")
    assert (turn.state, turn.evidence.via) == ("passed", "course")
    assert turn.evidence.values == {"completion": 1.0, "credits": 3.0}


def test_a_grade_that_the_gate_asks_for_is_waited_for():
    found, cohort = bound(study(gate="{rule: [grade >= 3.0]}"))
    turn = found.enter("study")
    enrolment = cohort.enrolments.get()
    finish(enrolment)
    waiting = found.again(turn)

    note(Enrolment.objects.get(), attendance=None, grade=Decimal("3.5"))
    drain()

    assert (waiting.state, waiting.evidence.values["completion"]) == ("open", 1.0)
    assert (found.again(turn).state, found.again(turn).evidence.values["grade"]) == ("passed", 3.5)


def test_at_the_close_what_was_finished_stands():
    found, cohort = bound(study(gate="{rule: [completion >= 0.5]}", more=", when: {within: 10d}"))
    half, nothing = found.enter("study"), found.enter("study")
    finish(cohort.enrolments.get(person=half.turn_members.get().member.person), but=1)

    clock.set_clock(clock.now() + timedelta(days=11))
    found.tick()

    assert [found.again(turn).state for turn in (half, nothing)] == ["passed", "out"]
    assert found.again(half).evidence.values["completion"] == 0.5


def test_nobody_of_one_option_can_fail_on_another_options_lessons():
    stages = study(gate="{rule: [completion = 1]}", more=", options: [video, voice], choose: 1")
    found = live(stages)
    course = make_course(lessons=1, options=["video", "voice"])
    make_lesson(course, for_options=["video"])
    make_lesson(course, for_options=["voice"])
    cohort = make_cohort(course)
    seat_teacher(cohort, person=found.operator, duty="instructor")
    bind_cohort(found.programme, "study", cohort=cohort, by=found.operator)
    turn = found.enter("study", options=["voice"])

    finish(cohort.enrolments.get())

    assert (cohort.enrolments.get().option, found.again(turn).state) == ("voice", "passed")
    assert cohort.enrolments.get().own == 2


def test_who_learns_there_already_goes_on_and_is_handed_in_with_what_they_finished():
    found = live(study())
    cohort = make_cohort()
    person = make_person()
    finish(make_enrolment(cohort, person=person))
    turn = found.enter("study", by=person)
    seat_teacher(cohort, person=found.operator, duty="instructor")

    bind_cohort(found.programme, "study", cohort=cohort, by=found.operator)
    drain()

    assert (found.again(turn).state, cohort.enrolments.count()) == ("passed", 1)


def test_unbound_it_stays_recorded():
    found = live(study())

    turn = found.enter_and_hand_in("study", completion=1)

    assert (turn.state, turn.evidence.via) == ("passed", "recorded")


def test_who_does_not_run_both_binds_nothing_and_tracks_must_be_the_options():
    found, cohort = live(study()), make_cohort()
    with pytest.raises(Forbidden):
        bind_cohort(found.programme, "study", cohort=cohort, by=found.operator)
    tracked = make_cohort(make_course(options=["a", "b"]))
    seat_teacher(tracked, person=found.operator, duty="instructor")

    with pytest.raises(Refused) as refused:
        bind_cohort(found.programme, "study", cohort=tracked, by=found.operator)

    assert refused.value.code == "course.options"


def test_a_cohort_in_which_people_learn_is_not_exchanged():
    found, cohort = bound(study())
    found.enter("study")
    other = make_cohort(cohort.course)

    with pytest.raises(Refused) as refused:
        bind_cohort(Programme.objects.get(pk=found.programme.pk), "study", cohort=other, by=_both(found, other))

    assert refused.value.code == "course.begun"


def _both(found, cohort):
    seat_teacher(cohort, person=found.operator, duty="instructor")
    return found.operator


def test_a_released_mark_finishes_the_course_with_its_grade_and_hands_the_turn_in():
    found, cohort = bound(study(gate="{rule: [grade >= 3.0]}"), lessons=0, opened=False)
    make_lesson(cohort.course, kind="assignment")
    turn, grader = found.enter("study"), make_person()
    task = make_task(cohort, due_at=None, graders=(grader,))
    marked(handed_in(task, cohort.enrolments.get()).work, grader, "5", "4")
    moderate_all(task, by=found.operator)
    before = found.again(turn).evidence

    release(task, by=found.operator)
    drain()

    turn = found.again(turn)
    assert (before, turn.state) == (None, "passed")
    assert turn.evidence.values == {"completion": 1.0, "credits": 3.0, "grade": 4.0}
