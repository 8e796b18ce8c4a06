"""Marks as tables: what a moderator takes out, fills in elsewhere and brings back; all of its rows or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from dure.core.errors import Flawed
from dure.core.flaws import Flaw, Rows, raise_flaws, read_rows
from dure.core.rubrics import COUNTED, MOST_CRITERIA, points_of, taken
from dure.core.text import Text
from dure.learning.models import Assignment, HandIn, Mark, MarkState, Work, WorkMember
from dure.learning.operations.assignments.moderating import settle
from dure.learning.queries.assignments import rubric_of
from dure.people.models import Person
from dure.store.chunks import chunked

SHOWN = ("name", "group", "version", "handed_in_at", "raw", "late", "points", "most", "state")  # read over
_KEYS = frozenset(f"c{number}" for number in range(1, MOST_CRITERIA + 1))
_NOTHING = Text(ko="제출한 사람이 아닙니다: {email}", en="Has handed nothing in: {email}")
_TWICE = Text(ko="{row}행과 같은 제출물입니다: {email}", en="Row {row} has the same work: {email}")
_OUT = Text(
    ko="이미 공개한 점수입니다. 제출물 페이지에서 정정하세요: {email}",
    en="The mark is out: correct it on the page of the work. {email}",
)


def columns_of(assignment: Assignment) -> list[str]:
    """What can be filled in: points by the criteria of the rubric in force, and a remark."""
    return ["email", *(one.key for one in rubric_of(assignment).read.criteria), "remark"]


@dataclass
class Taken:
    """What a table does: so many rows, of which some decide a mark anew."""

    rows: int = 0
    changed: list[tuple[Work, Mapping[str, str], str]] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.rows - len(self.changed)


@transaction.atomic
def take_marks(
    assignment: Assignment, *, header: Sequence[str], rows: Rows, by: Person, check_only: bool = False
) -> Taken:
    """Decide marks by a table of e-mail, points by criterion (c1, c2 …) and remark, and stand by them.

    A row without points says nothing; the same table again does nothing. Raises Flawed with every flaw, its row and
    column.
    """
    sent = read_rows(header, rows, known={"email", "remark", *SHOWN} | _KEYS, needed=("email",))
    works = _works(assignment, [row["email"].lower() for _, row in sent.rows])
    found, flaws, seen = Taken(rows=len(rows)), sent.flaws, dict[str, int]()
    for number, row in sent.rows:
        email = row["email"].lower()
        work = works.get(email)
        if work is None:
            flaws.append(Flaw(number, _NOTHING.format(email=email), "email"))
            continue
        if (first := seen.setdefault(str(work.pk), number)) != number:
            flaws.append(Flaw(number, _TWICE.format(row=first, email=email), "email"))
        flaws += [Flaw(number, text, column) for column, text in _row(found, work, row, email)]
    raise_flaws(flaws, code="marks.table")
    for work, points, remark in [] if check_only else found.changed:
        settle(work, points=points, by=by, remark=remark)
    return found


def _works(assignment: Assignment, emails: Sequence[str]) -> dict[str, Work]:
    found = dict[str, Work]()
    for piece in chunked(emails):
        rows = WorkMember.objects.filter(
            assignment=assignment, enrolment__person__email__in=piece, work__handed_in__gt=0
        )
        for row in rows.select_related("work__assignment", "work__mark", "enrolment__person"):
            found[row.enrolment.person.email] = row.work
    return found


def _row(found: Taken, work: Work, row: Mapping[str, str], email: str) -> Iterator[tuple[str, Text]]:
    """Note what a row changes; its flaws and their columns."""
    points = {key: row[key] for key in _KEYS & row.keys() if row[key]}
    mark: Mark | None = getattr(work, "mark", None)
    remark = row.get("remark", mark.remark if mark else "")
    changed = _changed(mark, points, remark)
    if not points or not changed:
        return
    if mark and mark.state == MarkState.RELEASED:
        yield changed[0], _OUT.format(email=email)
        return
    hand_in = HandIn.objects.select_related("rubric").get(work=work, number=work.handed_in)
    try:
        taken(hand_in.rubric.read, points, whole=True, step=COUNTED)
    except Flawed as flawed:
        errors: Any = flawed.facts["errors"]
        yield from ((one["field"], Text.of(one["text"])) for one in errors)
        return
    found.changed.append((work, points, remark))


def _changed(mark: Mark | None, points: Mapping[str, str], remark: str) -> list[str]:
    """The columns in which a row says something else than the mark; what graders agreed on counts as said."""
    there = {key: Decimal(value) for key, value in mark.by_criterion.items()} if mark else {}
    keys = sorted({*there, *points}, key=lambda key: int(key[1:]))
    changed = [key for key in keys if points_of(points.get(key), step=COUNTED) != there.get(key)]
    return changed if mark and remark == mark.remark else [*changed, "remark"]


def lines(assignment: Assignment) -> Iterator[list[object]]:
    """A row for each work, of a group under its first member, as ``columns_of`` and ``SHOWN`` have it."""
    keys = columns_of(assignment)[1:-1]
    rows = assignment.works.filter(handed_in__gt=0).select_related("mark", "mark__hand_in").order_by("pk")
    rows = rows.prefetch_related("members__enrolment__person", "hand_ins")
    for work in rows:
        people = sorted((row.enrolment.person for row in work.members.all()), key=lambda one: one.email)
        mark: Mark | None = getattr(work, "mark", None)
        hand_in = next(one for one in work.hand_ins.all() if one.number == work.handed_in)
        points = mark.by_criterion if mark else {}
        yield [
            people[0].email, *(Decimal(points[key]) if key in points else None for key in keys),
            mark.remark if mark else "", ", ".join(person.name for person in people), work.name, work.handed_in,
            hand_in.at, *([mark.raw, mark.late, mark.points, mark.most, mark.state] if mark else [None] * 5),
        ]  # fmt: skip
