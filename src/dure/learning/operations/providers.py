"""Providers: opened, described, connected to their live catalogue, given curators."""

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.text import Text
from dure.learning.models import Connection, Provider, Source
from dure.people.keys import sealed
from dure.people.models import Organisation, Person

_TAKEN = Text(
    ko="‘{key}’은(는) 이미 쓰는 주소입니다. 다른 주소를 고르세요.",
    en="The address {key} is taken. Choose another one.",
)
_NO_SECRET = Text(
    ko="클라이언트 비밀 값을 입력하세요. 저장한 뒤에는 다시 보이지 않습니다.",
    en="Enter the client secret. Once it is kept it is not shown again.",
)


@transaction.atomic
def open_provider(
    organisation: Organisation,
    *,
    key: str,
    name_ko: str,
    name_en: str,
    source: str = Source.OWN,
    address: str = "",
    attribution_ko: str = "",
    attribution_en: str = "",
) -> Provider:
    """Give an organisation a shelf in the catalogue. Raises Refused("provider.taken")."""
    told = {
        "key": key, "name_ko": name_ko, "name_en": name_en, "source": source, "address": address,
        "attribution_ko": attribution_ko, "attribution_en": attribution_en,
    }  # fmt: skip
    try:
        with transaction.atomic():
            provider = Provider.objects.create(organisation=organisation, **told)
    except IntegrityError:
        raise Refused("provider.taken", _TAKEN.format(key=key)) from None
    record("provider.opened", provider, after={"organisation": organisation.short, **told})
    return provider


DESCRIBED = ("name_ko", "name_en", "source", "address", "attribution_ko", "attribution_en", "public_key")


@transaction.atomic
def describe_provider(provider: Provider, **told: str) -> Provider:
    """Change what a provider is called, where it is found and what its licence asks to be shown (``DESCRIBED``)."""
    before = {name: getattr(provider, name) for name in told}
    for name, value in told.items():
        setattr(provider, name, value)
    provider.save(update_fields=[*told, "name_key"])
    record("provider.described", provider, before=before, after=told)
    return provider


@transaction.atomic
def appoint_curator(provider: Provider, *, person: Person) -> None:
    """Let somebody look after what a provider offers."""
    provider.curators.add(person)
    record("provider.curator-appointed", provider, after={"person": str(person.pk)}, about=person)


@transaction.atomic
def dismiss_curator(provider: Provider, *, person: Person) -> None:
    provider.curators.remove(person)
    record("provider.curator-dismissed", provider, after={"person": str(person.pk)}, about=person)


@transaction.atomic
def connect(
    provider: Provider,
    *,
    tenant: str,
    client_id: str,
    secret: str = "",
    locales: str = "ko-kr,en-us",
    daily: bool = False,
    **addresses: str,
) -> Connection:
    """Say how the live catalogue is reached; an empty ``secret`` keeps the one that is there.

    ``addresses``: ``api`` and ``login`` where they are not Microsoft's. Raises Refused("connection.secret") where
    there is none.
    """
    there = Connection.objects.filter(provider=provider).first()
    kept = sealed(secret, use=Connection.USE) if secret else there.secret if there else ""
    if not kept:
        raise Refused("connection.secret", _NO_SECRET)
    told = {"tenant": tenant, "client_id": client_id, "locales": locales, "daily": daily, **addresses}
    made, _ = Connection.objects.update_or_create(provider=provider, defaults={**told, "secret": kept})
    record("provider.connected", provider, after={**told, "new_secret": bool(secret)})
    return made


@transaction.atomic
def disconnect(provider: Provider) -> None:
    """Forget how the live catalogue is reached, with its secret."""
    Connection.objects.filter(provider=provider).delete()
    record("provider.disconnected", provider)
