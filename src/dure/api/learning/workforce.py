"""An organisation's own people over HTTP: who is certified in what, who is under way, who is stuck."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, organisation_by
from dure.api.shapes import Moment, Out, Page, Paging, Words, paged
from dure.audit.operations import record
from dure.audit.queries import acts_of
from dure.core import clock
from dure.joints.workforce import Numbers, Standing, Wanted, Worker, numbers, workers, workforce
from dure.people.models import Organisation, Person
from dure.people.rules import may_change_organisation

router = Router(tags=["learning"])
WALK = timedelta(hours=1)


class WorkforceIn(Paging):
    """Who is looked for; what is left out narrows nothing. ``cohort``, ``role`` and ``skill`` are ids."""

    q: Annotated[str, StringConstraints(max_length=80)] = ""
    state: Literal["certified", "learning", "stuck", "neither"] | None = None
    cohort: UUID | None = None
    role: UUID | None = None
    skill: UUID | None = None

    @property
    def wanted(self) -> Wanted:
        standing = Standing(self.state) if self.state else None
        return Wanted(self.q.replace("\0", "").strip(), standing, self.cohort, self.role, self.skill)


class CertifiedOut(Out):
    name: Words
    issuer: Words
    level: str
    since: Moment | None
    until: Moment | None


class UnderWayOut(Out):
    """A course and its cohort, or a stage and its programme; ``share`` is 0 to 1 where it is counted."""

    name: Words
    group: Words
    state: str
    share: Decimal | None
    until: Moment | None


class WorkerOut(Out):
    """``shares``: they agreed that the organisation sees all of it, and not only what it paid for or issued."""

    id: UUID
    name: str
    email: str
    shares: bool
    department: str
    role: Words | None
    certified: list[CertifiedOut]
    under_way: list[UnderWayOut]

    @classmethod
    def of(cls, row: Worker) -> Self:
        certified = [
            CertifiedOut(name=Words.of(one.name), issuer=Words.of(one.by), level=one.level, since=one.since,
                         until=one.until)
            for one in row.certificates
        ]  # fmt: skip
        under_way = [
            UnderWayOut(name=Words.of(one.name), group=Words.of(one.group), state=one.state, share=one.share,
                        until=one.until)
            for one in row.learning
        ]  # fmt: skip
        return cls(
            id=row.id, name=row.name, email=row.email, shares=row.shares,
            department=row.department, role=Words.of(row.role) if row.role else None,
            certified=certified, under_way=under_way,
        )  # fmt: skip


class WorkforceNumbersOut(Out):
    """Of how many people, how many share all, and how many are certified, learning or stuck."""

    people: int
    sharing: int
    certified: int
    learning: int
    stuck: int

    @classmethod
    def of(cls, row: Numbers) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


@router.get("/organisations/{slug:short}/learning/people", response=Page[WorkerOut])
def people(request: Asked, short: str, asked: Query[WorkforceIn]) -> Page[WorkerOut]:
    """Its people, for its administrators: what they are certified in and under way with, as far as it may see them."""
    organisation = _own(request.auth, short)
    _note(request.auth, organisation, goes_on=asked.after is not None)

    def shaped(rows: Sequence[Person]) -> list[WorkerOut]:
        return [WorkerOut.of(one) for one in workers(organisation, [row.pk for row in rows])]

    return paged(workforce(organisation, asked.wanted), asked, shaped)


@router.get("/organisations/{slug:short}/learning/numbers", response=WorkforceNumbersOut)
def counted(request: Asked, short: str) -> WorkforceNumbersOut:
    """How many of its people stand where."""
    return WorkforceNumbersOut.of(numbers(_own(request.auth, short)))


def _note(person: Person, organisation: Organisation, *, goes_on: bool) -> None:
    """Once a walk over the pages: one that goes on was noted with its first page, less than ``WALK`` ago."""
    lately = acts_of(person).filter(action="report.taken", object_id=str(organisation.pk), at__gt=clock.now() - WALK)
    if not (goes_on and lately.exists()):
        record("report.taken", organisation, about=person)


def _own(person: Person, short: str) -> Organisation:
    """For its administrators."""
    organisation = organisation_by(short)
    allow(may_change_organisation(person, organisation), "organisation.not-yours")
    return organisation
