"""Every read of rounds that more than one caller shares."""

from dure.challenges.queries.attempts import TOTAL, Attempt, attempt, attempts_of, counting, leading, unjudged, used
from dure.challenges.queries.boards import (
    Board,
    Cursor,
    Row,
    board,
    board_of,
    board_version,
    found,
    own_row,
    parts_shown,
    places,
    ranked,
    scores,
    usual_part,
)
from dure.challenges.queries.columns import Beside, asked_on_board, beside, columns_of, values_of, whole
from dure.challenges.queries.programs import standing_programs, uses_of_environments

__all__ = [
    "TOTAL", "Attempt", "Beside", "Board", "Cursor", "Row", "asked_on_board", "attempt", "attempts_of", "beside",
    "board", "board_of", "board_version", "columns_of", "counting", "found", "leading", "own_row", "parts_shown",
    "places", "ranked", "scores", "standing_programs", "unjudged", "used", "uses_of_environments", "usual_part",
    "values_of", "whole",
]  # fmt: skip
