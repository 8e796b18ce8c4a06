"""What can be awarded: versioned, because what was issued must go on saying what it said."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from dure.core import clock
from dure.core.text import Text
from dure.credentials.models.issuers import Issuer
from dure.people.models import Person
from dure.skills.models import Skill
from dure.store.models import Row, one_of


class Kind(models.TextChoices):
    BADGE = "badge"
    CERTIFICATE = "certificate"
    DEGREE = "degree"
    TITLE = "title"
    LICENCE = "licence"


class Achievement(Row):
    """One thing that an issuer awards; ``code`` is its name in addresses and files.

    ``signed_off``: a person says yes to each proposal before it is issued. ``current`` is its latest version.
    """

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="achievements")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    signed_off = models.BooleanField(default=True)
    current = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", Kind, "achievement_kind_known"),
            UniqueConstraint(fields=["issuer", "code"], name="achievement_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Version(Row):
    """What an achievement says. Editing makes the next version; none is ever changed.

    ``valid_months``: none, it holds for ever. ``image``: SHA-256 of a PNG; without one it is drawn. Recognition: an
    outside body recognises it from ``recognised_from`` on (None: always); issued before that day it is a certificate
    named ``before``.
    """

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name_ko = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    description_ko = models.TextField()
    description_en = models.TextField()
    criteria_ko = models.TextField()
    criteria_en = models.TextField()
    level = models.CharField(max_length=80, blank=True)
    valid_months = models.PositiveSmallIntegerField(null=True)
    image = models.CharField(max_length=64, blank=True)
    recognised_by = models.CharField(max_length=160, blank=True)
    recognised_from = models.DateField(null=True)
    before_ko = models.CharField(max_length=160, blank=True)
    before_en = models.CharField(max_length=160, blank=True)
    skills = models.ManyToManyField(Skill, through="Alignment", related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["achievement", "number"], name="version_once"),
            CheckConstraint(
                condition=Q(recognised_from=None) | (~Q(before_ko="") & ~Q(before_en="") & ~Q(recognised_by="")),
                name="version_named_before_recognition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.number}"

    @property
    def name(self) -> Text:
        return Text(ko=self.name_ko, en=self.name_en)

    @property
    def description(self) -> Text:
        return Text(ko=self.description_ko, en=self.description_en)

    @property
    def criteria(self) -> Text:
        return Text(ko=self.criteria_ko, en=self.criteria_en)

    def recognised_on(self, day: date) -> bool:
        """Whether what is issued on that day is what it is named, and not yet what goes before it."""
        return self.recognised_from is None or day >= self.recognised_from

    def name_on(self, day: date) -> Text:
        """What it is called when it is issued on that day."""
        return self.name if self.recognised_on(day) else Text(ko=self.before_ko, en=self.before_en)

    def kind_on(self, day: date) -> Kind:
        return Kind(self.achievement.kind) if self.recognised_on(day) else Kind.CERTIFICATE


class Alignment(models.Model):
    """A skill that an achievement shows, at one of ``skills.LEVELS`` where it says so."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="alignments")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["version", "skill"], name="alignment_once"),
            CheckConstraint(condition=Q(level=None) | Q(level__range=(1, 5)), name="alignment_level_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.skill_id}"
