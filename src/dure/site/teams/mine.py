"""My teams: who is in them, how others join, who leads, and where they take part."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges.models import EntrantTeam
from dure.core import clock
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.people import rules
from dure.people.models import InvitationState, Person, Team, TeamCode
from dure.people.operations import (
    dismiss,
    form_team,
    hand_over,
    invite,
    issue_code,
    join_by_code,
    leave_team,
    rename_team,
    revoke_code,
    take_try,
    withdraw,
)
from dure.people.operations.invitations import TEAM
from dure.people.queries import invitations_to, likeliest_persons, mates_in, merges_of, teams_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, TurnTeam
from dure.site import words
from dure.site.account.teams import NO_INVITATION
from dure.site.challenges.tasks import attempts_page, title_of
from dure.site.visitors import id_from, person_of
from dure.store.worded import found

FOUND = 10
NO_TEAM = Text(ko="찾으시는 팀이 없습니다. 내 팀을 확인하세요.", en="There is no such team. See your teams.")
NO_MATE = Text(ko="이 팀의 팀원이 아닙니다. 팀 화면을 새로 고치세요.", en="They are not in this team. Reload the page.")
NO_PERSON = Text(
    ko="초대할 수 있는 사람이 아닙니다. 이메일로 초대하세요.", en="They cannot be invited so. Invite them by email."
)
NOT_CAPTAIN = Text(
    ko="팀장만 할 수 있습니다. 팀장에게 요청하세요.", en="Only the captain of the team can do this. Ask them."
)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The teams one is in, and the ways into another."""
    teams = teams_of(person_of(request)).select_related("captain")
    return render(request, "teams/index.html", {"teams": teams})


@login_required
@require_POST
def new_team(request: HttpRequest) -> HttpResponse:
    team = form_team(request.POST.get("name", ""), captain=person_of(request))
    messages.success(request, gettext("The team is formed. Invite its members."))
    return redirect("team", team.pk)


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join by the code that a captain told."""
    person = person_of(request)
    take_try(person)
    team = join_by_code(request.POST.get("code", ""), person=person)
    messages.success(request, gettext("You are in the team now."))
    return redirect("team", team.pk)


@dataclass(frozen=True)
class Invited:
    """Who was invited: by name where the captain may know them, else by address."""

    id: UUID
    shown: str


@dataclass(frozen=True)
class Part:
    """Where a team takes part."""

    title: str
    path: str
    is_over: bool


@login_required
@require_safe
def show(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: its people and, for its captain, everything that can be done about it."""
    person, team = person_of(request), team_for(request, team_id)
    leads = rules.may_lead(person, team)
    mates = [mate.person for mate in mates_in(team)]
    met = Person.objects.filter(rules.meets(person)) if leads else Person.objects.none()
    typed = request.GET.get("q", "").strip()
    seen = {
        "team": team,
        "mates": mates,
        "leads": leads,
        "is_full": team.most is not None and team.size >= team.most,
        "invited": _invited(met, team) if leads else [],
        "code": TeamCode.objects.filter(team=team, expires_at__gt=clock.now()).first() if leads else None,
        "q": typed,
        "found": _known(met, typed, mates) if leads and typed else [],
        "merges": merges_of(team),
        "parts": _parts(team, person),
    }
    return render(request, "teams/show.html", seen)


def _invited(met: "QuerySet[Person]", team: Team) -> list[Invited]:
    rows = invitations_to(TEAM, team.pk).filter(state=InvitationState.PENDING, expires_at__gt=clock.now())
    waiting = list(rows)
    names = dict(met.filter(email__in=[row.email for row in waiting]).values_list("email", "name"))
    return [Invited(row.pk, names.get(row.email, row.email)) for row in waiting]


def _known(met: "QuerySet[Person]", typed: str, mates: list[Person]) -> list[Person]:
    """Those of that name whom one meets here and who are not in the team."""
    rows = met.filter(is_active=True).exclude(pk__in=[mate.pk for mate in mates])
    return likeliest_persons(typed, slice(FOUND), among=lambda: rows)


def _parts(team: Team, person: Person) -> list[Part]:
    taken = [
        Part(
            f"{words.say(row.turn.programme.title)} · {words.word(blueprint_of(row.turn.programme), row.turn.stage)}",
            reverse("turn", args=[row.turn_id]),
            row.turn.state not in ALIVE,
        )
        for row in found(_turns_of, team.pk, person.pk)
    ]
    entrants = [row.entrant for row in found(_entrants_of, team.pk)]
    return taken + [Part(title_of(one.task), attempts_page(one), one.task.round.is_over) for one in entrants]


def _turns_of(team: UUID, person: UUID) -> "QuerySet[TurnTeam]":
    rows = TurnTeam.objects.filter(team=team, turn__turn_members__member__person=person)
    return rows.select_related("turn__programme").order_by("turn")


def _entrants_of(team: UUID) -> "QuerySet[EntrantTeam]":
    rows = EntrantTeam.objects.filter(team=team)
    return rows.select_related("entrant__task__round", "entrant__round_turn").order_by("entrant")


def team_for(request: HttpRequest, team_id: UUID) -> Team:
    """A team that the visitor is in. Raises Missing."""
    team = teams_of(person_of(request)).select_related("captain").filter(pk=team_id).first()
    if team is None:
        raise Missing("team.missing", NO_TEAM)
    return team


def led(request: HttpRequest, team_id: UUID) -> Team:
    """A team of which the visitor is the captain. Raises Missing or Forbidden."""
    team = team_for(request, team_id)
    if not rules.may_lead(person_of(request), team):
        raise Forbidden("team.not-captain", NOT_CAPTAIN)
    return team


# --- what a captain does


def _rename(request: HttpRequest, team: Team) -> str:
    rename_team(team, request.POST.get("name", ""))
    return gettext("The team has a new name.")


def _invite(request: HttpRequest, team: Team) -> str:
    _send(request, team, request.POST.get("email", ""))
    return gettext("The invitation is on its way.")


def _invite_known(request: HttpRequest, team: Team) -> str:
    met = Person.objects.filter(rules.meets(person_of(request)), is_active=True)
    person = met.filter(pk=id_from(request.POST.get("person"))).first()
    if person is None:
        raise Missing("person.missing", NO_PERSON)
    _send(request, team, person.email)
    return gettext("The invitation is on its way.")


def _send(request: HttpRequest, team: Team, email: str) -> None:
    what = Text(ko=f"‘{team}’ 팀에", en=f"to the team {team}")
    invite(email, purpose=TEAM, subject=team.pk, what=what, by=person_of(request))


def _issue_code(_request: HttpRequest, team: Team) -> str:
    issue_code(team)
    return gettext("There is a new code. Tell it to your mates.")


def _end_code(_request: HttpRequest, team: Team) -> str:
    revoke_code(team)
    return gettext("The code opens nothing any more.")


ACTS: dict[str, Callable[[HttpRequest, Team], str]] = {
    "rename": _rename, "invite": _invite, "invite-known": _invite_known, "code": _issue_code, "end-code": _end_code,
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, team_id: UUID, what: str) -> HttpResponse:
    """One of the things a captain does about the team."""
    messages.success(request, ACTS[what](request, led(request, team_id)))
    return redirect("team", team_id)


@login_required
@require_POST
def make_captain(request: HttpRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    team = led(request, team_id)
    hand_over(team, to=_mate(team, person_id))
    messages.success(request, gettext("The team has a new captain."))
    return redirect("team", team_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    """What taking somebody out means for them, then doing it."""
    team = led(request, team_id)
    mate = _mate(team, person_id)
    if request.method == "POST":
        dismiss(team, person=mate)
        messages.success(request, gettext("They are no longer in the team."))
        return redirect("team", team_id)
    running = [part for part in _parts(team, mate) if not part.is_over]
    return render(request, "teams/dismiss.html", {"team": team, "mate": mate, "parts": running})


def _mate(team: Team, person_id: UUID) -> Person:
    mate = mates_in(team).filter(person=person_id).first()
    if mate is None:
        raise Missing("team.stranger", NO_MATE)
    return mate.person


@login_required
@require_POST
def take_back(request: HttpRequest, team_id: UUID, invitation_id: UUID) -> HttpResponse:
    """The captain takes an unanswered invitation back."""
    team = led(request, team_id)
    found = invitations_to(TEAM, team.pk).filter(pk=invitation_id).first()
    if found is None:
        raise Missing("invitation.missing", NO_INVITATION)
    withdraw(found)
    messages.success(request, gettext("The invitation is taken back."))
    return redirect("team", team_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """What leaving means, then leaving."""
    person, team = person_of(request), team_for(request, team_id)
    if request.method == "POST":
        leave_team(team, person=person)
        messages.success(request, gettext("You have left the team."))
        return redirect("teams")
    running = [part for part in _parts(team, person) if not part.is_over]
    return render(request, "teams/leave.html", {"team": team, "leads": team.captain_id == person.pk, "parts": running})
