"""Series as those who take part see them, and as those who run them do: sessions, people, settings."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.calendar.models import UPCOMING, Attendee, Excuse, ExcuseState, Role, Series
from dure.calendar.operations import change_series, enrol, leave, open_series
from dure.calendar.operations.series import DESCRIBED
from dure.calendar.queries import Rate, rates, standing_in
from dure.calendar.rules import may_open_series, run_by
from dure.core.errors import Forbidden, Refused
from dure.people.models import Organisation, Person
from dure.people.rules import looked_after_by
from dure.site import words
from dure.site.addresses import person_at
from dure.site.calendar.finding import NOT_YOURS, frame_of, run_series, series_for
from dure.site.choosing import let_choose
from dure.site.visitors import person_of

PAGE = 50


class SeriesForm(forms.Form):
    """What a series is called, how many it takes and how attendance counts."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    zone = forms.CharField(label=_("Time zone"), max_length=64, initial="Asia/Seoul")
    capacity = forms.IntegerField(
        label=_("Number of seats"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Left empty: no end of them."),
    )
    early_minutes = forms.IntegerField(
        label=_("Signing in opens, minutes before the start"), min_value=0, max_value=60, initial=10
    )
    late_minutes = forms.IntegerField(
        label=_("Late from, minutes after the start"), min_value=0, max_value=600, initial=10
    )
    part_percent = forms.IntegerField(
        label=_("Coming late or leaving early counts for, in per cent"), min_value=0, max_value=100, initial=100
    )
    slots_each = forms.IntegerField(
        label=_("Slots that one person may book"), min_value=1, max_value=1000, required=False, initial=1,
        help_text=_("Left empty: any number."),
    )  # fmt: skip


class NewSeriesForm(SeriesForm):
    """A series of an organisation that one looks after."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), to_field_name="short")
    field_order = ("organisation",)

    def __init__(self, person: Person, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]  # handed on as they came
        let_choose(self, "organisation", looked_after_by(person))


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The series that one runs."""
    person = person_of(request)
    rows: Paginator[Series] = Paginator(run_by(person).select_related("organisation"), PAGE)
    seen = {"page": rows.get_page(request.GET.get("page")), "opens": looked_after_by(person).exists()}
    return render(request, "calendar/index.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = NewSeriesForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        organisation = told.pop("organisation")
        if not may_open_series(person, organisation):
            raise Forbidden("series.not-yours", NOT_YOURS)
        try:
            return redirect("series-plan", open_series(organisation, **told).pk)
        except Refused as refused:
            form.add_error("zone", words.say(refused.text))
    return render(request, "calendar/new.html", {"form": form})


@login_required
@require_safe
def show(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Its sessions, the next ones first or (``?past``) those that are over, and how one stands."""
    series, person = series_for(request, series_id), person_of(request)
    past = "past" in request.GET
    rows = series.sessions.exclude(state__in=UPCOMING) if past else series.sessions.filter(state__in=UPCOMING)
    page = Paginator(rows.order_by("-starts_at" if past else "starts_at"), PAGE).get_page(request.GET.get("page"))
    marks = dict(person.attendance.filter(session__in=[row.pk for row in page]).values_list("session", "mark"))
    seen = {
        **frame_of(request, series, tab="sessions"), "page": page, "past": past,
        "listed": [(row, marks.get(row.pk)) for row in page],
        "standing": standing_in(series, person),
        "takes_part": series.attendees.filter(person=person, role=Role.ATTENDEE, left_at=None).exists(),
        "excuses": Excuse.objects.filter(session__series=series, state=ExcuseState.ASKED).select_related(
            "session", "person"
        ).order_by("pk")[:PAGE],
    }  # fmt: skip
    return render(request, "calendar/series.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, series_id: UUID) -> HttpResponse:
    series = run_series(request, series_id)
    told = {name: getattr(series, name) for name in DESCRIBED}
    form = SeriesForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            change_series(series, **form.cleaned_data)
        except Refused as refused:
            form.add_error("zone" if refused.code == "series.zone" else "capacity", words.say(refused.text))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("series-settings", series.pk)
    return render(request, "calendar/settings.html", {**frame_of(request, series, tab="settings"), "form": form})


@login_required
@require_safe
def people(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Who takes part, with their rates."""
    series = run_series(request, series_id)
    rows = series.attendees.filter(left_at=None).select_related("person")
    page = Paginator(rows.order_by("-role", "person__name_key", "person"), PAGE).get_page(request.GET.get("page"))
    known, none = rates(series), Rate(series.part)
    listed = [(row, known.get(row.person_id, none)) for row in page]
    return render(
        request, "calendar/people.html", {**frame_of(request, series, tab="people"), "page": page, "listed": listed}
    )


@login_required
@require_POST
def add(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Let somebody take part, by their address."""
    series = run_series(request, series_id)
    person = person_at(request.POST.get("email", ""))
    enrol(series, person=person, role=Role.TEACHER if request.POST.get("role") == Role.TEACHER else Role.ATTENDEE)
    messages.success(request, gettext("%(name)s takes part now.") % {"name": person})
    return redirect("series-people", series.pk)


@login_required
@require_POST
def take_off(request: HttpRequest, series_id: UUID, person_id: UUID) -> HttpResponse:
    series = run_series(request, series_id)
    found = Attendee.objects.filter(series=series, person=person_id, left_at=None).select_related("person").first()
    if found is not None:
        leave(series, person=found.person)
        messages.success(
            request, gettext("%(name)s takes part no longer. Their attendance is kept.") % {"name": found.person}
        )
    return redirect("series-people", series.pk)
