"""Proofs from outside: numbers, files and signed credentials, who verifies them, and whom a stage trusts to sign."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from django.http import FileResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from dure.api.applications import BYTES
from dure.api.base import Asked
from dure.api.find import one, operated_programme, operated_turn, seen_turn, stage_of
from dure.api.shapes import GivenMoment, In, Moment, Out, Page, Paging, PersonRef, Prose, Step, Words, paged
from dure.api.writing import writes
from dure.core.findings import Finding
from dure.core.text import Text
from dure.joints.gates import external, signed, trusting
from dure.joints.models import Proof, ProofState, TrustedIssuer
from dure.programmes.models import Programme, Turn

router = Router(tags=["judging"])
PROOF = Text(ko="증빙", en="proof")
FILE = Text(ko="파일", en="file")
ISSUER = Text(ko="신뢰하는 발급 기관", en="trusted issuer")
Reference = Annotated[str, Field(max_length=400)]


class ProofIn(In):
    """``valid_until``: the end that the proof names, if it has one."""

    step: Step
    reference: Reference
    valid_until: GivenMoment | None = None


class ProofFileIn(In):
    """The same with a file: then it need not have a number."""

    step: Step
    reference: Reference = ""
    valid_until: GivenMoment | None = None


class VerifyIn(In):
    """A no has its reason in ``note``, which the holder reads."""

    holds: bool
    note: Prose = ""
    valid_until: GivenMoment | None = None


class NoProofIn(In):
    step: Step
    note: Prose = ""


class TrustIn(In):
    """``achievement``: only for this one, by its id or name; empty: whatever the issuer signs."""

    did: Annotated[str, Field(max_length=240)]
    achievement: Reference = ""


class ProofFindingOut(Out):
    """One thing that a signed credential says of itself, and whether it is well."""

    name: str
    state: str
    text: Words

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(name=finding.name, state=finding.state.value, text=Words.of(finding.text))


class ProofOut(Out):
    """``sort``: number, file or signed. ``file_name``: of the bytes at ``/proofs/{id}/file``; empty: there are none.
    ``verified_by`` is null of one that its signature verified."""

    id: UUID
    turn: UUID
    stage: str
    step: int
    reference: str
    sort: str
    file_name: str
    findings: list[ProofFindingOut]
    valid_until: Moment | None
    expired: bool
    entered_by: PersonRef
    state: str
    note: str
    at: Moment
    verified_by: PersonRef | None
    verified_at: Moment | None

    @classmethod
    def of(cls, proof: Proof) -> Self:
        known = ("step", "reference", "sort", "file_name", "valid_until", "state", "note", "at", "verified_at")
        return cls(
            **{name: getattr(proof, name) for name in known},
            id=proof.pk,
            turn=proof.turn_id,
            stage=proof.turn.stage,
            findings=[ProofFindingOut.of(finding) for finding in proof.found],
            expired=proof.is_expired,
            entered_by=PersonRef.of(proof.entered_by),
            verified_by=PersonRef.of(proof.verified_by) if proof.verified_by else None,
        )


class TrustedOut(Out):
    id: UUID
    did: str
    achievement: str
    added_by: PersonRef

    @classmethod
    def of(cls, row: TrustedIssuer) -> Self:
        return cls(id=row.pk, did=row.did, achievement=row.achievement, added_by=PersonRef.of(row.added_by))


class AllTrustedOut(Out):
    items: list[TrustedOut]

    @classmethod
    def of(cls, at: tuple[Programme, str]) -> Self:
        return cls(items=[TrustedOut.of(row) for row in trusting.trusted_at(*at)])


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/proofs", response=Page[ProofOut])
def proofs(
    request: Asked, slug: str, stage: str, paging: Query[Paging], state: ProofState | None = None
) -> Page[ProofOut]:
    """Proofs that were entered at a stage, for those who verify them."""
    programme = operated_programme(request.auth, slug)
    rows = Proof.objects.filter(turn__programme=programme, turn__stage=stage_of(programme, stage).id)
    rows = rows.select_related("turn", "entered_by", "verified_by")
    return paged(rows.filter(state=state) if state else rows, paging, lambda found: list(map(ProofOut.of, found)))


@writes(router.post, "/turns/{uuid:turn_id}/proofs", ProofOut, status=201)
def prove(request: Asked, turn_id: UUID, body: ProofIn) -> Proof:
    """Enter what an outside body gave; at a test elsewhere that is the hand-in."""
    turn = seen_turn(request.auth, turn_id)
    known = body.model_dump(exclude={"step"})
    return external.enter_proof(turn, body.step, by=request.auth, **known)


@dataclass(frozen=True)
class ProofSent:
    """A file that was received for a turn's proof."""

    turn: Turn
    body: ProofFileIn
    file: signed.Sent


@contextmanager
def _received(request: Asked, turn_id: UUID, body: Form[ProofFileIn], file: File[UploadedFile]) -> Iterator[ProofSent]:
    turn = seen_turn(request.auth, turn_id)
    with signed.received(file.chunks(), name=file.name or "") as received:
        yield ProofSent(turn, body, received)


@writes(router.post, "/turns/{uuid:turn_id}/proofs/file", ProofOut, status=201, before=_received)
def prove_by_file(request: Asked, sent: ProofSent) -> Proof:
    """Enter a proof with its file; a signed credential that holds is verified at once."""
    known = sent.body.model_dump(exclude={"step"})
    return external.enter_proof(sent.turn, sent.body.step, by=request.auth, sent=sent.file, **known)


@router.get("/proofs/{uuid:proof_id}/file", openapi_extra=BYTES)
def file(request: Asked, proof_id: UUID) -> FileResponse:
    """A proof's file, for whoever may see its turn."""
    proof = one(Proof.objects.exclude(sha256=""), "proof.no-file", FILE, pk=proof_id)
    seen_turn(request.auth, proof.turn_id)
    return FileResponse(signed.SHELF.path_of(proof.sha256).open("rb"), as_attachment=True, filename=proof.file_name)


@writes(router.post, "/proofs/{uuid:proof_id}/verify", ProofOut)
def verify(request: Asked, proof_id: UUID, body: VerifyIn) -> Proof:
    """The proof was checked against its body: it holds, or it does not, and why."""
    rows = Proof.objects.select_related("turn__programme", "entered_by")
    proof = one(rows, "proof.missing", PROOF, pk=proof_id)
    operated_turn(request.auth, proof.turn_id)
    return external.verify_proof(proof, by=request.auth, **body.model_dump())


@writes(router.post, "/turns/{uuid:turn_id}/no-proof", ProofOut, status=201)
def end_wait(request: Asked, turn_id: UUID, body: NoProofIn) -> Proof:
    """No proof came: the wait ends with a no."""
    turn = operated_turn(request.auth, turn_id)
    return external.refuse_without_proof(turn, body.step, by=request.auth, note=body.note)


# --- whose signature is trusted


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/issuers", response=AllTrustedOut)
def trusted(request: Asked, slug: str, stage: str) -> AllTrustedOut:
    """Whose signature alone proves something at a stage."""
    programme = operated_programme(request.auth, slug)
    return AllTrustedOut.of((programme, stage_of(programme, stage).id))


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/issuers", TrustedOut, status=201)
def trust(request: Asked, slug: str, stage: str, body: TrustIn) -> TrustedIssuer:
    """Trust an issuer at a stage, by its `did`; for one achievement, or for whatever it signs."""
    programme = operated_programme(request.auth, slug)
    return trusting.trust(programme, stage_of(programme, stage).id, by=request.auth, **body.model_dump())


@writes(router.delete, "/programmes/{slug:slug}/stages/{slug:stage}/issuers/{uuid:trusted_id}", AllTrustedOut)
def distrust(request: Asked, slug: str, stage: str, trusted_id: UUID) -> tuple[Programme, str]:
    """Trust it no more; what was verified stays so."""
    programme = operated_programme(request.auth, slug)
    rows = trusting.trusted_at(programme, stage_of(programme, stage).id)
    trusting.distrust(one(rows, "trust.missing", ISSUER, pk=trusted_id), by=request.auth)
    return programme, stage
