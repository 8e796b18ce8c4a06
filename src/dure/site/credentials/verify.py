"""The public pages: is this credential genuine? By its link, or by what somebody pastes or sends."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.core.errors import Missing, Refused
from dure.credentials import addresses
from dure.credentials.models import Credential
from dure.credentials.moments import read
from dure.credentials.pictures import baked_png, baked_svg, png_of
from dure.credentials.queries import shown_as, standing_of
from dure.credentials.reading import MOST_BYTES
from dure.credentials.verifying import Report, verified, verified_here
from dure.site import pdf, words
from dure.site.credentials.found import NO_CREDENTIAL
from dure.store.limits import limit_rate

FILES: dict[str, tuple[str, Callable[[Credential], bytes]]] = {
    "credential.json": ("application/vc+json", lambda one: one.document.encode()),
    "credential.jwt": ("application/vc+jwt", lambda one: one.token.encode()),
    "badge.png": ("image/png", lambda one: baked_png(one.version, one.document)),
    "badge.svg": ("image/svg+xml", lambda one: baked_svg(one.version, one.document)),
    "certificate.pdf": ("application/pdf", lambda one: _printed(certificate_of(one))),
}


class VerifyForm(forms.Form):
    """A credential as a file or as text."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("JSON, JWT, or a PNG or SVG badge with its proof inside."),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.jwt,.txt,.png,.svg"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text"), required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )

    def clean(self) -> dict[str, object]:
        """One of the two, read as far as it may be long."""
        given = super().clean() or {}
        file = given.get("file")
        given["data"] = file.read(MOST_BYTES + 1) if file else given.get("text", "").strip().encode()
        if not given["data"]:
            raise forms.ValidationError(_("Choose a file, or paste the text of a credential."))
        if len(given["data"]) > MOST_BYTES:
            raise forms.ValidationError(_("The file is over 2 MiB. Take the credential as JSON instead."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Paste or send a credential of any issuer, and read what can be said of it."""
    form, report = VerifyForm(), None
    if request.method == "POST":
        count_verification(request)
        form = VerifyForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                report = verified(form.cleaned_data["data"])
            except Refused as refused:
                form.add_error(None, words.say(refused.text))
    seen = {"form": form, "report": report, "told": _told(report) if report else None}
    return render(request, "credentials/verify.html", seen)


def _told(report: Report) -> dict[str, object]:
    """What a document of whatever shape says of itself, as far as it says it."""
    document = report.document
    subject, issuer = document.get("credentialSubject"), document.get("issuer")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    achievement = achievement if isinstance(achievement, dict) else {}
    issuer = issuer if isinstance(issuer, dict) else {"id": issuer}
    return {
        "name": achievement.get("name") or document.get("name", ""), "issuer": issuer.get("name", ""),
        "did": issuer.get("id", ""), "holder": _holder(subject),
        "since": _moment(document.get("validFrom")), "until": _moment(document.get("validUntil")),
    }  # fmt: skip


def _moment(text: object) -> datetime | None:
    try:
        return read(str(text)) if text else None
    except ValueError:
        return None


def _holder(subject: object) -> str:
    """The name that it is made out to."""
    identifiers = subject.get("identifier") if isinstance(subject, dict) else None
    named = (
        one for one in identifiers or () if isinstance(one, dict) and one.get("identityType") == "name"
    )  # fmt: skip
    return next((str(one.get("identityHash", "")) for one in named if one.get("hashed") is not True), "")


@require_safe
def show(request: HttpRequest, wanted: str) -> HttpResponse:
    """One of ours by its link: what it is, and each question of its verification answered apart."""
    count_verification(request)
    credential = credential_at(wanted)
    seen = {**certificate_of(credential), "wanted": wanted, "report": verified_here(credential), "pdf": pdf.here()}
    response = render(request, "credentials/show.html", seen)
    if not credential.public:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def certificate(request: HttpRequest, wanted: str) -> HttpResponse:
    """The certificate alone, as it is printed, in the language that is asked for."""
    count_verification(request)
    return _page(request, credential_at(wanted), wanted)


def _page(request: HttpRequest, credential: Credential, wanted: str) -> HttpResponse:
    with translation.override(_language(request)):
        return render(request, "credentials/print.html", {**certificate_of(credential), "wanted": wanted})


@require_safe
def file(request: HttpRequest, wanted: str, name: str) -> HttpResponse | FileResponse:
    """The credential in one of its forms."""
    count_verification(request)
    credential = credential_at(wanted)
    kind, made = FILES[name]
    if name == "certificate.pdf" and not pdf.here():
        return _page(request, credential, wanted)
    with translation.override(_language(request)):
        response = HttpResponse(made(credential), content_type=kind)
    stem = f"{credential.achievement.code}-{credential.day}"
    response["Content-Disposition"] = f'attachment; filename="{stem}.{name.rpartition(".")[2]}"'
    response["Content-Security-Policy"] = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return response


def count_verification(request: HttpRequest) -> None:
    """Whoever tries many links, or many files, has to wait. Raises TooOften."""
    limit_rate("verify", request, most=settings.VERIFICATIONS_A_MINUTE)


def _language(request: HttpRequest) -> str:
    """``?in=ko`` or ``?in=en``; left out, the visitor's."""
    asked = request.GET.get("in", "")
    return asked if asked in dict(settings.LANGUAGES) else words.language()


def credential_at(wanted: str) -> Credential:
    """The one whose page is open at this address. Raises Missing."""
    found = shown_as(wanted)
    if found is None:
        raise Missing("credentials.missing", NO_CREDENTIAL)
    return found


def certificate_of(credential: Credential) -> dict[str, Any]:
    """What a certificate shows. ``sha256``: of the signed document, by which paper and file are compared."""
    day, address = credential.day, addresses.verification(credential.share)
    return {
        "credential": credential, "version": credential.version, "name": credential.name,
        "kind": credential.version.kind_on(day), "organisation": credential.achievement.issuer.organisation,
        "standing": standing_of(credential), "address": address,
        "holder": _holder(json.loads(credential.document)["credentialSubject"]),
        "recognised": credential.version.recognised_by and credential.version.recognised_on(day),
        "bases": credential.evidence.order_by("recorded_at"),
        "alignments": credential.version.alignments.select_related("skill"),
        "sha256": sha256(credential.document.encode()).hexdigest(),
        "qr": _drawn(address),
    }  # fmt: skip


@lru_cache(maxsize=256)
def _drawn(address: str) -> str:
    """As a picture for a phone's camera: whoever opens a link opens its files as well."""
    return segno.make(address, error="m").svg_data_uri(border=1, scale=4)


def _printed(certificate: dict[str, Any]) -> bytes:
    """The certificate on one page of A4, with the signed credential attached to it."""
    medal = f"data:image/png;base64,{b64encode(png_of(certificate['version'])).decode()}"
    attached = [("credential.json", certificate["credential"].document, "Open Badges 3.0")]
    return pdf.printed("credentials/certificate.html", {**certificate, "medal": medal}, attached=attached)
