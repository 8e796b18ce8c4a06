"""The rounds that somebody has to do with: those they run, and those in whose programme they review or help."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.challenges.models import Round
from dure.challenges.queries.listing import with_tasks
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes.models import Programme, Seat
from dure.site.challenges.listing import Challenge, challenges_of
from dure.site.desk.overview import operated_by
from dure.site.visitors import person_of
from dure.store.search import matching

PAGE = 30


@dataclass(frozen=True)
class Own:
    """A round with how it stands. ``runs``: its desk is open to the visitor, else they review or help in it."""

    challenge: Challenge
    runs: bool


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Both kinds, the newest first."""
    person, typed = person_of(request), request.GET.get("q", "").strip()
    run = _run_by(person)
    found = with_tasks().filter(Q(pk__in=run) | Q(pk__in=_helped_by(person)))
    if typed:
        found = found.filter(pk__in=matching(Round.objects.all(), typed).order_by().values("pk"))
    page: Page[Round] = Paginator(found.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    stand = challenges_of(list(page), person)
    own = set(run.filter(pk__in=[one.round.pk for one in stand]).values_list("pk", flat=True))
    shown = [Own(one, one.round.pk in own) for one in stand]
    return render(request, "challenges/own.html", {"page": page, "rounds": shown, "q": typed})


def _run_by(person: Person) -> "QuerySet[Round]":
    """:func:`dure.joints.running.runs` for many."""
    return Round.objects.filter(Q(organisers=person) | Q(pk__in=_of(operated_by(person)))).order_by().distinct()


def _helped_by(person: Person) -> "QuerySet[RoundTask, object]":
    seats = Seat.objects.filter(person=person, ended_at__isnull=True).values("programme")
    return _of(Programme.objects.filter(pk__in=seats))


def _of(programmes: "QuerySet[Programme]") -> "QuerySet[RoundTask, object]":
    return RoundTask.objects.filter(programme__in=programmes).order_by().values("task__round")
