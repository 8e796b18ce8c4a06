"""Every write of rounds."""

from dure.challenges.operations.choosing import choose, choose_best
from dure.challenges.operations.entering import enter, set_entrant_window
from dure.challenges.operations.judging import begin, give_up_lost, record, score_again
from dure.challenges.operations.rounds import (
    add_organiser,
    add_task,
    close_round,
    open_round,
    set_board,
    set_window,
)
from dure.challenges.operations.submitting import OverQuota, Receipt, receipt_of, submit

__all__ = [
    "OverQuota", "Receipt",
    "add_organiser", "add_task", "begin", "choose", "choose_best", "close_round", "enter", "give_up_lost", "open_round",
    "receipt_of", "record", "score_again", "set_board", "set_entrant_window", "set_window", "submit",
]  # fmt: skip
