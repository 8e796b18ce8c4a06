"""What one agreed to, and everything Dure keeps about one, to take along."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.blueprint.model import Ability, Blueprint
from dure.core.errors import Missing
from dure.joints.workforce import employers_of, employers_to_ask
from dure.people.models import Consent, Organisation, Person
from dure.people.operations import ask_for_export, give_consent, note_download, withdraw_consent
from dure.people.queries import consents_of, exports_of
from dure.people.queries.consent import EMPLOYER, RECRUITERS
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn
from dure.programmes.queries.contacts import contact_scope
from dure.programmes.queries.recruiting import looks_at
from dure.site import words
from dure.site.organisations.pages import NO_ORGANISATION
from dure.site.visitors import NO_PROGRAMME, id_from, person_of

TERMS = "terms"  # of a provision; the scope is programme/stage/index
CONTACT = "contact"  # left at an event; the scope is its turn


@login_required
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """Everything I agreed to or refused: what for, since when; what still stands can be taken back."""
    person = person_of(request)
    given = list(consents_of(person))
    stands = {consent.scope for consent in given if consent.purpose == RECRUITERS and consent.withdrawn_at is None}
    programmes, turns, employers = _programmes(given), _turns(given), _employers(given)
    seen = {
        "consents": [(consent, *_about(consent, programmes, turns, employers)) for consent in given],
        "looked": looks_at(person).exists() or person.approaches.exists(),
        "ends": words.CONSENT_ENDS,
        "asked": [programme for programme in _recruiting(person) if programme.slug not in stands],
        "employers": employers_to_ask(person),
    }
    return render(request, "people/consents.html", seen)


@login_required
@require_POST
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the recruiters of a programme that I take part in see me."""
    person = person_of(request)
    programme = next((found for found in _recruiting(person) if found.slug == slug), None)
    if programme is None:
        raise Missing("programme.missing", NO_PROGRAMME)
    give_consent(person, purpose=RECRUITERS, scope=programme.slug, wording=str(words.CONSENTS[RECRUITERS]))
    messages.success(request, gettext("You have agreed. You can withdraw it at any time."))
    return redirect("consents")


@login_required
@require_POST
def give_to_employer(request: HttpRequest, short: str) -> HttpResponse:
    """Let an organisation where I belong, or that pays for what I learn, see it."""
    person = person_of(request)
    organisation = employers_of(person).filter(short=short).first()
    if organisation is None:
        raise Missing("organisation.missing", NO_ORGANISATION)
    give_consent(person, purpose=EMPLOYER, scope=organisation.short, wording=str(words.CONSENTS[EMPLOYER]))
    messages.success(request, gettext("You have agreed. You can withdraw it at any time."))
    return redirect("consents")


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    person = person_of(request)
    consent = get_object_or_404(person.consents, pk=consent_id, withdrawn_at=None)
    withdraw_consent(person, purpose=consent.purpose, scope=consent.scope)
    messages.success(request, gettext("Your consent is withdrawn from now on."))
    return redirect("consents")


def _recruiting(person: Person) -> list[Programme]:
    """Programmes that somebody takes part in and that have recruiters."""
    mine = Programme.objects.filter(cases__members__person=person).distinct().order_by("-pk")
    return [programme for programme in mine if _has_recruiters(blueprint_of(programme))]


def _has_recruiters(blueprint: Blueprint) -> bool:
    return any(Ability.RECRUIT in role.can for role in blueprint.roles.values())


def _programmes(given: Sequence[Consent]) -> dict[str, Programme]:
    slugs = {consent.scope.partition("/")[0] for consent in given}
    return {programme.slug: programme for programme in Programme.objects.filter(slug__in=slugs)}


def _turns(given: Sequence[Consent]) -> dict[str, Turn]:
    """The turns at which somebody left their contact, by what the consents are about."""
    events = [id_from(consent.scope) for consent in given if consent.purpose == CONTACT]
    found = Turn.objects.filter(pk__in=events).select_related("programme") if events else ()
    return {contact_scope(turn.pk): turn for turn in found}


def _employers(given: Sequence[Consent]) -> dict[str, Organisation]:
    shorts = {consent.scope for consent in given if consent.purpose == EMPLOYER}
    return {one.short: one for one in Organisation.objects.filter(short__in=shorts)} if shorts else {}


def _about(
    consent: Consent, programmes: Mapping[str, Programme], turns: Mapping[str, Turn],
    employers: Mapping[str, Organisation],
) -> tuple[str, str]:  # fmt: skip
    """What a consent is about (a programme, its stage) and what it says where its name does not; terms in the
    visitor's language."""
    if turn := turns.get(consent.scope):
        return f"{words.say(turn.programme.title)} · {words.word(blueprint_of(turn.programme), turn.stage)}", ""
    slug, _, rest = consent.scope.partition("/")
    if employer := employers.get(consent.scope):
        return words.say(employer.title), ""
    programme = programmes.get(slug)
    if programme is None:
        return consent.scope, consent.wording
    title, (stage, _, index) = words.say(programme.title), rest.partition("/")
    if not stage:
        return title, ""
    blueprint = blueprint_of(programme)
    about = f"{title} · {words.word(blueprint, stage)}"
    if consent.purpose != TERMS or not index.isdigit():
        return about, ""
    return about, words.word(blueprint, blueprint.stage(stage).provides[int(index)].terms or "")


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """What was asked for, how far it is, and the file for as long as it is there."""
    found = exports_of(person_of(request))[:5]
    template = "people/exports_part.html" if getattr(request, "htmx", False) else "people/exports.html"
    return render(request, template, {"exports": found})


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    ask_for_export(person_of(request))
    messages.success(request, gettext("Your data is being gathered. You will be told when it is ready."))
    return redirect("exports")


@login_required
@require_safe
def download(request: HttpRequest, export_id: UUID) -> FileResponse:
    """The file, for its person alone."""
    export = get_object_or_404(person_of(request).exports, pk=export_id)
    note_download(export)
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=f"dure-{export.asked_at:%Y-%m-%d}.zip")
