"""Job roles and what teaches for them, for tests of paths."""

from datetime import timedelta

from dure.jobs.worker import drain
from dure.learning.models import Item, LearningPath, Provider
from dure.learning.operations.paths import open_path
from dure.learning.operations.paths.planning import PLAN
from dure.learning.records import Taught
from dure.people.days import today
from dure.skills.models import JobRole, RoleSkill, Skill, Taxonomy
from tests.factories import make_person
from tests.learning.factories import make_item, make_skill


def make_role(code: str = "analyst", **asks: int) -> JobRole:
    """A role that asks for skills, by their code, at levels; skills that there are not are made."""
    words, _ = Taxonomy.objects.get_or_create(key="starter", defaults={"title_ko": "역량", "title_en": "Skills"})
    role = JobRole.objects.create(taxonomy=words, code=code, name_ko=f"{code} 직무", name_en=code.title())
    for name, level in asks.items():
        found = Skill.objects.filter(taxonomy=words, code=name).first() or make_skill(name)
        RoleSkill.objects.create(role=role, skill=found, level=level)
    return role


def teaching(key: str, *, minutes: int = 60, provider: Provider | None = None, after: tuple[str, ...] = (), **levels):
    """An item that teaches skills, by their code, to levels."""
    taught = tuple(Taught(code, level) for code, level in levels.items())
    known = {"provider": provider} if provider else {}
    return make_item(key=key, minutes=minutes, skills=taught, needs=after, **known)


def make_path(role: JobRole, *, person=None, minutes_a_week: int = 120, weeks: int = 10) -> LearningPath:
    until = today() + timedelta(weeks=weeks)
    return open_path(person or make_person(), role=role, minutes_a_week=minutes_a_week, until=until)


def planned(path: LearningPath) -> list[tuple[str, int, int]]:
    """What is to be learnt: each item's key with its first and last week, counted from the week of the plan."""
    rows = path.steps.filter(done_at=None).select_related("item")
    return [(step.item.key, (step.first - path.begins_on).days // 7, (step.last - path.begins_on).days // 7)
            for step in rows]  # fmt: skip


def solved(path: LearningPath) -> LearningPath:
    """Once a worker has looked for the shortest."""
    drain([PLAN])
    return LearningPath.objects.get(pk=path.pk)


def lacks(path: LearningPath) -> set[tuple[str, int, str]]:
    return set(path.lacks.values_list("skill__code", "level", "why"))


def keys(items: list[Item]) -> set[str]:
    return {item.key for item in items}
