"""Who was expected, who was there, and what that comes to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from dure.calendar.models import Attendance, Attendee, Mark, Role, Series, Session, SessionState
from dure.people.models import Person


@dataclass(frozen=True)
class Rate:
    """How often somebody got each mark, and their rate: attended out of all that counts."""

    part: Fraction
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        """Closed sessions but for excused ones."""
        return sum(self.counts.values()) - self.counts.get(Mark.EXCUSED, 0)

    @property
    def attended(self) -> Fraction:
        parts = self.counts.get(Mark.LATE, 0) + self.counts.get(Mark.LEFT_EARLY, 0)
        return self.counts.get(Mark.PRESENT, 0) + parts * self.part

    @property
    def value(self) -> Fraction:
        """0 to 1, exact; 1 where nothing counts yet."""
        return self.attended / self.counted if self.counted else Fraction(1)

    def of(self, mark: str) -> int:
        return self.counts.get(mark, 0)


def attendance_of(series: Series, person: Person) -> Fraction:
    """The rate of one person, 0 to 1: closed sessions but for excused ones; 1 where nothing counts yet."""
    return standing_in(series, person).value


def standing_in(series: Series, person: Person) -> Rate:
    """How often one person got each mark."""
    rows = _closed(series).filter(person=person).values_list("mark").annotate(n=Count("pk"))
    return Rate(series.part, dict(rows.order_by("mark")))


def rates(series: Series) -> dict[UUID, Rate]:
    """The rate of everybody who has a mark, in one query."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = _closed(series).values_list("person", "mark").annotate(n=Count("pk")).order_by("person", "mark")
    for person, mark, count in rows:
        found[person][mark] = count
    return {person: Rate(series.part, counts) for person, counts in found.items()}


def _closed(series: Series) -> "QuerySet[Attendance]":
    return Attendance.objects.filter(session__series=series, session__state=SessionState.CLOSED)


def expected(session: Session) -> "QuerySet[Person]":
    """Who was to be there: attendees of the series at that time, by name."""
    there = Attendee.objects.filter(
        Q(left_at=None) | Q(left_at__gt=session.starts_at), series=session.series_id, role=Role.ATTENDEE,
        since__lt=session.ends_at,
    )  # fmt: skip
    return Person.objects.filter(pk__in=there.values("person")).order_by("name_key", "pk")


def shared_devices(session: Session) -> set[UUID]:
    """Persons who signed in with a device with which somebody else signed in as well."""
    rows = session.attendance.exclude(device="")
    shared = rows.values("device").annotate(n=Count("pk")).filter(n__gt=1).order_by().values("device")
    return set(rows.filter(device__in=shared).values_list("person_id", flat=True))


def rows_of_sheet(series: Series) -> Iterator[tuple[str, ...]]:
    """Every mark as a row of the spreadsheet that ``take_marks`` reads back, in its ``COLUMNS``."""
    rows = Attendance.objects.filter(session__series=series).select_related("session", "person")
    for row in rows.order_by("session__starts_at", "session", "person__name_key", "person").iterator(chunk_size=1000):
        signed = f"{localtime(row.signed_at):%Y-%m-%d %H:%M:%S}" if row.signed_at else ""
        start = f"{localtime(row.session.starts_at):%Y-%m-%d %H:%M}"
        yield str(row.session_id), start, row.person.email, row.person.name, row.mark, row.reason, signed
