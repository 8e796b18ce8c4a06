"""Interviews as examiners hold them: planned, filled with people, watched, decided, released, taken out."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.assessments import rules
from dure.assessments.agreeing import total
from dure.assessments.models import Interview, Interviewee, IntervieweeState, Scoring
from dure.assessments.operations import interviews as operations
from dure.assessments.queries.interviews import (
    booking_of,
    earlier_of,
    everybody_in,
    interviewers_of,
    scorings_for,
    states_in,
)
from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.rubrics import MOST_CRITERIA
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, write
from dure.joints.sheets.cells import Cell
from dure.people.models import Organisation, Person
from dure.site import words
from dure.site.addresses import people_in, warn_of_unknown
from dure.site.desk.batches import streamed
from dure.site.interviews import points
from dure.site.interviews.doors import NO_INTERVIEW, frame_of, held, interviewee_for
from dure.site.interviews.forms import InterviewForm, NewInterviewForm, initial_of
from dure.site.interviews.room import ready
from dure.site.visitors import id_from, person_of

MOST_ADMITTED = 500
HEADER = ("name", "email", "state", "starts_at", "interviewers", "sent", "score", "most", "passed", "reason")
KEYS = tuple(f"c{at}" for at in range(1, MOST_CRITERIA + 1))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan an interview."""
    person = person_of(request)
    organisations = rules.plans_interviews_for(person)
    if not organisations.exists():
        raise Missing("interview.missing", NO_INTERVIEW)
    form = NewInterviewForm(request.POST if request.method == "POST" else None)
    cast("forms.ModelChoiceField[Organisation]", form.fields["organisation"]).queryset = organisations
    if request.method == "POST" and form.is_valid():
        told = form.told()
        try:
            made = operations.plan_interview(told.pop("organisation"), by=person, **told)
        except Refused as refused:
            _complain(form, refused)
        else:
            return redirect("interview-people", made.pk)
    return render(request, "interviews/new.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Plan it otherwise."""
    interview = held(request, interview_id)
    form = InterviewForm(request.POST if request.method == "POST" else None, initial=initial_of(interview))
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_interview(interview, **form.told())
        except Refused as refused:
            _complain(form, refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("interview-room", interview.pk)
    return render(request, "interviews/settings.html", {**frame_of(interview, "settings"), "form": form})


def _complain(form: InterviewForm, refused: Refused) -> None:
    """What was refused, with each flaw where there are several."""
    flaws: Any = refused.facts.get("errors", ())
    for text in dict.fromkeys((refused.text, *(Text.of(flaw["text"]) for flaw in flaws))):
        form.add_error(None, words.say(text))


@login_required
@require_POST
def change_state(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Open it, or archive it."""
    interview = held(request, interview_id)
    if "open" in request.POST:
        operations.open_interview(interview)
        messages.success(request, gettext("The interview is open. Interviewees are asked to choose a time."))
    else:
        operations.archive_interview(interview)
        messages.success(request, gettext("The interview is archived. What is booked is held and scored."))
    return redirect("interview-room", interview.pk)


# --- who meets whom


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Interviewers, appointed by their addresses and dismissed; a form that asks interviewees."""
    interview = held(request, interview_id)
    refused = None
    if request.method == "POST":
        try:
            _change_people(request, interview)
            return redirect("interview-people", interview.pk)
        except Refused as wrong:
            refused = wrong
    seen = {**frame_of(interview, "people"), "interviewers": interviewers_of(interview), "refused": refused}
    return render(request, "interviews/people.html", seen, status=refused.status if refused else 200)


def _change_people(request: HttpRequest, interview: Interview) -> None:
    told = request.POST
    if "dismiss" in told:
        person = interviewers_of(interview).filter(pk=id_from(told["dismiss"])).first()
        if person is not None:
            operations.dismiss_interviewer(interview, person=person)
        return
    found, unknown = people_in(told.get("emails", ""), most=MOST_ADMITTED)
    if "interviewers" in told:
        for person in found:
            operations.appoint_interviewer(interview, person=person)
    else:
        n = operations.admit_interviewees(interview, found)
        said = ngettext("%(n)d person is asked to the interview.", "%(n)d people are asked to the interview.", n)
        messages.success(request, said % {"n": n})
    warn_of_unknown(request, unknown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Let everything that is decided count, after a look at how much."""
    interview = held(request, interview_id)
    if request.method == "POST":
        n = operations.release_all(interview)
        messages.success(request, ngettext("%(n)d result was released.", "%(n)d results were released.", n) % {"n": n})
        return redirect("interview-room", interview.pk)
    counted = states_in(interview)
    seen = {**frame_of(interview, "room"), "n": ready(counted), "absent": counted[IntervieweeState.ABSENT],
            "behind": counted[IntervieweeState.WAITING] + counted[IntervieweeState.APART]}  # fmt: skip
    return render(request, "interviews/release.html", seen)


# --- one interviewee


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interviewee(request: HttpRequest, interviewee_id: UUID) -> HttpResponse:
    """One interviewee: who scores them, what they came to, what is to be decided."""
    row = interviewee_for(request, interviewee_id)
    refused = None
    if request.method == "POST":
        try:
            _decide(request, row)
            return redirect("interview-interviewee", row.pk)
        except Refused as wrong:
            refused = wrong
            row = interviewee_for(request, interviewee_id)
    status = refused.status if refused else 200
    return render(request, "interviews/interviewee.html", _seen(row, refused), status=status)


def _seen(row: Interviewee, refused: Refused | None) -> dict[str, Any]:
    scorings, booking = list(scorings_for(row)), booking_of(row)
    there = {one.interviewer_id for one in scorings}
    return {
        **frame_of(row.interview, "room"), "row": row, "booking": booking, "refused": refused,
        "earlier": earlier_of(row, own=False),
        "has_begun": booking is not None and booking.slot.starts_at <= clock.now(),
        "scorings": [(one, *_given(row, one)) for one in scorings],
        "most": row.interview.read.most,
        "rows": points.rows_of(row.interview, row.points), "seen": row.is_all_sent,
        "free": [person for person in interviewers_of(row.interview) if person.pk not in there],
    }  # fmt: skip


def _given(row: Interviewee, one: Scoring) -> tuple[list[points.Row], Decimal]:
    """An interviewer's points with their sum, once all have sent theirs."""
    seen = one.read if row.is_all_sent else {}
    return points.rows_of(row.interview, seen), total(seen)


def _decide(request: HttpRequest, row: Interviewee) -> None:
    told, why = request.POST, request.POST.get("why", "").replace("\0", "")[:4000]
    if "absent" in told:
        operations.note_absence(row)
    elif "expect" in told:
        operations.expect_again(row)
    elif "ask" in told:
        operations.ask_interviewer(row, person=_interviewer(row, told["ask"]))
    elif "settle" in told:
        given = {key: told.get(key, "") for key in KEYS}
        operations.settle(row, points=given, reason=why, by=person_of(request))
    elif "release" in told:
        operations.release(row)
    elif "reopen" in told:
        operations.reopen(row, why=why)


def _interviewer(row: Interviewee, written: str) -> Person:
    found = interviewers_of(row.interview).filter(pk=id_from(written)).first()
    if found is None:
        raise Missing("interviewer.missing", NO_INTERVIEW)
    return found


# --- taken out


@login_required
@require_safe
def sheet(request: HttpRequest, interview_id: UUID, format_: str) -> HttpResponseBase:
    """Every interviewee as a row of a file; a column for each criterion."""
    interview = held(request, interview_id)
    record("interview.read", interview, about=person_of(request))
    criteria = interview.read.criteria
    header = (*HEADER, *(one.key for one in criteria))
    if format_ == "csv":
        return streamed(csv_pieces(header, _cells(interview)), "interviews.csv")
    sent = {"Content-Disposition": f'attachment; filename="interviews.{format_}"'}
    return HttpResponse(write(header, _cells(interview), format=format_), content_type=CONTENT_TYPES[format_],
                        headers=sent)  # fmt: skip


def _cells(interview: Interview) -> Iterator[list[Cell]]:
    keys = [one.key for one in interview.read.criteria]
    for one in everybody_in(interview):
        row, given = one.interviewee, one.interviewee.points
        yield [
            row.person.name, row.person.email, row.state, one.starts_at, ", ".join(one.hosts), one.sent,
            row.score, row.most, row.passed, row.reason, *(given.get(key) for key in keys),
        ]  # fmt: skip
