"""Boards, as much of them as the viewer may see."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateTimeField,
    F,
    Field,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce

from dure.challenges.labels import Part
from dure.challenges.models import Best, Boards, Entrant, Task
from dure.challenges.policy import What
from dure.challenges.rules import may_see
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.store.search import matching
from dure.store.worded import counted

MOST, PIECE = 500, 5_000  # lines of a page, and those read at a time of a whole board
_RANKS = 1 << 63
_KEYS = {Part.PUBLIC: ("public_rank", "public_at"), Part.FINAL: ("final_rank", "final_at")}
_SCORES = {
    Part.PUBLIC: F("best__public_score"),
    Part.FINAL: Coalesce("counting__final_score", "counting__public_score"),
}


@dataclass(frozen=True)
class Row:
    """One line of a board; ``score`` is the metric's own, rounded as the task says. Places are 1, 2, 3 …"""

    place: int
    entrant: UUID
    title: str
    score: float
    at: datetime
    attempts: int


@dataclass(frozen=True)
class Board:
    """A page of a board. ``next`` is the ``after`` of the following page, None at the end."""

    part: Part
    rows: list[Row]
    next: str | None


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the key of its last row, and the place that it had when it was read."""

    rank: int
    at: datetime
    entrant: UUID
    place: int

    def __str__(self) -> str:
        words = f"{self.rank} {self.at.isoformat()} {self.entrant.hex} {self.place}"
        return urlsafe_b64encode(words.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Self:
        """What ``str`` wrote; raises Flawed for anything else."""
        try:
            rank, at, entrant, place = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
            cursor = cls(int(rank), datetime.fromisoformat(at), UUID(hex=entrant), int(place))
        except ValueError:
            raise _unreadable(text) from None
        if cursor.at.tzinfo is None or abs(cursor.rank) >= _RANKS:
            raise _unreadable(text)
        return cursor


def _unreadable(text: str) -> Flawed:
    sentence = Text(
        ko="이어 볼 위치를 읽을 수 없습니다. 첫 쪽부터 다시 보세요.",
        en="Where to go on cannot be read. Start at the first page.",
    )
    return Flawed("challenges.cursor", sentence, errors=[text[:200]])


def board(
    task: Task, *, viewer: Person | None, part: Part | None = None, after: str | None = None, limit: int = 50
) -> Board:
    """A page of the task's board: of the final part once the round is over, of the public part before.

    Raises Missing where the viewer may not see it.
    """
    shown = _part(task, viewer, part)
    return _page(task, shown, Cursor.read(after) if after else None, max(1, min(limit, MOST)))


def pieces(task: Task, *, viewer: Person | None, part: Part | None = None) -> Iterator[Board]:
    """The whole board that the viewer gets now, piece by piece; Missing as ``board``."""
    shown, cursor = _part(task, viewer, part), None
    while True:
        piece = _page(task, shown, cursor, PIECE)
        yield piece
        if piece.next is None:
            return
        cursor = Cursor.read(piece.next)


def _page(task: Task, shown: Part, cursor: Cursor | None, size: int) -> Board:
    rows = ranked(task, shown)
    if cursor:
        rows = rows.filter(_beside(shown, ">", _key(cursor.rank, cursor.at, cursor.entrant)))
    lines = _lines(rows[: size + 1], shown)
    first = cursor.place + 1 if cursor else 1
    page = [line.row(place) for place, line in enumerate(lines[:size], first)]
    return Board(shown, page, lines[size - 1].cursor(page[-1].place) if len(lines) > size else None)


def own_row(entrant: Entrant, *, viewer: Person | None, part: Part | None = None) -> Row | None:
    """The entrant's own line with its place, counted by the index; None before the first score.

    Raises Missing where the viewer may not see the board: a place tells of others.
    """
    shown = _part(entrant.task, viewer, part)
    lines = _lines(Best.objects.filter(entrant=entrant), shown)
    if not lines:
        return None
    before = _beside(shown, "<", _key(lines[0].rank, lines[0].at, entrant.pk))
    return lines[0].row(ranked(entrant.task, shown).filter(before).count() + 1)


def found(task: Task, typed: str, *, viewer: Person | None, part: Part | None = None, limit: int = 20) -> Board:
    """Those on the board who are called so, each with its place among all; Missing as ``board``."""
    shown = _part(task, viewer, part)
    called = matching(Entrant.objects.filter(task=task), typed).order_by().values("pk")
    rows = ranked(task, shown).filter(entrant__in=called).annotate(before=_before(shown))
    page = [line.row(before + 1) for line, before in _lines_and(rows[:limit], shown, "before")]
    return Board(shown, page, None)


def places(task: Task, *, viewer: Person | None, part: Part | None = None) -> int:
    """How many stand on the board that the viewer gets; Missing as ``board``."""
    _part(task, viewer, part)
    return counted(_standing, task.pk)


def _standing(task: UUID) -> QuerySet[Any, Any]:
    return Best.objects.filter(task=task).order_by().values_list("pk")


def scores(task: Task, *, viewer: Person | None, part: Part | None = None) -> list[float]:
    """Every score of the board that the viewer gets, in no order; Missing as ``board``."""
    rows = Best.objects.filter(task=task).annotate(score=_SCORES[_part(task, viewer, part)])
    return list(rows.values_list("score", flat=True))


def board_version(task: Task, *, viewer: Person | None, part: Part | None = None) -> str:
    """Another one whenever the board that the viewer gets may be another than when ``task`` was read: for ETags.

    Raises Missing as ``board``.
    """
    return f"{task.pk.hex}-{_part(task, viewer, part)}-{task.board_version}"


def board_of(version: str) -> str:
    """Which board a version is of, whatever its number: what is kept of a task's part for longer than one score."""
    return version.rpartition("-")[0]


def first_score(task: Task, part: Part) -> float | None:
    """The score of the first place; no permission is asked here."""
    return next((line.score for line in _lines(ranked(task, part)[:1], part)), None)


def ranked(task: Task, part: Part) -> QuerySet[Best]:
    """The whole board in order, for those who settle it; no permission is asked here."""
    return Best.objects.filter(task=task).order_by(*_KEYS[part], "entrant")


_BOARDS = {Part.PUBLIC: What.PUBLIC_BOARD, Part.FINAL: What.FINAL_BOARD}


def parts_shown(task: Task, *, viewer: Person | None) -> list[Part]:
    """The boards that the viewer may see now."""
    return [part for part, what in _BOARDS.items() if may_see(viewer, task, what)]


def _part(task: Task, viewer: Person | None, wanted: Part | None) -> Part:
    """The part that is shown; raises Missing where none may be."""
    shown = wanted or usual_part(task)
    if not may_see(viewer, task, _BOARDS[shown]):
        raise Missing("challenges.board", Text(ko="공개된 순위표가 없습니다.", en="There is no board to see."))
    return shown


def usual_part(task: Task) -> Part:
    """The final one once the round is over, where it has one for others than its organisers."""
    round_ = task.round
    return Part.FINAL if round_.is_over and round_.boards != Boards.PUBLIC else Part.PUBLIC


def _before(part: Part) -> Coalesce:
    """How many stand before a row, counted by the index."""
    key = [OuterRef(name) for name in (*_KEYS[part], "entrant")]
    ahead = Best.objects.filter(_beside(part, "<", key), task=OuterRef("task")).order_by()
    return Coalesce(Subquery(ahead.values("task").annotate(n=Count("*")).values("n")), 0)


def _key(rank: int, at: datetime, entrant: UUID) -> list[Value]:
    kinds: list[Field[Any, Any]] = [BigIntegerField(), DateTimeField(), UUIDField()]
    return [Value(x, output_field=kind) for x, kind in zip((rank, at, entrant), kinds, strict=True)]


def _beside(part: Part, sign: str, key: Sequence[Value | OuterRef]) -> Func:
    """Rows before (``<``) or after (``>``) a key, as one comparison of row values.

    Taken apart into ``a < x OR (a = x AND …)``, as Django's own lookup does on SQLite, it would lose the index.
    """
    own = _row_value(*(F(name) for name in (*_KEYS[part], "entrant")))
    return Func(own, _row_value(*key), template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())


def _row_value(*parts: F | Value | OuterRef) -> Func:
    return Func(*parts, template="(%(expressions)s)", output_field=BooleanField())


class _Line(NamedTuple):
    """What a board needs of an entrant: columns only, for rows as objects cost more than their query."""

    rank: int
    at: datetime
    entrant: UUID
    title: str
    attempts: int
    score: float

    def row(self, place: int) -> Row:
        return Row(place, self.entrant, self.title, self.score, self.at, self.attempts)

    def cursor(self, place: int) -> str:
        return str(Cursor(self.rank, self.at, self.entrant, place))


def _lines(rows: QuerySet[Best], part: Part) -> list[_Line]:
    return [_Line(*values) for values in _values(rows, part)]


def _lines_and(rows: QuerySet[Best], part: Part, more: str) -> list[tuple[_Line, int]]:
    """Lines, each with the number that the rows are annotated with."""
    return [(_Line(*values[:-1]), values[-1]) for values in _values(rows, part, more)]


def _values(rows: QuerySet[Best], part: Part, *more: str) -> Iterable[tuple[Any, ...]]:
    columns = (*_KEYS[part], "entrant_id", "entrant__title", "entrant__attempts", "score", *more)
    return rows.annotate(score=_SCORES[part]).values_list(*columns)
