"""Degrees: what they ask for, who is on the way, audits, credit records, awards, transcripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile

from dure.api.base import ANYBODY, Asked, AskedByAnybody
from dure.api.find import allow, one, organisation_by, person_by
from dure.api.learning.degree_shapes import (
    AuditOut,
    CandidateIn,
    ChosenCandidatesOut,
    ChosenIn,
    CreditIn,
    CreditOut,
    CreditRosterOut,
    DeclinedIn,
    DegreeCandidateOut,
    DegreeIn,
    DegreeOut,
    DegreeSeatIn,
    DegreeStandingOut,
    DegreeVersionOut,
    GuidanceIn,
    PlannedIn,
    RequirementIn,
    TranscriptOut,
    WhatIfIn,
    WholeDegreeOut,
)
from dure.api.shapes import Line, Page, Paging, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.sheets import Table, read_sent
from dure.learning import rules
from dure.learning.models import Candidacy, CreditRecord, Degree, DegreeDuty, DegreeVersion, Transcript
from dure.learning.operations import degrees
from dure.learning.queries.degrees import WITH, audit_of, candidates_of, own_candidacies, standing_records, worked_for
from dure.match.audits import Audit, Record
from dure.people.days import today
from dure.people.models import Person
from dure.skills.models import Evidence

router = Router(tags=["degrees"])
DEGREE = Text(ko="학위 과정", en="degree")
CANDIDATE = Text(ko="학위 과정생", en="candidate")
RECORD = Text(ko="학점 기록", en="credit record")
VERSION = Text(ko="요건 버전", en="version of the requirement")
TRANSCRIPT = Text(ko="성적 증명", en="transcript")
EVIDENCE = Text(ko="증거", en="evidence")
NOT_YOURS = "degree.not-yours"


class Candidates(Paging):
    q: Line = ""
    group: Literal["", "ready", "studying", "proposed", "awarded", "revoked", "left"] = ""


# --- one's own


@router.get("/me/degrees", response=list[DegreeStandingOut])
def mine(request: Asked) -> list[DegreeStandingOut]:
    """Degrees that one is on the way to: what is awarded today, and what is missing."""
    return DegreeStandingOut.many(list(own_candidacies(request.auth)))


@router.get("/degrees/candidates/{uuid:candidate_id}", response=DegreeCandidateOut)
def candidate(request: Asked, candidate_id: UUID) -> DegreeCandidateOut:
    """Somebody on the way: for themselves, their advisor, and those who work for the degree."""
    return DegreeCandidateOut.of(_seen(request.auth, candidate_id))


@router.get("/degrees/candidates/{uuid:candidate_id}/audit", response=AuditOut)
def audited(request: Asked, candidate_id: UUID, on: date | None = None) -> AuditOut:
    """What they have, what is missing and what would complete it, on a day (left out: today)."""
    return AuditOut.of(audit_of(_seen(request.auth, candidate_id), on=on))


@router.post("/degrees/candidates/{uuid:candidate_id}/what-if", response=AuditOut)
def what_if(request: Asked, candidate_id: UUID, body: WhatIfIn) -> AuditOut:
    """The audit as it would be with planned courses, by another version, on another day. Nothing is kept."""
    return AuditOut.of(_supposed(_seen(request.auth, candidate_id), body))


def _supposed(found: Candidacy, body: WhatIfIn) -> Audit:
    day = body.on or today()
    planned = [_planned(found.degree, day, at, told) for at, told in enumerate(body.planned)]
    version = _version(found.degree, body.version) if body.version else None
    return audit_of(found, on=day, version=version, planned=planned)


def _planned(degree: Degree, day: date, at: int, told: PlannedIn) -> Record:
    issuer = told.issuer or degree.organisation.short
    return Record(
        f"planned-{at}", issuer, told.course, told.credits, day, area=told.area, grade=told.grade, planned=True
    )


@router.get("/degrees/candidates/{uuid:candidate_id}/credits", response=list[CreditOut])
def records(request: Asked, candidate_id: UUID) -> list[CreditOut]:
    """Their records as they stand, the oldest first."""
    return [CreditOut.of(row) for row in standing_records([_seen(request.auth, candidate_id).pk])]


@writes(router.post, "/degrees/candidates/{uuid:candidate_id}/transcripts", TranscriptOut, status=201)
def transcript(request: Asked, candidate_id: UUID) -> Transcript:
    """Today's transcript; asked for again with nothing new in it, the same one."""
    return degrees.write_transcript(_seen(request.auth, candidate_id), by=request.auth)


@router.get("/transcripts/{code}", response=TranscriptOut, auth=ANYBODY)
def shown(request: AskedByAnybody, code: Line) -> TranscriptOut:
    """A transcript, for whoever has its code."""
    return TranscriptOut.of(one(Transcript.objects.filter(code=code), "transcript.missing", TRANSCRIPT))


# --- a degree and who looks after it


@router.get("/degrees", response=Page[DegreeOut])
def listed(request: Asked, asked: Query[Paging]) -> Page[DegreeOut]:
    """Degrees that one works for."""
    return paged(worked_for(request.auth), asked, lambda rows: [DegreeOut.of(row) for row in rows])


@writes(router.post, "/degrees", WholeDegreeOut, status=201)
def found(request: Asked, body: DegreeIn) -> Degree:
    """Found a degree that an organisation awards; 422 names the line of what is wrong in its requirement."""
    organisation = organisation_by(body.organisation)
    allow(rules.may_found_degree(request.auth, organisation), "organisation.not-yours")
    return degrees.found_degree(organisation, key=body.key, source=body.requirement, by=request.auth)


@router.get("/degrees/{slug:key}", response=WholeDegreeOut)
def shown_degree(request: Asked, key: str) -> WholeDegreeOut:
    """A degree with what it asks for now, for those who work for it."""
    return WholeDegreeOut.of(_worked(request.auth, key))


@writes(router.post, "/degrees/{slug:key}/versions", DegreeVersionOut, status=201)
def require(request: Asked, key: str, body: RequirementIn) -> DegreeVersion:
    """Its next requirement, for who begins from now on; the same text again is none."""
    return degrees.write_requirement(_kept(request.auth, key), source=body.requirement, by=request.auth)


@router.get("/degrees/{slug:key}/versions", response=list[DegreeVersionOut])
def versions(request: Asked, key: str) -> list[DegreeVersionOut]:
    """Every requirement there was, the newest first."""
    rows = _worked(request.auth, key).versions.order_by("-number")
    return [DegreeVersionOut.of(row) for row in rows]


@writes(router.post, "/degrees/{slug:key}/seats", DegreeOut, status=201)
def seat(request: Asked, key: str, body: DegreeSeatIn) -> Degree:
    """Let somebody be a registrar or sit in the committee."""
    degree = _degree(key)
    allow(rules.may_seat(request.auth, degree), NOT_YOURS)
    degrees.seat_for_degree(degree, person=person_by(body.email), duty=DegreeDuty(body.duty), by=request.auth)
    return degree


# --- candidates and their records


@router.get("/degrees/{slug:key}/candidates", response=Page[DegreeCandidateOut])
def candidates(request: Asked, key: str, asked: Query[Candidates]) -> Page[DegreeCandidateOut]:
    """Who is on the way; ``group=ready``: those whom the last audit lacks nothing of."""
    rows = candidates_of(_worked(request.auth, key), typed=asked.q, group=asked.group)
    return paged(rows, asked, DegreeCandidateOut.many)


@writes(router.post, "/degrees/{slug:key}/candidates", DegreeCandidateOut, status=201)
def admit(request: Asked, key: str, body: CandidateIn) -> Candidacy:
    """Somebody begins, under the requirement that holds now."""
    degree, advisor = _kept(request.auth, key), person_by(body.advisor) if body.advisor else None
    return degrees.admit(degree, person=person_by(body.email), track=body.track, advisor=advisor, by=request.auth)


@writes(router.put, "/degrees/candidates/{uuid:candidate_id}", DegreeCandidateOut)
def guide(request: Asked, candidate_id: UUID, body: GuidanceIn) -> Candidacy:
    """Move somebody to another version or track, or give them another advisor."""
    row = _run(request.auth, candidate_id)
    advisor = person_by(body.advisor) if body.advisor else None
    version = _version(row.degree, body.version)
    return degrees.guide(row, version=version, track=body.track, advisor=advisor, by=request.auth)


@writes(router.post, "/degrees/candidates/{uuid:candidate_id}/credits", CreditOut, status=201)
def enter(request: Asked, candidate_id: UUID, body: CreditIn) -> CreditRecord:
    """Enter a record."""
    row = _run(request.auth, candidate_id)
    return degrees.enter_credit(row, _credit(row, body), by=request.auth)


@writes(router.post, "/degrees/credits/{uuid:credit_id}/correction", CreditOut, status=201)
def correct(request: Asked, credit_id: UUID, body: CreditIn) -> CreditRecord:
    """Put a newer record in its place; the former stays in the history."""
    former = _record(request.auth, credit_id)
    return degrees.correct_credit(former, _credit(former.candidacy, body), by=request.auth)


@writes(router.post, "/degrees/credits/{uuid:credit_id}/strike", CreditOut)
def strike(request: Asked, credit_id: UUID) -> CreditRecord:
    """Say that there was nothing: it counts no more."""
    return degrees.strike_credit(_record(request.auth, credit_id), by=request.auth)


@dataclass(frozen=True)
class SentCredits:
    degree: Degree
    table: Table
    check_only: bool


@contextmanager
def _sent(request: Asked, key: str, file: File[UploadedFile], *, check_only: bool = False) -> Iterator[SentCredits]:
    yield SentCredits(_kept(request.auth, key), read_sent(file), check_only)


@writes(router.post, "/degrees/{slug:key}/credits", CreditRosterOut, before=_sent)
def take(request: Asked, sent: SentCredits) -> degrees.CreditRoster:
    """Enter and correct the records of a CSV or XLSX: all rows or none; 422 names the row of what is wrong."""
    header, rows = sent.table.header, sent.table.rows
    return degrees.take_credits(sent.degree, header=header, rows=rows, by=request.auth, check_only=sent.check_only)


# --- awards


@writes(router.post, "/degrees/{slug:key}/proposals", ChosenCandidatesOut)
def propose(request: Asked, key: str, body: ChosenIn) -> list[Candidacy]:
    """Propose all of them to the committee, or none: 409 says what each lacks."""
    return degrees.propose_awards(_kept(request.auth, key), candidacies=body.candidates, by=request.auth)


@writes(router.post, "/degrees/{slug:key}/awards", ChosenCandidatesOut)
def award(request: Asked, key: str, body: ChosenIn) -> list[Candidacy]:
    """Award all of them, or none, as the committee; whoever proposed them may not."""
    return degrees.award(_decided(request.auth, _degree(key)), candidacies=body.candidates, by=request.auth)


@writes(router.post, "/degrees/candidates/{uuid:candidate_id}/decline", DegreeCandidateOut)
def decline(request: Asked, candidate_id: UUID, body: DeclinedIn) -> Candidacy:
    """Say no to a proposal, and why."""
    row = _seen(request.auth, candidate_id)
    _decided(request.auth, row.degree)
    return degrees.decline_award(row, reason=body.reason, by=request.auth)


# --- what an address names


def _degree(key: str) -> Degree:
    return one(Degree.objects.select_related("organisation", "current"), "degree.missing", DEGREE, key=key)


def _worked(person: Person, key: str) -> Degree:
    degree = _degree(key)
    allow(rules.works_for(person, degree), NOT_YOURS)
    return degree


def _kept(person: Person, key: str) -> Degree:
    degree = _degree(key)
    allow(rules.may_keep(person, degree), NOT_YOURS)
    return degree


def _decided(person: Person, degree: Degree) -> Degree:
    allow(rules.may_award(person, degree), NOT_YOURS)
    return degree


def _seen(person: Person, candidate_id: UUID) -> Candidacy:
    """Missing for everybody whom it does not concern."""
    rows = Candidacy.objects.select_related(*WITH)
    found = one(rows, "candidate.missing", CANDIDATE, pk=candidate_id)
    return found if rules.may_see_candidacy(person, found) else one(rows.none(), "candidate.missing", CANDIDATE)


def _run(person: Person, candidate_id: UUID) -> Candidacy:
    row = _seen(person, candidate_id)
    allow(rules.may_keep(person, row.degree), NOT_YOURS)
    return row


def _record(person: Person, credit_id: UUID) -> CreditRecord:
    rows = CreditRecord.objects.select_related("issuer", "source", "evidence")
    row = one(rows, "credit.missing", RECORD, pk=credit_id)
    row.candidacy = _run(person, row.candidacy_id)
    return row


def _version(degree: Degree, number: int) -> DegreeVersion:
    return one(degree.versions.all(), "degree.version-missing", VERSION, number=number)


def _credit(row: Candidacy, body: CreditIn) -> degrees.Credit:
    own = Evidence.objects.filter(showings__person=row.person)
    shown = one(own, "evidence.missing", EVIDENCE, pk=body.evidence) if body.evidence else None
    told = body.model_dump(exclude={"issuer", "title", "evidence"})
    title = Text(ko=body.title.ko, en=body.title.en)
    return degrees.Credit(issuer=organisation_by(body.issuer), title=title, evidence=shown, **told)
