"""What people of which job roles a company plans to have, and how often skills are asked for, month by month."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from dure.core import clock
from dure.people.models import Organisation, Person
from dure.skills.models.taxonomies import JobRole, Skill
from dure.store.models import Row, one_of


class Plan(Row):
    """A company's plan. Its lines say how many of which role by when; an ended one is kept and no longer counted."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="skill_plans")
    name = models.CharField(max_length=120)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organisation", "name"], condition=Q(ended_at=None), name="plan_called_once")
        ]

    def __str__(self) -> str:
        return self.name


class PlanSeats(models.Model):
    """So many people of a role by a day."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    role = models.ForeignKey(JobRole, models.PROTECT, related_name="planned")
    seats = models.PositiveIntegerField()
    by = models.DateField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["plan", "role", "by"], name="plan_line_once"),
            CheckConstraint(condition=Q(seats__gte=1), name="plan_seats_some"),
        ]
        ordering = ["by", "pk"]

    def __str__(self) -> str:
        return f"{self.seats} {self.role_id} by {self.by}"


class Asking(models.TextChoices):
    """Who asks for a skill."""

    ROLES = "roles"  # people who chose a role that asks for it
    PLANS = "plans"  # seats of plans whose role asks for it
    OPENINGS = "openings"  # openings, told by whoever keeps them


class Demand(models.Model):
    """How often a skill was asked for in a month (``month``: its first day)."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="demand")
    month = models.DateField()
    asking = models.CharField(max_length=8, choices=Asking.choices)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["month", "skill", "asking"], name="demand_once_a_month"),
            one_of("asking", Asking, "demand_asking_known"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.month:%Y-%m} {self.asking} {self.count}"
