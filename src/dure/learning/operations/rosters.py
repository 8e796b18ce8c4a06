"""Rosters: many people entered, changed and proven at once, from a table; all of its rows or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dure.audit.operations import Part, record_many
from dure.core import clock
from dure.core.events import publish
from dure.core.flaws import Flaw, Rows, raise_flaws, read_rows
from dure.core.text import Text
from dure.learning.events import CohortPeopleChanged, Enrolled, ResultNoted
from dure.learning.models import Cohort, Enrolment, EnrolmentState
from dure.learning.operations.progressing import own_lessons
from dure.people.models import Organisation, Person
from dure.store.bulk import insert_rows, update_rows
from dure.store.chunks import chunked

COLUMNS = ("email", "option", "organisation", "extended_until", "attendance", "grade")
SHOWN = ("name", "state", "completion", "credits")  # beside them in a roster that is taken out; read over
_NOBODY = Text(ko="가입한 사람이 아닙니다: {email}", en="Nobody is registered as {email}")
_TWICE = Text(ko="{row}행과 같은 사람입니다: {email}", en="Row {row} has the same person: {email}")
_OPTION = Text(ko="트랙은 {known} 가운데 하나입니다: {given}", en="A track is one of {known}: {given}")
_ORGANISATION = Text(ko="등록되지 않은 기관입니다: {given}", en="Not known as an organisation: {given}")
_DAY = Text(ko="날짜는 2026-12-31처럼 씁니다: {given}", en="A day is written as 2026-12-31: {given}")
_SHARE = Text(ko="attendance는 0부터 1까지입니다: {given}", en="Attendance is from 0 to 1: {given}")
_GRADE = Text(ko="grade는 0부터 4.5까지입니다: {given}", en="A grade is from 0 to 4.5: {given}")


@dataclass(frozen=True)
class Line:
    """One row as read: who, and what it says of them; a column that is not there, or is empty, says nothing."""

    row: int
    person: UUID
    email: str
    told: Mapping[str, Any]


@dataclass
class Roster:
    """What a roster does: rows of those who come in (of whom ``waiting`` find no seat), of those who change."""

    rows: int = 0
    new: list[Line] = field(default_factory=list)
    changed: list[tuple[Line, Enrolment]] = field(default_factory=list)
    waiting: int = 0

    @property
    def same(self) -> int:
        return self.rows - len(self.new) - len(self.changed)


@transaction.atomic
def take_roster(cohort: Cohort, *, header: Sequence[str], rows: Rows, check_only: bool = False) -> Roster:
    """Enter and change the people of a table; ``check_only`` says what it would do. The same table again does nothing.

    Who stands in the cohort and not in the table stays as they are. Raises Flawed with every flaw, its row and column.
    """
    locked = Cohort.objects.select_for_update().select_related("course").get(pk=cohort.pk)
    lines = _lines(locked, header, rows)
    there = {row.person_id: row for row in locked.enrolments.exclude(state=EnrolmentState.WITHDRAWN)}
    roster = Roster(rows=len(lines))
    for line in lines:
        enrolment = there.get(line.person)
        if enrolment is None:
            roster.new.append(line)
        elif any(getattr(enrolment, name) != value for name, value in line.told.items()):
            roster.changed.append((line, enrolment))
    free = None if locked.capacity is None else locked.capacity - locked.taken
    roster.waiting = 0 if free is None else max(0, len(roster.new) - free)
    if not check_only:
        _apply(locked, roster)
    return roster


def _apply(cohort: Cohort, roster: Roster) -> None:
    seated = len(roster.new) - roster.waiting
    made = _enter(cohort, roster.new, seated)
    columns = ("option", "organisation", "extended_until", "attendance", "grade")
    for line, enrolment in roster.changed:
        for name, value in line.told.items():
            setattr(enrolment, name, value)
    changed = [enrolment for _, enrolment in roster.changed]
    update_rows(
        Enrolment, columns,
        [(row.option, row.organisation_id, row.extended_until, row.attendance, row.grade, row.pk) for row in changed],
    )  # fmt: skip
    told = [(line, row, "enrolment.made") for line, row in zip(roster.new, made, strict=True)]
    told += [(line, row, "enrolment.changed") for line, row in roster.changed]
    parts = [Part(row, after={"by": does, **_plain(line.told)}, about=("people.person", line.person))
             for line, row, does in told]  # fmt: skip
    if parts:
        record_many("roster.taken", cohort, parts=parts)
    for row in made[:seated]:
        publish(Enrolled(row.pk))
    for row in changed:
        if row.state == EnrolmentState.FINISHED:
            publish(ResultNoted(row.pk))
    if seated:
        publish(CohortPeopleChanged(cohort.pk))


def _enter(cohort: Cohort, lines: Sequence[Line], seated: int) -> list[Enrolment]:
    """Rows for those who come in, the first ``seated`` with a seat; who withdrew comes back."""
    Cohort.objects.filter(pk=cohort.pk).update(taken=F("taken") + seated)
    own = {
        option: len(own_lessons(cohort.course, option)) for option in {line.told.get("option", "") for line in lines}
    }
    now = clock.now()
    back = {row.person_id: row for row in cohort.enrolments.filter(state=EnrolmentState.WITHDRAWN)}
    made = []
    for at, line in enumerate(lines):
        row = back.get(line.person) or Enrolment(cohort=cohort, person_id=line.person)
        row.state = EnrolmentState.ACTIVE if at < seated else EnrolmentState.WAITING
        row.asked_at, row.own = now + timedelta(microseconds=at), max(own[line.told.get("option", "")], row.done)
        for name, value in line.told.items():
            setattr(row, name, value)
        made.append(row)
    fresh = [row for row in made if row.person_id not in back]
    insert_rows(Enrolment, _STORED, ([_stored(row, name) for name in _STORED] for row in fresh))
    fields = ["state", "asked_at", "own", "option", "organisation", "extended_until", "attendance", "grade"]
    Enrolment.objects.bulk_update([row for row in made if row.person_id in back], fields, batch_size=500)
    return made


_STORED = ("id", "cohort", "person", "organisation", "option", "state", "own", "done", "extended_until", "attendance",
           "grade", "credits", "asked_at")  # fmt: skip


def _stored(row: Enrolment, name: str) -> Any:
    """A field's value, of another row its id."""
    return getattr(row, f"{name}_id" if name in {"cohort", "person", "organisation"} else name)


# --- reading


def _lines(cohort: Cohort, header: Sequence[str], rows: Rows) -> list[Line]:
    sent = read_rows(header, rows, known=(*COLUMNS, *SHOWN), needed=("email",))
    reader = _Reader(cohort, [row for _, row in sent.rows])
    lines, flaws, seen = list[Line](), sent.flaws, dict[str, int]()
    for number, row in sent.rows:
        email = row["email"].lower()
        found = list(reader.flaws(row))
        if seen.setdefault(email, number) != number:
            found.append(("email", _TWICE.format(row=seen[email], email=email)))
        flaws += [Flaw(number, text, column) for column, text in found]
        if not found:
            lines.append(Line(number, reader.persons[email], email, reader.told(row)))
    raise_flaws(flaws, code="roster.flawed")
    return lines


class _Reader:
    """Reads cells against the people, organisations and tracks that there are, looked up once for all rows."""

    def __init__(self, cohort: Cohort, rows: Sequence[Mapping[str, str]]) -> None:
        self.options = cohort.course.options
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.persons: dict[str, UUID] = {}
        for piece in chunked({row.get("email", "").lower() for row in rows}):
            active = Person.objects.filter(email__in=piece, is_active=True)
            self.persons |= dict(active.values_list("email", "pk"))
        shorts = {row.get("organisation", "") for row in rows}
        self.organisations = {row.short: row for row in Organisation.objects.filter(short__in=shorts)}

    def flaws(self, row: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
        if row["email"].lower() not in self.persons:
            yield "email", _NOBODY.format(email=row["email"])
        if self.options and row.get("option", "") not in self.options:
            yield "option", _OPTION.format(known=", ".join(self.options), given=row.get("option", ""))
        if row.get("organisation") and row["organisation"] not in self.organisations:
            yield "organisation", _ORGANISATION.format(given=row["organisation"])
        for name, most, sentence in (("attendance", 1, _SHARE), ("grade", Decimal("4.5"), _GRADE)):
            if row.get(name) and (_decimal(row[name]) is None or not 0 <= (_decimal(row[name]) or 0) <= most):
                yield name, sentence.format(given=row[name])
        if row.get("extended_until") and _end(row["extended_until"], self.zone) is None:
            yield "extended_until", _DAY.format(given=row["extended_until"])

    def told(self, row: Mapping[str, str]) -> dict[str, Any]:
        """What the row says, as columns of an enrolment."""
        told: dict[str, Any] = {}
        if self.options:
            told["option"] = row["option"]
        if row.get("organisation"):
            told["organisation"] = self.organisations[row["organisation"]]
        for name, places in (("attendance", 3), ("grade", 2)):
            if row.get(name):
                told[name] = round(Decimal(row[name]), places)
        if row.get("extended_until"):
            told["extended_until"] = _end(row["extended_until"], self.zone)
        return told


def _decimal(written: str) -> Decimal | None:
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _end(written: str, zone: ZoneInfo) -> datetime | None:
    """The end of a day, or the very moment where one is written, as a roster that is taken out has it."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if len(written) <= len("2026-12-31"):
        found += timedelta(days=1)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _plain(told: Mapping[str, Any]) -> dict[str, object]:
    return {name: value.short if isinstance(value, Organisation) else value for name, value in told.items()}
