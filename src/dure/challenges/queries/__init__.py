"""Every read of rounds that more than one caller shares."""

from dure.challenges.queries.attempts import TOTAL, Attempt, attempt, attempts_of, unjudged, used
from dure.challenges.queries.boards import Board, Cursor, Row, board, board_version, found, own_row, ranked, scores
from dure.challenges.queries.columns import columns_of, values_of
from dure.challenges.queries.programs import standing_programs, tasks_in

__all__ = [
    "TOTAL", "Attempt", "Board", "Cursor", "Row",
    "attempt", "attempts_of", "board", "board_version", "columns_of", "found", "own_row", "ranked", "scores",
    "standing_programs", "tasks_in", "unjudged", "used", "values_of",
]  # fmt: skip
