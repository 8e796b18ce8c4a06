"""What a programme says of itself in its own words: pages of text, each with all that it ever said, and their files."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models.programme import Programme
from dure.store.models import Row, one_of

TERMS = "terms"  # the page that whoever enters is shown


class PageFormat(models.TextChoices):
    MARKDOWN = "markdown"
    HTML = "html"


class ProgrammePage(Row):
    """A page beside the rules: the overview, the data, the evaluation, the terms. ``name`` is its address.

    What it says is the revision of that number. ``is_shown``: to whoever sees the programme, else to those who run it.
    A removed page keeps its revisions, and its name is free.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pages")
    name = models.CharField(max_length=60)
    place = models.PositiveIntegerField(default=0)
    is_shown = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["programme", "name"], condition=Q(removed_at=None), name="page_once_a_programme")
        ]

    def __str__(self) -> str:
        return self.name


class PageRevision(Row):
    """What a page says, or once said. Written in one language at least; where the other is empty, this one stands."""

    page = models.ForeignKey(ProgrammePage, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    format = models.CharField(max_length=8, choices=PageFormat.choices, default=PageFormat.MARKDOWN)
    title_ko = models.CharField(max_length=100, blank=True)
    title_en = models.CharField(max_length=100, blank=True)
    text_ko = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["page", "number"], name="page_revision_once"),
            one_of("format", PageFormat, "page_format_known"),
        ]

    def __str__(self) -> str:
        return f"{self.page} #{self.number}"

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko or self.title_en, en=self.title_en or self.title_ko)

    @property
    def text(self) -> Text:
        return Text(ko=self.text_ko or self.text_en, en=self.text_en or self.text_ko)

    def spoken(self, language: str) -> str:
        """The language in which a reader of ``language`` gets the text."""
        other = {"ko": "en", "en": "ko"}[language]
        return language if getattr(self, f"text_{language}") else other


class ProgrammeFile(Row):
    """A file that pages show or offer, at ``files/NAME``. On the disk it lies under its hash."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="page_files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["programme", "name"], name="page_file_once")]
        indexes = [models.Index(fields=["sha256"], name="page_file_bytes")]

    def __str__(self) -> str:
        return self.name
