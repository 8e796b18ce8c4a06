"""Companies' plans beside their people, and editions of taxonomies brought in by operators."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, one, organisation_by, platform_operator
from dure.api.shapes import In, Out, Words
from dure.api.skills.catalogue import SkillCellOut, role_by
from dure.api.writing import writes
from dure.core.errors import TooLarge
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.skills.importing.records import Read
from dure.skills.importing.sources import source_called
from dure.skills.models import Plan
from dure.skills.operations import bring_in, end_plan, make_plan, set_seats
from dure.skills.operations.comparing import Report
from dure.skills.operations.plans import MOST_LINES, MOST_SEATS, Line
from dure.skills.queries.gaps import LEAST, PlanGap, plan_gaps, running_plans, sharing_in
from dure.skills.rules import may_plan, may_see_plans

router = Router(tags=["skills"])
PLAN = Text(ko="인력 계획", en="skills plan")
ORGANISATION = Text(ko="기관", en="organisation")
MOST_BYTES = 50 << 20
_LARGE = Text(
    ko="파일이 모두 합쳐 50 MiB를 넘습니다. 명령줄에서 가져오세요.",
    en="The files are over 50 MiB together. Bring them in on the command line.",
)


class SkillLineIn(In):
    role: UUID
    seats: Annotated[int, Field(ge=1, le=MOST_SEATS)]
    by: date


class LinesIn(In):
    lines: Annotated[list[SkillLineIn], Field(max_length=MOST_LINES)]

    def read(self) -> list[Line]:
        return [Line(role_by(line.role), line.seats, line.by) for line in self.lines]


class SkillPlanIn(LinesIn):
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class SkillLineOut(Out):
    role: UUID
    code: str
    name: Words
    seats: int
    by: date


class PlanOut(Out):
    id: UUID
    organisation: str
    name: str
    ended: bool
    lines: list[SkillLineOut]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        rows = plan.lines.select_related("role")
        lines = [
            SkillLineOut(role=row.role_id, code=row.role.code, name=Words.of(row.role.name), seats=row.seats, by=row.by)
            for row in rows
        ]
        ended = plan.ended_at is not None
        return cls(id=plan.pk, organisation=plan.organisation.short, name=plan.name, ended=ended, lines=lines)


class FitOut(Out):
    """A line beside the people who share their levels. ``short``: skills that fewer have than seats are planned.

    Counts are for those who look after the company; others see only what is short, where at least 5 share.
    """

    role: UUID
    seats: int
    by: date
    fitting: int | None
    missing: int | None
    lacking: list[SkillCellOut]
    short: list[UUID]

    @classmethod
    def of(cls, gap: PlanGap, *, counts: bool, enough: bool) -> Self:
        line = gap.line
        return cls(
            role=line.role_id, seats=line.seats, by=line.by,
            fitting=gap.fitting if counts else None, missing=gap.missing if counts else None,
            lacking=[SkillCellOut.of(cell) for cell in gap.lacking] if counts else [],
            short=[cell.skill.pk for cell in gap.lacking] if counts or enough else [],
        )  # fmt: skip


class GapsOut(Out):
    """``sharing``: how many people of the company share their levels with it; null where they are few."""

    sharing: int | None
    lines: list[FitOut]


class SkillReportOut(Out):
    """Counts of new, renamed, changed, retired and same. ``known``: it was brought in before, nothing was done."""

    taxonomy: str
    version: str
    known: bool
    dry: bool
    skills: dict[str, int]
    roles: dict[str, int]
    links: dict[str, int]

    @classmethod
    def of(cls, report: Report) -> Self:
        counts = {name: part.counts for name, part in report.parts.items()}
        return cls(taxonomy=report.taxonomy, version=report.version, known=report.known, dry=report.dry, **counts)


@router.get("/organisations/{slug:short}/skill-plans", response=list[PlanOut])
def plans(request: Asked, short: str) -> list[PlanOut]:
    """The plans of a company that one belongs to."""
    return [PlanOut.of(plan) for plan in running_plans(_seen(request.auth, short), on=today())]


@writes(router.post, "/organisations/{slug:short}/skill-plans", PlanOut, status=201)
def plan_skills(request: Asked, short: str, body: SkillPlanIn) -> Plan:
    """Say how many people of which job roles a company that one looks after needs by when."""
    organisation = _seen(request.auth, short)
    allow(may_plan(request.auth, organisation), "organisation.not-yours")
    return make_plan(organisation, name=body.name, by=request.auth, lines=body.read())


@writes(router.put, "/skill-plans/{uuid:plan_id}/lines", PlanOut)
def set_lines(request: Asked, plan_id: UUID, body: LinesIn) -> Plan:
    """Replace the lines of a plan."""
    return set_seats(_own(request.auth, plan_id), lines=body.read())


@writes(router.post, "/skill-plans/{uuid:plan_id}/end", PlanOut)
def end(request: Asked, plan_id: UUID) -> Plan:
    """A plan counts no more."""
    return end_plan(_own(request.auth, plan_id))


@router.get("/skill-plans/{uuid:plan_id}/gaps", response=GapsOut)
def gaps(request: Asked, plan_id: UUID) -> GapsOut:
    """Each line of a plan beside the people who share their levels with the company."""
    plan = _plan(request.auth, plan_id)
    sharing = sharing_in(plan.organisation)
    counts, enough = may_plan(request.auth, plan.organisation), len(sharing) >= LEAST
    lines = [FitOut.of(gap, counts=counts, enough=enough) for gap in plan_gaps(plan, sharing)]
    return GapsOut(sharing=len(sharing) if counts or enough else None, lines=lines)


@dataclass(frozen=True)
class Sent:
    """An edition as read from its files."""

    read: Read
    version: str
    dry_run: bool


@contextmanager
def _sent(
    request: Asked, key: str, files: File[list[UploadedFile]], version: Form[str], *, dry_run: bool = False
) -> Iterator[Sent]:
    platform_operator(request.auth)
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise TooLarge("taxonomy.large", _LARGE)
    yield Sent(source_called(key).read({file.name or "": file.read() for file in files}), version, dry_run)


@writes(router.post, "/taxonomies/{slug:key}/editions", SkillReportOut, before=_sent)
def import_edition(request: Asked, sent: Sent) -> Report:
    """Bring an edition of onet, esco, ncs or dure in, by an operator: all files of it, and how it is called."""
    return bring_in(sent.read, version=sent.version, by=request.auth, dry_run=sent.dry_run)


def _seen(person: Person, short: str) -> Organisation:
    """The company, for those who belong to it."""
    organisation = organisation_by(short)
    if not may_see_plans(person, organisation):
        return one(Organisation.objects.none(), "organisation.missing", ORGANISATION)
    return organisation


def _plan(person: Person, plan_id: UUID) -> Plan:
    """The plan, for those who belong to its company."""
    plan = one(Plan.objects.select_related("organisation"), "plan.missing", PLAN, pk=plan_id)
    if not may_see_plans(person, plan.organisation):
        return one(Plan.objects.none(), "plan.missing", PLAN)
    return plan


def _own(person: Person, plan_id: UUID) -> Plan:
    """The plan, for those who look after its company."""
    plan = _plan(person, plan_id)
    allow(may_plan(person, plan.organisation), "organisation.not-yours")
    return plan
