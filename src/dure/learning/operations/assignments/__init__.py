"""Assignments: set, handed in, marked, moderated, released, asked about again."""

from dure.learning.operations.assignments.handing import attach, begin, detach, extend, hand_in, keep_draft
from dure.learning.operations.assignments.making import (
    change_assignment,
    form_groups,
    make_assignment,
    open_assignment,
    seat_graders,
    set_scale,
    write_rubric,
)
from dure.learning.operations.assignments.marking import (
    answer_note,
    keep_marks,
    send_marks,
    strike_note,
    take_back,
    write_note,
)
from dure.learning.operations.assignments.moderating import (
    answer_regrade,
    ask_regrade,
    ask_third,
    correct,
    moderate,
    moderate_all,
    release,
    settle,
    unsettle,
)
from dure.learning.operations.assignments.sheets import take_marks

__all__ = [
    "answer_note",
    "answer_regrade",
    "ask_regrade",
    "ask_third",
    "attach",
    "begin",
    "change_assignment",
    "correct",
    "detach",
    "extend",
    "form_groups",
    "hand_in",
    "keep_draft",
    "keep_marks",
    "make_assignment",
    "moderate",
    "moderate_all",
    "open_assignment",
    "release",
    "seat_graders",
    "send_marks",
    "set_scale",
    "settle",
    "strike_note",
    "take_back",
    "take_marks",
    "unsettle",
    "write_note",
    "write_rubric",
]
