"""Whose signature alone proves something at a stage: said by those who operate the programme."""

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record
from dure.blueprint.model import ExternalStep
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.credentials.models import Issuer
from dure.joints.models import TrustedIssuer
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme

NOT_YOURS = Text(
    ko="운영자만 신뢰하는 발급 기관을 정할 수 있습니다.", en="Only an operator says which issuers are trusted."
)
NO_PROOF = Text(ko="이 단계는 외부 증빙을 받지 않습니다.", en="This stage waits for no proof from outside.")
NO_DID = Text(
    ko="발급 기관의 식별자를 did:web:… 또는 did:key:… 형식으로 적으세요.",
    en="Give the issuer's identifier, as did:web:… or did:key:….",
)


@transaction.atomic
def trust(programme: Programme, stage_id: str, *, did: str, by: Person, achievement: str = "") -> TrustedIssuer:
    """Let credentials signed by ``did`` prove something here: for one achievement (its id, or name), else for any.

    The same twice is once. Raises Forbidden, Refused("trust.stage"), Flawed("trust.did").
    """
    _check_operates(programme, by)
    if not any(isinstance(step, ExternalStep) for step in blueprint_of(programme).stage(stage_id).gate):
        raise Refused("trust.stage", NO_PROOF)
    if not did.strip().startswith(("did:web:", "did:key:")):
        raise Flawed("trust.did", NO_DID, errors=[{"field": "did", **NO_DID.as_dict()}])
    row, fresh = TrustedIssuer.objects.get_or_create(
        programme=programme, stage=stage_id, did=did.strip(), achievement=achievement.strip(),
        defaults={"added_by": by},
    )  # fmt: skip
    if fresh:
        record("issuer.trusted", programme, after=_told(row), actor=by)
    return row


@transaction.atomic
def distrust(row: TrustedIssuer, *, by: Person) -> None:
    """Have an operator look at its credentials from now on; what was verified stays so."""
    _check_operates(row.programme, by)
    record("issuer.distrusted", row.programme, before=_told(row), actor=by)
    row.delete()


def issuers_here() -> "QuerySet[Issuer]":
    """The issuers of this installation that are called by one name."""
    return Issuer.objects.exclude(did="").select_related("organisation").order_by("organisation__name_ko")


def trusted_at(programme: Programme, stage_id: str) -> "QuerySet[TrustedIssuer]":
    rows = TrustedIssuer.objects.filter(programme=programme, stage=stage_id)
    return rows.select_related("added_by").order_by("did", "achievement")


def _check_operates(programme: Programme, by: Person) -> None:
    if not rules.operates(by, programme):
        raise Forbidden("trust.not-operator", NOT_YOURS)


def _told(row: TrustedIssuer) -> dict[str, object]:
    return {"stage": row.stage, "did": row.did, "achievement": row.achievement}
