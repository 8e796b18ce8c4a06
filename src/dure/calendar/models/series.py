"""A series: sessions and slots that belong together, such as those of one cohort, and who takes part in them."""

from datetime import timedelta
from fractions import Fraction

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of


class Series(Row):
    """``subject`` names, for whoever opened it, what it is the series of (empty: it stands alone); ``path`` is the page
    of that.

    One can sign in from ``early_minutes`` before a session begins, and is late ``late_minutes`` after that. Coming
    late or leaving early counts for ``part_percent`` of having been there. Seats (``capacity``, none: no end of them)
    are taken by compare-and-set on ``taken``. ``slots_each`` is how many slots one person may hold (none: any number);
    they give one back until ``notice_hours`` before it begins. ``book_at``: the page where slots are booked (empty: the
    calendar's own).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="series")
    subject = models.CharField(max_length=160, blank=True)
    path = models.CharField(max_length=200, blank=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    zone = models.CharField(max_length=64)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    early_minutes = models.PositiveSmallIntegerField(default=10)
    late_minutes = models.PositiveSmallIntegerField(default=10)
    part_percent = models.PositiveSmallIntegerField(default=100)
    slots_each = models.PositiveSmallIntegerField(null=True, blank=True, default=1)
    notice_hours = models.PositiveSmallIntegerField(default=0)
    book_at = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["subject"], condition=~Q(subject=""), name="series_once_a_subject"),
            CheckConstraint(condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="series_within_its_seats"),
            CheckConstraint(condition=Q(part_percent__lte=100), name="series_part_at_most_whole"),
        ]
        indexes = [Index(fields=["organisation", "-id"], name="series_of_organisation")]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def slots_path(self) -> str:
        return self.book_at or f"/calendar/{self.pk}/slots/"

    @property
    def notice(self) -> timedelta:
        return timedelta(hours=self.notice_hours)

    @property
    def early(self) -> timedelta:
        return timedelta(minutes=self.early_minutes)

    @property
    def part(self) -> Fraction:
        """What coming late or leaving early counts for, 0 to 1."""
        return Fraction(self.part_percent, 100)


class Role(models.TextChoices):
    ATTENDEE = "attendee"
    TEACHER = "teacher"


class Attendee(Row):
    """Somebody's time in a series; whoever comes back has another row."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="attendees")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attended_series")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.ATTENDEE)
    since = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("role", Role, "attendee_role_known"),
            UniqueConstraint(fields=["series", "person"], condition=Q(left_at=None), name="attendee_once_at_a_time"),
        ]
        indexes = [
            Index(fields=["person", "series"], name="attendee_person"),
            Index(fields=["series", "role"], name="attendee_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.series_id}"
