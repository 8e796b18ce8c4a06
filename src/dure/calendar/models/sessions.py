"""Sessions: when and where a series meets, the rule that a run of them follows, and what was changed."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from dure.calendar.models.series import Series
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.keys import new_secret
from dure.people.models import Person
from dure.store.models import Row, one_of


class Recurrence(Row):
    """A weekly rule that was written out as sessions: on ``weekdays`` (0: Monday), from the day of ``first`` to
    ``last``, except on ``skipped`` days. ``at`` is the time of day in ``zone``."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="recurrences")
    weekdays = models.JSONField()
    first = models.DateField()
    last = models.DateField()
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    skipped = models.JSONField(default=list)  # days as 2026-05-05

    class Meta:
        constraints = [CheckConstraint(condition=Q(last__gte=F("first")), name="recurrence_runs_forward")]

    def __str__(self) -> str:
        return f"{self.series_id} from {self.first}"


class SessionState(models.TextChoices):
    PLANNED = "planned"
    OPEN = "open"  # people can sign in
    CLOSED = "closed"  # over; everybody expected has a mark
    CANCELLED = "cancelled"


SESSION_MOVES: Moves[SessionState] = Moves(
    {
        SessionState.PLANNED: {SessionState.OPEN, SessionState.CANCELLED},
        SessionState.OPEN: {SessionState.CLOSED, SessionState.CANCELLED},
    }
)
UPCOMING = (SessionState.PLANNED, SessionState.OPEN)


class Session(Row):
    """One meeting. ``opens_at`` is when signing in begins; it ends with the session.

    ``sequence`` goes up with each change that calendars show (RFC 5545, 3.8.7.4). ``capacity`` is how many the place
    holds. ``secret`` is what its codes are made of.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="sessions")
    recurrence = models.ForeignKey(Recurrence, models.SET_NULL, null=True, related_name="sessions")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    place = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=500, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=SessionState.choices, default=SessionState.PLANNED)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [
            one_of("state", SessionState, "session_state_known"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_runs_forward"),
            CheckConstraint(condition=Q(opens_at__lte=F("starts_at")), name="session_opens_before"),
        ]
        indexes = [
            Index(fields=["series", "starts_at"], name="session_of_series"),
            Index(fields=["opens_at"], name="session_to_open", condition=Q(state="planned")),
            Index(fields=["ends_at"], name="session_to_close", condition=Q(state="open")),
            Index(fields=["starts_at"], name="session_to_remind", condition=Q(state="planned", reminded_at=None)),
            Index(fields=["place", "starts_at"], name="session_at_place", condition=~Q(place="")),
        ]

    def __str__(self) -> str:
        return f"{self.title_en} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def takes_signs(self) -> bool:
        """Whether one can sign in now."""
        return self.state == SessionState.OPEN and self.opens_at <= clock.now() < self.ends_at

    @property
    def is_upcoming(self) -> bool:
        return self.state in UPCOMING


class SessionChange(Row):
    """When and where a session was to be before it was moved or cancelled, and why it was."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="changes")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"{self.session_id} {self.at:%Y-%m-%d %H:%M}"
