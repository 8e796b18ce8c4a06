"""Whose words for skills and job roles are used here, and since which edition of theirs."""

from django.db import models

from dure.core import clock
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class Taxonomy(Row):
    """A published list of skills and job roles: our own starter set, O*NET, ESCO, NCS, an organisation's.

    ``attribution_*`` is the line that its licence asks to be shown wherever its words are.
    """

    key = models.SlugField(max_length=40, unique=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    licence = models.CharField(max_length=120, blank=True)
    attribution_ko = models.TextField(blank=True)
    attribution_en = models.TextField(blank=True)
    address = models.URLField(blank=True)
    keeper = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="taxonomies")

    class Meta:
        verbose_name_plural = "taxonomies"

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def attribution(self) -> Text:
        return Text(ko=self.attribution_ko, en=self.attribution_en)


class Edition(Row):
    """One version of a taxonomy as it was read from a file whose hash is kept.

    ``report`` counts what it changed: new, renamed, retired and same skills and roles, and links.
    """

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="editions")
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxonomy", "version", "sha256"], name="edition_read_once")]

    def __str__(self) -> str:
        return f"{self.taxonomy} {self.version}"


class Term(Row):
    """What a skill and a job role share: a code within its taxonomy, names in both languages, its editions.

    A term that a later edition no longer has is retired (``retired_in``), never deleted: evidence names it.
    """

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=80)
    name_ko = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    name_key = KeyField("code", "name_ko", "name_en")
    description_ko = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    uri = models.CharField(max_length=200, blank=True)
    since = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    retired_in = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> Text:
        """In the one language where it is known in one only."""
        return Text(ko=self.name_ko or self.name_en, en=self.name_en or self.name_ko)

    @property
    def description(self) -> Text:
        return Text(
            ko=self.description_ko or self.description_en,
            en=self.description_en or self.description_ko,
        )


class SkillKind(models.TextChoices):
    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    TECHNOLOGY = "technology"
    ATTITUDE = "attitude"


class Skill(Term):
    """Something that people can do or know. ``broader`` is the group that it belongs to."""

    kind = models.CharField(max_length=10, choices=SkillKind.choices, default=SkillKind.SKILL)
    broader = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="narrower")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "code"], name="skill_once_a_taxonomy"),
            one_of("kind", SkillKind, "skill_kind_known"),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="skill_by_name"),
            models.Index(fields=["code"], name="skill_by_code"),
        ]


class SkillLevel(models.Model):
    """What somebody does who has a skill at one of ``skills.levels.LEVELS``."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField()
    says_ko = models.TextField()
    says_en = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "level"], name="level_described_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="described_level_in_range"),
        ]
        ordering = ["level"]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.level}"

    @property
    def says(self) -> Text:
        return Text(ko=self.says_ko, en=self.says_en)


class JobRole(Term):
    """A job as employers name it. ``titles`` are its other names, one a line."""

    titles = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="role_once_a_taxonomy")]
        indexes = [
            models.Index(fields=["name_key"], name="role_by_name"),
            models.Index(fields=["code"], name="role_by_code"),
        ]


class RoleSkill(models.Model):
    """The level at which a job role asks for a skill; ``weight`` 1 (helps) to 5 (the job cannot be done without)."""

    role = models.ForeignKey(JobRole, on_delete=models.CASCADE, related_name="asks")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="asked_by")
    level = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "skill"], name="role_asks_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="asked_level_in_range"),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 5)), name="asked_weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} asks {self.skill_id} at {self.level}"
