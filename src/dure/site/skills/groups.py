"""A team beside a job role: who of those who share their levels has what."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.sheets import csv_pieces
from dure.people.models import Team
from dure.people.rules import may_see_team
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.visitors import id_from, person_of
from dure.skills.models import JobRole
from dure.skills.queries import attributions, group_gap, own_role, roles_found
from dure.skills.queries.gaps import sharing_with
from dure.skills.queries.terms import OWN

NO_TEAM = Text(
    ko="찾으시는 팀이 없습니다. 내 팀 목록에서 확인하세요.", en="There is no such team. Look in the list of your teams."
)


@login_required
@require_safe
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """What the team has of what a role asks for."""
    found, role = _team(request, team_id), _role(request)
    sharing = sharing_with(found)
    cells = group_gap(sharing, role) if role else []
    seen = {
        "team": found, "role": role, "roles": roles_found(taxonomy=OWN), "cells": cells, "sharing": len(sharing),
        "open": sum(not cell.able for cell in cells), "credits": attributions([role] if role else []),
    }  # fmt: skip
    return render(request, "skills/team.html", seen)


@login_required
@require_safe
def team_file(request: HttpRequest, team_id: UUID) -> HttpResponseBase:
    """The same as a table."""
    found, role = _team(request, team_id), _role(request)
    cells = group_gap(sharing_with(found), role) if role else []
    header = [gettext("Skill"), gettext("Weight"), gettext("Level asked for"), gettext("People at that level"),
              gettext("People below it"), gettext("Highest level")]  # fmt: skip
    rows = [(words.say(one.skill.name), one.weight, one.asked, one.able, one.some, one.best) for one in cells]
    return streamed(csv_pieces(header, rows), "team-skills.csv")


def _team(request: HttpRequest, team_id: UUID) -> Team:
    found = Team.objects.filter(pk=team_id).first()
    if found is None or not may_see_team(person_of(request), found):
        raise Missing("team.missing", NO_TEAM)
    return found


def _role(request: HttpRequest) -> JobRole | None:
    """The role of the address, else one's own."""
    asked = request.GET.get("role")
    if not asked:
        return own_role(person_of(request))
    return JobRole.objects.select_related("taxonomy").filter(pk=id_from(asked), retired_in=None).first()
