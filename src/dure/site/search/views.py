"""The search field's list as one types, the page of all results, and the page of a person who was found."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Membership, Person
from dure.people.queries import teams_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.site import words
from dure.site.desk.overview import operated_by
from dure.site.search.groups import GROUPS, Found, seen_by
from dure.site.visitors import person_of, visitor

TYPED, SHORT, PAGE = 80, 5, 20  # letters that are looked at; lines of a group; lines of a page of one group
AT_LENGTH = {"submissions"}  # looked for on the page of results alone: a keystroke is to cost little
NO_PERSON = Text(
    ko="찾으시는 사람이 없습니다. 같은 팀이나 기관, 운영하거나 심사하는 프로그램의 사람만 볼 수 있습니다.",
    en="There is nobody to show here. You see people of your teams, organisations and the programmes you run or judge.",
)


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``more``: there is more of it."""

    name: str
    label: Promise
    found: list[Found]
    more: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything found, group by group; with ``only`` one group, a page at a time."""
    typed, name = _typed(request), request.GET.get("only", "")
    number = _page(request)
    if name in GROUPS:
        groups = [_group(request, name, typed, number, PAGE)]
    else:
        groups, name = _groups(request, typed), ""
    seen = {
        "typed": typed,
        "groups": [group for group in groups if group.found],
        "only": name,
        "number": number,
        "before": number - 1,
        "after": number + 1,
    }
    return render(request, "search/page.html", seen)


@require_safe
def as_you_type(request: HttpRequest) -> HttpResponse:
    """The options under the search field ``at`` a place of the page."""
    typed = _typed(request)
    groups = [group for group in _groups(request, typed, but=AT_LENGTH) if group.found]
    at = request.GET.get("at", "")
    answer = render(request, "search/options.html", {"typed": typed, "groups": groups, "at": at})
    answer["Cache-Control"] = "private, max-age=10"
    return answer


@login_required
@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Somebody whom the visitor may know: what the two have in common, and where to go on from there."""
    viewer = person_of(request)
    found = Person.objects.filter(seen_by(viewer), pk=person_id, is_active=True).first()
    if found is None:
        raise Missing("person.missing", NO_PERSON)
    own = set(teams_of(viewer).values_list("pk", flat=True))
    turns = Turn.objects.filter(turn_members__member__person=found, programme__in=operated_by(viewer))
    seen = {
        "found": found,
        "memberships": Membership.objects.on(today()).filter(person=found).select_related("organisation"),
        "teams": [team for team in teams_of(found) if team.pk in own],
        "turns": [
            (turn, words.word(blueprint_of(turn.programme), turn.stage))
            for turn in turns.select_related("programme").order_by("-pk")[:PAGE]
        ],
    }
    return render(request, "search/person.html", seen)


def _groups(request: HttpRequest, typed: str, *, but: Collection[str] = ()) -> list[Group]:
    return [_group(request, name, typed, 1, SHORT) for name in GROUPS if name not in but] if typed else []


def _group(request: HttpRequest, name: str, typed: str, number: int, size: int) -> Group:
    label, find = GROUPS[name]
    first = (number - 1) * size
    found = find(visitor(request), typed, slice(first, first + size + 1))
    return Group(name, label, found[:size], len(found) > size)


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:TYPED]


def _page(request: HttpRequest) -> int:
    """The number of the page that is asked for; there are at most a hundred."""
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), 100) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
