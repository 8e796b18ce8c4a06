"""Skills, roles and what shows them, made by the room's own operations."""

from dure.skills.importing.own import read_own, starter_files
from dure.skills.models import Evidence, JobRole, Skill, Trust
from dure.skills.operations import bring_in, record, show
from dure.skills.operations.levels import Shown


def starter() -> None:
    """The set that comes with Dure."""
    bring_in(read_own(starter_files()), version="2026.11", by=None)


def skill(code: str) -> Skill:
    return Skill.objects.get(taxonomy__key="dure", code=code)


def role(code: str) -> JobRole:
    return JobRole.objects.get(taxonomy__key="dure", code=code)


def shown(person, code: str, level: int, *, kind: str = "test", trust: str = Trust.MEASURED, **known) -> Evidence:
    """Evidence of a person that shows a skill at a level."""
    kept = record(kind, {}, persons=[person], via="recorded", by=None)
    show(kept, skills=[Shown(skill(code), level, **known)], trust=trust)
    return kept
