"""Every read of rounds that more than one caller shares."""

from dure.challenges.queries.attempts import TOTAL, Attempt, attempt, attempts_of, unjudged, used
from dure.challenges.queries.boards import Board, Cursor, Row, board, board_version, found, own_row, ranked, scores

__all__ = [
    "TOTAL", "Attempt", "Board", "Cursor", "Row",
    "attempt", "attempts_of", "board", "board_version", "found", "own_row", "ranked", "scores",
    "unjudged", "used",
]  # fmt: skip
