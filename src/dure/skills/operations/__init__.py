"""Every write of this room."""

from dure.skills.operations.evidence import blank, record
from dure.skills.operations.importing import bring_in, keep_starter
from dure.skills.operations.levels import catch_up, forget_levels, show
from dure.skills.operations.own import choose_role, claim, leave_role, unclaim
from dure.skills.operations.plans import count_demand, end_plan, make_plan, report_demand, set_seats

__all__ = [
    "blank", "bring_in", "catch_up", "choose_role", "claim", "count_demand", "end_plan", "forget_levels",
    "keep_starter", "leave_role", "make_plan", "record", "report_demand", "set_seats", "show", "unclaim",
]  # fmt: skip
