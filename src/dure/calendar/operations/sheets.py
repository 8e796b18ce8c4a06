"""Attendance from a spreadsheet; all of its rows or none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from dure.calendar.models import Attendance, Mark, Series, Session, SessionState, Source
from dure.calendar.operations.marking import mark
from dure.calendar.queries import expected
from dure.core.flaws import Flaw, Rows, raise_flaws, read_rows
from dure.core.text import Text
from dure.people.models import Person
from dure.store.chunks import chunked

COLUMNS = ("session", "starts", "email", "name", "mark", "reason", "signed_at")
NEEDED = ("session", "email", "mark")
_SESSION = Text(
    ko="이 일정의 열려 있거나 끝난 수업이 아닙니다: {given}", en="No open or past session of this series: {given}"
)
_NOBODY = Text(ko="이 수업의 참석자가 아닙니다: {email}", en="Not expected at this session: {email}")
_MARK = Text(ko="mark는 {known} 가운데 하나입니다: {given}", en="A mark is one of {known}: {given}")
_TWICE = Text(ko="{row}행에 같은 사람의 같은 수업이 있습니다.", en="Row {row} has the same person at the same session.")
_REASON = Text(
    ko="끝난 수업의 출석을 고치려면 reason을 쓰세요.", en="To correct a session that is over, give a reason."
)


@dataclass(frozen=True)
class Line:
    row: int
    session: UUID
    person: UUID
    email: str
    mark: str
    reason: str


@dataclass
class Sheet:
    """What a table does: ``changed`` of its ``rows`` change something."""

    rows: int = 0
    changed: list[Line] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.rows - len(self.changed)


@transaction.atomic
def take_marks(
    series: Series, *, header: Sequence[str], rows: Rows, by: Person | None, check_only: bool = False
) -> Sheet:
    """Mark as a table says; ``check_only`` says what it would do. The same table again does nothing.

    An empty mark says nothing. Raises Flawed with every flaw, its row and column.
    """
    reader = _Reader(series, header, rows)
    sheet = Sheet(len(rows), reader.changes())
    if not check_only:
        grouped: dict[tuple[UUID, str], dict[UUID, str]] = defaultdict(dict)
        for line in sheet.changed:
            grouped[line.session, line.reason][line.person] = line.mark
        for (session, reason), marks in grouped.items():
            mark(reader.sessions[session], marks, by=by, reason=reason, source=Source.TABLE)
    return sheet


class _Reader:
    """Reads rows against the sessions, people and marks that there are, looked up once for all."""

    def __init__(self, series: Series, header: Sequence[str], rows: Rows) -> None:
        sent = read_rows(header, rows, known=COLUMNS, needed=NEEDED)
        self.cells, self.flaws = sent.rows, sent.flaws
        told = series.sessions.filter(state__in=[SessionState.OPEN, SessionState.CLOSED])
        self.sessions = {row.pk: row for row in told.select_related("series")}
        self.people: dict[str, UUID] = {}
        for piece in chunked({row["email"].lower() for _, row in self.cells}):
            self.people |= dict(Person.objects.filter(email__in=piece).values_list("email", "pk"))
        marks = Attendance.objects.filter(session__in=list(self.sessions))
        self.marks = {(row[0], row[1]): row[2] for row in marks.values_list("session", "person", "mark")}
        self.expected: dict[UUID, set[UUID]] = {}

    def changes(self) -> list[Line]:
        """The rows that change something. Raises Flawed."""
        changed, seen = list[Line](), dict[tuple[str, str], int]()
        for number, row in self.cells:
            key = row["session"], row["email"].lower()
            found = list(self._flaws_of(row))
            if seen.setdefault(key, number) != number:
                found.append(("email", _TWICE.format(row=seen[key])))
            self.flaws += [Flaw(number, text, column) for column, text in found]
            if not found and row["mark"] and self._before(row) != row["mark"]:
                changed.append(self._line(number, row))
        raise_flaws(self.flaws, code="attendance.flawed")
        return changed

    def _flaws_of(self, row: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
        session, email = self.sessions.get(_uuid(row["session"])), row["email"].lower()
        if session is None:
            yield "session", _SESSION.format(given=row["session"])
        if email not in self.people or (session and not self._is_expected(session, row)):
            yield "email", _NOBODY.format(email=row["email"])
        if row["mark"] and row["mark"] not in Mark.values:
            yield "mark", _MARK.format(known=", ".join(Mark.values), given=row["mark"])
        changes = row["mark"] and self._before(row) != row["mark"]
        if session and changes and session.state == SessionState.CLOSED and not row.get("reason"):
            yield "reason", _REASON

    def _is_expected(self, session: Session, row: Mapping[str, str]) -> bool:
        return self._before(row) is not None or self.people[row["email"].lower()] in self._expected(session)

    def _expected(self, session: Session) -> set[UUID]:
        if session.pk not in self.expected:
            self.expected[session.pk] = set(expected(session).values_list("pk", flat=True))
        return self.expected[session.pk]

    def _before(self, row: Mapping[str, str]) -> str | None:
        person = self.people.get(row["email"].lower())
        return self.marks.get((_uuid(row["session"]), person)) if person else None

    def _line(self, number: int, row: Mapping[str, str]) -> Line:
        email = row["email"].lower()
        reason = row.get("reason", "")[:300]
        return Line(number, _uuid(row["session"]), self.people[email], email, row["mark"], reason)


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
