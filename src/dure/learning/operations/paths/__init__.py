"""Every write of learning paths."""

from dure.learning.operations.paths.choosing import leave_out, say_done, take_in_again, take_word_back
from dure.learning.operations.paths.planning import change_path, leave_path, open_path, settle
from dure.learning.operations.paths.renewing import LOOK, look_at_cohort, look_at_item, look_at_levels, renew_old

__all__ = [
    "LOOK", "change_path", "leave_out", "leave_path", "look_at_cohort", "look_at_item", "look_at_levels", "open_path",
    "renew_old", "say_done", "settle", "take_in_again", "take_word_back",
]  # fmt: skip
