"""What the endpoints of degrees take and answer. Credits and grades are decimals, written as text."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from dure.api.learning.shapes import Share
from dure.api.shapes import Email, In, Line, Moment, Name, OrganisationRef, Out, PersonRef, Words
from dure.learning.models import Candidacy, CreditRecord, Degree, DegreeVersion, Transcript
from dure.learning.operations.degrees import CreditRoster
from dure.learning.queries.degrees import audits_of, requirement_for
from dure.match.audits import BEST, Audit, Placed
from dure.match.audits import Line as AuditLine
from dure.match.audits.sayings import WHY, said
from dure.people.days import today

Credits = Annotated[Decimal, Field(ge=0, le=999, decimal_places=1)]
Grade = Annotated[Decimal, Field(ge=0, le=BEST, decimal_places=2)]
Requirement = Annotated[str, Field(max_length=100_000)]


class DegreeOut(Out):
    key: str
    title: Words
    organisation: OrganisationRef
    version: int

    @classmethod
    def of(cls, row: Degree) -> Self:
        number = row.current.number if row.current else 0
        organisation = OrganisationRef.of(row.organisation)
        return cls(key=row.key, title=Words.of(row.title), organisation=organisation, version=number)


class WholeDegreeOut(DegreeOut):
    """``requirement``: as it is written."""

    requirement: str

    @classmethod
    def of(cls, row: Degree) -> Self:
        return cls(**dict(DegreeOut.of(row)), requirement=row.current.source if row.current else "")


class DegreeIn(In):
    """``requirement`` as YAML."""

    organisation: Line
    key: Name
    requirement: Requirement


class RequirementIn(In):
    requirement: Requirement


class DegreeVersionOut(Out):
    number: int
    requirement: str
    at: Moment

    @classmethod
    def of(cls, row: DegreeVersion) -> Self:
        return cls(number=row.number, requirement=row.source, at=row.at)


class DegreeSeatIn(In):
    email: Email
    duty: Literal["registrar", "committee"]


class CandidateIn(In):
    """``advisor``: an email."""

    email: Email
    track: Line = ""
    advisor: Email = ""


class GuidanceIn(In):
    """``version``: the number of the requirement that holds for them."""

    version: Annotated[int, Field(ge=1, le=100_000)]
    track: Line = ""
    advisor: Email = ""


class DegreeCandidateOut(Out):
    """``met`` and ``further`` (credits that are missing) as the last audit found; null where it is being made."""

    id: UUID
    degree: str
    person: PersonRef
    advisor: PersonRef | None
    track: str
    version: int
    state: str
    reason: str
    met: bool | None
    further: Decimal | None
    awarded_on: date | None

    @classmethod
    def of(cls, row: Candidacy) -> Self:
        row.refresh_from_db(fields=["state", "met", "further", "audited_on", "awarded_on", "reason"])
        return cls.many([row])[0]

    @classmethod
    def many(cls, rows: Sequence[Candidacy]) -> list[Self]:
        return [
            cls(
                id=row.pk, degree=row.degree.key, person=PersonRef.of(row.person), track=row.track, state=row.state,
                advisor=PersonRef.of(row.advisor) if row.advisor else None, version=row.version.number,
                reason=row.reason, met=row.met if row.audited_on else None, awarded_on=row.awarded_on,
                further=row.further if row.audited_on else None,
            )
            for row in rows
        ]  # fmt: skip


class AuditLineOut(Out):
    """One condition: what is asked, what there is, what is missing, and the same as a sentence."""

    sort: str
    title: Words
    met: bool
    asked: Decimal
    has: Decimal
    lacks: Decimal
    courses: list[str]
    text: Words

    @classmethod
    def of(cls, line: AuditLine) -> Self:
        return cls(
            sort=line.sort.value, title=Words.of(line.title), met=line.met, asked=line.asked, has=line.has,
            lacks=line.lacks, courses=list(line.courses), text=Words.of(said(line)),
        )  # fmt: skip


class CountedOut(Out):
    """A record that counts: in which ``area`` (null: only towards the whole), for which ``core`` list."""

    record: str
    issuer: str
    course: str
    credits: Decimal
    area: str | None
    core: Words | None
    transferred: bool

    @classmethod
    def of(cls, one: Placed) -> Self:
        return cls(
            record=one.record.key, issuer=one.record.issuer, course=one.record.course, credits=one.record.credits,
            area=one.area.key if one.area else None, core=Words.of(one.core.title) if one.core else None,
            transferred=one.transferred,
        )  # fmt: skip


class LeftOut(Out):
    """A record that does not count, and why."""

    record: str
    course: str
    why: str
    text: Words


class AuditOut(Out):
    """``name``: what would be awarded on that day, ``recognised`` by then or not. ``further``: credits missing."""

    on: date
    met: bool
    name: Words
    recognised: bool
    further: Decimal
    lines: list[AuditLineOut]
    counted: list[CountedOut]
    left: list[LeftOut]

    @classmethod
    def of(cls, audit: Audit) -> Self:
        return cls(
            on=audit.on, met=audit.met, name=Words.of(audit.name), further=audit.further,
            recognised=audit.requirement.is_recognised_on(audit.on),
            lines=[AuditLineOut.of(line) for line in audit.lines], counted=[CountedOut.of(one) for one in audit.placed],
            left=[
                LeftOut(record=one.record.key, course=one.record.course, why=one.why.value, text=Words.of(WHY[one.why]))
                for one in audit.left
            ],
        )  # fmt: skip


class PlannedIn(In):
    """A course as if it were passed. ``issuer`` left out: the institution itself."""

    course: Annotated[str, Field(min_length=1, max_length=60)]
    credits: Credits
    area: Line = ""
    issuer: Line = ""
    grade: Grade | None = None


class WhatIfIn(In):
    """Another day, another version, courses that are planned: nothing of it is kept."""

    on: date | None = None
    version: Annotated[int, Field(ge=1, le=100_000)] | None = None
    planned: Annotated[list[PlannedIn], Field(max_length=40)] = []


class CreditIn(In):
    """``issuer``: an organisation's short name. ``evidence``: the id of evidence of the candidate's that shows it."""

    issuer: Line
    course: Annotated[str, Field(min_length=1, max_length=60)]
    title: Words
    credits: Credits
    earned_on: date
    area: Annotated[str, Field(max_length=60)] = ""
    term: Annotated[str, Field(max_length=20)] = ""
    grade: Grade | None = None
    attendance: Share | None = None
    transfer: bool = False
    thesis: bool = False
    evidence: UUID | None = None


class CreditOut(Out):
    id: UUID
    issuer: str
    course: str
    title: Words
    credits: Decimal
    earned_on: date
    area: str
    term: str
    grade: Decimal | None
    attendance: Decimal | None
    transfer: bool
    thesis: bool
    evidence: UUID | None

    @classmethod
    def of(cls, row: CreditRecord) -> Self:
        plain = ("id", "course", "credits", "earned_on", "area", "term", "grade", "attendance", "transfer", "thesis")
        told = {name: getattr(row, name) for name in plain}
        return cls(**told, issuer=row.issuer.short, title=Words.of(row.title), evidence=row.evidence_id)


class CreditRosterOut(Out):
    """How many rows there were, and what they do."""

    rows: int
    new: int
    corrected: int
    same: int

    @classmethod
    def of(cls, roster: CreditRoster) -> Self:
        return cls(rows=roster.rows, new=len(roster.new), corrected=len(roster.corrected), same=roster.same)


class ChosenIn(In):
    """Ids of candidates."""

    candidates: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class ChosenCandidatesOut(Out):
    candidates: list[DegreeCandidateOut]

    @classmethod
    def of(cls, rows: Sequence[Candidacy]) -> Self:
        return cls(candidates=[DegreeCandidateOut.of(row) for row in rows])


class DeclinedIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class TranscriptOut(Out):
    """``content`` is what ``sha256`` is the hash of; ``token`` a compact JWS and ``document`` an Open Badges 3.0
    credential, both empty until a worker has signed them."""

    code: str
    address: str
    sha256: str
    content: str
    token: str
    document: str
    at: Moment

    @classmethod
    def of(cls, row: Transcript) -> Self:
        told = {name: getattr(row, name) for name in ("code", "sha256", "content", "token", "document", "at")}
        return cls(**told, address=f"/transcripts/{row.code}/")


class DegreeStandingOut(Out):
    """A degree that one is on the way to, as it stands today."""

    candidate: DegreeCandidateOut
    name: Words
    missing: list[Words]

    @classmethod
    def many(cls, rows: Sequence[Candidacy]) -> list[Self]:
        audits = audits_of(rows)
        return [
            cls(
                candidate=one, name=Words.of(requirement_for(row).name_on(row.awarded_on or today())),
                missing=[Words.of(said(line)) for line in audits[row.pk].missing],
            )
            for row, one in zip(rows, DegreeCandidateOut.many(rows), strict=True)
        ]  # fmt: skip
