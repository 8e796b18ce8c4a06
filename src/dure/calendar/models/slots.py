"""Slots that people book, such as interviews and supervision, and what keeps two of them from overlapping."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.calendar.models.series import Series
from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Person
from dure.store.models import Row, one_of

GRID = timedelta(minutes=5)  # slots begin and end on it, so that claims of it tell every overlap


class SlotState(models.TextChoices):
    OPEN = "open"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


SLOT_MOVES: Moves[SlotState] = Moves(
    {
        SlotState.OPEN: {SlotState.BOOKED, SlotState.WITHDRAWN},
        SlotState.BOOKED: {SlotState.OPEN, SlotState.WITHDRAWN},
    }
)


class Slot(Row):
    """A time with ``host``, and ``others`` beside them, that one person of the series can book."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="slots")
    host = models.ForeignKey(Person, models.PROTECT, related_name="hosted_slots")
    others = models.ManyToManyField(Person, related_name="joined_slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=SlotState.choices, default=SlotState.OPEN)

    class Meta:
        constraints = [
            one_of("state", SlotState, "slot_state_known"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_runs_forward"),
        ]
        indexes = [
            Index(fields=["series", "starts_at"], name="slot_of_series"),
            Index(fields=["host", "starts_at"], name="slot_of_host"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def hosts(self) -> list[Person]:
        return [self.host, *self.others.all()]

    @property
    def gives_back_until(self) -> datetime:
        """Until when whoever booked it may give it back."""
        return self.starts_at - self.series.notice

    @property
    def moments(self) -> list[datetime]:
        """Every step of the grid that it touches."""
        return [self.starts_at + GRID * step for step in range(int((self.ends_at - self.starts_at) / GRID))]


class Booking(Row):
    """Somebody's slot; one that was released stays written, for calendars show it as cancelled.

    ``number`` counts what one person holds in the series, each once: that keeps them within ``series.slots_each``.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="bookings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="bookings")
    booked_at = models.DateTimeField(default=clock.now, editable=False)
    released_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["slot"], condition=Q(released_at=None), name="slot_booked_once"),
            UniqueConstraint(
                fields=["series", "person", "number"], condition=Q(released_at=None), name="booking_counted_once"
            ),
        ]
        indexes = [Index(fields=["person", "slot"], name="booking_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.slot_id}"


class Claim(models.Model):
    """Five minutes of a person (``person:ID``) or a place (``place:ORGANISATION:name``) that a slot takes up: nobody
    and no place is taken twice, whoever comes first."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="claims")
    holder = models.CharField(max_length=250)
    moment = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["holder", "moment"], name="claimed_once")]

    def __str__(self) -> str:
        return f"{self.holder} {self.moment:%Y-%m-%d %H:%M}"
