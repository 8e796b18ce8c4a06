"""One session: where it is, who signed in and how, the code on the wall, marks, excuses."""

import re
from functools import lru_cache
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.calendar.codes import DIGITS, code_at, left_of
from dure.calendar.models import ATTENDED, Excuse, Mark, Session
from dure.calendar.operations import (
    ask_excuse,
    close_session,
    decide_excuse,
    mark,
    open_session,
    sign_in,
    take_try,
    withdraw_excuse,
)
from dure.calendar.queries import clashes, expected, shared_devices
from dure.calendar.rules import may_run
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.people.keys import new_secret
from dure.people.models import Person
from dure.site.calendar import labels
from dure.site.calendar.finding import frame_of, run_session, session_for
from dure.site.visitors import person_of

PAGE = 100
CODES = 64  # as many as are on walls at once
DEVICE, DEVICE_LASTS = "calendar-device", 365 * 86400
NO_REQUEST = Text(ko="찾으시는 요청이 없습니다.", en="There is no such request.")
NO_REASON = Text(ko="결석하는 이유를 쓰세요.", en="Say why you cannot come.")


@login_required
@require_safe
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """For those who take part: how they stand. For those who run it: marks, excuses and what stands in the way."""
    session, person = session_for(request, session_id), person_of(request)
    seen = {
        **frame_of(request, session.series, tab=""), "session": session,
        "changes": session.changes.select_related("by").order_by("-pk")[:20],
        "own": session.attendance.filter(person=person).first(),
        "excuse": session.excuses.filter(person=person).order_by("-pk").first(),
        "expected": expected(session).filter(pk=person.pk).exists(),
    }  # fmt: skip
    if seen["runs"]:
        seen |= _run(request, session)
    return render(request, "calendar/session.html", seen)


def _run(request: HttpRequest, session: Session) -> dict[str, object]:
    page: Paginator[Person] = Paginator(expected(session), PAGE)
    rows = page.get_page(request.GET.get("page"))
    marks = {row.person_id: row for row in session.attendance.filter(person__in=[one.pk for one in rows])}
    return {
        "page": rows, "marks": labels.MARKS, "listed": [(person, marks.get(person.pk)) for person in rows],
        "clashes": clashes(session, coming=rows.paginator.count) if session.is_upcoming else None,
        "shared": shared_devices(session),
        "excuses": session.excuses.select_related("person").order_by("-pk")[:PAGE],
        "counts": {"there": _there(session), "all": rows.paginator.count},
    }  # fmt: skip


def _there(session: Session) -> int:
    return session.attendance.filter(mark__in=ATTENDED).count()


@login_required
@require_POST
def marks(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Mark those whose mark was chosen; ``rest``: and everybody without one as present."""
    session = run_session(request, session_id)
    given: dict[UUID, str] = {
        UUID(name[5:]): str(value)
        for name, value in request.POST.items()
        if re.fullmatch(r"mark-[0-9a-f-]{36}", name) and value
    }
    if "rest" in request.POST:
        marked = session.attendance.values("person")
        rest = expected(session).exclude(pk__in=marked).values_list("pk", flat=True)
        given = dict.fromkeys(rest, str(Mark.PRESENT)) | given
    changed = mark(session, given, by=person_of(request), reason=request.POST.get("reason", "")[:300])
    if changed:
        messages.success(request, gettext("Saved."))
    return redirect(f"{reverse('session', args=[session.pk])}?page={request.POST.get('page', '')}#marks")


@login_required
@require_POST
def begin(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = run_session(request, session_id)
    open_session(session)
    return redirect("session-code", session.pk)


@login_required
@require_POST
def end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = run_session(request, session_id)
    close_session(session)
    messages.success(request, gettext("The session is over. Whoever had no mark is absent."))
    return redirect("session", session.pk)


@login_required
@require_safe
def code(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The code for the wall; htmx asks for its part alone."""
    session = run_session(request, session_id)
    now = clock.now()
    word = code_at(session.secret, now)
    address = request.build_absolute_uri(f"{reverse('session-sign-in', args=[session.pk])}?code={word}")
    seen = {
        "session": session, "code": f"{word[: DIGITS // 2]} {word[DIGITS // 2 :]}", "left": left_of(now),
        "qr": _drawn(address),
        "counts": {"there": _there(session), "all": expected(session).count()},
    }  # fmt: skip
    template = "calendar/code_part.html" if getattr(request, "htmx", False) else "calendar/code.html"
    response = render(request, template, seen)
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(CODES)
def _drawn(address: str) -> str:
    """As a picture for a phone's camera. Whoever shows the code asks for it every few seconds."""
    return segno.make(address, error="m").svg_data_uri(border=2, scale=8)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Enter the code. The browser is remembered, so that one that signs for two is seen."""
    session, person = session_for(request, session_id), person_of(request)
    device = request.get_signed_cookie(DEVICE, default="") or new_secret()
    typed, wrong = request.GET.get("code", "")[:20], None
    if request.method == "POST":
        try:
            take_try(session, person=person)
            sign_in(session, person=person, code=request.POST.get("code", "")[:20], device=device)
        except Refused as refused:
            wrong, typed = refused, ""
    own = session.attendance.filter(person=person).first()
    seen = {"session": session, "series": session.series, "typed": typed, "wrong": wrong, "own": own}
    response = render(request, "calendar/sign_in.html", seen, status=wrong.status if wrong else 200)
    response.set_signed_cookie(
        DEVICE, device, max_age=DEVICE_LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@login_required
@require_POST
def ask(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Ask that one's absence be excused."""
    session, reason = session_for(request, session_id), request.POST.get("reason", "").strip()[:1000]
    if not reason:
        raise Refused("excuse.reason", NO_REASON)
    ask_excuse(session, person=person_of(request), reason=reason)
    messages.success(request, gettext("Your request was sent to the teacher."))
    return redirect("session", session.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, excuse_id: UUID) -> HttpResponse:
    """Take one's own request back."""
    found = Excuse.objects.filter(pk=excuse_id, person=person_of(request)).select_related("person").first()
    if found is None:
        raise Missing("excuse.missing", NO_REQUEST)
    withdraw_excuse(found)
    return redirect("session", found.session_id)


@login_required
@require_POST
def decide(request: HttpRequest, excuse_id: UUID) -> HttpResponse:
    """Approve or refuse a request."""
    found = Excuse.objects.filter(pk=excuse_id).select_related("session__series", "person").first()
    if found is None or not may_run(person_of(request), found.session.series):
        raise Missing("excuse.missing", NO_REQUEST)
    answer = request.POST.get("answer", "").strip()[:1000]
    decide_excuse(found, approve="approve" in request.POST, by=person_of(request), answer=answer)
    messages.success(request, gettext("Decided. They are told."))
    return redirect("session", found.session_id)
