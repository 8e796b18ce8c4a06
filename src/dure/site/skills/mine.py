"""One's own skills: every level with what it stands on, what one says of oneself, the role, and who may see it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.sheets import csv_pieces
from dure.people.days import today
from dure.people.models import Person
from dure.people.operations import give_consent, withdraw_consent
from dure.people.queries import organisations_of, teams_of
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.visitors import person_of
from dure.skills.queries import attributions, explained, gap_of, levels_of, own_role
from dure.skills.queries.gaps import SHARED

PAGE, NEAREST = 20, 6
WORDING = _("They may see the levels that evidence shows of me, beside what a job role asks for.")
NOBODY = Text(
    ko="이 기관이나 팀에 속해 있지 않습니다. 목록에서 다시 고르세요.",
    en="You do not belong there. Choose again from the list.",
)


@dataclass(frozen=True)
class Audience:
    """An organisation or a team that one belongs to, and whether it may see one's levels."""

    scope: str
    name: str
    shares: bool


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Levels that evidence shows, the highest first, each with its grounds."""
    person = person_of(request)
    page = Paginator(levels_of(person), PAGE).get_page(request.GET.get("page"))
    whys = explained(person, [row.skill_id for row in page], on=today())
    role, said = own_role(person), person.skill_claims.select_related("skill__taxonomy").order_by("-level", "pk")
    gaps = [gap for gap in gap_of(person, role) if gap.missing] if role else []
    seen = {
        "page": page, "lines": [(row, whys.get(row.skill_id, ())) for row in page], "role": role,
        "gaps": gaps[:NEAREST], "claims": said, "audiences": audiences_of(person), "wording": WORDING,
        "credits": attributions([row.skill for row in page] + [row.skill for row in said]),
    }  # fmt: skip
    return render(request, "skills/mine.html", seen)


@login_required
@require_safe
def levels_file(request: HttpRequest) -> HttpResponseBase:
    """One's own levels as a table."""
    header = [gettext("Skill"), gettext("Level"), gettext("Points"), gettext("As of"), gettext("Falls on")]
    rows = (
        (words.say(row.skill.name), row.level, row.points, row.as_of, row.falls_on or "")
        for row in levels_of(person_of(request))
    )
    return streamed(csv_pieces(header, rows), "skills.csv")


@login_required
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Let an organisation or a team see one's levels, or no longer."""
    person, scope = person_of(request), request.POST.get("scope", "")
    if scope not in {audience.scope for audience in audiences_of(person)}:
        raise Missing("skills.audience", NOBODY)
    if "yes" in request.POST:
        give_consent(person, purpose=SHARED, scope=scope, wording=str(WORDING))
        messages.success(request, gettext("They may see your levels now. You can take that back at any time."))
    else:
        withdraw_consent(person, purpose=SHARED, scope=scope)
        messages.success(request, gettext("They see your levels no longer."))
    return redirect("my-skills")


def audiences_of(person: Person) -> list[Audience]:
    """Where somebody belongs today, and whether they share their levels there."""
    given = set(person.consents.filter(purpose=SHARED, withdrawn_at=None).values_list("scope", flat=True))
    places = [(one.short, words.say(one.title)) for one in organisations_of(person, on=today())]
    teams = [(str(team.pk), team.name) for team in teams_of(person)]
    return [Audience(scope, name, scope in given) for scope, name in places + teams]
