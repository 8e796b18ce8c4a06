"""Learning paths: what somebody learns in which weeks to do what a job role asks for, and what nothing here teaches."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.learning.models.courses import Cohort
from dure.learning.models.items import Item
from dure.people.models import Person
from dure.skills.models import JobRole, Skill
from dure.store.models import Row, one_of

LEAST_MINUTES, MOST_MINUTES = 30, 60 * 60  # a week


class LearningPath(Row):
    """Somebody's way to a job role, at ``minutes_a_week`` and by the day ``until``, without the items they do not want.

    ``begins_on`` is the Monday from which it was planned. ``asked`` goes up with all that changes what is best;
    ``solved`` is the number that the plan answers as the best that could be found: where it is lower, a worker still
    looks. ``bound``: no set of items takes fewer minutes. ``tells``: the next plan is news to its person.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="learning_paths")
    role = models.ForeignKey(JobRole, models.PROTECT, related_name="learning_paths")
    minutes_a_week = models.PositiveIntegerField()
    until = models.DateField()
    without = models.ManyToManyField(Item, related_name="+")
    begins_on = models.DateField()
    bound = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=1)
    solved = models.PositiveIntegerField(default=0)
    tells = models.BooleanField(default=False)
    planned_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "role"], condition=Q(left_at=None), name="path_once_a_role"),
            CheckConstraint(
                condition=Q(minutes_a_week__range=(LEAST_MINUTES, MOST_MINUTES)), name="path_minutes_in_range"
            ),
            CheckConstraint(condition=Q(solved__lte=F("asked")), name="path_solved_what_was_asked"),
        ]
        indexes = [Index(fields=["begins_on"], name="path_to_renew", condition=Q(left_at=None))]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.role_id}"

    @property
    def is_sought(self) -> bool:
        """Whether a worker still looks for a better plan."""
        return self.solved < self.asked


class PathStep(models.Model):
    """One item of a path, from the day ``first`` (a Monday) to ``last`` (a Sunday), in ``cohort`` where it is held."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="path_steps")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, related_name="path_steps")
    first = models.DateField()
    last = models.DateField()
    minutes = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["path", "item"], name="path_item_once"),
            CheckConstraint(condition=Q(last__gte=F("first")), name="path_step_runs_forward"),
        ]
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return f"{self.path_id} {self.place} {self.item_id}"


class PathClimb(models.Model):
    """Why an item is in a path: a level that it is the first to lead to."""

    step = models.ForeignKey(PathStep, models.CASCADE, related_name="climbs")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["step", "skill", "level"], name="path_climb_once")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.skill_id} {self.level}"


class LackWhy(models.TextChoices):
    """Why no plan reaches a level, as ``match.paths`` says it."""

    UNTAUGHT = "untaught"  # nothing that is listed leads there
    CLOSED = "closed"  # what does is full, or not held in time
    TIME = "time"  # there are too few hours


class PathLack(models.Model):
    """A level that the role asks for and no plan reaches, and why."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="lacks")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=8, choices=LackWhy.choices)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["path", "skill", "level"], name="path_lack_once"),
            one_of("why", LackWhy, "path_lack_why_known"),
        ]

    def __str__(self) -> str:
        return f"{self.path_id} {self.skill_id} {self.level} {self.why}"


class ItemSaid(models.Model):
    """That somebody says they have done an item. Their paths go on from it; of a skill it is no proof."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="items_said")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "item"], name="item_said_once")]

    def __str__(self) -> str:
        return f"{self.person_id} says {self.item_id}"
