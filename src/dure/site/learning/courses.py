"""Courses: found, looked at, joined and left; one's own with how far one is."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Cohort, Course, Enrolment, EnrolmentState
from dure.learning.operations.enrolling import join, withdraw
from dure.learning.queries.courses import mine, open_courses, taught_by
from dure.site import words
from dure.site.markdown import as_html
from dure.site.visitors import person_of, visitor

PAGE = 18
NO_COURSE = Text(
    ko="찾으시는 강좌가 없습니다. 강좌 목록에서 찾아보세요.", en="There is no such course. Look in the list of courses."
)
NO_ENROLMENT = Text(
    ko="수강 중인 강좌가 아닙니다. 내 강좌에서 확인하세요.",
    en="This is none of your courses. See those that you take.",
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Courses that take people."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page: Page[Course] = Paginator(open_courses(typed), PAGE).get_page(request.GET.get("page"))
    return render(request, "learning/courses.html", {"page": page, "typed": typed})


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What a course is about, what is in it and when it is taken; who takes it goes on from here."""
    course, person = course_for(request, key), visitor(request)
    own = {row.cohort_id: row for row in person.enrolments.filter(cohort__course=course)} if person else {}
    cohorts = list(course.cohorts.order_by("-pk")[:PAGE])
    seen = {
        "course": course,
        "about": as_html(words.say(course.about), files=""),
        "lessons": course.lessons.filter(retired_at=None),
        "cohorts": [(cohort, _standing(own.get(cohort.pk)), own.get(cohort.pk)) for cohort in cohorts],
        "makes": person is not None and rules.may_make(person, course),
        "person": person,
    }
    return render(request, "learning/course.html", seen)


def _standing(enrolment: Enrolment | None) -> str:
    return "" if enrolment is None or enrolment.state == EnrolmentState.WITHDRAWN else enrolment.state


@login_required
@require_POST
def enter(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Join a cohort."""
    cohort = Cohort.objects.select_related("course__provider").filter(pk=cohort_id).first()
    if cohort is None or not rules.may_see_course(person_of(request), cohort.course):
        raise Missing("course.missing", NO_COURSE)
    made = join(cohort, person=person_of(request), option=request.POST.get("option", ""))
    if made.state == EnrolmentState.WAITING:
        messages.info(request, gettext("All seats are taken. You are on the waiting list and move up by yourself."))
        return redirect("course", cohort.course.key)
    messages.success(request, gettext("You are in. Begin with the first lesson."))
    return redirect("enrolment", made.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Leave a cohort, once it is confirmed."""
    enrolment = own_enrolment(request, enrolment_id)
    if request.method == "POST":
        withdraw(enrolment)
        messages.success(request, gettext("You have left the course."))
        return redirect("course", enrolment.cohort.course.key)
    return render(request, "learning/leave.html", {"enrolment": enrolment, "course": enrolment.cohort.course})


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The courses that one takes, and those that one teaches."""
    person = person_of(request)
    page: Page[Enrolment] = Paginator(mine(person), PAGE).get_page(request.GET.get("page"))
    return render(request, "learning/mine.html", {"page": page, "taught": taught_by(person)[:PAGE]})


def course_for(request: HttpRequest, key: str) -> Course:
    """The course of that address, for those who may see it. Raises Missing."""
    found = Course.objects.select_related("provider__organisation", "item").filter(key=key).first()
    if found is None or not rules.may_see_course(visitor(request), found):
        raise Missing("course.missing", NO_COURSE)
    return found


def own_enrolment(request: HttpRequest, enrolment_id: UUID) -> Enrolment:
    """One's own enrolment. Raises Missing."""
    rows = Enrolment.objects.select_related("cohort__course__provider", "person", "last")
    found = rows.filter(pk=enrolment_id).first()
    if found is None or not rules.may_learn(person_of(request), found):
        raise Missing("enrolment.missing", NO_ENROLMENT)
    return found
