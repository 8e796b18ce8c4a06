"""What a board shows beside the score: columns that programs fill, how good a score is beside another, and time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from dure.challenges.columns import Column, Seen
from dure.challenges.labels import Part
from dure.challenges.models import Best, Ratio, Round, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.queries.boards import Row, first_score, pieces
from dure.challenges.questions import Answer, Question, shown
from dure.challenges.rules import organises
from dure.core.text import Text
from dure.people.models import Person

_VALUES = {Part.PUBLIC: "best__values", Part.FINAL: "counting__values"}
_ANSWERS = {Part.PUBLIC: "best__answers", Part.FINAL: "counting__answers"}
_SECONDS = {Part.PUBLIC: "best__seconds", Part.FINAL: "counting__seconds"}


@dataclass(frozen=True)
class Beside:
    """Of one line: ``values`` in the order of the columns, ``answers`` in that of the questions on the board, how good
    its score is beside the round's yardstick (1: as good), and how long its code ran. None is shown as nothing."""

    values: tuple[Decimal | None, ...] = ()
    answers: tuple[Text, ...] = ()
    ratio: float | None = None
    seconds: Decimal | None = None


def beside(task: Task, rows: Sequence[Row], columns: tuple[Column, ...], *, part: Part) -> list[Beside]:
    """What stands beside the score in each of these lines of the task's board."""
    entrants = [row.entrant for row in rows]
    values = values_of(entrants, columns, part=part)
    yardstick, asked = _yardstick(task, part), asked_on_board(task.round)
    answers: dict[UUID, dict[str, Answer]] = {}
    if asked:
        answers = dict(Best.objects.filter(entrant__in=entrants).values_list("entrant", _ANSWERS[part]))
    seconds: dict[UUID, Decimal | None] = {}
    if task.round.shows_seconds:
        seconds = dict(Best.objects.filter(entrant__in=entrants).values_list("entrant", _SECONDS[part]))
    return [
        Beside(
            values.get(row.entrant, ()),
            tuple(shown(answers.get(row.entrant, {}).get(question.key)) for question in asked),
            ratio(row.score, yardstick, greater_is_better=task.greater_is_better),
            seconds.get(row.entrant),
        )
        for row in rows
    ]


def whole(
    task: Task, columns: tuple[Column, ...], *, viewer: Person | None, part: Part | None = None
) -> Iterator[tuple[Row, Beside]]:
    """Every line of the board that the viewer gets, with what stands beside its score. Raises Missing as ``board``."""
    for piece in pieces(task, viewer=viewer, part=part):
        yield from zip(piece.rows, beside(task, piece.rows, columns, part=piece.part), strict=True)


def asked_on_board(round_: Round) -> tuple[Question, ...]:
    """The questions whose answers stand on the round's boards."""
    return tuple(question for question in round_.asked if question.on_board)


def _yardstick(task: Task, part: Part) -> float | None:
    match task.round.ratio_to:
        case Ratio.BEST:
            return first_score(task, part)
        case Ratio.BASELINE:
            return task.baseline_score
    return None


def ratio(score: float, yardstick: float | None, *, greater_is_better: bool) -> float | None:
    """How good a score is beside another, 1 being as good and more being better; None where that says nothing."""
    if yardstick is None or score < 0 or yardstick < 0:
        return None
    part, whole = (score, yardstick) if greater_is_better else (yardstick, score)
    return part / whole if whole else None


def columns_of(task: Task, *, viewer: Person | None) -> tuple[Column, ...]:
    """The columns of the task's board that the viewer may see of everybody; none where no program fills them."""
    if task.metric != PROGRAM:
        return ()
    columns = task.program.board_columns
    if organises(viewer, task.round):
        return columns
    return tuple(column for column in columns if column.seen is Seen.PUBLIC)


def values_of(
    entrants: Iterable[UUID], columns: tuple[Column, ...], *, part: Part
) -> dict[UUID, tuple[Decimal | None, ...]]:
    """For each entrant on a page of a board what stands in ``columns`` (those of :func:`columns_of`), as shown."""
    if not columns:
        return {}
    rows = Best.objects.filter(entrant__in=list(entrants)).values_list("entrant", _VALUES[part])
    return {entrant: tuple(_cell(column, values) for column in columns) for entrant, values in rows}


def _cell(column: Column, values: dict[str, str]) -> Decimal | None:
    return column.shown(values[column.key]) if column.key in values else None
