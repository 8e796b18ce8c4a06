"""Who takes part in a cohort, and how far each is."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.learning.models.courses import Cohort, Lesson
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of


class EnrolmentState(models.TextChoices):
    WAITING = "waiting"
    ACTIVE = "active"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


ENROLMENT_MOVES: Moves[EnrolmentState] = Moves(
    {
        EnrolmentState.WAITING: {EnrolmentState.ACTIVE, EnrolmentState.WITHDRAWN},
        EnrolmentState.ACTIVE: {EnrolmentState.FINISHED, EnrolmentState.WITHDRAWN},
        EnrolmentState.WITHDRAWN: {EnrolmentState.WAITING, EnrolmentState.ACTIVE},
    }
)
SEATED = (EnrolmentState.ACTIVE, EnrolmentState.FINISHED)


def completed(done: int, own: int) -> Decimal:
    """0 to 1 of somebody's own required lessons, rounded half to even at three decimals; 1 where there are none."""
    return round(Decimal(done) / own, 3) if own else Decimal(1)


class Enrolment(Row):
    """Somebody in a cohort. ``option`` is their track; ``organisation`` sends them and pays.

    ``done`` of ``own`` required lessons of their own track are done; ``last`` is where they were, on any device.
    ``attendance`` is 0 to 1, ``grade`` 0 to 4.5, ``credits`` what they earned. ``extended_until`` is their own close.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="enrolments")
    option = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=9, choices=EnrolmentState.choices)
    own = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    last = models.ForeignKey(Lesson, models.SET_NULL, null=True, related_name="+")
    extended_until = models.DateTimeField(null=True)
    attendance = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    grade = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    credits = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(0))
    asked_at = models.DateTimeField(default=clock.now)  # whoever asked first moves up first
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", EnrolmentState, "enrolment_state_known"),
            UniqueConstraint(fields=["cohort", "person"], name="enrolled_once_a_cohort"),
            CheckConstraint(condition=Q(done__lte=F("own")), name="enrolment_done_within_own"),
            CheckConstraint(condition=Q(attendance=None) | Q(attendance__range=(0, 1)), name="attendance_in_range"),
            CheckConstraint(
                condition=Q(grade=None) | Q(grade__range=(0, Decimal("4.5"))), name="enrolment_grade_in_range"
            ),
        ]
        indexes = [
            Index(fields=["cohort", "state", "asked_at", "id"], name="enrolment_in_turn"),
            Index(fields=["person", "state"], name="enrolment_of_person"),
            Index(fields=["organisation", "cohort", "state"], name="enrolment_reported"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.cohort_id}"

    @property
    def completion(self) -> Decimal:
        return completed(self.done, self.own)

    @property
    def closes_at(self) -> datetime | None:
        """When it is over for this one."""
        return self.extended_until or self.cohort.closes_at

    @property
    def is_open(self) -> bool:
        """Whether lessons can be done now."""
        opens, closes, now = self.cohort.opens_at, self.closes_at, clock.now()
        runs = self.state in SEATED and (opens is None or opens <= now)
        return runs and (closes is None or closes > now)


class Progress(models.Model):
    """How far somebody is in one lesson. ``position`` is where in it they were: seconds of a video, or per mille of a
    page. ``answers`` and ``score`` (0 to 1) are those of the best try. ``proof`` says who or what vouches for it."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    position = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=list)
    score = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    tries = models.PositiveIntegerField(default=0)
    proof = models.CharField(max_length=300, blank=True)
    proven_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["enrolment", "lesson"], name="progress_once_a_lesson"),
            CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="progress_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson_id}"
