"""Who was there, who asked to be excused, and how often a code was tried."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from dure.calendar.models.sessions import Session
from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Person
from dure.store.models import Row, one_of


class Mark(models.TextChoices):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left-early"
    ABSENT = "absent"
    EXCUSED = "excused"


ATTENDED = (Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY)


class Source(models.TextChoices):
    """Where a mark comes from."""

    CODE = "code"  # signed in with the session's code
    TEACHER = "teacher"
    TABLE = "table"  # a spreadsheet
    EXCUSE = "excuse"  # an absence that was approved
    CLOSE = "close"  # the session closed without any


class Attendance(Row):
    """The mark of one person for one session. ``device`` is the hash of what the browser that signed in is known by."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendance")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    source = models.CharField(max_length=7, choices=Source.choices)
    device = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("mark", Mark, "attendance_mark_known"),
            one_of("source", Source, "attendance_source_known"),
            UniqueConstraint(fields=["session", "person"], name="attendance_once_a_session"),
        ]
        indexes = [
            Index(fields=["person", "session"], name="attendance_of_person"),
            Index(fields=["session", "device"], name="attendance_by_device", condition=~Q(device="")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.mark}"


class ExcuseState(models.TextChoices):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


EXCUSE_MOVES: Moves[ExcuseState] = Moves(
    {ExcuseState.ASKED: {ExcuseState.APPROVED, ExcuseState.REFUSED, ExcuseState.WITHDRAWN}}
)


class Excuse(Row):
    """Somebody's request that their absence from a session be excused."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="excuses")
    person = models.ForeignKey(Person, models.CASCADE, related_name="excuses")
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=9, choices=ExcuseState.choices, default=ExcuseState.ASKED)
    answer = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ExcuseState, "excuse_state_known"),
            UniqueConstraint(
                fields=["session", "person"], condition=Q(state__in=["asked", "approved"]), name="excuse_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class SignInTries(models.Model):
    """How often somebody tried a session's codes."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["session", "person"], name="sign_in_tries_once_a_session")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.used}"
