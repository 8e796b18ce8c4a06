"""Whose learning items these are, and how a provider's live catalogue is reached."""

from typing import ClassVar

from django.db import models

from dure.core import clock
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class Source(models.TextChoices):
    """Where a provider's items come from."""

    OWN = "own"  # its curators write them here, or send tables
    FILE = "file"  # catalogue files in the shape of Microsoft Learn's Catalog API
    PLATFORM = "platform"  # Microsoft Learn's Platform API, asked by a worker


class Provider(Row):
    """An organisation's shelf of the catalogue. ``curators`` look after it beside the organisation's administrators.

    ``attribution_*`` is the line that the licence of its texts asks to be shown with them.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="providers")
    key = models.SlugField(max_length=40, unique=True)
    name_ko = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    name_key = KeyField("name_ko", "name_en")
    address = models.URLField(max_length=500, blank=True)
    attribution_ko = models.CharField(max_length=300, blank=True)
    attribution_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.OWN)
    public_key = models.TextField(blank=True)  # a JWK: what signs files of who has finished what
    curators = models.ManyToManyField(Person, related_name="curated_providers")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [one_of("source", Source, "provider_source_known")]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> Text:
        return Text(ko=self.name_ko, en=self.name_en)

    @property
    def attribution(self) -> Text:
        return Text(ko=self.attribution_ko, en=self.attribution_en)


class Connection(models.Model):
    """Who Dure is to a provider's Platform API: an application of a Microsoft Entra tenant.

    ``secret`` is encrypted (``people.keys.sealed``, for ``USE``). ``locales`` are those asked for, between commas.
    """

    USE: ClassVar[str] = "learning-platform"

    provider = models.OneToOneField(Provider, models.CASCADE, primary_key=True, related_name="connection")
    tenant = models.CharField(max_length=80)
    client_id = models.CharField(max_length=80)
    secret = models.TextField()
    api = models.URLField(max_length=300, default="https://learn.microsoft.com/api/v1")
    login = models.URLField(max_length=300, default="https://login.microsoftonline.com")
    locales = models.CharField(max_length=80, default="ko-kr,en-us")
    daily = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.provider_id} {self.tenant}"
