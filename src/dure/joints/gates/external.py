"""A verdict from outside, recorded: a proof is entered and verified by an operator, never assumed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.blueprint.model import ExternalStep
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.joints.gates.asking import judge_soon, step_of
from dure.joints.models import PROOF_MOVES, Proof, ProofState
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, Turn, TurnState
from dure.store.chunks import chunked
from dure.store.models import move

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
def enter_proof(turn: Turn, step: int, *, by: Person, reference: str) -> Proof:
    """The holder or an operator enters what the outside body gave."""
    step_of(turn.programme, turn.stage, step, ExternalStep)
    if not (rules.holds(by, turn) or rules.may_record(by, turn)):
        raise Forbidden(
            "proof.not-yours", Text(ko="증빙을 입력할 권한이 없습니다.", en="You may not enter a proof here.")
        )
    if not reference.strip():
        raise Refused("proof.empty", Text(ko="증빙 번호를 적어 주세요.", en="Give the proof's number or name."))
    proof = _new(turn, step, by, reference.strip())
    record("proof.entered", proof, after=_told(proof), actor=by)
    return proof


@transaction.atomic
def verify_proof(proof: Proof, *, by: Person, holds: bool, note: str = "") -> Proof:
    """An operator has checked the proof against its body."""
    _may_verify(proof.turn, by)
    _end(proof, ProofState.VERIFIED if holds else ProofState.REFUSED, by, note)
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


def _end(proof: Proof, state: ProofState, by: Person, note: str) -> Proof:
    move(proof, state, by=PROOF_MOVES, verified_by=by, verified_at=clock.now(), note=note)
    judge_soon(proof.turn)
    return proof


def _told(proof: Proof) -> dict[str, object]:
    told = {"turn": proof.turn_id, "step": proof.step, "reference": proof.reference}
    return {**told, "state": proof.state, "note": proof.note}


def _new(turn: Turn, step: int, by: Person, reference: str) -> Proof:
    if turn.state != TurnState.HANDED_IN or turn.evidence_id is None:
        raise Refused("proof.nothing", Text(ko="증빙을 받을 차례가 아닙니다.", en="This turn waits for no proof now."))
    try:
        with transaction.atomic():
            return Proof.objects.create(
                turn=turn, step=step, evidence_id=turn.evidence_id, reference=reference, entered_by=by
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
