"""Assignments: what a cohort hands in, alone or in groups, and how graders mark it."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.rubrics import Rubric, read_rubric
from dure.core.states import Moves
from dure.core.text import Text
from dure.learning.marks import STANDARD, Cut, share_of
from dure.learning.models.courses import Cohort, Lesson
from dure.learning.models.enrolments import Enrolment
from dure.people.models import Person
from dure.store.models import Row, one_of


class AssignmentState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"


ASSIGNMENT_MOVES: Moves[AssignmentState] = Moves({AssignmentState.DRAFT: {AssignmentState.OPEN}})


class Scheme(models.TextChoices):
    SCALE = "scale"  # counts towards the grade
    BINARY = "pass"  # passed or not, and no part of the grade


class Assignment(Row):
    """Something to hand in within a cohort; ``lesson`` is the step of the course that it fills.

    Late hand-ins are taken for ``late_days`` and lose ``late_per_day`` of all points a day, past ``grace_minutes``.
    ``each`` graders mark every hand-in; where they differ by more than ``gap`` of all points, a moderator decides.
    ``weight`` is its part of the grade. ``group_most``: so many hand in together (1: everybody alone).
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="assignments")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="assignments")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    about_ko = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    late_days = models.PositiveSmallIntegerField(default=0)
    late_per_day = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal(0))
    grace_minutes = models.PositiveSmallIntegerField(default=0)
    group_most = models.PositiveSmallIntegerField(default=1)
    each = models.PositiveSmallIntegerField(default=1)
    gap = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.15"))
    scheme = models.CharField(max_length=5, choices=Scheme.choices, default=Scheme.SCALE)
    pass_share = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.60"))
    weight = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(1))
    regrade_days = models.PositiveSmallIntegerField(default=7)
    state = models.CharField(max_length=5, choices=AssignmentState.choices, default=AssignmentState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    released_at = models.DateTimeField(null=True)  # when marks were first released

    class Meta:
        constraints = [
            one_of("state", AssignmentState, "assignment_state_known"),
            one_of("scheme", Scheme, "assignment_scheme_known"),
            UniqueConstraint(fields=["cohort", "lesson"], name="assignment_once_a_lesson"),
            CheckConstraint(condition=Q(each__in=(1, 2)), name="assignment_one_or_two_graders"),
            CheckConstraint(
                condition=Q(late_per_day__range=(0, 1), gap__range=(0, 1), pass_share__range=(0, 1), weight__gte=0),
                name="assignment_shares_in_range",
            ),
            CheckConstraint(condition=Q(group_most__range=(1, 50)), name="assignment_group_in_range"),
        ]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def about(self) -> Text:
        return Text(ko=self.about_ko or self.about_en, en=self.about_en or self.about_ko)

    @property
    def in_groups(self) -> bool:
        return self.group_most > 1

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


class RubricVersion(Row):
    """How hand-ins are marked, as :mod:`dure.core.rubrics` reads it. A change is a version of its own."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="rubrics")
    number = models.PositiveIntegerField()
    source = models.TextField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["assignment", "number"], name="rubric_version_once")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.number}"

    @property
    def read(self) -> Rubric:
        return read_rubric(self.source)


class GraderSeat(models.Model):
    """Who marks an assignment's hand-ins; they are shared out evenly."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="grader_seats")

    class Meta:
        constraints = [UniqueConstraint(fields=["assignment", "person"], name="grader_seat_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.assignment_id}"


class Work(Row):
    """What one learner or one group has of an assignment: a draft, which is saved by itself, and what was handed in.

    ``saves`` counts the changes of the draft and ``handed_in`` the versions that were handed in. ``extended_until`` is
    a due time of its own. ``name`` is a group's.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="works")
    name = models.CharField(max_length=80, blank=True)
    draft = models.TextField(blank=True)
    saves = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    handed_in = models.PositiveIntegerField(default=0)
    extended_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.name}"

    @property
    def due_at(self) -> datetime | None:
        return self.extended_until or self.assignment.due_at

    @property
    def closes_at(self) -> datetime | None:
        """Until when it is taken, late or not."""
        return self.due_at and self.due_at + timedelta(days=self.assignment.late_days) + self.assignment.grace

    @property
    def is_due(self) -> bool:
        """Whether graders may begin: up to then it can be handed in again."""
        return self.due_at is None or self.due_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and self.closes_at < clock.now()


class WorkMember(models.Model):
    """Whose work it is; everybody has one for each assignment."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="members")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="works")

    class Meta:
        constraints = [UniqueConstraint(fields=["assignment", "enrolment"], name="work_once_a_learner")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} in {self.work_id}"


class HandIn(Row):
    """One version that was handed in, as it was then, and the rubric that it is marked by.

    ``fingerprint`` is the SHA-256 of its text and of the names and hashes of its files.
    """

    work = models.ForeignKey(Work, models.PROTECT, related_name="hand_ins")
    number = models.PositiveIntegerField()
    rubric = models.ForeignKey(RubricVersion, models.PROTECT, related_name="hand_ins")
    text = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["work", "number"], name="hand_in_once")]

    def __str__(self) -> str:
        return f"{self.work_id} {self.number}"


class WorkFile(Row):
    """A file of a draft, or (``hand_in``) of what was handed in. On the disk it lies under its hash."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="files")
    hand_in = models.ForeignKey(HandIn, models.CASCADE, null=True, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["work", "name"], condition=Q(hand_in=None), name="work_file_once_a_draft"),
            UniqueConstraint(fields=["hand_in", "name"], name="work_file_once_a_hand_in"),
        ]
        indexes = [Index(fields=["sha256"], name="work_file_bytes")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MarkingState(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"


MARKING_MOVES: Moves[MarkingState] = Moves(
    {MarkingState.DRAFT: {MarkingState.SENT}, MarkingState.SENT: {MarkingState.DRAFT}}
)


class Marking(Row):
    """One grader's marks for one work, seen by nobody else who grades. ``place`` 3 was asked for by a moderator.

    ``points`` are decimals as text, by criterion; ``saves`` counts their changes, so that none is lost to another tab.
    """

    work = models.ForeignKey(Work, models.PROTECT, related_name="markings")
    grader = models.ForeignKey(Person, models.PROTECT, related_name="markings")
    place = models.PositiveSmallIntegerField()
    points = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    saves = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=5, choices=MarkingState.choices, default=MarkingState.DRAFT)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", MarkingState, "marking_state_known"),
            UniqueConstraint(fields=["work", "grader"], name="marking_once_a_grader"),
            UniqueConstraint(fields=["work", "place"], name="marking_once_a_place"),
            CheckConstraint(condition=Q(place__range=(1, 3)), name="marking_place_in_range"),
        ]
        indexes = [Index(fields=["grader", "state"], name="marking_of_grader")]

    def __str__(self) -> str:
        return f"{self.grader_id} of {self.work_id}"

    @property
    def read(self) -> dict[str, Decimal]:
        return {key: Decimal(points) for key, points in self.points.items()}


class MarkState(models.TextChoices):
    DRAFT = "draft"  # what the graders agree on
    MODERATED = "moderated"  # a moderator stands by it
    RELEASED = "released"  # its learners see it


MARK_MOVES: Moves[MarkState] = Moves(
    {
        MarkState.DRAFT: {MarkState.MODERATED},
        MarkState.MODERATED: {MarkState.DRAFT, MarkState.RELEASED},
    }
)


class Mark(Row):
    """What a hand-in came to. ``raw`` points of ``most``, less ``late`` (a share of all), are ``points``.

    ``by_criterion`` are decimals as text. ``settled_by``: a moderator gave the points in the graders' stead.
    """

    work = models.OneToOneField(Work, models.PROTECT, related_name="mark")
    hand_in = models.ForeignKey(HandIn, models.PROTECT, related_name="+")
    by_criterion = models.JSONField(default=dict)
    raw = models.DecimalField(max_digits=8, decimal_places=3)
    most = models.DecimalField(max_digits=7, decimal_places=2)
    late = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal(0))
    points = models.DecimalField(max_digits=7, decimal_places=2)
    remark = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=MarkState.choices, default=MarkState.DRAFT)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", MarkState, "mark_state_known"),
            CheckConstraint(condition=Q(points__gte=0, raw__gte=0, late__range=(0, 1)), name="mark_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.points} of {self.most}"

    @property
    def share(self) -> Decimal:
        return share_of(self.points, self.most)

    @property
    def passed(self) -> bool:
        return self.share >= self.work.assignment.pass_share


class MarginNote(Row):
    """Something said of a hand-in: of a line of its text or of a file, of a ``page`` of a file that is no text, or of
    the whole (neither); or an answer to that.

    ``marking`` is the grader's own: other graders and the learners see it once the mark is released.
    """

    hand_in = models.ForeignKey(HandIn, models.CASCADE, related_name="notes")
    marking = models.ForeignKey(Marking, models.CASCADE, null=True, related_name="notes")
    answers = models.ForeignKey("self", models.CASCADE, null=True, related_name="thread")
    file = models.ForeignKey(WorkFile, models.CASCADE, null=True, related_name="notes")
    line = models.PositiveIntegerField(null=True)
    page = models.PositiveIntegerField(null=True)
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(page=None) | Q(line=None, file__isnull=False), name="page_is_of_a_file"),
        ]
        ordering = ["line", "page", "id"]

    def __str__(self) -> str:
        return f"{self.hand_in_id} {self.line}"


class RegradeState(models.TextChoices):
    WAITING = "waiting"
    UPHELD = "upheld"
    REJECTED = "rejected"


REGRADE_MOVES: Moves[RegradeState] = Moves({RegradeState.WAITING: {RegradeState.UPHELD, RegradeState.REJECTED}})


class Regrade(Row):
    """A learner holds that a mark is wrong. ``before`` and ``after`` are the points that counted."""

    mark = models.ForeignKey(Mark, models.CASCADE, related_name="regrades")
    by = models.ForeignKey(Person, models.PROTECT, related_name="regrades")
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=RegradeState.choices, default=RegradeState.WAITING)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    before = models.DecimalField(max_digits=7, decimal_places=2)
    after = models.DecimalField(max_digits=7, decimal_places=2, null=True)

    class Meta:
        constraints = [
            one_of("state", RegradeState, "regrade_state_known"),
            UniqueConstraint(fields=["mark"], condition=Q(state="waiting"), name="regrade_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.mark_id} {self.state}"


class GradeScale(models.Model):
    """From which share on which letter stands in a cohort: [[letter, share, points]], the highest first.

    A cohort without one has the standard scale (:data:`dure.learning.marks.STANDARD`).
    """

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="scale")
    cuts = models.JSONField()

    def __str__(self) -> str:
        return f"scale of {self.cohort_id}"

    @property
    def read(self) -> tuple[Cut, ...]:
        return tuple(Cut(letter, Decimal(share), Decimal(points)) for letter, share, points in self.cuts)


def scale_of(cohort: Cohort) -> tuple[Cut, ...]:
    own = GradeScale.objects.filter(cohort=cohort).first()
    return own.read if own else STANDARD
