"""A cohort's sessions: opened by those who run it, found from its pages."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.joints.learning.sessions import open_sessions, series_of
from dure.site.learning.teaching import frame_of, run_by


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """The cohort's series, once it has one; POST opens it."""
    cohort = run_by(request, cohort_id)
    series = series_of(cohort)
    if series is None and request.method == "POST":
        series = open_sessions(cohort)
        messages.success(request, gettext("Its people are in. Plan the sessions now."))
        return redirect("series-plan", series.pk)
    if series is not None:
        return redirect("series", series.pk)
    return render(request, "paths/sessions.html", frame_of(request, cohort, tab="sessions"))
