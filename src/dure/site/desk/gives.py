"""What a programme gave and put at disposal, and confirming what was done outside Dure."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Missing
from dure.joints.gives.recorded import confirm, revoke
from dure.joints.provides.recorded import confirm_provided
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Provided
from dure.site.desk.people import GONE
from dure.site.visitors import desk_for, person_of
from dure.site.words import GIVE_KINDS

PAGE = 25


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Gives by kind and state (those to be confirmed first), and what is put at disposal."""
    programme = desk_for(request, slug)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    found = programme.gives.select_related("person", "organisation", "turn__case").order_by("-state", "pk")
    if kind in GIVE_KINDS:
        found = found.filter(kind=kind)
    if state in GivenState.values:
        found = found.filter(state=state)
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "gives",
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kinds": list(GIVE_KINDS),
        "kind": kind,
        "states": GivenState.values,
        "state": state,
        "provided": programme.provided.select_related("turn__case").order_by("-state", "pk")[:PAGE],
    }
    return render(request, "desk/gives.html", seen)


@login_required
@require_POST
def act(request: HttpRequest, give_id: UUID, what: str) -> HttpResponse:
    """Confirm that something was given, or take it back with a reason."""
    given = Given.objects.filter(pk=give_id).select_related("programme").first()
    if given is None:
        raise Missing("give.missing", GONE)
    desk_for(request, given.programme.slug)
    if what == "confirm":
        confirm(given, by=person_of(request), note=request.POST.get("note", ""))
        messages.success(request, gettext("Confirmed."))
    else:
        revoke(given, by=person_of(request), reason=request.POST.get("reason", ""))
        messages.success(request, gettext("Revoked."))
    return redirect("desk-gives", given.programme.slug)


@login_required
@require_POST
def confirm_provision(request: HttpRequest, provided_id: UUID) -> HttpResponse:
    """Say that what a stage provides is there."""
    row = Provided.objects.filter(pk=provided_id).select_related("programme", "turn").first()
    if row is None:
        raise Missing("provided.missing", GONE)
    programme = desk_for(request, row.programme.slug)
    confirm_provided(row, by=person_of(request))
    messages.success(request, gettext("Confirmed."))
    return redirect("desk-gives", programme.slug)
