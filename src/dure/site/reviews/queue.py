"""Everything that waits for somebody's judgement, over all programmes, the most pressing first."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.blueprint.model import Ability
from dure.core import clock
from dure.joints.asked import (
    Asked,
    Place,
    at,
    deciding_places,
    decisions_of,
    hears_others_first,
    marks_left_of,
    panels_of,
    ready_at,
    to_mark,
    with_hand_ins,
)
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.queries.recruiting import recruits_of
from dure.site import words
from dure.site.reviews.attending import Attended, attended_by
from dure.site.visitors import BESIDE, person_of

WITHIN = timedelta(days=7)  # whoever is asked has a week; then it is late
COUNTED = 100  # so many decisions are counted where a page tells only the first of them; above it "100+"
KEPT = 60  # seconds
NEVER = datetime.max.replace(tzinfo=UTC)
REVIEW, DECIDE, SUPERVISE = "review", "decide", "supervise"
KINDS: dict[str, Promise] = {
    REVIEW: _("To be marked"), DECIDE: _("To be decided"), SUPERVISE: _("To be recorded"),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What waits at one place: its list, and the page on which it begins (empty: nothing is left)."""

    kind: str
    programme: Programme
    title: str
    left: int
    done: int
    due: datetime | None
    url: str
    begin: str

    @property
    def all(self) -> int:
        return self.left + self.done

    @property
    def late(self) -> bool:
        return bool(self.left) and self.due is not None and self.due < clock.now()

    @property
    def many(self) -> bool:
        """Whether ``left`` was counted no further."""
        return self.left >= COUNTED

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The groups, filtered by kind and programme."""
    person = person_of(request)
    groups = groups_of(person)
    kind, slug = request.GET.get("kind", ""), request.GET.get("programme", "")
    shown = [group for group in groups if kind in {"", group.kind} and slug in {"", group.programme.slug}]
    seen = {
        "groups": shown,
        "asked": groups,
        "kind": kind,
        "kinds": [(name, KINDS[name]) for name in KINDS if any(group.kind == name for group in groups)],
        "programme": slug,
        "programmes": {group.programme.slug: group.programme for group in groups},
        "left": sum(group.left for group in shown),
        "done": sum(group.done for group in shown),
        "late": sum(group.left for group in shown if group.late),
        "recruits": recruits_of(person),
    }
    return render(request, "reviews/queue.html", seen)


@login_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """The most pressing thing of all; with nothing left, the queue says so."""
    first = next((group.begin for group in groups_of(person_of(request)) if group.begin), "")
    return redirect(first or "reviews")


def groups_of(person: Person) -> list[Group]:
    """What is left first, by when it is due; then what is done."""
    groups = [_group(asked) for asked in [*panels_of(person), *decisions_of(person)]]
    groups += [_attended(attended) for attended in attended_by(person)]
    return sorted(groups, key=lambda group: (not group.left, group.due or NEVER))


def groups_left(person: Person, *, abilities: Set[Ability], most: int) -> list[Group]:
    """The first of what is left, in a handful of queries whatever the size: decisions are counted to ``COUNTED``.
    ``abilities``: those of the person's seats; for what none of them lets in nothing is asked."""
    beside = not BESIDE.isdisjoint(abilities)
    asked = marks_left_of(person) if beside or Ability.REVIEW in abilities else []
    asked += _decisions_left(person, most) if Ability.DECIDE in abilities else []
    groups = [*map(_group, asked), *map(_attended, attended_by(person) if beside else [])]
    return sorted((group for group in groups if group.left), key=lambda group: group.due or NEVER)[:most]


def _decisions_left(person: Person, most: int) -> Iterator[Asked]:
    places = with_hand_ins(deciding_places(person))
    for place in places[:most]:
        if left := _ready_count(place):
            yield Asked("decide", place, left, 0, None)


def _ready_count(place: Place) -> int:
    """How many are ready, to ``COUNTED``; where the whole gate must be heard for it, as of a minute ago."""
    count = ready_at(place)[:COUNTED].count
    if not hears_others_first(place):
        return count()
    key = f"ready.{place.programme.pk}.{place.stage}.{place.step}"
    return int(cache.get_or_set(key, count, KEPT) or 0)


def _group(asked: Asked) -> Group:
    place = asked.place
    return Group(
        kind=asked.kind,
        programme=place.programme,
        title=words.word(blueprint_of(place.programme), place.stage),
        left=asked.left,
        done=asked.done,
        due=asked.since + WITHIN if asked.since else None,
        url=list_address(asked.kind, place),
        begin=begin_address(asked.kind, place) if asked.left else "",
    )


def _attended(attended: Attended) -> Group:
    url = reverse("attended", args=[attended.programme.slug, attended.stage])
    title = words.word(blueprint_of(attended.programme), attended.stage)
    counts = (attended.left, attended.done, attended.due)
    return Group(SUPERVISE, attended.programme, title, *counts, url=url, begin=url if attended.left else "")


def list_address(kind: str, place: Place) -> str:
    """Where one sees everything at a place."""
    name = "panel" if kind == REVIEW else "deciding"
    return reverse(name, args=[place.programme.slug, place.stage, place.step])


def begin_address(kind: str, place: Place) -> str:
    """Where the first of a place's open ones is found."""
    return f"{list_address(kind, place)}next/"


def first_review(person: Person, place: Place) -> str:
    """The oldest review left there, else the list."""
    first = at(to_mark(person), place).values_list("pk", flat=True).first()
    return reverse("review", args=[first]) if first else list_address(REVIEW, place)


def first_decision(place: Place) -> str:
    """The first undecided case there, else the list."""
    first = ready_at(place).values_list("pk", flat=True).first()
    return reverse("decision", args=[first, place.step]) if first else list_address(DECIDE, place)
