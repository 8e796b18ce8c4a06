"""Draft programmes of the same blueprint: let them run by this version of it, with what is lost said before."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.operations.copying import replace_blueprint, upgrade_of
from dure.programmes.operations.drafting import version_in_force
from dure.site.desk.overview import operated_by
from dure.site.studio.finding import draft_for, for_makers
from dure.site.studio.versions import Line, compared
from dure.site.visitors import desk_for, person_of

SHOWN = 50


@dataclass(frozen=True)
class Made:
    """A programme of the blueprint; ``newer``: whether the draft says something else."""

    programme: Programme
    newer: bool

    @property
    def can_change(self) -> bool:
        return self.newer and self.programme.state == ProgrammeState.DRAFT


@for_makers
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The visitor's programmes of this blueprint; those not announced yet can take this version."""
    draft = draft_for(request, draft_id)
    version = version_in_force(draft)
    rows = operated_by(person_of(request)).filter(blueprint_name=draft.name).order_by("-pk")[:SHOWN]
    made = [Made(programme, programme.source != version.text) for programme in rows] if draft.name else []
    return render(request, "studio/upgrades.html", {"draft": draft, "version": version, "made": made})


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def upgrade(request: HttpRequest, draft_id: UUID, slug: str) -> HttpResponse:
    """What would change and what would be let go, and then doing it."""
    draft, programme = draft_for(request, draft_id), desk_for(request, slug)
    version = version_in_force(draft)
    lost = upgrade_of(programme, version.text)
    if request.method == "POST":
        replace_blueprint(programme, version.text)
        messages.success(request, gettext("The programme runs by this version now."))
        return redirect("desk", programme.slug)
    lines: list[Line] = list(compared(programme.source, version.text))
    seen = {"draft": draft, "version": version, "programme": programme, "lost": lost, "lines": lines}
    return render(request, "studio/upgrade.html", seen)
