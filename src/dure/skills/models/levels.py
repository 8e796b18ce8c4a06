"""What evidence shows of skills, the levels that come of it, and what people say of themselves."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.core import clock
from dure.people.models import Person
from dure.skills.models.evidence import Evidence
from dure.skills.models.taxonomies import JobRole, Skill
from dure.store.models import one_of


class Trust(models.TextChoices):
    """Who vouches for what evidence shows; ``skills.levels.TRUST`` says what that is worth."""

    SIGNED = "signed"  # a credential whose signature was verified
    MEASURED = "measured"  # Dure measured it: a score, marked answers
    JUDGED = "judged"  # several people, or one by a rubric
    RECORDED = "recorded"  # one person wrote it down
    SELF = "self"  # their own word: never proof


class Evidencing(models.Model):
    """That a piece of evidence shows a skill at a level.

    ``share``: percent of the evidence that is about this skill; ``score``: how well it went, in thousandths.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="evidencings")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="evidencings")
    level = models.PositiveSmallIntegerField()
    share = models.PositiveSmallIntegerField(default=100)
    score = models.PositiveSmallIntegerField(default=1000)
    trust = models.CharField(max_length=8, choices=Trust.choices)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["evidence", "skill"], name="evidence_shows_once"),
            one_of("trust", Trust, "evidencing_trust_known"),
            CheckConstraint(condition=Q(level__range=(1, 5)), name="evidencing_level_in_range"),
            CheckConstraint(condition=Q(share__range=(1, 100)), name="evidencing_share_in_range"),
            CheckConstraint(condition=Q(score__range=(0, 1000)), name="evidencing_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} shows {self.skill_id} at {self.level}"


class Level(models.Model):
    """Where a person stands at a skill by the evidence that there is, as of a day.

    Counted again when evidence is added, and on ``falls_on``, the day on which age alone lowers it. ``points`` and
    ``towards`` as ``skills.levels.Standing`` has them.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="levels")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="held")
    level = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField()
    towards = models.PositiveIntegerField()
    as_of = models.DateField()
    falls_on = models.DateField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "skill"], name="level_once_a_person"),
            CheckConstraint(condition=Q(level__range=(0, 5)), name="held_level_in_range"),
        ]
        indexes = [
            Index(fields=["skill", "level"], name="level_of_skill"),
            Index(fields=["falls_on"], name="level_falls"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.skill_id} {self.level}"


class Claim(models.Model):
    """What somebody says of themselves: shown apart, never counted."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="skill_claims")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="claims")
    level = models.PositiveSmallIntegerField()
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "skill"], name="claim_once_a_person"),
            CheckConstraint(condition=Q(level__range=(1, 5)), name="claimed_level_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} says {self.skill_id} {self.level}"


class OwnRole(models.Model):
    """The job role that somebody has or works towards."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="own_role")
    role = models.ForeignKey(JobRole, models.PROTECT, related_name="chosen_by")
    chosen_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.person_id} as {self.role_id}"
