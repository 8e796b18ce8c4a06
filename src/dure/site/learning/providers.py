"""Providers as their curators see them: what they offer, what came in, who looks after them, the live catalogue."""

import json
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from dure.core.errors import Forbidden, Missing, Refused
from dure.core.text import Text
from dure.learning.models import Connection, Item, ItemPieces, Provider
from dure.learning.operations import providers as operations
from dure.learning.queries.catalogue import shown
from dure.learning.rules import curated_by, may_appoint, may_curate, may_open_provider
from dure.people.models import Organisation, Person
from dure.people.rules import looked_after_by
from dure.site import learning_words as labels
from dure.site import words
from dure.site.addresses import person_at
from dure.site.choosing import let_choose
from dure.site.reading import SlugField
from dure.site.visitors import person_of

PAGE = 50
LATEST = 5
NO_PROVIDER = Text(
    ko="찾으시는 제공 기관이 없거나 권한이 없습니다. 기관의 관리자에게 큐레이터로 지정해 달라고 요청하세요.",
    en="There is no such provider for you. Ask an administrator of its organisation to make you a curator.",
)
NOT_YOURS = Text(
    ko="기관의 관리자만 할 수 있습니다. 기관의 관리자에게 요청하세요.",
    en="Only the organisation's administrators may do this. Ask one of them.",
)


class ProviderForm(forms.Form):
    """What a provider is called and where its items come from."""

    name_ko = forms.CharField(label=_("Name in Korean"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    source = forms.ChoiceField(label=_("Items come from"), choices=list(labels.SOURCES.items()))
    address = forms.URLField(label=_("Web site"), required=False, max_length=500, assume_scheme="https")
    attribution_ko = forms.CharField(
        label=_("Attribution in Korean"), max_length=300, required=False,
        help_text=_("What the licence of its texts asks to be shown beside them."),
    )  # fmt: skip
    attribution_en = forms.CharField(label=_("Attribution in English"), max_length=300, required=False)
    public_key = forms.CharField(
        label=_("Public key"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("A JWK. Files that are signed with its private half prove what was learnt at the provider."),
    )  # fmt: skip

    def clean_public_key(self) -> str:
        written: str = self.cleaned_data["public_key"].strip()
        try:
            if written and import_key(json.loads(written)).is_private:
                raise forms.ValidationError(
                    gettext("This is a private key. Keep it to yourself and send the public one.")
                )
        except (ValueError, TypeError, KeyError, JoseError):
            raise forms.ValidationError(gettext("This is no public key. Write it as a JWK.")) from None
        return written


class NewProviderForm(ProviderForm):
    """A provider of an organisation that one looks after."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), to_field_name="short")
    key = SlugField(
        label=_("Address"), max_length=40, help_text=_("Short, of small letters, digits and hyphens: ms-learn.")
    )
    field_order = ("organisation", "key")

    def __init__(self, person: Person, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]  # handed on as they came
        del self.fields["public_key"]
        let_choose(self, "organisation", looked_after_by(person))


class ConnectionForm(forms.Form):
    """How a live catalogue is reached."""

    tenant = forms.CharField(label=_("Tenant"), max_length=80, help_text=_("The Microsoft Entra tenant's id."))
    client_id = forms.CharField(label=_("Client id"), max_length=80)
    secret = forms.CharField(
        label=_("Client secret"), required=False, max_length=300, widget=forms.PasswordInput,
        help_text=_("Kept encrypted and never shown again. Left empty, the one that is there stays."),
    )  # fmt: skip
    locales = forms.RegexField(
        r"^[a-z]{2}-[a-z]{2}(\s*,\s*[a-z]{2}-[a-z]{2})*$", label=_("Languages"), initial="ko-kr,en-us",
        help_text=_("Locales between commas, the main one first: ko-kr,en-us."), max_length=80,
    )  # fmt: skip
    daily = forms.BooleanField(label=_("Ask every day"), required=False)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The providers that one looks after."""
    person = person_of(request)
    rows = Paginator(curated_by(person).select_related("organisation"), PAGE).get_page(request.GET.get("page"))
    administers = looked_after_by(person).exists()
    return render(request, "learning/providers.html", {"page": rows, "administers": administers})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give an organisation a shelf in the catalogue."""
    person = person_of(request)
    form = NewProviderForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        organisation = told.pop("organisation")
        if not may_open_provider(person, organisation):
            raise Forbidden("provider.not-yours", NOT_YOURS)
        try:
            provider = operations.open_provider(organisation, **told)
        except Refused as refused:
            form.add_error("key", words.say(refused.text))
        else:
            return redirect("provider", provider.key)
    return render(request, "learning/provider_new.html", {"form": form})


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What the provider offers, retired items as well, and its latest imports."""
    provider = provider_for(request, key)
    typed = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows: Paginator[Item] = Paginator(_items(provider, typed, retired="retired" in request.GET), PAGE)
    page = rows.get_page(request.GET.get("page"))
    seen = {
        **frame_of(request, provider, tab="items"),
        "page": page,
        "found": shown([item.pk for item in page], language=words.language()),
        "typed": typed,
        "retired": "retired" in request.GET,
        "courses": provider.courses.order_by("-pk")[:PAGE],
        "imports": provider.imports.select_related("by").order_by("-pk")[:LATEST],
    }
    return render(request, "learning/provider.html", seen)


def _items(provider: Provider, typed: str, *, retired: bool) -> "QuerySet[Item]":
    rows = provider.items.filter(retired_at__isnull=not retired)
    if typed:
        rows = rows.filter(pk__in=ItemPieces.objects.filter(body__holds=typed).values("text__item"))
    return rows.order_by("name_key", "pk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, key: str) -> HttpResponse:
    """What it is called, who curates it and how its live catalogue is reached; POST changes the first."""
    provider = appointed(request, key)
    told = {name: getattr(provider, name) for name in operations.DESCRIBED}
    form = ProviderForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        operations.describe_provider(provider, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("provider-settings", key)
    return render(request, "learning/provider_settings.html", _settings(request, provider, form))


def _settings(
    request: HttpRequest, provider: Provider, form: ProviderForm, connection_form: ConnectionForm | None = None
) -> dict[str, object]:
    connection = Connection.objects.filter(provider=provider).first()
    fields = ("tenant", "client_id", "locales", "daily")
    told = {name: getattr(connection, name) for name in fields} if connection else {}
    return {
        **frame_of(request, provider, tab="settings"),
        "form": form,
        "connection": connection,
        "connection_form": connection_form or ConnectionForm(initial=told),
        "curators": provider.curators.order_by("name_key", "pk"),
    }


@login_required
@require_POST
def connect(request: HttpRequest, key: str) -> HttpResponse:
    """Keep, or forget, how the live catalogue is reached."""
    provider = appointed(request, key)
    if "forget" in request.POST:
        operations.disconnect(provider)
        messages.success(request, gettext("The live catalogue is disconnected and its secret forgotten."))
        return redirect("provider-settings", key)
    form = ConnectionForm(request.POST)
    if form.is_valid():
        try:
            operations.connect(provider, **form.cleaned_data)
        except Refused as refused:
            form.add_error("secret", words.say(refused.text))
        else:
            messages.success(request, gettext("Saved. Import from the live catalogue to try it."))
            return redirect("provider-settings", key)
    told = {name: getattr(provider, name) for name in operations.DESCRIBED}
    return render(
        request, "learning/provider_settings.html", _settings(request, provider, ProviderForm(initial=told), form)
    )


@login_required
@require_POST
def appoint(request: HttpRequest, key: str) -> HttpResponse:
    """Make somebody a curator by their address."""
    provider = appointed(request, key)
    person = person_at(request.POST.get("email", ""))
    operations.appoint_curator(provider, person=person)
    messages.success(request, gettext("%(name)s looks after this provider now.") % {"name": person})
    return redirect("provider-settings", key)


@login_required
@require_POST
def dismiss(request: HttpRequest, key: str, person_id: UUID) -> HttpResponse:
    provider = appointed(request, key)
    person = provider.curators.filter(pk=person_id).first()
    if person is not None:
        operations.dismiss_curator(provider, person=person)
    return redirect("provider-settings", key)


def provider_for(request: HttpRequest, key: str) -> Provider:
    """The provider, for its curators. Raises Missing."""
    found = Provider.objects.select_related("organisation").filter(key=key).first()
    if found is None or not may_curate(person_of(request), found):
        raise Missing("provider.missing", NO_PROVIDER)
    return found


def appointed(request: HttpRequest, key: str) -> Provider:
    """The provider, for administrators of its organisation. Raises Missing, Forbidden."""
    provider = provider_for(request, key)
    if not may_appoint(person_of(request), provider):
        raise Forbidden("provider.not-yours", NOT_YOURS)
    return provider


def frame_of(request: HttpRequest, provider: Provider, *, tab: str) -> dict[str, object]:
    """What the frame of a provider's pages shows."""
    return {"provider": provider, "tab": tab, "appoints": may_appoint(person_of(request), provider)}
