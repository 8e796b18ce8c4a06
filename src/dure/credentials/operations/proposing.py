"""Who deserves a credential is proposed, once for each ground, and approved; signing is a worker's."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db import transaction

from dure.audit.operations import Part, record, record_many
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.credentials.events import CredentialDeclined, CredentialProposed
from dure.credentials.models import (
    CREDENTIAL_MOVES,
    Achievement,
    Basis,
    Batch,
    Credential,
    CredentialState,
    Issuer,
    KeyState,
)
from dure.credentials.operations.lists import take_places
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.skills.models import Evidence
from dure.store.bulk import update_rows
from dure.store.chunks import chunked
from dure.store.models import move

SIGN = "credentials.sign"
PIECE = 100  # how many one job signs
RETIRED = Text(
    ko="더 이상 수여하지 않는 항목입니다. 다시 수여하려면 먼저 항목을 되살리세요.",
    en="This is awarded no more. Bring the achievement back first.",
)
KEYLESS = Text(
    ko="발급 기관에 서명 키가 없습니다. 플랫폼 운영자에게 dure keys new 실행을 요청하세요.",
    en="The issuer has no signing key. Ask the platform's operators to run dure keys new.",
)
DECIDED = Text(
    ko="선택한 항목 가운데 이미 처리된 것이 있습니다. 목록을 새로 고친 뒤 다시 시도하세요.",
    en="Some of these were decided meanwhile. Reload the list and try again.",
)
OWN = Text(
    ko="자신에게는 자격을 제안하거나 승인할 수 없습니다. 기관의 다른 관리자에게 요청하세요.",
    en="Nobody proposes or signs off their own credential. Ask another administrator of the organisation.",
)


@dataclass(frozen=True)
class Deserved:
    """Who deserves it, on which ground and evidence. ``until``: when it ends, where the achievement does not say."""

    person: Person
    ground: str
    evidence: Sequence[Evidence] = ()
    until: datetime | None = None


class SignOff(Enum):
    """Whether somebody has to say yes to what is proposed."""

    AS_SET = "as the achievement says"
    GIVEN = "whoever proposes it says yes as well"
    ASKED = "somebody is asked, whatever the achievement says"


@transaction.atomic
def propose(
    achievement: Achievement, to: Collection[Deserved], *, by: Person | None, sign_off: SignOff = SignOff.AS_SET
) -> list[Credential]:
    """Propose it to each; who was proposed on the same ground before keeps what came of that.

    What is new goes on to be issued where nobody has to sign it off. Returns a credential for each of ``to``, in no
    particular order. Raises Refused("credentials.retired", "credentials.no-key"), Forbidden("credentials.own").
    """
    if achievement.retired_at is not None or achievement.current is None:
        raise Refused("credentials.retired", RETIRED)
    if any(one.person == by for one in to):
        raise Forbidden("credentials.own", OWN)
    rows = {(one.person.pk, one.ground): _row(achievement, one, by) for one in to}
    Credential.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=500)
    made = {row.pk for row in rows.values()}
    found = list(_found(achievement, rows.keys()))
    fresh = [row for row in found if row.pk in made]
    _keep_bases(fresh, to)
    parts = [Part(row, after={"person": str(row.person_id), "ground": row.ground}) for row in fresh]
    if fresh:
        record_many("credential.proposed", achievement, parts=parts, actor=by)
    for row in fresh:
        publish(CredentialProposed(row.pk, row.ground))
    given = sign_off is SignOff.GIVEN
    if fresh and (given or (sign_off is SignOff.AS_SET and not achievement.signed_off)):
        approve([row.pk for row in fresh], achievement=achievement, by=by if given else None)
    return found


def issue(
    achievement: Achievement, *, to: Person, ground: str, because: Sequence[Evidence] = (),
    until: datetime | None = None, by: Person | None = None,
) -> Credential:  # fmt: skip
    """Propose it to one person and approve it at once; a worker signs it next."""
    return propose(achievement, [Deserved(to, ground, because, until)], by=by, sign_off=SignOff.GIVEN)[0]


def _row(achievement: Achievement, one: Deserved, by: Person | None) -> Credential:
    return Credential(
        achievement=achievement, version=achievement.current, person=one.person, ground=one.ground,
        proposed_by=by, valid_until=one.until,
    )  # fmt: skip


def _found(achievement: Achievement, asked: Iterable[tuple[UUID, str]]) -> Iterable[Credential]:
    """Those of the achievement that have one of the persons and grounds asked for."""
    wanted = set(asked)
    for persons in chunked({person for person, _ in wanted}):
        rows = Credential.objects.filter(achievement=achievement, person__in=persons).defer("document", "token")
        yield from (row for row in rows if (row.person_id, row.ground) in wanted)


def _keep_bases(fresh: Iterable[Credential], to: Iterable[Deserved]) -> None:
    because = {(one.person.pk, one.ground): one.evidence for one in to}
    bases = [Basis(credential=row, evidence=e) for row in fresh for e in because[row.person_id, row.ground]]
    Basis.objects.bulk_create(bases, batch_size=500)


@transaction.atomic
def approve(credentials: Collection[UUID], *, achievement: Achievement, by: Person | None) -> Batch:
    """Say yes to proposals of one achievement and send them to be signed: all of them, or none.

    Raises Refused("credentials.no-key"), Refused("state.changed"), Forbidden("credentials.own").
    """
    issuer = achievement.issuer
    if not issuer.keys.filter(state=KeyState.ACTIVE).exists():
        raise Refused("credentials.no-key", KEYLESS)
    batch = Batch.objects.create(achievement=achievement, of=len(credentials), by=by)
    ordered = sorted(credentials)
    _move_all(ordered, achievement, batch)
    _place_all(ordered, issuer)
    record_many("credential.approved", batch, parts=[Part(("credentials.credential", pk)) for pk in ordered], actor=by)
    for piece in chunked(ordered, PIECE):
        arguments = {"batch": batch.pk, "first": piece[0], "last": piece[-1]}
        enqueue(SIGN, arguments=arguments, share=f"{SIGN}:{issuer.pk}", key=f"{SIGN}:{batch.pk}:{piece[0]}")
    return batch


def _move_all(ordered: Sequence[UUID], achievement: Achievement, batch: Batch) -> None:
    """By compare-and-set, however many there are."""
    CREDENTIAL_MOVES.check(CredentialState.PROPOSED, CredentialState.APPROVED)
    moved = 0
    for piece in chunked(ordered):
        if batch.by and Credential.objects.filter(pk__in=piece, person=batch.by).exists():
            raise Forbidden("credentials.own", OWN)
        rows = Credential.objects.filter(pk__in=piece, achievement=achievement, state=CredentialState.PROPOSED)
        moved += rows.update(state=CredentialState.APPROVED, batch=batch, approved_by=batch.by)
    if moved != len(ordered):
        raise Refused("state.changed", DECIDED)


def _place_all(ordered: Sequence[UUID], issuer: Issuer) -> None:
    listed, places = take_places(issuer, len(ordered))
    rows = [(listed.pk, index, pk) for pk, index in zip(ordered, places, strict=True)]
    update_rows(Credential, ("status_list", "status_index"), rows)


@transaction.atomic
def decline(credential: Credential, *, reason: str, by: Person) -> Credential:
    """Say no to a proposal, and why. It takes nothing's place any more: a renewal may be proposed again."""
    move(credential, CredentialState.DECLINED, by=CREDENTIAL_MOVES, reason=reason, renews=None)
    record("credential.declined", credential, after={"reason": reason}, actor=by)
    publish(CredentialDeclined(credential.pk, credential.ground))
    return credential
