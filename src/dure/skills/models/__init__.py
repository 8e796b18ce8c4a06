"""Evidence, and the words for what it shows: taxonomies, skills with their levels, job roles, plans."""

from dure.skills.models.evidence import Evidence, Showing
from dure.skills.models.levels import Claim, Evidencing, Level, OwnRole, Trust
from dure.skills.models.plans import Asking, Demand, Plan, PlanSeats
from dure.skills.models.taxonomies import (
    Edition,
    JobRole,
    RoleSkill,
    Skill,
    SkillKind,
    SkillLevel,
    Taxonomy,
)

__all__ = [
    "Asking",
    "Claim",
    "Demand",
    "Edition",
    "Evidence",
    "Evidencing",
    "JobRole",
    "Level",
    "OwnRole",
    "Plan",
    "PlanSeats",
    "RoleSkill",
    "Showing",
    "Skill",
    "SkillKind",
    "SkillLevel",
    "Taxonomy",
    "Trust",
]
