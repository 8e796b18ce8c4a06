"""Every write of rounds."""

from dure.challenges.operations.choosing import choose, choose_best, unchoose
from dure.challenges.operations.entering import enter, set_entrant_window
from dure.challenges.operations.judging import begin, give_up_lost, record, score_again
from dure.challenges.operations.merging import merge_entrants
from dure.challenges.operations.programs import (
    PartFiles,
    Programs,
    ReceivedPrograms,
    accept_programs,
    receive_programs,
    set_environment,
)
from dure.challenges.operations.quotas import OverQuota
from dure.challenges.operations.rounds import (
    ReceivedTask,
    accept_task,
    add_organiser,
    add_task,
    close_round,
    open_round,
    receive_task,
    remove_organiser,
    set_board,
    set_window,
)
from dure.challenges.operations.submitting import Receipt, Received, accept, receipt_of, receive, submit
from dure.challenges.operations.teams import enter_team, open_to_teams

__all__ = [
    "OverQuota", "PartFiles", "Programs", "Receipt", "Received", "ReceivedPrograms", "ReceivedTask", "accept",
    "accept_programs", "accept_task", "add_organiser", "add_task", "begin", "choose", "choose_best", "close_round",
    "enter", "enter_team", "give_up_lost", "merge_entrants", "open_round", "open_to_teams", "receipt_of", "receive",
    "receive_programs", "receive_task", "record", "remove_organiser", "score_again", "set_board", "set_entrant_window",
    "set_environment", "set_window", "submit", "unchoose",
]  # fmt: skip
