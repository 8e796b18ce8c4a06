"""A cohort's sessions: opened by those who run it, and which lesson each of them holds."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.calendar.models import Session
from dure.joints.learning.lessons import hold_lessons, lessons_of, sessions_of
from dure.joints.learning.sessions import open_sessions, series_of
from dure.joints.models import LessonSession
from dure.learning.models import Cohort, Lesson
from dure.site.learning.teaching import frame_of, run_by
from dure.site.visitors import id_from, person_of

PAGE = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """The cohort's series, once it has one; POST opens it. Where lessons are sessions: which of them is which."""
    cohort = run_by(request, cohort_id)
    series = series_of(cohort)
    if series is None and request.method == "POST":
        series = open_sessions(cohort)
        messages.success(request, gettext("Its people are in. Plan the sessions now."))
        return redirect("series-plan", series.pk)
    lessons = list(lessons_of(cohort))
    if series is not None and not lessons:
        return redirect("series", series.pk)
    seen = frame_of(request, cohort, tab="sessions")
    if series is None:
        return render(request, "paths/sessions.html", seen)
    page: Page[Session] = Paginator(sessions_of(cohort), PAGE).get_page(request.GET.get("page"))
    seen |= {"series": series, "page": page, "lessons": lessons, "listed": _listed(page, lessons)}
    return render(request, "paths/lessons.html", seen)


def _listed(page: "Page[Session]", lessons: list[Lesson]) -> list[tuple[Session, UUID | None]]:
    """Each session with its lesson; where none has one yet, lessons are proposed in their order."""
    rows = LessonSession.objects.filter(session__series__in={session.series_id for session in page})
    held = dict(rows.values_list("session", "lesson"))
    if not held and not page.has_previous():
        held = {session.pk: lesson.pk for session, lesson in zip(page, lessons, strict=False)}
    return [(session, held.get(session.pk)) for session in page]


@login_required
@require_POST
def hold(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Say which lesson each session of the page holds."""
    cohort: Cohort = run_by(request, cohort_id)
    prefix = "session-"
    sent = {name.removeprefix(prefix): value for name, value in request.POST.items() if name.startswith(prefix)}
    told = {id_from(session): id_from(str(lesson)) for session, lesson in sent.items()}
    hold_lessons(cohort, {session: lesson for session, lesson in told.items() if session}, by=person_of(request))
    messages.success(request, gettext("Saved. Whoever attends a session has done its lesson."))
    return redirect("cohort-sessions", cohort.pk)
