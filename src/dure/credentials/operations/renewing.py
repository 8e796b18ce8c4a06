"""Renewal: a new credential, by today's version, in the place of one that ends; and asking for it in time."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.credentials.events import CredentialEnds
from dure.credentials.models import Credential, CredentialState
from dure.credentials.operations.proposing import Deserved, SignOff, approve, propose
from dure.credentials.queries import NEAR, is_near_end
from dure.people.models import Person

WARNED = (14, NEAR.days)  # days before its end at which its holder is told, the nearest first
AT_ONCE = 500
NOT_NOW = Text(
    ko="유효하거나 만료된 자격만 갱신할 수 있습니다. 이 자격의 상태를 확인하세요.",
    en="Only a credential that holds, or that expired, can be renewed. Look at how this one stands.",
)
TOO_EARLY = Text(
    ko="유효 기간이 끝나기 {days}일 전부터 갱신을 신청할 수 있습니다.",
    en="Renewal can be asked for from {days} days before its end on.",
)


@transaction.atomic
def renew(credential: Credential, *, by: Person) -> Credential:
    """Issue it anew, for as long as the achievement's version of today says; the former stays as history.

    The same evidence stands behind both. Asked for twice, it is renewed once. Raises Refused("credentials.renewal",
    "credentials.retired", "credentials.no-key"), Forbidden("credentials.own").
    """
    fresh = _anew(credential, proposed_by=by)
    if _follows(fresh, credential):
        record("credential.renewed", credential, after={"by": str(fresh.pk)}, actor=by)
    if fresh.state == CredentialState.PROPOSED:
        approve([fresh.pk], achievement=credential.achievement, by=by)
        fresh.refresh_from_db(fields=["state"])
    return fresh


@transaction.atomic
def ask_renewal(credential: Credential, *, by: Person) -> Credential:
    """Its holder asks for a new one: a proposal that somebody of the issuer signs off or declines, whatever the
    achievement. Asked for twice, it waits once; declined, it may be asked for again.

    Raises Refused("credentials.renewal", "credentials.early", "credentials.retired").
    """
    if credential.state == CredentialState.ISSUED and not is_near_end(credential):
        raise Refused("credentials.early", TOO_EARLY.format(days=NEAR.days), days=NEAR.days)
    fresh = _anew(credential, proposed_by=None)
    if _follows(fresh, credential):
        record("credential.renewal-asked", credential, after={"by": str(fresh.pk)}, actor=by)
    return fresh


def _anew(credential: Credential, *, proposed_by: Person | None) -> Credential:
    """The proposal in its place, or what came of it. One that was declined is history, and another ground.

    Raises Refused("credentials.renewal", "credentials.retired").
    """
    if credential.state not in {CredentialState.ISSUED, CredentialState.SUPERSEDED}:
        raise Refused("credentials.renewal", NOT_NOW)
    ground = f"renewal:{credential.pk}"
    before = Credential.objects.filter(person=credential.person_id, ground__startswith=ground)
    if declined := before.filter(state=CredentialState.DECLINED).count():
        ground = f"{ground}:{declined}"
    deserved = Deserved(credential.person, ground, list(credential.evidence.all()))
    [fresh] = propose(credential.achievement, [deserved], by=proposed_by, sign_off=SignOff.ASKED)
    return fresh


def _follows(fresh: Credential, credential: Credential) -> bool:
    """Put it in the other's place, unless it is there."""
    if fresh.renews_id is not None:
        return False
    Credential.objects.filter(pk=fresh.pk).update(renews=credential)
    fresh.renews = credential
    return True


def warn_of_ends() -> None:
    """Tell of ends that are near, some at a time: once for each of ``WARNED`` that lies after the day of issue."""
    now = clock.now()
    for days in WARNED:
        before = timedelta(days=days)
        near = Credential.objects.filter(
            _untold(days), state=CredentialState.ISSUED, valid_until__gt=now, valid_until__lte=now + before,
            issued_at__lt=F("valid_until") - before,
        )  # fmt: skip
        for pk in list(near.order_by("valid_until").values_list("pk", flat=True)[:AT_ONCE]):
            _warn(pk, days)


def _untold(days: int) -> Q:
    return Q(warned=None) | Q(warned__gt=days)


@transaction.atomic
def _warn(pk: UUID, days: int) -> None:
    """Whoever comes second does nothing."""
    if Credential.objects.filter(_untold(days), pk=pk, state=CredentialState.ISSUED).update(warned=days):
        record("credential.end-told", ("credentials.credential", pk), after={"days": days})
        publish(CredentialEnds(pk, days))
