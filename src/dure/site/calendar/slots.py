"""Slots: offered by teachers, booked by those who take part."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.calendar.models import Booking, Role, Series, Slot, SlotState
from dure.calendar.operations import book, publish_slots, release, withdraw_slot
from dure.calendar.recurrence import span
from dure.calendar.rules import may_release, may_withdraw_slot
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.site import words
from dure.site.calendar.finding import NO_SERIES, frame_of, run_series, series_for
from dure.site.calendar.planning import SessionForm
from dure.site.choosing import let_choose
from dure.site.visitors import person_of

PAGE = 50
NO_SLOT = Text(
    ko="찾으시는 예약 시간이 없습니다. 목록에서 다시 고르세요.", en="There is no such slot. Choose from the list."
)


class SlotsForm(forms.Form):
    """A time of one teacher, divided into slots."""

    host = forms.ModelChoiceField(Person.objects.none(), label=_("With"))
    day = SessionForm.base_fields["day"]
    starts = SessionForm.base_fields["starts"]
    ends = SessionForm.base_fields["ends"]
    length = forms.IntegerField(label=_("Minutes each"), min_value=5, max_value=480, initial=30)
    pause = forms.IntegerField(label=_("Minutes between them"), min_value=0, max_value=120, initial=0)
    place = forms.CharField(label=_("Venue"), max_length=160, required=False)
    link = forms.URLField(label=_("Online link"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, series: Series, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]  # handed on as they came
        teachers = series.attendees.filter(role=Role.TEACHER, left_at=None).values("person")
        rows = Person.objects.filter(pk__in=teachers).order_by("name_key", "pk")
        let_choose(self, "host", rows)


@login_required
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Slots to come: one's own first, then those that are free. Some series have a page of their own for it."""
    series = series_for(request, series_id)
    return redirect(series.book_at) if series.book_at else _listed(request, series, None)


@login_required
@require_http_methods(["POST"])
def offer(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Offer a time, divided into slots."""
    series = run_series(request, series_id)
    form = SlotsForm(series, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        minutes = int((told["ends"].hour - told["starts"].hour) * 60 + told["ends"].minute - told["starts"].minute)
        starts_at, ends_at = span(told["day"], told["starts"], minutes=minutes, zone=series.zone)
        try:
            made = publish_slots(
                series, host=told["host"], starts_at=starts_at, ends_at=ends_at, minutes=told["length"],
                pause=told["pause"], place=told["place"], link=told["link"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            text = ngettext("%(n)s slot is offered.", "%(n)s slots are offered.", len(made)) % {"n": len(made)}
            messages.success(request, text)
            return redirect("series-slots", series.pk)
    return _listed(request, series, form)


def _listed(request: HttpRequest, series: Series, form: SlotsForm | None) -> HttpResponse:
    person, frame = person_of(request), frame_of(request, series, tab="slots")
    held = Prefetch("bookings", Booking.objects.filter(released_at=None).select_related("person"), to_attr="held")
    rows = series.slots.filter(ends_at__gt=clock.now()).exclude(state=SlotState.WITHDRAWN)
    if not frame["runs"]:
        rows = rows.filter(state=SlotState.OPEN)
    page = Paginator(rows.select_related("host").prefetch_related(held).order_by("starts_at", "pk"), PAGE)
    mine = Booking.objects.filter(series=series, person=person, released_at=None, slot__ends_at__gt=clock.now())
    seen = {
        **frame, "page": page.get_page(request.GET.get("page")), "form": form or SlotsForm(series),
        "mine": mine.select_related("slot__host").order_by("slot__starts_at"),
        "books": series.attendees.filter(person=person, role=Role.ATTENDEE, left_at=None).exists(),
    }  # fmt: skip
    return render(request, "calendar/slots.html", seen)


@login_required
@require_POST
def take(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Book a slot."""
    slot = _slot(slot_id)
    series_for(request, slot.series_id)
    book(slot, person=person_of(request))
    messages.success(request, gettext("Booked. It is on your calendar."))
    return redirect("series-slots", slot.series_id)


@login_required
@require_POST
def give_up(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give a booking back."""
    rows = Booking.objects.select_related("slot__series__organisation", "slot__host", "person")
    found = rows.filter(pk=booking_id).first()
    if found is None or not may_release(person_of(request), found):
        raise Missing("slot.missing", NO_SLOT)
    release(found, by=person_of(request))
    messages.success(request, gettext("The booking is cancelled. Both sides are told."))
    return redirect("series-slots", found.slot.series_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Offer a slot no longer."""
    slot = _slot(slot_id)
    if not may_withdraw_slot(person_of(request), slot):
        raise Missing("series.missing", NO_SERIES)
    withdraw_slot(slot)
    messages.success(request, gettext("The slot is withdrawn. Whoever had booked it is told."))
    return redirect("series-slots", slot.series_id)


def _slot(slot_id: UUID) -> Slot:
    found = Slot.objects.select_related("series__organisation", "host").filter(pk=slot_id).first()
    if found is None:
        raise Missing("slot.missing", NO_SLOT)
    return found
