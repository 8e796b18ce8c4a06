"""Which credentials a programme gives, and which achievement of which issuer each is issued as."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.blueprint.model import CredentialGive
from dure.core.errors import Missing
from dure.credentials.models import Achievement
from dure.joints.gives.credential import achievements_to_bind, bind_credential, credential_gives
from dure.joints.models import ProgrammeCredential
from dure.people.models import Person
from dure.programmes.models import Programme
from dure.site.desk.people import GONE
from dure.site.visitors import desk_for, id_from, person_of


@dataclass(frozen=True)
class Row:
    """A credential of the blueprint, what it is bound to, and what it could be."""

    give: CredentialGive
    bound: list[ProgrammeCredential]
    choices: list[Achievement]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Every credential with what is issued for it; a form binds an achievement."""
    programme, person = desk_for(request, slug), person_of(request)
    if request.method == "POST":
        _bind(request, programme, person)
        messages.success(request, gettext("From now on it is issued with a signature."))
        return redirect("desk-credentials", slug)
    seen = {"programme": programme, "tab": "gives", "rows": _rows(programme, person)}
    return render(request, "desk/credentials.html", seen)


def _bind(request: HttpRequest, programme: Programme, person: Person) -> None:
    asked = id_from(request.POST.get("achievement", ""))
    achievement = achievements_to_bind(person).filter(pk=asked).first() if asked else None
    if achievement is None:
        raise Missing("achievement.missing", GONE)
    named = request.POST.get("name", "")
    bind_credential(programme, named, achievement=achievement, by=person, level=request.POST.get("level", "").strip())


def _rows(programme: Programme, person: Person) -> list[Row]:
    with_all = ("achievement__issuer__organisation", "achievement__current", "bound_by")
    bound = list(programme.credentials.select_related(*with_all).order_by("name", "level"))
    choices = list(achievements_to_bind(person))
    return [
        Row(
            give,
            [row for row in bound if row.name == name],
            [achievement for achievement in choices if achievement.kind == give.type],
        )
        for name, give in credential_gives(programme).items()
    ]
