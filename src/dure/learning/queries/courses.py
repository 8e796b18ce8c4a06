"""Courses, cohorts and who is in them, as pages and endpoints ask for them."""

from django.db.models import Q, QuerySet

from dure.learning.models import SEATED, Cohort, Course, CourseState, Enrolment, EnrolmentState
from dure.people.models import Person
from dure.people.queries.names import persons_called
from dure.store.search import matching


def open_courses(typed: str = "") -> "QuerySet[Course]":
    """Courses that take people, by name."""
    rows = Course.objects.filter(state=CourseState.OPEN)
    found = matching(rows, typed) if typed else rows.order_by("name_key", "pk")
    return found.select_related("provider")


def mine(person: Person) -> "QuerySet[Enrolment]":
    """What somebody takes: first what goes on, then what they wait for, then what they have finished."""
    rows = person.enrolments.exclude(state=EnrolmentState.WITHDRAWN)
    return rows.select_related("cohort__course__provider", "last").order_by("state", "-pk")


def roster(cohort: Cohort, *, typed: str = "", state: str = "") -> "QuerySet[Enrolment]":
    """Who is in a cohort, by name; those who withdrew only where they are asked for."""
    rows = cohort.enrolments.select_related("person", "organisation", "last")
    rows = rows.filter(state=state) if state else rows.exclude(state=EnrolmentState.WITHDRAWN)
    if typed:
        rows = rows.filter(Q(person__in=persons_called(typed)) | Q(person__email__istartswith=typed))
    return rows.order_by("person__name_key", "pk")


def taught_by(person: Person) -> "QuerySet[Cohort]":
    """The cohorts that somebody teaches, the newest first."""
    return Cohort.objects.filter(seats__person=person).select_related("course").order_by("-pk")


def evidence_of(enrolment: Enrolment) -> dict[str, float]:
    """What an enrolment leaves behind (BLUEPRINT, appendix C): completion and attendance 0 to 1, grade 0 to 4.5,
    credits and hours that were earned; what nobody noted is left out."""
    finished = enrolment.state == EnrolmentState.FINISHED
    told = {
        "completion": enrolment.completion if enrolment.state in SEATED else None,
        "attendance": enrolment.attendance,
        "grade": enrolment.grade,
        "credits": enrolment.credits,
        "hours": enrolment.cohort.course.hours if finished else None,
    }
    return {name: float(value) for name, value in told.items() if value is not None}
