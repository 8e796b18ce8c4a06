"""Making a programme in four clicks: choose, fill in, check, make; or last year's edition again."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.core import clock
from dure.core.text import Text
from dure.joints.cloning import carry_tasks
from dure.joints.models import RoundTask
from dure.programmes.models import Draft, Programme
from dure.programmes.operations.copying import make_edition
from dure.programmes.operations.pages import copy_pages
from dure.programmes.queries.pages import titles_of
from dure.site import words
from dure.site.desk.overview import operated_by
from dure.site.studio import outlook, planning
from dure.site.studio.finding import for_makers
from dure.site.studio.origins import Origin, from_draft, from_library, from_programme, moved_dates, start_of
from dure.site.studio.planning import Plan
from dure.site.studio.shelf import found_cards
from dure.site.visitors import person_of

SHOWN = 12
TASKS = "tasks"


@for_makers
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What to make a programme from: an edition of one's own, a draft of one's own, or the library."""
    person = person_of(request)
    seen = {
        "cards": found_cards(request), "q": request.GET.get("q", ""), "kind": request.GET.get("kind", ""),
        "kinds": words.KINDS, "drafts": Draft.objects.filter(made_by=person).order_by("-changed_at")[:SHOWN],
        "editions": operated_by(person).order_by("-pk")[:SHOWN],
    }  # fmt: skip
    return render(request, "studio/choose.html", seen)


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def make_from_library(request: HttpRequest, name: str) -> HttpResponse:
    return _made(request, from_library(request, name))


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def make_from_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return _made(request, from_draft(request, draft_id))


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def make_again(request: HttpRequest, slug: str) -> HttpResponse:
    return _made(request, from_programme(request, slug))


def _made(request: HttpRequest, origin: Origin) -> HttpResponse:
    """Fill in, then check, then make: each sends all fields on, and nothing is written before the last."""
    if request.method != "POST":
        return _fill(request, Plan(origin, _proposed(request, origin)))
    plan = Plan(origin, dict(request.POST.lists()))
    if "shift" in request.POST:
        start, weekdays = _start(request.POST.get("start", ""), origin), "weekdays" in request.POST
        dates = {f"date.{name}": [text] for name, text in moved_dates(origin, start, weekdays=weekdays).items()}
        return _fill(request, Plan(origin, {**plan.sent, **dates}))
    wrong = plan.wrong()
    if wrong or "back" in request.POST:
        return _fill(request, plan, wrong if "back" not in request.POST else [])
    if "make" in request.POST:
        return _make(request, plan)
    return _check(request, plan)


def _proposed(request: HttpRequest, origin: Origin) -> dict[str, list[str]]:
    """Sensible values for every field."""
    start = _start(request.GET.get("start", ""), origin)
    dates = moved_dates(origin, start, weekdays=True)
    return {
        "title_ko": [origin.title.ko], "title_en": [origin.title.en], "slug": [_free(origin.slug)],
        "zone": [origin.zone], "start": [start.isoformat()], "weekdays": ["1"],
        **planning.values_of(origin),
        **{f"date.{name}": [text] for name, text in dates.items()},
        "seat": [str(seat.pk) for seat in origin.seats],
        **({TASKS: ["1"]} if _has_tasks(origin) else {}),
    }  # fmt: skip


def _has_tasks(origin: Origin) -> bool:
    return RoundTask.objects.filter(programme=origin.programme).exists() if origin.programme else False


def _pages(origin: Origin) -> list[Text]:
    """The titles of the pages of text that come along."""
    programme = origin.programme
    return [one.title for one in titles_of(programme, everything=True)] if programme else []


def _start(written: str, origin: Origin) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return start_of(origin, today=localdate(clock.now()))


def _free(slug: str) -> str:
    """The address, with a number behind it where it is taken."""
    taken = set(Programme.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := slug if n == 1 else f"{slug}-{n}") not in taken)


def _fill(request: HttpRequest, plan: Plan, wrong: list[str] | None = None) -> HttpResponse:
    chosen = {str(seat.pk) for seat in plan.seats()}
    seen = {
        "plan": plan, "origin": plan.origin, "wrong": wrong or [], "organisations": planning.known_organisations(),
        "parties": planning.party_fields(plan), "values": planning.value_fields(plan),
        "dates": planning.date_fields(plan), "start": plan.one("start"), "weekdays": "weekdays" in plan.sent,
        "pages": _pages(plan.origin), "has_tasks": _has_tasks(plan.origin), "brings_tasks": TASKS in plan.sent,
        "seats": [(seat, words.word(plan.blueprint, seat.role), str(seat.pk) in chosen) for seat in plan.origin.seats],
    }  # fmt: skip
    return render(request, "studio/fill.html", seen, status=422 if wrong else 200)


def _check(request: HttpRequest, plan: Plan) -> HttpResponse:
    seen = {
        "plan": plan, "origin": plan.origin, "spans": outlook.timeline(plan), "sums": outlook.sums(plan),
        "roles": outlook.roles_without(plan), "lacking": plan.lacking(), "changes": outlook.changes(plan),
        "parties": [(words.word(plan.blueprint, key), named) for key, named in plan.organisations().items()],
        "sent": [(name, value) for name, values in plan.sent.items() if name != "csrfmiddlewaretoken"
                 for value in values],
    }  # fmt: skip
    return render(request, "studio/check.html", seen)


def _make(request: HttpRequest, plan: Plan) -> HttpResponse:
    by, former = person_of(request), plan.origin.programme
    with transaction.atomic():
        programme = make_edition(plan.edition(), by=by)
        if former is not None and TASKS in plan.sent:
            carry_tasks(former, into=programme, by=by)
        if former is not None:
            copy_pages(former, into=programme, by=by)
    messages.success(request, gettext("The programme is made as a draft. Seat its people, then announce it."))
    return redirect("desk", programme.slug)
