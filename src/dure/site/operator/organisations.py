"""Organisations: who is in the alliance, one with its people, domains and sign-in; a new one; its names."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.audit.queries import history
from dure.people.days import today
from dure.people.models import IdentityProvider, Membership, Organisation
from dure.people.operations import change_organisation, found_organisation
from dure.people.queries import colleagues_of
from dure.programmes.models import Party, Programme
from dure.programmes.queries.listing import in_lines, phase_in
from dure.site import words
from dure.site.drawing import addresses, drawn
from dure.site.operator.door import operators
from dure.site.operator.events import events_of
from dure.site.operator.lists import PAGE
from dure.site.reading import SlugField
from dure.store.search import matching
from dure.store.worded import asked, found, valued

SHOWN = 20
_LINE = '<li><span class="row between"><a href="{}">{}</a> <span class="muted small">{}</span></span></li>'


class NamesForm(forms.Form):
    """What an organisation is called, and how many work there."""

    name_ko = forms.CharField(label=_("Name in Korean"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    staff = forms.IntegerField(label=_("Number of employees"), min_value=0, max_value=10_000_000, required=False)


class NewForm(NamesForm):
    """The same, and what stays for ever."""

    short = SlugField(
        label=_("Short name"),
        max_length=80,
        help_text=_("Small letters, digits and hyphens, as blueprints call it: lg-ai. It cannot be changed later."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.ORGANISATION_KINDS.items()))

    field_order = ("short", "kind", "name_ko", "name_en", "staff")


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = matching(Organisation.objects.all(), typed) if typed else Organisation.objects.order_by("name_ko", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    here = list(page.object_list)
    people = dict(_belonging(here).values_list("organisation").annotate(Count("person", distinct=True)))
    providers = set(
        IdentityProvider.objects.filter(organisation__in=here, active=True).values_list("organisation", flat=True)
    )
    lines = [(one, people.get(one.pk, 0), one.pk in providers) for one in here]
    return render(
        request, "operator/organisations.html", {"tab": "organisations", "typed": typed, "page": page, "lines": lines}
    )


def _belonging(organisations: list[Organisation]) -> "QuerySet[Membership]":
    return Membership.objects.on(today()).filter(organisation__in=organisations).order_by()


@operators
@require_safe
def show(request: HttpRequest, short: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, short=short)
    seen = {
        "tab": "organisations",
        "organisation": organisation,
        "people": _lines_of(organisation),
        "count": sum(count for _, count in asked(_number_of, organisation.pk, today())),
        "domains": organisation.domains.order_by("name"),
        "provider": IdentityProvider.objects.filter(organisation=organisation).first(),
        "programmes": [(row, phase_in(row)) for row in found(_programmes_of, organisation.pk)],
        "events": events_of(history(organisation)[:SHOWN]),
    }
    return render(request, "operator/organisation.html", seen)


def _lines_of(organisation: Organisation) -> SafeString:
    """A line for each of its people, as many as are shown."""
    address, roles = addresses("operator-person"), {role: str(told) for role, told in words.MEMBER_ROLES.items()}
    people = valued(_people_of, organisation.pk, today(), part=slice(0, PAGE))
    lines = (
        drawn(_LINE, address(person), name or email, " · ".join(filter(None, (roles[role], department))))
        for person, name, email, role, department in people
    )
    return SafeString("".join(lines))


def _people_of(organisation: UUID, day: date) -> "QuerySet[Membership, Any]":
    rows = colleagues_of(Organisation(pk=organisation), on=day)
    return rows.values_list("person", "person__name", "person__email", "role", "department")


def _number_of(organisation: UUID, day: date) -> "QuerySet[Membership, Any]":
    """Each of its people once, whatever they are there; no row where there is nobody."""
    rows = Membership.objects.on(day).filter(organisation=organisation).order_by()
    return rows.values_list("organisation").annotate(n=Count("person", distinct=True))


def _programmes_of(organisation: UUID) -> "QuerySet[Programme]":
    there = Party.objects.filter(organisation=organisation).values("programme")
    return in_lines(Programme.objects.filter(pk__in=there)).order_by("-pk")[:SHOWN]


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = found_organisation(form.cleaned_data.pop("short"), **form.cleaned_data)
        messages.success(request, gettext("The organisation is created."))
        return redirect("operator-organisation", made.short)
    return render(request, "operator/organisation_form.html", {"tab": "organisations", "form": form})


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, short: str) -> HttpResponse:
    """Its names in both languages."""
    organisation = get_object_or_404(Organisation, short=short)
    known = {name: getattr(organisation, name) for name in ("name_ko", "name_en", "staff")}
    form = NamesForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_organisation(organisation, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("operator-organisation", short)
    seen = {"tab": "organisations", "form": form, "organisation": organisation}
    return render(request, "operator/organisation_form.html", seen)
