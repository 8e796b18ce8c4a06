"""What lies between people and what job roles ask: of one person, of a group, of a company and its plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dure.people.days import today
from dure.people.models import Membership, Organisation, Person, Role, Team
from dure.people.queries import consenting
from dure.skills.models import JobRole, Level, Plan, PlanSeats, RoleSkill, Skill
from dure.skills.queries.levels import levels_of_many

SHARED = "skills"  # the purpose of the consent; its scope is the organisation's short name or the team's id
LEAST = 5  # people of whom figures are shown to those who do not look after the company


@dataclass(frozen=True, slots=True)
class Gap:
    """A skill that a role asks for, and how far somebody (or the best of a group) is."""

    skill: Skill
    asked: int
    weight: int
    level: int

    @property
    def missing(self) -> int:
        """Levels that are missing."""
        return max(self.asked - self.level, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A skill that a role asks for, and who of a group has it: ``able`` at the level asked for, ``some`` below it."""

    skill: Skill
    asked: int
    weight: int
    able: int
    some: int
    best: int


@dataclass(frozen=True, slots=True)
class PlanGap:
    """A line of a plan: how many of the consenting fit the role already (every skill of weight 4 and 5 at its level),
    and which skills fewer people have than seats are planned, the scarcest first."""

    line: PlanSeats
    fitting: int
    lacking: Sequence[Cell]

    @property
    def missing(self) -> int:
        return max(self.line.seats - self.fitting, 0)


NEEDED = 4  # the weight from which a job cannot well be done without a skill


def asks_of(role: JobRole) -> list[RoleSkill]:
    """What a role asks for, the weightiest first."""
    rows = role.asks.filter(skill__retired_in=None).select_related("skill__taxonomy")
    return list(rows.order_by("-weight", "-level", "skill__name_key", "pk"))


def gap_of(person: Person, role: JobRole) -> list[Gap]:
    """One person beside one role, the largest gaps first."""
    asks = asks_of(role)
    held = dict(
        Level.objects.filter(person=person, skill__in=[ask.skill_id for ask in asks]).values_list("skill", "level")
    )
    gaps = [Gap(ask.skill, ask.level, ask.weight, held.get(ask.skill_id, 0)) for ask in asks]
    return sorted(gaps, key=lambda gap: -gap.missing * gap.weight)


def group_gap(persons: Collection[UUID], role: JobRole) -> list[Cell]:
    """Several people beside one role: who has what, in the order of weight."""
    asks = asks_of(role)
    return _cells(asks, levels_of_many(persons, [ask.skill_id for ask in asks]))


def _cells(asks: Iterable[RoleSkill], held: Mapping[UUID, Mapping[UUID, int]]) -> list[Cell]:
    cells = []
    for ask in asks:
        levels = [levels.get(ask.skill_id, 0) for levels in held.values()]
        able = sum(level >= ask.level for level in levels)
        some = sum(0 < level < ask.level for level in levels)
        cells.append(Cell(ask.skill, ask.level, ask.weight, able, some, max(levels, default=0)))
    return cells


def sharing_in(organisation: Organisation) -> set[UUID]:
    """Those who work at a company today and let it see their levels."""
    rows = Membership.objects.on(today()).filter(organisation=organisation).exclude(role=Role.STUDENT)
    return consenting(rows.values_list("person", flat=True), purpose=SHARED, scope=organisation.short)


def sharing_with(team: Team) -> set[UUID]:
    """Those in a team who let the others see their levels."""
    rows = team.members.filter(left_at=None).values_list("person", flat=True)
    return consenting(rows, purpose=SHARED, scope=str(team.pk))


def plan_gaps(plan: Plan, persons: Collection[UUID]) -> list[PlanGap]:
    """Each line of a plan beside the people who share their levels, by day."""
    lines = list(plan.lines.select_related("role").order_by("by", "role__name_key", "pk"))
    asks: dict[UUID, list[RoleSkill]] = {line.role_id: [] for line in lines}
    rows = RoleSkill.objects.filter(role__in=list(asks), skill__retired_in=None).select_related("skill__taxonomy")
    for row in rows.order_by("-weight", "-level", "skill__name_key", "pk"):
        asks[row.role_id].append(row)
    held = levels_of_many(persons, {ask.skill_id for of_role in asks.values() for ask in of_role})
    return [_plan_gap(line, asks[line.role_id], held) for line in lines]


def _plan_gap(line: PlanSeats, asks: list[RoleSkill], held: Mapping[UUID, Mapping[UUID, int]]) -> PlanGap:
    needed = [ask for ask in asks if ask.weight >= NEEDED]
    fitting = sum(all(levels.get(ask.skill_id, 0) >= ask.level for ask in needed) for levels in held.values())
    lacking = [cell for cell in _cells(asks, held) if cell.able < line.seats]
    return PlanGap(line, fitting if needed else 0, sorted(lacking, key=lambda cell: (cell.able, -cell.weight)))


def running_plans(organisation: Organisation, *, on: date) -> list[Plan]:
    """A company's plans that have not ended, those with the nearest day first."""
    rows = Plan.objects.filter(organisation=organisation, ended_at=None).prefetch_related("lines__role")
    return sorted(rows, key=lambda plan: min((one.by for one in plan.lines.all() if one.by >= on), default=date.max))
