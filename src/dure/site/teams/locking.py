"""What organisers say about teams: how large they may be and from when they are fixed; and which teams there are."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.challenges.models import Round, TeamRule
from dure.challenges.operations import open_to_teams
from dure.challenges.rules import organises
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.people.models import Team
from dure.programmes.models import TeamLock
from dure.programmes.operations.teams import set_team_lock
from dure.site.challenges.tasks import NO_TASK
from dure.site.desk.rounds.framed import framed
from dure.site.reading import YEARS
from dure.site.visitors import desk_for, person_of

SHOWN = 50
NO_MOMENT = Text(ko="날짜와 시각을 다시 입력하세요.", en="Enter the date and the time again.")
NO_NUMBER = Text(ko="팀 인원을 숫자로 입력하세요.", en="Enter the size of a team as a number.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's teams, and the moment from which they are fixed."""
    programme = desk_for(request, slug)
    if request.method == "POST":
        set_team_lock(programme, at=_moment(request, programme.zone))
        messages.success(request, gettext("The date from which teams are fixed is noted."))
        return redirect("desk-teams", slug)
    lock = TeamLock.objects.filter(programme=programme).first()
    rows = Team.objects.filter(turn_teams__turn__programme=programme)
    seen = {
        "programme": programme,
        "tab": "dates",
        "zone": programme.zone,
        "lock": _local(lock.at if lock else None, programme.zone),
        "locks_at": lock.at if lock else None,
        "page": _page(request, rows),
    }
    return render(request, "teams/desk.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Whether people enter a round outside programmes by themselves, and its teams."""
    round_ = Round.objects.filter(pk=round_id).first()
    if round_ is None or not organises(person_of(request), round_) or _is_of_programme(round_):
        raise Missing("round.missing", NO_TASK)
    if request.method == "POST":
        open_to_teams(
            round_, least=_number(request, "least") or 1, most=_number(request, "most"),
            locks_at=_moment(request, round_.zone),
        )  # fmt: skip
        messages.success(request, gettext("The round is open to teams."))
        return redirect("round-teams", round_id)
    rule = TeamRule.objects.filter(round=round_).first()
    seen = {
        **framed(request, round_, "teams"),
        "rule": rule,
        "zone": round_.zone,
        "lock": _local(rule.locks_at if rule else None, round_.zone),
        "page": _page(request, Team.objects.filter(entrant_teams__entrant__task__round=round_)),
    }
    return render(request, "teams/round.html", seen)


def _is_of_programme(round_: Round) -> bool:
    return RoundTask.objects.filter(task__round=round_).exists()


def _page(request: HttpRequest, rows: QuerySet[Team]) -> object:
    named = rows.select_related("captain").distinct().order_by("name", "pk")
    return Paginator(named, SHOWN).get_page(request.GET.get("page"))


def _moment(request: HttpRequest, zone: str) -> datetime | None:
    """What was entered, in the zone of the programme or the round; nothing: no lock."""
    entered = request.POST.get("lock", "").strip()
    if not entered:
        return None
    try:
        found = parse_datetime(entered)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Flawed("team.lock", NO_MOMENT)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _local(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _number(request: HttpRequest, name: str) -> int | None:
    entered = request.POST.get(name, "").strip()
    if entered and not entered.isdecimal():
        raise Flawed("round.team-size", NO_NUMBER)
    return int(entered) if entered else None
