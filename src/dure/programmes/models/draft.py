"""Blueprints that somebody is still writing: a draft, all its versions, and the rehearsals that were kept of them."""

from django.db import models

from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import Row


class Draft(Row):
    """A blueprint in the making. ``head``: the number of the version in force; ``revision`` goes up with every
    write, so that two windows of the same draft cannot overwrite each other. Name and titles are the text's own."""

    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    name = models.CharField(max_length=80, blank=True)
    title_ko = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    head = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["made_by", "-changed_at"], name="drafts_of_somebody")]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko or self.name, en=self.title_en or self.name)


class Version(Row):
    """The text at one time. ``parent``: the number of the version it came from, which taking back returns to.

    ``typing``: still growing under somebody's hands; what is typed next within minutes goes into the same version.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(null=True)
    text = models.TextField()
    name = models.CharField(max_length=80, blank=True)
    typing = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class Rehearsal(Row):
    """A dry run that was kept: its size and seed, what was drawn otherwise than the text says, and what came out.

    ``overrides``: {"facts.age": "[16, 33]"}, in the language's own words; ``outcome``: ``Outcome.as_record``.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="rehearsals")
    cases = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    overrides = models.JSONField(default=dict)
    outcome = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.version} × {self.cases}"
