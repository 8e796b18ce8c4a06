"""What one holds, who else sees it, and whether a credential is genuine."""

import json
from typing import Annotated, Any, Self
from uuid import UUID

from django.conf import settings
from ninja import Query, Router
from pydantic import Field, model_validator

from dure.api.base import ANYBODY, Asked, AskedByAnybody
from dure.api.credentials.found import held_credential
from dure.api.shapes import In, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.core.findings import Finding
from dure.credentials import addresses
from dure.credentials.models import Credential
from dure.credentials.operations import ask_renewal, new_link
from dure.credentials.operations import show as show_to
from dure.credentials.queries import held_by, standing_of
from dure.credentials.reading import MOST_DOCUMENT
from dure.credentials.verifying import verified
from dure.store.limits import limit_rate

router = Router(tags=["credentials"])


class PublicIn(In):
    public: bool


class PresentedIn(In):
    """Either of the two."""

    document: dict[str, Any] | None = None
    token: Annotated[str, Field(max_length=MOST_DOCUMENT)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.document is None) == (self.token is None):
            raise ValueError("give a document or a token")
        return self

    def data(self) -> bytes:
        return self.token.encode() if self.token else json.dumps(self.document).encode()


class FindingOut(Out):
    """``state``: ok, warn or fail."""

    state: str
    text: Words

    @classmethod
    def of(cls, finding: Finding) -> Self:
        return cls(state=finding.state, text=Words.of(finding.text))


class ReportOut(Out):
    """Each question answered apart; ``state`` all in all."""

    state: str
    proof: FindingOut
    issuer: FindingOut
    form: FindingOut
    dates: FindingOut
    status: FindingOut


class HeldOut(Out):
    """``link`` opens its page to whoever has it. ``document`` and ``token`` are what was signed, to the byte."""

    id: UUID
    name: Words
    issuer: Words
    state: str
    reason: str
    issued_at: Moment | None
    valid_until: Moment | None
    public: bool
    link: str

    @classmethod
    def of(cls, row: Credential) -> Self:
        return cls(
            id=row.pk, name=Words.of(row.name), issuer=Words.of(row.achievement.issuer.organisation.title),
            state=standing_of(row), reason=row.reason, issued_at=row.issued_at, valid_until=row.valid_until,
            public=row.public, link=addresses.verification(row.share),
        )  # fmt: skip


class FilesOut(Out):
    document: dict[str, Any]
    token: str


@router.get("/me/credentials", response=Page[HeldOut])
def mine(request: Asked, paging: Query[Paging]) -> Page[HeldOut]:
    """What one holds or held."""
    return paged(held_by(request.auth), paging, lambda page: [HeldOut.of(row) for row in page])


@router.get("/me/credentials/{uuid:credential_id}/files", response=FilesOut)
def files(request: Asked, credential_id: UUID) -> FilesOut:
    """One's own as JSON-LD with its proof and as VC-JWT."""
    found = held_credential(request.auth, credential_id)
    return FilesOut(document=json.loads(found.document), token=found.token)


@writes(router.post, "/me/credentials/{uuid:credential_id}/public", HeldOut)
def choose_public(request: Asked, credential_id: UUID, body: PublicIn) -> Credential:
    """Open its page to everybody, or to those alone who have its link."""
    return show_to(held_credential(request.auth, credential_id), public=body.public)


@writes(router.post, "/me/credentials/{uuid:credential_id}/link", HeldOut)
def change_link(request: Asked, credential_id: UUID) -> Credential:
    """Give it another link; those given away open nothing from now on."""
    return new_link(held_credential(request.auth, credential_id))


@writes(router.post, "/me/credentials/{uuid:credential_id}/renewal", HeldOut, status=201)
def ask_anew(request: Asked, credential_id: UUID) -> Credential:
    """Ask the issuer for another in its place, from 60 days before its end on; somebody there decides."""
    found = held_credential(request.auth, credential_id)
    ask_renewal(found, by=request.auth)
    return found


@router.post("/verifications", response=ReportOut, auth=ANYBODY)
def verify(request: AskedByAnybody, body: PresentedIn) -> ReportOut:
    """Whether a credential of any issuer is genuine; nothing is kept. Needs no account."""
    limit_rate("verify", request, most=settings.VERIFICATIONS_A_MINUTE)
    report = verified(body.data())
    answers = {name: FindingOut.of(getattr(report, name)) for name in ("proof", "issuer", "dates", "status")}
    return ReportOut(state=report.state, form=FindingOut.of(report.schema), **answers)
