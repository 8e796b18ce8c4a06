"""Sessions planned, changed and cancelled."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.calendar.models import Series, Session
from dure.calendar.operations import cancel_session, change_session, plan, plan_weekly
from dure.calendar.queries import clashes
from dure.calendar.recurrence import Weekly, span
from dure.core import clock
from dure.core.errors import Refused
from dure.site import words
from dure.site.calendar import labels
from dure.site.calendar.finding import frame_of, run_series, run_session
from dure.site.visitors import person_of


def _date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class SessionForm(forms.Form):
    """When and where a session is. An end before the start is on the next day."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=_date_input())
    starts = forms.TimeField(label=_("Starts at"), widget=_time_input(), initial=time(9))
    ends = forms.TimeField(label=_("Ends at"), widget=_time_input(), initial=time(11))
    place = forms.CharField(label=_("Venue"), max_length=160, required=False)
    link = forms.URLField(label=_("Online link"), max_length=500, required=False, assume_scheme="https")
    capacity = forms.IntegerField(label=_("How many the place holds"), min_value=1, max_value=1_000_000, required=False)

    @property
    def minutes(self) -> int:
        starts, ends = (datetime.combine(date.min, self.cleaned_data[name]) for name in ("starts", "ends"))
        return int(((ends - starts) % timedelta(days=1) or timedelta(days=1)).total_seconds() / 60)

    def times(self, zone: str) -> tuple[datetime, datetime]:
        return span(self.cleaned_data["day"], self.cleaned_data["starts"], minutes=self.minutes, zone=zone)

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title_ko", "title_en", "place", "link", "capacity")}


class PlanForm(SessionForm):
    """One session, or one on each of the weekdays until the last day."""

    weekdays = forms.MultipleChoiceField(
        label=_("Repeats every week on"), choices=list(labels.WEEKDAYS.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None: only once. In titles, {n} is the session's number."),
    )  # fmt: skip
    last = forms.DateField(label=_("Last day"), widget=_date_input(), required=False)
    skipped = forms.CharField(
        label=_("Days left out"),
        required=False,
        max_length=2000,
        help_text=_("Such as holidays: 2026-09-24, 2026-09-25"),
    )

    def clean_skipped(self) -> list[date]:
        try:
            return [date.fromisoformat(day) for day in self.cleaned_data["skipped"].replace(",", " ").split()]
        except ValueError:
            raise ValidationError(gettext("Write days as 2026-09-24, with commas between them.")) from None

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("weekdays") and not told.get("last"):
            self.add_error("last", gettext("Say until when it repeats."))
        return told

    def rule(self, zone: str) -> Weekly:
        told = self.cleaned_data
        days = {int(day) for day in told["weekdays"]}
        return Weekly(days, told["day"], told["last"], told["starts"], self.minutes, zone, told["skipped"])


class ChangeForm(SessionForm):
    reason = forms.CharField(
        label=_("Why it changes"), max_length=300, required=False, help_text=_("Whoever takes part can read it.")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Plan one session or a run of them; what stands in their way is told afterwards and forbids nothing."""
    series = run_series(request, series_id)
    first = {"day": timezone.localdate(clock.now()) + timedelta(days=1)}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = _planned(series, form)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            count = len(made)
            text = ngettext("%(n)s session is planned.", "%(n)s sessions are planned.", count) % {"n": count}
            messages.success(request, text)
            _warn(request, made)
            return redirect("series", series.pk)
    return render(request, "calendar/plan.html", {**frame_of(request, series, tab="plan"), "form": form})


def _planned(series: Series, form: PlanForm) -> list[Session]:
    if form.cleaned_data["weekdays"]:
        return list(plan_weekly(series, form.rule(series.zone), **form.told))
    starts_at, ends_at = form.times(series.zone)
    return [plan(series, starts_at=starts_at, ends_at=ends_at, **form.told)]


def _warn(request: HttpRequest, sessions: list[Session]) -> None:
    if clashes(sessions[0]).any:
        messages.warning(request, gettext("Something stands in the way of the first one. Its page says what."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change this session, or this and all that follow in its run."""
    session = run_session(request, session_id)
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=_told_of(session))
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.times(session.zone)
        try:
            count = change_session(
                session, by=person_of(request), reason=form.cleaned_data["reason"],
                following="following" in request.POST, starts_at=starts_at, ends_at=ends_at, **form.told,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            text = ngettext("%(n)s session was changed.", "%(n)s sessions were changed.", count) % {"n": count}
            messages.success(request, text)
            return redirect("session", session.pk)
    return render(
        request, "calendar/edit.html", {**frame_of(request, session.series, tab=""), "session": session, "form": form}
    )


def _told_of(session: Session) -> dict[str, object]:
    zone = ZoneInfo(session.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    told = {name: getattr(session, name) for name in ("title_ko", "title_en", "place", "link", "capacity")}
    return {**told, "day": starts.date(), "starts": starts.time(), "ends": ends.time()}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What cancelling does; POST cancels."""
    session = run_session(request, session_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:300]
        count = cancel_session(session, by=person_of(request), reason=reason, following="following" in request.POST)
        text = ngettext("%(n)s session was cancelled.", "%(n)s sessions were cancelled.", count) % {"n": count}
        messages.success(request, text)
        return redirect("series", session.series_id)
    return render(request, "calendar/cancel.html", {**frame_of(request, session.series, tab=""), "session": session})
