"""What verifiers elsewhere read: who issues with which keys, what was revoked, what an achievement is."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.credentials.addresses import PURPOSES
from dure.credentials.dids import did_document
from dure.credentials.models import Issuer, Method, StatusList, Version
from dure.credentials.pictures import png_of
from dure.credentials.queries import active_key, issuer_called
from dure.site.credentials.found import NO_ACHIEVEMENT, NO_ISSUER
from dure.store.limits import limit_rate

SHORTLY, LONG = 60, 86_400  # seconds for which others may keep an answer


@require_safe
def host_did(_request: HttpRequest) -> HttpResponse:
    """The DID document of the issuer that is called by this host's own name."""
    return _did(Issuer.objects.select_related("organisation").filter(method=Method.HOST).first())


@require_safe
def did(_request: HttpRequest, short: str) -> HttpResponse:
    """The DID document of an issuer that is called by an address of its own."""
    issuer = issuer_called(short)
    return _did(issuer if issuer and issuer.method == Method.WEB else None)


def _did(issuer: Issuer | None) -> HttpResponse:
    if issuer is None:
        raise Missing("credentials.issuer-missing", NO_ISSUER)
    return _open(JsonResponse(did_document(issuer), content_type="application/did+json"), SHORTLY)


@require_safe
def status_list(request: HttpRequest, short: str, listed_id: UUID, purpose: str) -> HttpResponse:
    """A status list as it was last signed. Raises TooOften."""
    limit_rate("status-list", request, most=settings.STATUS_LISTS_A_MINUTE)
    rows = StatusList.objects.filter(pk=listed_id, issuer__organisation__short=short)
    signed = rows.values_list(purpose, flat=True).first() if purpose in PURPOSES else None
    if not signed:
        raise Missing("credentials.list-missing", NO_ISSUER)
    return _open(HttpResponse(signed, content_type="application/vc+json"), SHORTLY)


@require_safe
def issuer(request: HttpRequest, short: str) -> HttpResponse:
    """Who issues: its names, its identifier, what it awards."""
    found = issuer_called(short)
    if found is None:
        raise Missing("credentials.issuer-missing", NO_ISSUER)
    awarded = found.achievements.filter(retired_at=None).select_related("current").order_by("code")
    key = active_key(found)
    seen = {"issuer": found, "achievements": awarded, "did": found.did or (key.did if key else "")}
    return render(request, "credentials/issuer.html", seen)


@require_safe
def achievement(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What a version of an achievement says, for whoever follows the address in a credential."""
    return render(request, "credentials/achievement_public.html", {"version": _version(version_id)})


@require_safe
def picture(_request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Its picture, which never changes."""
    return _open(HttpResponse(png_of(_version(version_id)), content_type="image/png"), LONG)


def _version(version_id: UUID) -> Version:
    related = Version.objects.select_related("achievement__issuer__organisation")
    found = related.prefetch_related("alignments__skill").filter(pk=version_id).first()
    if found is None:
        raise Missing("credentials.achievement-missing", NO_ACHIEVEMENT)
    return found


def _open(response: HttpResponse, seconds: int) -> HttpResponse:
    """For programs of any origin, which may keep it for a while."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
