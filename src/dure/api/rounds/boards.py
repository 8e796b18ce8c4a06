"""Boards: pages of them with one's own row beside, and the whole as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field as Bounded
from pydantic import StringConstraints

from dure.api.base import ANYBODY, AskedByAnybody, caller
from dure.api.problems import language_of
from dure.api.rounds.found import membership, task_by
from dure.api.shapes import In, Moment, Out, Words
from dure.challenges.columns import Column
from dure.challenges.labels import Part
from dure.challenges.models import Ratio, Round, Task
from dure.challenges.queries import Row, asked_on_board, beside, board, board_version, columns_of, own_row, whole
from dure.core import clock
from dure.core.once import once
from dure.core.text import Text
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.tables import CONTENT_TYPES, write
from dure.people.models import Person

router = Router(tags=["rounds"])
CSV = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
HEADER = (
    Text(ko="순위", en="Place"),
    Text(ko="참가자", en="Who"),
    Text(ko="점수", en="Score"),
    Text(ko="제출 횟수", en="Number of attempts"),
    Text(ko="달성 시각", en="Reached"),
)

RATIO, SECONDS = Text(ko="비율", en="Ratio"), Text(ko="실행 시간(초)", en="Seconds")


class BoardRow(Out):
    """``values``: what programs said, by column; ``answers``: to the questions that stand on the board, by key.
    ``ratio`` and ``seconds`` are null where the round shows none."""

    place: int
    entrant: UUID
    title: str
    score: float
    at: Moment
    attempts: int
    values: dict[str, Decimal | None]
    answers: dict[str, Words]
    ratio: float | None
    seconds: Decimal | None


class BoardOut(Out):
    """``part``: public while the round runs, final after it. ``next`` is the ``after`` of the following page."""

    part: str
    items: list[BoardRow]
    own: BoardRow | None
    next: str | None


class BoardPage(In):
    limit: int = Bounded(50, ge=1, le=500)
    after: Annotated[str, StringConstraints(max_length=400)] = ""
    part: Literal["public", "final"] | None = None


@router.get("/tasks/{uuid:task_id}/board", response=BoardOut, auth=ANYBODY)
def shown_board(request: AskedByAnybody, task_id: UUID, asked: Query[BoardPage]) -> BoardOut:
    """A page of the board, with one's own row beside it."""
    person, task = caller(request), task_by(task_id)
    part = Part(asked.part) if asked.part else None
    version = board_version(task, viewer=person, part=part)
    columns = columns_of(task, viewer=person)
    page = _page(Look(version, clock.minute(), columns, asked.after, asked.limit, part, task, person))
    member = membership(task, person)
    shown = Part(page.part)
    own = own_row(member.entrant, viewer=person, part=shown) if member else None
    return page.model_copy(update={"own": _rows(task, [own], columns, shown)[0] if own else None})


@dataclass(frozen=True)
class Look:
    """A page that somebody asks for. Two looks are equal when they show the same; none is kept longer than a minute."""

    version: str
    minute: int
    columns: tuple[Column, ...]
    after: str
    limit: int
    part: Part | None
    task: Task = field(compare=False)
    person: Person | None = field(compare=False)


@once(most=64)
def _page(look: Look) -> BoardOut:
    """Read once for all who see the same of it."""
    page = board(look.task, viewer=look.person, part=look.part, after=look.after or None, limit=look.limit)
    rows = _rows(look.task, page.rows, look.columns, page.part)
    return BoardOut(part=page.part, items=rows, own=None, next=page.next)


@router.get("/tasks/{uuid:task_id}/board.csv", auth=ANYBODY, openapi_extra=CSV)
def board_file(request: AskedByAnybody, task_id: UUID, part: Literal["public", "final"] | None = None) -> HttpResponse:
    """The whole board as CSV; what a spreadsheet would take for a formula is kept from being one."""
    language, task, person = language_of(request), task_by(task_id), caller(request)
    columns, round_ = columns_of(task, viewer=person), task.round
    header = [head[language] for head in HEADER]
    header += [column.title for column in columns]
    header += [question.title[language] for question in asked_on_board(round_)]
    header += [head[language] for head, is_shown in _figures(round_) if is_shown]
    rows = _whole(task, person, Part(part) if part else None, columns, language)
    return HttpResponse(write(header, rows, format="csv"), content_type=CONTENT_TYPES["csv"])


def _figures(round_: Round) -> tuple[tuple[Text, bool], tuple[Text, bool]]:
    """What stands behind all else, and whether the round shows it."""
    return (RATIO, round_.ratio_to != Ratio.NONE), (SECONDS, round_.shows_seconds)


def _whole(
    task: Task, person: Person | None, part: Part | None, columns: tuple[Column, ...], language: str
) -> Iterator[list[Cell]]:
    shown = [is_shown for _, is_shown in _figures(task.round)]
    for row, side in whole(task, columns, viewer=person, part=part):
        answers = [answer[language] for answer in side.answers]
        figures = compress((side.ratio, side.seconds), shown)
        yield [row.place, row.title, row.score, row.attempts, row.at, *side.values, *answers, *figures]


def _rows(task: Task, rows: Sequence[Row], columns: tuple[Column, ...], part: Part) -> list[BoardRow]:
    keys = [column.key for column in columns]
    asked = [question.key for question in asked_on_board(task.round)]
    return [
        BoardRow(
            place=row.place, entrant=row.entrant, title=row.title, score=row.score, at=row.at, attempts=row.attempts,
            values=dict(zip(keys, side.values, strict=False)), ratio=side.ratio, seconds=side.seconds,
            answers={key: Words.of(answer) for key, answer in zip(asked, side.answers, strict=True)},
        )
        for row, side in zip(rows, beside(task, rows, columns, part=part), strict=True)
    ]  # fmt: skip
