"""Catalogues that are brought in: what was sent, how far the work is, what it changed."""

from django.db import models
from django.db.models import Index, Q

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.learning.models.providers import Provider
from dure.people.models import Person
from dure.store.models import Row, one_of


class ImportState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


IMPORT_MOVES: Moves[ImportState] = Moves({ImportState.WAITING: {ImportState.DONE, ImportState.REFUSED}})


class Format(models.TextChoices):
    CATALOGUE = "catalogue"  # JSON in the shape of Microsoft Learn's Catalog API
    TABLE = "table"  # rows of a spreadsheet, read to JSON where they came in
    PLATFORM = "platform"  # what the provider's live catalogue says now


class Import(Row):
    """One import of a provider's catalogue. ``checks_only`` looks what it would do and changes nothing.

    ``sha256`` is the file's on the room's shelf (empty: the live catalogue). ``done`` of ``of`` records are worked
    off. ``report`` is what :class:`dure.learning.importing.Report` says; ``why_*`` why nothing was done.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="imports")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    format = models.CharField(max_length=9, choices=Format.choices)
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    checks_only = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.WAITING)
    of = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    why_ko = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ImportState, "import_state_known"),
            one_of("format", Format, "import_format_known"),
        ]
        indexes = [
            Index(fields=["provider", "-id"], name="import_listed"),
            Index(fields=["sha256"], name="import_file", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.name or self.format}"

    @property
    def why(self) -> Text:
        return Text(ko=self.why_ko, en=self.why_en)
