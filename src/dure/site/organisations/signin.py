"""Signing in with an organisation's own accounts: where an address leads, and how an organisation sets it up."""

from urllib.parse import urlencode
from uuid import UUID

from allauth.account.views import login as password_sign_in
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Flawed, Missing
from dure.people import rules
from dure.people.dns import record_of
from dure.people.metadata import fetch_metadata, read_metadata
from dure.people.models import Domain, IdentityProvider, Organisation, Person, Protocol
from dure.people.operations import (
    check_domain,
    claim_domain,
    confirm_domain,
    map_claims,
    remove_domain,
    remove_provider,
    set_up_oidc,
    set_up_saml,
    switch_sign_in,
    take_metadata,
)
from dure.people.queries import provider_for, provider_of
from dure.site import words
from dure.site.organisations.pages import NO_ORGANISATION, frame_of, organisation_called
from dure.site.visitors import person_of


class OidcForm(forms.Form):
    """What the organisation's sign-in server gave when Dure was registered there."""

    issuer = forms.URLField(
        label=_("Issuer"), max_length=500, assume_scheme="https", help_text=_("For example https://login.example.ac.kr")
    )
    client_id = forms.CharField(label=_("Client id"), max_length=191)
    secret = forms.CharField(
        label=_("Client secret"), max_length=500, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again. Leave it empty to keep the present one."),
    )  # fmt: skip


class SamlForm(forms.Form):
    """A provider's metadata by address or as XML; or its three parts by hand."""

    metadata_url = forms.URLField(
        label=_("Address of the metadata"), max_length=500, required=False, assume_scheme="https"
    )
    metadata = forms.CharField(
        label=_("Or the metadata themselves (XML)"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    issuer = forms.CharField(label=_("Or by hand: entity id"), max_length=500, required=False)
    sso_url = forms.URLField(label=_("Sign-in address"), max_length=500, required=False, assume_scheme="https")
    certificate = forms.CharField(
        label=_("Signing certificate (PEM)"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ClaimsForm(forms.Form):
    """What of a sign-in becomes memberships."""

    role_claim = forms.CharField(
        label=_("Claim that says what somebody is"), max_length=120, required=False,
        help_text=_("For example groups or eduPersonAffiliation. Empty: everybody who signs in is a member."),
    )  # fmt: skip
    member_words = forms.CharField(
        label=_("Values that make a member"), max_length=300, required=False,
        help_text=_("Between commas. Empty: everybody who is no student."),
    )  # fmt: skip
    student_words = forms.CharField(label=_("Values that make a student"), max_length=300, required=False)
    department_claim = forms.CharField(label=_("Claim with the department"), max_length=120, required=False)
    ends_memberships = forms.BooleanField(
        label=_("End the membership of those who are neither any more"), required=False
    )
    lapses_after = forms.IntegerField(
        label=_("End memberships after so many days without a sign-in"), required=False, min_value=1, max_value=3650,
        help_text=_("Who has left seldom comes back to say so. Empty: never."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page. An address of an organisation with its own sign-in is led there."""
    typed, password = request.POST.get("login", ""), request.POST.get("password", "")
    found = provider_for(typed) if request.method == "POST" else None
    if found and (not password or (found.required and not _keeps_password(typed, found))):
        return redirect(_way_to(found, request.POST.get("next", "")))
    answer: HttpResponseBase = password_sign_in(request)
    return answer


def _keeps_password(email: str, provider: IdentityProvider) -> bool:
    """Whoever mends a broken sign-in must not be locked out by it."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    return person is not None and rules.may_set_up_sign_in(person, provider.organisation)


@require_safe
def hint(request: HttpRequest) -> HttpResponse:
    """For a page with the address typed in: the organisation's way in, where there is one."""
    found = provider_for(request.GET.get("login", ""))
    way = _login_url(found, request.GET.get("next", "")) if found else ""
    return render(request, "organisations/hint.html", {"provider": found, "way": way})


@require_safe
def leave_for(request: HttpRequest, short: str) -> HttpResponse:
    """One step before the organisation's own sign-in. A link, not a form: the way on may lead over several hosts."""
    provider = provider_of(organisation_called(short))
    if not provider.active:
        raise Missing("organisation.missing", NO_ORGANISATION)
    next_page = request.GET.get("next", "")
    seen = {"provider": provider, "way": _login_url(provider, next_page), "next": next_page}
    return render(request, "organisations/leave_for.html", seen)


def _way_to(provider: IdentityProvider, next_page: str) -> str:
    return _with_next(reverse("sign-in-at", args=[provider.organisation.short]), next_page)


def _login_url(provider: IdentityProvider, next_page: str) -> str:
    name = "saml_login" if provider.protocol == Protocol.SAML else "openid_connect_login"
    return _with_next(reverse(name, args=[provider.organisation.short]), next_page)


def _with_next(address: str, next_page: str) -> str:
    return f"{address}?{urlencode({'next': next_page})}" if next_page else address


@login_required
@require_safe
def set_up(request: HttpRequest, short: str) -> HttpResponse:
    """Domains, the connection, what claims become, and the switch; with what the other side needs to know."""
    return _page(request, _own(request, short))


def _page(request: HttpRequest, organisation: Organisation, **forms_: forms.Form) -> HttpResponse:
    provider = IdentityProvider.objects.filter(organisation=organisation).first()
    seen = {
        **frame_of(person_of(request), organisation, tab="sign-in"),
        "provider": provider,
        "domains": [(row, *record_of(row.name, row.token)) for row in organisation.domains.order_by("name")],
        "operator": rules.is_operator(person_of(request)),
        "oidc": OidcForm(initial=_known(provider, Protocol.OIDC, "issuer", "client_id")),
        "saml": SamlForm(initial=_known(provider, Protocol.SAML, "issuer", "sso_url", "certificate")),
        "claims": ClaimsForm(initial=vars(provider)) if provider else None,
        "callback": settings.BASE_URL + reverse("openid_connect_callback", args=[organisation.short]),
        "acs": settings.BASE_URL + reverse("saml_acs", args=[organisation.short]),
        "entity": settings.BASE_URL + reverse("saml_metadata", args=[organisation.short]),
        "as_saml": "saml" in forms_ or request.GET.get("by") == "saml" or _is(provider, Protocol.SAML),
        **forms_,
    }
    return render(request, "organisations/sign_in.html", seen)


def _is(provider: IdentityProvider | None, protocol: Protocol) -> bool:
    return provider is not None and provider.protocol == protocol


def _known(provider: IdentityProvider | None, protocol: Protocol, *names: str) -> dict[str, str]:
    return {name: getattr(provider, name) for name in names} if _is(provider, protocol) else {}


@login_required
@require_POST
def connect(request: HttpRequest, short: str, by: str) -> HttpResponse:
    """Keep the connection by OpenID Connect or by SAML."""
    organisation = _own(request, short)
    form: forms.Form = SamlForm(request.POST) if by == Protocol.SAML else OidcForm(request.POST)
    if form.is_valid():
        try:
            _connect(organisation, by, form.cleaned_data)
        except Flawed as flaw:
            form.add_error(None, words.say(flaw.text))
    if not form.is_valid():
        return _page(request, organisation, **{by: form})
    messages.success(
        request, gettext("The connection is saved. Say now what a sign-in makes of people, then switch it on.")
    )
    return redirect("organisation-sign-in", short)


def _connect(organisation: Organisation, by: str, data: dict[str, str]) -> None:
    if by == Protocol.OIDC:
        set_up_oidc(organisation, **data)
    elif data["metadata_url"]:
        take_metadata(organisation, fetch_metadata(data["metadata_url"]))
    elif data["metadata"]:
        take_metadata(organisation, read_metadata(data["metadata"]))
    else:
        set_up_saml(organisation, issuer=data["issuer"], sso_url=data["sso_url"], certificate=data["certificate"])


@login_required
@require_POST
def keep_claims(request: HttpRequest, short: str) -> HttpResponse:
    organisation = _own(request, short)
    form = ClaimsForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, claims=form)
    map_claims(provider_of(organisation), **form.cleaned_data)
    messages.success(request, gettext("Saved. It holds from the next sign-in on."))
    return redirect("organisation-sign-in", short)


@login_required
@require_POST
def switch(request: HttpRequest, short: str) -> HttpResponse:
    """On, on and required, off, or away."""
    provider, to = provider_of(_own(request, short)), request.POST.get("to", "")
    if to == "remove":
        remove_provider(provider)
        messages.success(request, gettext("The organisation's sign-in is removed."))
    else:
        switch_sign_in(provider, active=to in {"on", "required"}, required=to == "required")
        messages.success(request, gettext("Saved."))
    return redirect("organisation-sign-in", short)


@login_required
@require_POST
def claim(request: HttpRequest, short: str) -> HttpResponse:
    claim_domain(_own(request, short), name=request.POST.get("name", ""))
    messages.success(request, gettext("The domain is noted. Show now that it is yours."))
    return redirect("organisation-sign-in", short)


DOMAIN_ACTS = ("check", "confirm", "remove")


@login_required
@require_POST
def act_on_domain(request: HttpRequest, short: str, domain_id: UUID, what: str) -> HttpResponse:
    """Look for the record, confirm as an operator who has seen proof, or let go of a domain."""
    organisation = _own(request, short)
    domain = get_object_or_404(Domain, organisation=organisation, pk=domain_id)
    if what == "check":
        check_domain(domain)
    elif what == "remove":
        remove_domain(domain)
    elif rules.is_operator(person_of(request)):
        confirm_domain(domain)
    else:
        raise Missing("organisation.missing", NO_ORGANISATION)
    messages.success(
        request, gettext("The domain is removed.") if what == "remove" else gettext("The domain is confirmed.")
    )
    return redirect("organisation-sign-in", short)


def _own(request: HttpRequest, short: str) -> Organisation:
    """The organisation, for those who set up its sign-in. Raises Missing: others need not know how it is done."""
    organisation = organisation_called(short)
    if not rules.may_set_up_sign_in(person_of(request), organisation):
        raise Missing("organisation.missing", NO_ORGANISATION)
    return organisation
