"""Courses: what is learnt in which order, with its pages, quizzes, files and what is learnt elsewhere."""

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.learning.models.items import Item
from dure.learning.models.providers import Provider
from dure.people.models import Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class CourseState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    ARCHIVED = "archived"


COURSE_MOVES: Moves[CourseState] = Moves(
    {
        CourseState.DRAFT: {CourseState.OPEN},
        CourseState.OPEN: {CourseState.ARCHIVED},
        CourseState.ARCHIVED: {CourseState.OPEN},
    }
)


class Mode(models.TextChoices):
    ONLINE = "online"
    OFFLINE = "offline"
    BLENDED = "blended"


class Course(Row):
    """A course of a provider. ``credits`` and ``hours`` are what finishing it is worth.

    ``options`` are the tracks of which each learner takes one (none: all learn the same). ``in_order``: a lesson opens
    once those before it are done. ``item`` is its place in the catalogue.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="courses")
    key = models.SlugField(max_length=60, unique=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    about_ko = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    mode = models.CharField(max_length=7, choices=Mode.choices, default=Mode.ONLINE)
    credits = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(0))
    hours = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal(0))
    options = models.JSONField(default=list)
    in_order = models.BooleanField(default=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="courses")
    state = models.CharField(max_length=8, choices=CourseState.choices, default=CourseState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("state", CourseState, "course_state_known"),
            one_of("mode", Mode, "course_mode_known"),
            CheckConstraint(condition=Q(credits__gte=0, hours__gte=0), name="course_worth_not_negative"),
        ]
        indexes = [Index(fields=["state", "name_key", "id"], name="course_listed")]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def about(self) -> Text:
        return Text(ko=self.about_ko or self.about_en, en=self.about_en or self.about_ko)


class LessonKind(models.TextChoices):
    PAGE = "page"  # read here
    QUIZ = "quiz"  # answered here
    OUTSIDE = "outside"  # learnt elsewhere; an instructor or a provider's file says that it is done
    SESSION = "session"  # a meeting; an instructor says who was there
    ASSIGNMENT = "assignment"  # handed in here; done once a mark that passes is released

    @property
    def is_proven(self) -> bool:
        """Whether somebody else says that it is done."""
        return self in {LessonKind.OUTSIDE, LessonKind.SESSION}


class Lesson(Row):
    """One step of a course. ``for_options`` are the tracks that it belongs to (none: everybody's).

    ``body_*`` is Markdown; ``quiz`` is written as :mod:`dure.learning.quizzes` reads it, and passed from ``pass_share``
    of its questions on. ``address`` opens elsewhere: a video, an outside item. What is taken out of a course is
    retired, for somebody may have done it.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=LessonKind.choices)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_ko = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="lessons")
    minutes = models.PositiveIntegerField(null=True)
    for_options = models.JSONField(default=list)
    required = models.BooleanField(default=True)
    needs = models.ManyToManyField("self", symmetrical=False)
    quiz = models.TextField(blank=True)
    pass_share = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.60"))
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", LessonKind, "lesson_kind_known"),
            CheckConstraint(condition=Q(pass_share__range=(0, 1)), name="lesson_pass_share_in_range"),
        ]
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return f"{self.place} {self.title_en}"

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def body(self) -> Text:
        return Text(ko=self.body_ko or self.body_en, en=self.body_en or self.body_ko)

    def is_for(self, option: str) -> bool:
        """Whether somebody of this track has to do with it."""
        return not self.for_options or option in self.for_options


class LessonFile(Row):
    """A file beside a lesson: slides, data, a video. On the disk it lies under its hash."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["lesson", "name"], name="lesson_file_once")]
        indexes = [Index(fields=["sha256"], name="lesson_file_bytes")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Cohort(Row):
    """People who take a course together, from ``opens_at`` to ``closes_at``; one may join until ``join_until``.

    ``taken`` of ``capacity`` seats (none: without bound) are taken; whoever comes later waits. ``price`` is what a seat
    costs those who send somebody, in won.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    join_until = models.DateTimeField(null=True)
    self_service = models.BooleanField(default=True)  # whether people join by themselves
    capacity = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    price = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["course", "name"], name="cohort_once_a_course"),
            CheckConstraint(condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="cohort_not_overfull"),
            CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gte=F("opens_at")),
                name="cohort_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()

    @property
    def takes_people(self) -> bool:
        """Whether one may join now."""
        last = self.join_until or self.closes_at
        return self.self_service and (last is None or last > clock.now())


class Duty(models.TextChoices):
    INSTRUCTOR = "instructor"
    MENTOR = "mentor"


class CohortSeat(models.Model):
    """Who teaches a cohort: instructors run it, mentors see how its people are getting on."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="cohort_seats")
    duty = models.CharField(max_length=10, choices=Duty.choices)

    class Meta:
        constraints = [
            one_of("duty", Duty, "cohort_seat_duty_known"),
            UniqueConstraint(fields=["cohort", "person"], name="cohort_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.duty}"
