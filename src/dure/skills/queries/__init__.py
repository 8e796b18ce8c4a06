"""Every read of skills that two callers share."""

from dure.skills.queries.demand import Rise, demand, rising
from dure.skills.queries.gaps import Cell, Gap, gap_of, group_gap, plan_gaps
from dure.skills.queries.levels import Why, explained, levels_of, levels_of_many, own_role
from dure.skills.queries.terms import asked_by, attributions, roles_found, skill_by_name, skills_found

__all__ = [
    "Cell", "Gap", "Rise", "Why", "asked_by", "attributions", "demand", "explained", "gap_of", "group_gap",
    "levels_of", "levels_of_many", "own_role", "plan_gaps", "rising", "roles_found", "skill_by_name", "skills_found",
]  # fmt: skip
