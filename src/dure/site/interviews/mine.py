"""Interviews as interviewees have them: what one is asked to, a time chosen and moved, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from dure.assessments import rules
from dure.assessments.models import Interviewee, InterviewState, ScoringState
from dure.assessments.operations.interviews import give_up, pick
from dure.assessments.queries.interviews import (
    booking_of,
    earlier_of,
    interviewed_in,
    interviewing_in,
    scorings_for,
    scorings_of,
    times_for,
    times_held,
)
from dure.calendar import ical
from dure.calendar.models import Slot
from dure.calendar.queries import agenda
from dure.core import clock
from dure.core.errors import Refused
from dure.site import figures, words
from dure.site.interviews.doors import missing, own, staffed
from dure.site.interviews.points import Row, rows_of
from dure.site.markdown import as_html
from dure.site.visitors import id_from, person_of

PAGE, SHOWN = 20, 12
TITLED = ("title_ko", "title_en", "state")  # what a line says of an interview
_INTERVIEW = "interviewee__interview"
SCORED = (
    "state", "interviewer", "interviewee__interview", "interviewee__person__name", "interviewee__person__email",
    f"{_INTERVIEW}__title_ko", f"{_INTERVIEW}__title_en", f"{_INTERVIEW}__series__zone",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """The times of one day, by the clock of the interview's place."""

    name: str
    slots: Sequence[Slot]


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one is asked to, whom one scores, what one looks after."""
    person = person_of(request)
    asked: Page[Interviewee] = Paginator(interviewed_in(person), PAGE).get_page(request.GET.get("page"))
    times = times_held(person)
    seen = {
        "page": asked, "told": [(row, times.get(row.interview.series_id)) for row in asked],
        "scorings": scorings_of(person).only(*SCORED)[:SHOWN],
        "interviewing": interviewing_in(person).select_related(None).only(*TITLED)[:SHOWN],
        "held": rules.held_by(person).select_related(None).only(*TITLED)[:SHOWN],
        "plans": rules.plans_interviews_for(person).exists(),
    }  # fmt: skip
    return render(request, "interviews/index.html", seen)


@login_required
@require_safe
def show(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """One's own interview; those who hold it are led to its rooms."""
    row = own(request, interview_id)
    if row is None:
        _, holds, _ = staffed(request, interview_id)
        return redirect("interview-room" if holds else "interview-times", interview_id)
    return _shown(request, row, None)


def _shown(request: HttpRequest, row: Interviewee, refused: Refused | None) -> HttpResponse:
    booking = booking_of(row)
    reasons = rules.sees_reasons(row)
    waits = row.state == "waiting" and row.interview.state == InterviewState.OPEN
    is_fixed = booking is not None and booking.slot.gives_back_until <= clock.now()
    sent = scorings_for(row).filter(state=ScoringState.SENT) if reasons else ()
    seen = {
        "row": row, "interview": row.interview, "booking": booking, "refused": refused,
        "zone": row.interview.series.zone,
        "is_released": row.state == "released", "score": rules.sees_score(row), "is_fixed": is_fixed,
        "days": _days(row) if waits and not is_fixed else [], "waits": waits,
        "rows": rows_of(row.interview, row.points) if reasons else list[Row](),
        "reasons": [scoring.reason for scoring in sent], "about": as_html(words.say(row.interview.about), files=""),
        "earlier": earlier_of(row, own=True),
        "is_past": booking is not None and booking.slot.starts_at <= clock.now(),
    }  # fmt: skip
    return render(request, "interviews/show.html", seen, status=refused.status if refused else 200)


def _days(row: Interviewee) -> list[Day]:
    zone = ZoneInfo(row.interview.series.zone)
    found = groupby(times_for(row), key=lambda slot: slot.starts_at.astimezone(zone).date())
    return [Day(figures.weekday(day), list(slots)) for day, slots in found]


@login_required
@require_POST
def choose(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Take a time, move to another, or give one's own back."""
    row = own(request, interview_id)
    if row is None:
        raise missing()
    try:
        if "give-up" in request.POST:
            give_up(row, by=person_of(request))
            messages.success(request, gettext("Your time is given back. Choose another below."))
        else:
            _pick(row, request.POST.get("slot"))
            messages.success(request, gettext("Your time is booked. It is on your calendar."))
    except Refused as refused:
        return _shown(request, row, refused)
    return redirect("interview", interview_id)


def _pick(row: Interviewee, written: str | None) -> None:
    slots = Slot.objects.select_related("series", "host").filter(series=row.interview.series_id)
    slot = slots.filter(pk=id_from(written)).first()
    if slot is None:
        raise missing()
    pick(row, slot=slot)


@login_required
@require_safe
def invitation(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """One's time as a calendar entry, for calendars that follow no feed."""
    row = own(request, interview_id)
    booking = booking_of(row) if row else None
    if row is None or booking is None:
        raise missing()
    slot = booking.slot
    entries = agenda(row.person, since=slot.starts_at, until=slot.ends_at)
    same = [entry for entry in entries if entry.uid == f"booking-{booking.pk}"]
    title = words.say(row.interview.title)
    body = ical.written(same, title=title, language=get_language() or "ko")
    sent = {"Content-Disposition": 'attachment; filename="interview.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=ical.CONTENT_TYPE, headers=sent)
