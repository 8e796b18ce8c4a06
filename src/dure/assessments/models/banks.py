"""Banks of questions: each question in versions, with its pictures and the skills that it shows."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.assessments.content import Content, Kind
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.skills.models import Skill
from dure.store.models import Row
from dure.store.search import KeyField


class Bank(Row):
    """An organisation's questions. ``examiners`` look after it beside the organisation's administrators."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="banks")
    name_ko = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    name_key = KeyField("name_ko", "name_en")
    examiners = models.ManyToManyField(Person, related_name="examined_banks")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["organisation", "name_key"], name="bank_once_a_name")]

    def __str__(self) -> str:
        return self.name_en

    @property
    def name(self) -> Text:
        return Text(ko=self.name_ko, en=self.name_en)


class Question(Row):
    """A question; what it asks is in ``current``. ``key`` names it in tables; its sort stays, all else may change."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    topic = models.CharField(max_length=80)
    difficulty = models.PositiveSmallIntegerField(default=3)  # 1 easy to 5 hard, as its author judges
    current = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    skills = models.ManyToManyField(Skill, through="QuestionSkill", related_name="questions")
    name_key = models.CharField(max_length=200, blank=True)  # what it is found by: its key and the text it begins with
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["bank", "key"], name="question_once_a_key"),
            CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="question_kind_known"),
            CheckConstraint(condition=Q(difficulty__range=(1, 5)), name="question_difficulty_in_range"),
        ]
        indexes = [Index(fields=["bank", "retired_at", "topic", "difficulty", "kind"], name="question_drawn")]

    def __str__(self) -> str:
        return self.key

    @property
    def content(self) -> Content:
        assert self.current  # noqa: S101 -- whatever is written has one
        return self.current.read


class Version(Row):
    """What a question said from then on. Marks that were given by it stay."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content: "models.JSONField[Any, Any]" = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["question", "number"], name="question_version_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"

    @property
    def read(self) -> Content:
        return Content.of(self.content)


class QuestionSkill(models.Model):
    """A right answer shows this skill at this level."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="shows")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="question_skills")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["question", "skill"], name="question_skill_once"),
            CheckConstraint(condition=Q(level__range=(1, 5)), name="question_skill_level_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.skill_id} {self.level}"


class Picture(models.Model):
    """A picture that questions of a bank show: ``![what it shows](files/NAME)``. On the disk under its hash."""

    bank = models.ForeignKey(Bank, models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["bank", "name"], name="picture_once_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
