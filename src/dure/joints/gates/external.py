"""A verdict from outside: a proof is entered, and verified by an operator or by its own signature, never assumed.

At a test that is taken elsewhere the proof is the hand-in as well.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.blueprint.model import ExternalStep, TestDo
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.joints.gates.asking import judge_soon, step_of
from dure.joints.gates.signed import SHELF, Sent, found_of, holds
from dure.joints.models import PROOF_MOVES, Proof, ProofSort, ProofState
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.operations.handing import hand_in
from dure.programmes.queries.members import members_of
from dure.skills.operations import record as record_evidence
from dure.store.chunks import chunked
from dure.store.models import move

VIA = "proof"
MOST_REFERENCE = 400
NOT_YOURS = Text(ko="증빙을 입력할 권한이 없습니다.", en="You may not enter a proof here.")
EMPTY = Text(ko="증빙 번호를 적거나 파일을 올리세요.", en="Give the proof's number or name, or send its file.")
EXPIRED = Text(
    ko="유효 기간이 이미 지난 증빙입니다. 지금 유효한 증빙을 내세요.",
    en="Its time is over. Enter a proof that is valid now.",
)
WHY = Text(ko="인정하지 않는 이유를 적으세요. 낸 사람이 읽습니다.", en="Say why it does not hold; its holder reads it.")
VERDICTS = {ProofState.VERIFIED: True, ProofState.REFUSED: False}


class ExternalInputs:
    """Yes when the proof was verified, no when it was refused; entered or absent, it is awaited."""

    def inputs(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, bool]:
        found: dict[UUID, bool] = {}
        for piece in chunked(turns):
            rows = Proof.objects.filter(turn_id__in=piece, step=step).exclude(state=ProofState.ENTERED)
            for proof in rows.select_related("turn"):
                if proof.evidence_id == proof.turn.evidence_id:
                    found[proof.turn_id] = VERDICTS[ProofState(proof.state)]
        return found

    def reasons(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, Text]:
        """None: that the proof was not verified says it all."""
        return {}


@transaction.atomic
def enter_proof(
    turn: Turn,
    step: int,
    *,
    by: Person,
    reference: str = "",
    valid_until: datetime | None = None,
    sent: Sent | None = None,
) -> Proof:
    """The holder or an operator enters what the outside body gave: its number or name, a file, or both.

    A signed credential whose signature, issuer, dates, status and person all hold is verified at once; its own end
    goes before ``valid_until``. Raises Missing, Forbidden("proof.not-yours"), Refused("proof.empty", "proof.nothing",
    "proof.twice"), Flawed("proof.expired").
    """
    step_of(turn.programme, turn.stage, step, ExternalStep)
    if not (rules.holds(by, turn) or rules.may_record(by, turn)):
        raise Forbidden("proof.not-yours", NOT_YOURS)
    named = reference.strip() or (sent.calls_itself if sent else "")
    if not named:
        raise Refused("proof.empty", EMPTY)
    if valid_until is not None and valid_until <= clock.now():
        raise Flawed("proof.expired", EXPIRED, errors=[{"field": "valid_until", **EXPIRED.as_dict()}])
    if turn.state == TurnState.OPEN and is_taken_elsewhere(turn):
        _hand_in(turn, by, named)
    more = {"valid_until": valid_until, **(_kept(sent, turn) if sent else {})}
    proof = _new(turn, step, by, named[:MOST_REFERENCE], **more)
    record("proof.entered", proof, after=_told(proof), actor=by)
    if holds(proof.found):
        _verify_by_signature(proof)
    return proof


def is_taken_elsewhere(turn: Turn) -> bool:
    """Whether the turn's stage is a test that an outside body holds, so that its proof is the hand-in (appendix C)."""
    do = blueprint_of(turn.programme).stage(turn.stage).do
    return isinstance(do, TestDo) and do.type == "external"


def _hand_in(turn: Turn, by: Person, named: str) -> None:
    persons = [member.person for member in members_of([turn]) if member.person]
    evidence = record_evidence("test", {"proof": named}, persons=persons, via=VIA, by=by, proof=named)
    hand_in(turn, evidence)


def _kept(sent: Sent, turn: Turn) -> dict[str, Any]:
    """A proof's columns of its file, which goes onto the shelf."""
    found = found_of(sent, turn)
    SHELF.keep(sent.file)
    ends = {"valid_until": sent.ends} if sent.ends else {}
    sort = ProofSort.SIGNED if sent.report else ProofSort.FILE
    told = [finding.as_dict() for finding in found]
    return {"sort": sort, "file_name": sent.name, "sha256": sent.file.sha256, "findings": told, **ends}


def _verify_by_signature(proof: Proof) -> None:
    move(proof, ProofState.VERIFIED, by=PROOF_MOVES, verified_at=clock.now())
    record("proof.signed", proof, after=_told(proof))
    judge_soon(proof.turn)


@transaction.atomic
def verify_proof(
    proof: Proof, *, by: Person, holds: bool, note: str = "", valid_until: datetime | None = None
) -> Proof:
    """An operator has checked the proof against its body; a no has its reason. ``valid_until``: the end that it names.

    Raises Forbidden("proof.not-operator"), Flawed("proof.why").
    """
    _may_verify(proof.turn, by)
    if not holds and not note.strip():
        raise Flawed("proof.why", WHY, errors=[{"field": "note", **WHY.as_dict()}])
    ends = {"valid_until": valid_until} if valid_until is not None else {}
    _end(proof, ProofState.VERIFIED if holds else ProofState.REFUSED, by, note, **ends)
    record("proof.verified", proof, after=_told(proof), actor=by)
    return proof


@transaction.atomic
def refuse_without_proof(turn: Turn, step: int, *, by: Person, note: str) -> Proof:
    """No proof came: an operator ends the wait."""
    step_of(turn.programme, turn.stage, step, ExternalStep)
    _may_verify(turn, by)
    proof = _end(_new(turn, step, by, "–"), ProofState.REFUSED, by, note)
    record("proof.lacking", proof, after=_told(proof), actor=by)
    return proof


def _end(proof: Proof, state: ProofState, by: Person, note: str, **also: Any) -> Proof:
    move(proof, state, by=PROOF_MOVES, verified_by=by, verified_at=clock.now(), note=note, **also)
    judge_soon(proof.turn)
    return proof


def _told(proof: Proof) -> dict[str, object]:
    told = {"turn": proof.turn_id, "step": proof.step, "reference": proof.reference, "file": proof.sha256}
    return {**told, "state": proof.state, "note": proof.note}


def _new(turn: Turn, step: int, by: Person, reference: str, **more: Any) -> Proof:
    if turn.state != TurnState.HANDED_IN or turn.evidence_id is None:
        raise Refused("proof.nothing", Text(ko="증빙을 받을 차례가 아닙니다.", en="This turn waits for no proof now."))
    try:
        with transaction.atomic():
            return Proof.objects.create(
                turn=turn, step=step, evidence_id=turn.evidence_id, reference=reference, entered_by=by, **more
            )
    except IntegrityError:
        raise Refused(
            "proof.twice", Text(ko="이미 입력된 증빙이 있습니다.", en="A proof was entered already.")
        ) from None


def _may_verify(turn: Turn, by: Person) -> None:
    if not rules.operates(by, turn.programme):
        raise Forbidden(
            "proof.not-operator", Text(ko="운영자만 증빙을 확인할 수 있습니다.", en="Only an operator verifies.")
        )
