"""What a programme gave and put at disposal, and confirming what was done outside Dure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Missing
from dure.joints.gives.recorded import confirm, revoke
from dure.joints.provides.recorded import confirm_provided
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Programme, Provided
from dure.site import words
from dure.site.desk.people import GONE
from dure.site.drawing import drawn
from dure.site.templatetags.dure import label, named
from dure.site.visitors import desk_for, person_of
from dure.site.words import GIVE_KINDS
from dure.store.worded import counted, found

PAGE = 25
_SHOWN = (
    "kind", "name", "stage", "state", "via", "amount", "currency", "details", "person__name", "person__email",
    "organisation__name_ko", "organisation__name_en", "turn__case__number",
)  # fmt: skip
_LINE = (
    '<tr><th scope="row">{} <span class="tag">{}</span></th><td>{}</td><td>{}</td>'
    '<td><span class="tag {}">{}</span></td><td>{}</td></tr>'
)


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Gives by kind and state (those to be confirmed first), and what is put at disposal."""
    programme = desk_for(request, slug)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    asks = _Gives(kind if kind in GIVE_KINDS else "", state if state in GivenState.values else "")
    page = Paginator(range(counted(asks, programme.pk)), PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "gives",
        "page": page,
        "lines": _lines(request, programme, found(asks, programme.pk, part=slice(start, start + PAGE))),
        "kinds": list(GIVE_KINDS),
        "kind": kind,
        "states": GivenState.values,
        "state": state,
        "provided": found(_provided, programme.pk, part=slice(0, PAGE)),
    }
    return render(request, "desk/gives.html", seen)


@dataclass(frozen=True)
class _Gives:
    """Asks for what a programme gave, of a kind and in a state where they are chosen; what is to be confirmed first."""

    kind: str
    state: str

    def __call__(self, programme: UUID) -> "QuerySet[Given]":
        chosen = {name: value for name, value in (("kind", self.kind), ("state", self.state)) if value}
        rows = Given.objects.filter(programme=programme, **chosen).order_by("-state", "pk")
        return rows.select_related("person", "organisation", "turn__case").only(*_SHOWN)


def _provided(programme: UUID) -> "QuerySet[Provided]":
    return Provided.objects.filter(programme=programme).select_related("turn__case").order_by("-state", "pk")


def _lines(request: HttpRequest, programme: Programme, gives: Sequence[Given]) -> SafeString:
    """The lines of the list: a template takes several times as long for each."""
    blueprint, acts = blueprint_of(programme), _acts(request, programme)
    for given in gives:
        given.programme = programme
    return SafeString("".join(_line(given, words.word(blueprint, given.stage), acts(given)) for given in gives))


def _line(given: Given, stage: str, acts: SafeString) -> SafeString:
    kind, state = label(given.kind, "GIVE_KINDS"), label(given.state, "GIVEN_STATES")
    return drawn(_LINE, named(given), kind, _to(given), stage, given.state, state, acts)


def _to(given: Given) -> str:
    if given.person:
        return str(given.person)
    if given.organisation:
        return words.say(given.organisation.title)
    return gettext("case %(n)s") % {"n": given.turn.case.number} if given.turn else ""


def _acts(request: HttpRequest, programme: Programme) -> Callable[[Given], SafeString]:
    """What can be done with each: drawn once for all that stand alike, with the id of nobody where theirs goes."""
    nobody = UUID(int=0)

    @cache
    def alike(state: str, via: str) -> str:
        told = {"state": state, "via": via, "pk": nobody, "programme": programme}
        return render_to_string("desk/give_acts.html", told, request)

    return lambda given: SafeString(alike(given.state, given.via).replace(str(nobody), str(given.pk)))


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
