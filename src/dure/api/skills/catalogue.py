"""Skills and job roles, looked through by anybody; one's own levels, word and role."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import ANYBODY, Asked, AskedByAnybody
from dure.api.find import one, seen_team
from dure.api.shapes import In, Line, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Person
from dure.skills.models import Edition, JobRole, Level, RoleSkill, Skill, Taxonomy
from dure.skills.operations import choose_role, claim, leave_role, unclaim
from dure.skills.queries import (
    Cell,
    Gap,
    Why,
    demand,
    explained,
    gap_of,
    group_gap,
    levels_of,
    own_role,
    roles_found,
    skills_found,
)
from dure.skills.queries.gaps import sharing_with

router = Router(tags=["skills"])
SKILL = Text(ko="역량", en="skill")
ROLE = Text(ko="직무", en="job role")


class Search(Paging):
    """``q``: part of a name in Korean or English; ``taxonomy``: dure, onet, esco, ncs."""

    q: Line = ""
    taxonomy: Line = ""


class SkillSearch(Search):
    kind: Line = ""


class TaxonomyOut(Out):
    """``attribution`` is to be shown wherever its words are."""

    key: str
    title: Words
    licence: str
    attribution: Words
    address: str

    @classmethod
    def of(cls, row: Taxonomy) -> Self:
        return cls(
            key=row.key, title=Words.of(row.title), licence=row.licence, attribution=Words.of(row.attribution),
            address=row.address,
        )  # fmt: skip


class TermOut(Out):
    """A skill or a job role. ``retired_in``: the edition since which its source no longer has it."""

    id: UUID
    taxonomy: str
    code: str
    name: Words
    description: Words
    uri: str
    retired_in: str | None

    @classmethod
    def of(cls, row: Skill | JobRole) -> Self:
        return cls(
            id=row.pk, taxonomy=row.taxonomy.key, code=row.code, name=Words.of(row.name), uri=row.uri,
            description=Words.of(row.description), retired_in=_version(row.retired_in),
        )  # fmt: skip

    @classmethod
    def many(cls, rows: Sequence[Skill] | Sequence[JobRole]) -> list[Self]:
        return [cls.of(row) for row in rows]


class MonthOut(Out):
    month: date
    count: int


class SkillOut(Out):
    """``levels``: what somebody does at each level; ``demand``: how often it was asked for, month by month."""

    skill: TermOut
    kind: str
    broader: UUID | None
    levels: dict[int, Words]
    demand: list[MonthOut]
    attribution: TaxonomyOut

    @classmethod
    def of(cls, row: Skill) -> Self:
        return cls(
            skill=TermOut.of(row), kind=row.kind, broader=row.broader_id, attribution=TaxonomyOut.of(row.taxonomy),
            levels={says.level: Words.of(says.says) for says in row.levels.all()},
            demand=[MonthOut(month=month, count=count) for month, count in demand(row)],
        )  # fmt: skip


class AskOut(Out):
    """``weight`` 1 (helps) to 5 (the job cannot be done without it)."""

    skill: UUID
    code: str
    name: Words
    level: int
    weight: int

    @classmethod
    def of(cls, row: RoleSkill) -> Self:
        skill = row.skill
        return cls(skill=skill.pk, code=skill.code, name=Words.of(skill.name), level=row.level, weight=row.weight)


class SkillRoleOut(Out):
    role: TermOut
    titles: list[str]
    asks: list[AskOut]
    attribution: TaxonomyOut

    @classmethod
    def of(cls, row: JobRole) -> Self:
        asks = row.asks.filter(skill__retired_in=None).select_related("skill").order_by("-weight", "-level", "pk")
        return cls(
            role=TermOut.of(row), titles=row.titles.splitlines(), asks=[AskOut.of(ask) for ask in asks],
            attribution=TaxonomyOut.of(row.taxonomy),
        )  # fmt: skip


class WhyOut(Out):
    """A piece of evidence behind a level: its points today, and its part of all that counts, in percent."""

    evidence: UUID
    kind: str
    trust: str
    on: date
    level: int
    points: int
    share: int

    @classmethod
    def of(cls, why: Why) -> Self:
        shown = why.evidencing
        return cls(
            evidence=shown.evidence_id, kind=shown.evidence.kind, trust=shown.trust, on=why.on, level=shown.level,
            points=why.points, share=why.share,
        )  # fmt: skip


class LevelOut(Out):
    """``points`` of 100 and more for this level, ``towards`` the next; ``falls_on`` the day age alone lowers it."""

    skill: TermOut
    level: int
    points: int
    towards: int
    as_of: date
    falls_on: date | None
    why: list[WhyOut]

    @classmethod
    def of(cls, row: Level, why: Sequence[Why]) -> Self:
        told = {name: getattr(row, name) for name in ("level", "points", "towards", "as_of", "falls_on")}
        return cls(skill=TermOut.of(row.skill), **told, why=[WhyOut.of(one) for one in why])


class SkillClaimOut(Out):
    skill: TermOut
    level: int


class MineOut(Out):
    """``claims`` are one's own word and count for nothing."""

    levels: list[LevelOut]
    claims: list[SkillClaimOut]
    role: TermOut | None

    @classmethod
    def of(cls, person: Person) -> Self:
        rows, role = list(levels_of(person).select_related("skill__retired_in")), own_role(person)
        whys = explained(person, [row.skill_id for row in rows], on=today())
        said = person.skill_claims.select_related("skill__taxonomy", "skill__retired_in").order_by("-level", "pk")
        return cls(
            levels=[LevelOut.of(row, whys.get(row.skill_id, ())) for row in rows],
            claims=[SkillClaimOut(skill=TermOut.of(row.skill), level=row.level) for row in said],
            role=TermOut.of(role) if role else None,
        )


class SkillClaimIn(In):
    level: Annotated[int, Field(ge=1, le=5)]


class SkillRoleIn(In):
    role: UUID


class GapOut(Out):
    """``missing``: levels from ``level`` to what is asked for."""

    skill: UUID
    code: str
    name: Words
    asked: int
    weight: int
    level: int
    missing: int

    @classmethod
    def of(cls, gap: Gap) -> Self:
        return cls(
            skill=gap.skill.pk, code=gap.skill.code, name=Words.of(gap.skill.name), asked=gap.asked,
            weight=gap.weight, level=gap.level, missing=gap.missing,
        )  # fmt: skip


class SkillCellOut(Out):
    """``able``: people at the level asked for; ``some``: people below it."""

    skill: UUID
    code: str
    name: Words
    asked: int
    weight: int
    able: int
    some: int
    best: int

    @classmethod
    def of(cls, cell: Cell) -> Self:
        counts = {name: getattr(cell, name) for name in ("asked", "weight", "able", "some", "best")}
        return cls(skill=cell.skill.pk, code=cell.skill.code, name=Words.of(cell.skill.name), **counts)


# --- looked through


@router.get("/taxonomies", response=list[TaxonomyOut], auth=ANYBODY)
def taxonomies(request: AskedByAnybody) -> list[TaxonomyOut]:
    """Whose words for skills and job roles are used, with the lines to be shown with them."""
    return [TaxonomyOut.of(row) for row in Taxonomy.objects.order_by("key")]


@router.get("/skills", response=Page[TermOut], auth=ANYBODY)
def skills(request: AskedByAnybody, asked: Query[SkillSearch]) -> Page[TermOut]:
    """Skills in use."""
    found = skills_found(asked.q, taxonomy=asked.taxonomy, kind=asked.kind).select_related("retired_in")
    return paged(found, asked, TermOut.many)


@router.get("/skills/{uuid:skill_id}", response=SkillOut, auth=ANYBODY)
def skill(request: AskedByAnybody, skill_id: UUID) -> SkillOut:
    """One skill, a retired one as well."""
    return SkillOut.of(_skill(skill_id))


@router.get("/job-roles", response=Page[TermOut], auth=ANYBODY)
def roles(request: AskedByAnybody, asked: Query[Search]) -> Page[TermOut]:
    """Job roles in use."""
    found = roles_found(asked.q, taxonomy=asked.taxonomy).select_related("retired_in")
    return paged(found, asked, TermOut.many)


@router.get("/job-roles/{uuid:role_id}", response=SkillRoleOut, auth=ANYBODY)
def role(request: AskedByAnybody, role_id: UUID) -> SkillRoleOut:
    """One job role with what it asks for."""
    return SkillRoleOut.of(role_by(role_id))


# --- one's own


@router.get("/me/skills", response=MineOut)
def mine(request: Asked) -> MineOut:
    """One's levels with what they stand on, one's own word, one's job role."""
    return MineOut.of(request.auth)


@writes(router.put, "/me/skills/{uuid:skill_id}", MineOut)
def say(request: Asked, skill_id: UUID, body: SkillClaimIn) -> Person:
    """Say how well one does something."""
    claim(request.auth, skill=_skill(skill_id), level=body.level)
    return request.auth


@writes(router.delete, "/me/skills/{uuid:skill_id}", MineOut)
def unsay(request: Asked, skill_id: UUID) -> Person:
    """Take back what one said of a skill; evidence stays."""
    unclaim(request.auth, skill=_skill(skill_id))
    return request.auth


@writes(router.put, "/me/job-role", MineOut)
def choose(request: Asked, body: SkillRoleIn) -> Person:
    """Say which job role one has or works towards."""
    choose_role(request.auth, role=role_by(body.role))
    return request.auth


@writes(router.delete, "/me/job-role", MineOut)
def leave(request: Asked) -> Person:
    """Have no job role of one's own."""
    leave_role(request.auth)
    return request.auth


@router.get("/job-roles/{uuid:role_id}/gap", response=list[GapOut])
def gap(request: Asked, role_id: UUID) -> list[GapOut]:
    """What a job role asks for beside one's own levels, the largest gaps first."""
    return [GapOut.of(one) for one in gap_of(request.auth, role_by(role_id))]


@router.get("/teams/{uuid:team_id}/skills", response=list[SkillCellOut])
def team(request: Asked, team_id: UUID, role: UUID) -> list[SkillCellOut]:
    """What a job role asks for beside those of one's team who share their levels with it."""
    found = seen_team(request.auth, team_id)
    return [SkillCellOut.of(cell) for cell in group_gap(sharing_with(found), role_by(role))]


def role_by(role_id: UUID) -> JobRole:
    return one(JobRole.objects.select_related("taxonomy", "retired_in"), "role.missing", ROLE, pk=role_id)


def _skill(skill_id: UUID) -> Skill:
    return one(Skill.objects.select_related("taxonomy", "retired_in"), "skill.missing", SKILL, pk=skill_id)


def _version(edition: Edition | None) -> str | None:
    return edition.version if edition else None
