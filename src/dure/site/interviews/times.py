"""Times of interviews, offered and withdrawn by those who hold them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from dure.assessments.operations.interviews import offer_times
from dure.assessments.queries.interviews import times_of
from dure.calendar.models import Slot, SlotState
from dure.calendar.operations import withdraw_slot
from dure.core.errors import Refused
from dure.site import words
from dure.site.interviews.doors import frame_of, missing, staffed
from dure.site.interviews.forms import TimesForm
from dure.site.visitors import person_of

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Times to come, with whoever has booked them; a form that offers more."""
    interview, holds, interviews = staffed(request, interview_id)
    initial = {"place": interview.place, "link": interview.link}
    mine = [person_of(request).pk] if interviews else []
    form = TimesForm(
        interview, request.POST if request.method == "POST" else None, initial={**initial, "interviewers": mine}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = offer_times(interview, **form.told(interview.series.zone))
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            said = ngettext("%(n)s time is offered.", "%(n)s times are offered.", len(made)) % {"n": len(made)}
            messages.success(request, said)
            return redirect("interview-times", interview.pk)
    page: Page[Slot] = Paginator(times_of(interview), PAGE).get_page(request.GET.get("page"))
    seen = {**frame_of(interview, "times", holds=holds), "form": form, "page": page, "zone": interview.series.zone}
    return render(request, "interviews/times.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, interview_id: UUID, slot_id: UUID) -> HttpResponse:
    """Offer a time no longer: one's own as an interviewer, any as an examiner. One that is booked asks first."""
    interview, holds, _ = staffed(request, interview_id)
    slot = times_of(interview).filter(pk=slot_id).first()
    if slot is None or not (holds or person_of(request) in slot.hosts):
        raise missing()
    if request.method != "POST" or (slot.state == SlotState.BOOKED and "confirmed" not in request.POST):
        seen = {"slot": slot, "zone": interview.series.zone}
        return render(request, "interviews/withdraw.html", {**frame_of(interview, "times", holds=holds), **seen})
    withdraw_slot(slot)
    messages.success(request, gettext("The time is withdrawn. Whoever had booked it is told."))
    return redirect("interview-times", interview.pk)
