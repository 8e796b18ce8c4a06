"""Evidence, and the words for what it shows: taxonomies, skills with their levels, job roles."""

from dure.skills.models.evidence import Evidence, Showing
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
    "Edition",
    "Evidence",
    "JobRole",
    "RoleSkill",
    "Showing",
    "Skill",
    "SkillKind",
    "SkillLevel",
    "Taxonomy",
]
