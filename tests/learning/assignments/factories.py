"""Assignments for tests, made by the room's own operations; due yesterday or tomorrow."""

from datetime import timedelta
from typing import Any

from dure.core import clock
from dure.learning.models import Assignment, Cohort, Enrolment, HandIn, Marking, Work
from dure.learning.operations.assignments import (
    begin,
    hand_in,
    keep_draft,
    keep_marks,
    make_assignment,
    open_assignment,
    seat_graders,
    send_marks,
)
from dure.people.models import Person
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson

RUBRIC = """? Idea || 아이디어
= 5 Clear || 명확함
= 0 Missing || 없음
? Craft || 완성도
= 5 Fine || 좋음
= 2.5 Rough || 거칢
"""
DAY = timedelta(days=1)


def make_class(*, in_order: bool = False) -> Cohort:
    """A cohort of a course whose second lesson is an assignment."""
    course = make_course(lessons=1, in_order=in_order)
    make_lesson(course, kind="assignment", title_ko="과제", title_en="Essay")
    return make_cohort(course)


def make_task(cohort: Cohort | None = None, *, graders: tuple[Person, ...] = (), **told: Any) -> Assignment:
    """An open assignment of ten points, due tomorrow."""
    cohort = cohort or make_class()
    lesson = cohort.course.lessons.filter(kind="assignment").first()
    rubric = told.pop("rubric", RUBRIC)
    named = {"title_ko": "보고서", "title_en": "Report", "lesson": lesson, "due_at": clock.now() + DAY, **told}
    made = open_assignment(make_assignment(cohort, rubric=rubric, by=make_person(), **named))
    if graders:
        seat_graders(made, people=graders)
    return made


def handed_in(assignment: Assignment, enrolment: Enrolment | None = None, *, text: str = "글\n둘째 줄") -> HandIn:
    enrolment = enrolment or make_enrolment(assignment.cohort)
    work = begin(assignment, enrolment=enrolment)
    keep_draft(work, text=text, saves=work.saves)
    return hand_in(work, by=enrolment.person)


def marked(work: Work, grader: Person, idea: str = "5", craft: str = "4") -> Marking:
    """Marks kept and sent by one grader."""
    marking = work.markings.get(grader=grader)
    number = work.hand_ins.latest("number").rubric.number
    keep_marks(marking, points={"c1": idea, "c2": craft}, comment="", saves=marking.saves, rubric=number)
    return send_marks(marking)
