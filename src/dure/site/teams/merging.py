"""Merging two teams: finding the other one, what will happen, and the answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.challenges.models import Entrant
from dure.challenges.rules import may_see_board
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.teams import entrants_of, outlooks, team_of
from dure.people import rules
from dure.people.models import Person, Team, TeamMember, TeamMerge
from dure.people.operations import accept_merge, ask_merge, decline_merge, withdraw_merge
from dure.programmes.operations.teams import turns_of
from dure.site.challenges.tasks import title_of
from dure.site.teams.mine import NO_TEAM, led
from dure.site.visitors import person_of
from dure.store.search import matching

FOUND = 20
NO_MERGE = Text(
    ko="찾으시는 병합 제안이 없습니다. 내 팀을 확인하세요.", en="There is no such question to merge. See your teams."
)


@login_required
@require_safe
def find(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Teams of the tasks in which this one takes part, by name."""
    team, typed = led(request, team_id), request.GET.get("q", "").strip()
    found = _candidates(person_of(request), team, typed) if typed else []
    return render(request, "teams/find.html", {"team": team, "q": typed, "found": found})


def _candidates(person: Person, team: Team, typed: str) -> list[tuple[Team, str]]:
    """Other teams of that name, with the task in which they were found; only where one may see who takes part."""
    found: dict[UUID, tuple[Team, str]] = {}
    for own in entrants_of(team, turns_of(team)):
        if not may_see_board(person, own.task):
            continue
        named = matching(Entrant.objects.filter(task=own.task).exclude(pk=own.pk), typed)[:FOUND]
        for other in map(team_of, named):
            if other is not None:
                found.setdefault(other.pk, (other, title_of(own.task)))
    return list(found.values())[:FOUND]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, team_id: UUID, other_id: UUID) -> HttpResponse:
    """What merging would mean, then asking the other captain."""
    team, person = led(request, team_id), person_of(request)
    other = Team.objects.select_related("captain").filter(pk=other_id, size__gt=0).first()
    if other is None or not _may_know(person, team, other):
        raise Missing("team.missing", NO_TEAM)
    if request.method == "POST":
        ask_merge(team, other=other, by=person)
        messages.success(request, gettext("The other captain was asked."))
        return redirect("team", team.pk)
    return render(request, "teams/merge.html", {"team": team, **_outlook(team, other)})


def _may_know(person: Person, team: Team, other: Team) -> bool:
    """Whether they meet in a task whose board the captain may see."""
    shared = outlooks(team, other)
    return any(may_see_board(person, seen.into.task) for seen in shared)


def _outlook(into: Team, gone: Team) -> dict[str, object]:
    both = TeamMember.objects.filter(team__in=[into, gone], left_at=None).values("person").distinct().count()
    tasks = [(title_of(seen.into.task), seen) for seen in outlooks(into, gone)]
    too_many = into.most is not None and both > into.most
    holds = not too_many and all(seen.holds for _, seen in tasks)
    return {"into": into, "gone": gone, "size": both, "too_many": too_many, "tasks": tasks, "holds": holds}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What merging means as it stands now; the captain who was asked answers, the one who asked may take it back."""
    person = person_of(request)
    own = Q() if rules.is_operator(person) else Q(into__captain=person) | Q(gone__captain=person)
    merge = TeamMerge.objects.filter(own, pk=merge_id).select_related("into__captain", "gone__captain").first()
    if merge is None:
        raise Missing("merge.missing", NO_MERGE)
    asked = rules.may_lead(person, merge.gone)
    if request.method == "POST":
        return _answered(request, merge, asked=asked)
    team = merge.gone if asked else merge.into
    return render(
        request, "teams/merge.html", {"team": team, "merge": merge, "asked": asked, **_outlook(merge.into, merge.gone)}
    )


def _answered(request: HttpRequest, merge: TeamMerge, *, asked: bool) -> HttpResponse:
    person = person_of(request)
    if not asked:
        withdraw_merge(merge)
        messages.success(request, gettext("The question is taken back."))
        return redirect("team", merge.into_id)
    if request.POST.get("answer") == "yes":
        accept_merge(merge, by=person)
        messages.success(request, gettext("You are one team now."))
        return redirect("team", merge.into_id)
    decline_merge(merge, by=person)
    messages.success(request, gettext("You stay two teams."))
    return redirect("team", merge.gone_id)
