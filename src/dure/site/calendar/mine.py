"""Somebody's own calendar, by month, and the addresses under which calendar programs read it."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.calendar import ical
from dure.calendar.models import Series
from dure.calendar.operations import issue_feed, revoke_feed
from dure.calendar.queries import Entry, agenda, entries_of, feed_by, feeds_of, overlapping
from dure.core import clock
from dure.core.errors import Missing
from dure.people.models import Person
from dure.site import words
from dure.site.calendar.finding import NO_SERIES, series_for
from dure.site.visitors import person_of
from dure.site.watched import unless_tagged

SHOWN = 3  # entries of a day in the month


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]
    inside: bool  # of the month that is shown
    is_today: bool

    @property
    def number(self) -> str:
        return str(self.date.day)

    @property
    def more(self) -> int:
        return max(0, len(self.entries) - SHOWN)


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """A month: as a grid where there is room, as a list elsewhere."""
    return render(request, "calendar/mine.html", _shown(request, person_of(request)))


@login_required
@require_http_methods(["POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Make an address, of everything or of one series; it is shown this once."""
    person, wanted = person_of(request), request.POST.get("series", "")
    series = series_for(request, _uuid(wanted)) if wanted else None
    issued = issue_feed(person, series=series)
    address = request.build_absolute_uri(reverse("calendar-feed", args=[issued.secret]))
    seen = {**_shown(request, person), "address": address, "webcal": address.replace("https:", "webcal:", 1)}
    response = render(request, "calendar/mine.html", seen)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    found = feeds_of(person_of(request)).filter(pk=feed_id).first()
    if found is not None:
        revoke_feed(found)
    return redirect(f"{reverse('my-calendar')}#feeds")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """An address that calendar programs read: who has it needs no account."""
    found = feed_by(secret)
    language, entries = found.person.language or "ko", entries_of(found)

    def write() -> HttpResponse:
        with translation.override(language):
            title = words.say(found.series.title) if found.series else gettext("My calendar in Dure")
        body = ical.written(entries, title=title, language=language)
        headers = {"Content-Disposition": 'inline; filename="dure.ics"'}
        return HttpResponse(body, content_type=ical.CONTENT_TYPE, headers=headers)

    return unless_tagged(request, ical.tag_of(entries, language=language), write)


def _shown(request: HttpRequest, person: Person) -> dict[str, object]:
    first = _month(request.GET.get("month", ""))
    weeks = Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    since, until = _midnight(weeks[0][0]), _midnight(weeks[-1][-1] + timedelta(days=1))
    entries = agenda(person, since=since, until=until)
    by_day = defaultdict(list)
    for entry in entries:
        by_day[timezone.localdate(entry.starts_at)].append(entry)
    today = timezone.localdate(clock.now())
    days = [[Day(day, by_day[day], day.month == first.month, day == today) for day in week] for week in weeks]
    return {
        "first": first, "before": first - timedelta(days=1), "after": first + timedelta(days=31), "today": today,
        "weeks": days, "days": [day for week in days for day in week if day.inside and day.entries],
        "conflicts": overlapping(entries), "feeds": feeds_of(person), "series": _attended(person),
        "now": [entry for entry in entries if entry.state == "open" and not entry.teaches],
    }  # fmt: skip


def _attended(person: Person) -> "QuerySet[Series]":
    """The newest series that somebody is in."""
    mine = person.attended_series.filter(left_at=None).values("series")
    return Series.objects.filter(pk__in=mine).order_by("-pk")[:50]


def _month(asked: str) -> date:
    """The first of the month that was asked for, else of this one."""
    try:
        return datetime.strptime(asked, "%Y-%m").date()  # noqa: DTZ007 -- a month has no zone
    except ValueError:
        return timezone.localdate(clock.now()).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Missing("series.missing", NO_SERIES) from None
