"""Proposals, sign-off, and whether what was issued still holds, by those who run the issuer."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.credentials.found import CREDENTIAL, run_achievement, run_credential, run_issuer, seen_credential
from dure.api.find import one, persons_by
from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.credentials.models import Batch, Credential, CredentialState
from dure.credentials.operations import Deserved, approve, decline, propose, reinstate, renew, revoke, suspend
from dure.credentials.queries import WITH, progress_of, standing_of

router = Router(tags=["credentials"])
MOST = 1000
BATCH = Text(ko="서명 작업", en="batch")
Ground = Annotated[str, Field(min_length=1, max_length=100)]


class DeservedIn(In):
    """``until`` null: as the achievement says."""

    email: Email
    until: GivenMoment | None = None


class ProposeIn(In):
    """The same person is awarded it once for the same ``ground``."""

    ground: Ground
    to: Annotated[list[DeservedIn], Field(min_length=1, max_length=MOST)]


class ApproveIn(In):
    credentials: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class IssuedSearch(Paging):
    """Left out: all of them."""

    state: CredentialState | None = None
    achievement: Line = ""
    ends_before: GivenMoment | None = None


class CredentialReasonIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class CredentialOut(Out):
    """``state``: proposed, declined, approved (being signed), issued, expired, suspended, revoked or superseded."""

    id: UUID
    issuer: str
    achievement: str
    version: int
    name: Words
    holder: PersonRef
    ground: str
    state: str
    reason: str
    proposed_at: Moment
    issued_at: Moment | None
    valid_until: Moment | None
    renews: UUID | None

    @classmethod
    def of(cls, row: Credential) -> Self:
        return cls(**_told(row))


class ProposedOut(Out):
    """A credential for each who was named, new or not."""

    items: list[CredentialOut]

    @classmethod
    def of(cls, rows: Sequence[Credential]) -> Self:
        return cls(items=[CredentialOut.of(row) for row in rows])


class CredentialBatchOut(Out):
    """``signed`` of ``total`` are done."""

    id: UUID
    achievement: str
    signed: int
    total: int
    at: Moment

    @classmethod
    def of(cls, batch: Batch) -> Self:
        progress = progress_of(batch)
        code = batch.achievement.code
        return cls(id=batch.pk, achievement=code, signed=progress.done, total=progress.of, at=batch.at)


def _told(row: Credential) -> dict[str, Any]:
    return {
        "id": row.pk, "issuer": row.achievement.issuer.organisation.short, "achievement": row.achievement.code,
        "version": row.version.number, "name": Words.of(row.name), "holder": PersonRef.of(row.person),
        "ground": row.ground, "state": standing_of(row), "reason": row.reason, "proposed_at": row.proposed_at,
        "issued_at": row.issued_at, "valid_until": row.valid_until, "renews": row.renews_id,
    }  # fmt: skip


@writes(router.post, "/issuers/{short}/achievements/{code}/proposals", ProposedOut, status=201)
def propose_to(request: Asked, short: Line, code: Line, body: ProposeIn) -> list[Credential]:
    """Propose people for it, by their addresses; where nobody has to sign it off, it is issued at once."""
    achievement = run_achievement(request.auth, short, code)
    people = persons_by(one.email for one in body.to)
    to = [Deserved(person, body.ground, until=one.until) for person, one in zip(people, body.to, strict=True)]
    made = propose(achievement, to, by=request.auth)
    return list(Credential.objects.select_related(*WITH).filter(pk__in=[row.pk for row in made]).order_by("pk"))


@writes(router.post, "/issuers/{short}/achievements/{code}/approvals", CredentialBatchOut, status=201)
def sign_off(request: Asked, short: Line, code: Line, body: ApproveIn) -> Batch:
    """Say yes to proposals and have them signed: all of them, or none."""
    return approve(set(body.credentials), achievement=run_achievement(request.auth, short, code), by=request.auth)


@router.get("/credential-batches/{uuid:batch_id}", response=CredentialBatchOut)
def batch(request: Asked, batch_id: UUID) -> CredentialBatchOut:
    """How far the workers are with what was approved together."""
    rows = Batch.objects.select_related("achievement__issuer__organisation")
    found = one(rows, "credentials.batch-missing", BATCH, pk=batch_id)
    run_issuer(request.auth, found.achievement.issuer.organisation.short)
    return CredentialBatchOut.of(found)


@router.get("/issuers/{short}/credentials", response=Page[CredentialOut])
def listed(request: Asked, short: Line, asked: Query[IssuedSearch]) -> Page[CredentialOut]:
    """Everything proposed and issued, for those who run the issuer."""
    rows = Credential.objects.filter(achievement__issuer=run_issuer(request.auth, short)).select_related(*WITH)
    rows = rows.filter(state=asked.state) if asked.state else rows
    rows = rows.filter(achievement__code=asked.achievement) if asked.achievement else rows
    rows = rows.filter(valid_until__lt=asked.ends_before) if asked.ends_before else rows
    return paged(rows.defer("document", "token"), asked, lambda page: [CredentialOut.of(row) for row in page])


@router.get("/credentials/{uuid:credential_id}", response=CredentialOut)
def shown(request: Asked, credential_id: UUID) -> CredentialOut:
    """One credential, for its holder and for those who run its issuer."""
    return CredentialOut.of(seen_credential(request.auth, credential_id))


@writes(router.post, "/credentials/{uuid:credential_id}/decline", CredentialOut)
def say_no(request: Asked, credential_id: UUID, body: CredentialReasonIn) -> Credential:
    """Decline a proposal."""
    return decline(run_credential(request.auth, credential_id), reason=body.reason, by=request.auth)


@writes(router.post, "/credentials/{uuid:credential_id}/suspend", CredentialOut)
def hold(request: Asked, credential_id: UUID, body: CredentialReasonIn) -> Credential:
    """It does not hold for the time being."""
    return suspend(run_credential(request.auth, credential_id), reason=body.reason, by=request.auth)


@writes(router.post, "/credentials/{uuid:credential_id}/reinstate", CredentialOut)
def release(request: Asked, credential_id: UUID, body: CredentialReasonIn) -> Credential:
    """A suspended one holds again."""
    return reinstate(run_credential(request.auth, credential_id), reason=body.reason, by=request.auth)


@writes(router.post, "/credentials/{uuid:credential_id}/revoke", CredentialOut)
def take_back(request: Asked, credential_id: UUID, body: CredentialReasonIn) -> Credential:
    """It holds no longer, for good."""
    return revoke(run_credential(request.auth, credential_id), reason=body.reason, by=request.auth)


@writes(router.post, "/credentials/{uuid:credential_id}/renew", CredentialOut, status=201)
def issue_anew(request: Asked, credential_id: UUID) -> Credential:
    """Issue a new one in its place, by today's version; asked for twice, it is renewed once."""
    fresh = renew(run_credential(request.auth, credential_id), by=request.auth)
    return one(Credential.objects.select_related(*WITH), "credentials.missing", CREDENTIAL, pk=fresh.pk)
