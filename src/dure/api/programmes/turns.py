"""Turns: seeing them, what their holders do, and the evidence that is recorded."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import (
    allow,
    held_turn,
    one,
    operated_turn,
    person_by,
    seen_turn,
    staffed_programme,
    stage_of,
)
from dure.api.programmes.passages import AttendantOut, TurnOut, turn_rows, turns_shaped
from dure.api.shapes import Email, In, Line, Moment, Out, Page, Paging, Prose, Value, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.models import Fee
from dure.joints.stages.recorded import confirm_fee, record_evidence
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Attendant, Turn, TurnState
from dure.programmes.operations import entering, handing, seating

router = Router(tags=["turns"])


class OptionsIn(In):
    options: list[Line] = Field(max_length=100)


class AttendantIn(In):
    role: Line
    email: Email


class EvidenceIn(In):
    """``final`` hands it in; else it is kept until it is. ``late`` is for those who record, not for holders."""

    values: dict[Line, Value]
    proof: Prose = ""
    final: bool = True
    late: bool = False


class FeeIn(In):
    reference: Annotated[str, Field(min_length=1, max_length=200)]


class Receipt(Out):
    """What was received, when, for which stage; ``sha256`` is the hash of its values and proof as canonical JSON.

    ``quota`` is null: only rounds count attempts.
    """

    id: UUID
    turn: UUID
    state: str
    received_at: Moment
    stage: str
    deadline: Moment | None
    quota: None
    sha256: str

    @classmethod
    def of(cls, turn: Turn) -> Self:
        evidence = turn.evidence
        if evidence is None:
            raise AssertionError("evidence was just recorded")
        return cls(
            id=evidence.pk,
            turn=turn.pk,
            state=turn.state,
            received_at=evidence.recorded_at,
            stage=turn.stage,
            deadline=turn.closes_at,
            quota=None,
            sha256=evidence.sha256,
        )


class FeeOut(Out):
    id: UUID
    turn: UUID
    amount: int
    reference: str
    at: Moment

    @classmethod
    def of(cls, fee: Fee) -> Self:
        return cls(id=fee.pk, turn=fee.turn_id, amount=fee.amount, reference=fee.reference, at=fee.at)


# --- seeing


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/turns", response=Page[TurnOut])
def listed(
    request: Asked, slug: str, stage: str, paging: Query[Paging], state: TurnState | None = None
) -> Page[TurnOut]:
    """The turns of a stage that one sees: all of them for who oversees or records it, else those one is with."""
    programme = staffed_programme(request.auth, slug)
    seen = rules.seen_at(request.auth, programme, stage_of(programme, stage).id)
    rows = turn_rows().filter(seen, programme=programme, stage=stage)
    return paged(rows.filter(state=state) if state else rows, paging, turns_shaped)


@router.get("/me/turns", response=Page[TurnOut])
def mine(request: Asked, paging: Query[Paging], state: TurnState | None = None, programme: Line = "") -> Page[TurnOut]:
    """One's own turns in every programme."""
    rows = turn_rows().filter(rules.held_by(request.auth))
    rows = rows.filter(programme__slug=programme) if programme else rows
    return paged(rows.filter(state=state) if state else rows, paging, turns_shaped)


@router.get("/turns/{uuid:turn_id}", response=TurnOut)
def shown(request: Asked, turn_id: UUID) -> TurnOut:
    """One turn: its evidence, what it waits for, what was decided and why."""
    return TurnOut.of(seen_turn(request.auth, turn_id))


# --- what holders do


@writes(router.post, "/turns/{uuid:turn_id}/options", TurnOut)
def choose(request: Asked, turn_id: UUID, body: OptionsIn) -> Turn:
    """Pick options for a turn that has not opened yet."""
    turn = seen_turn(request.auth, turn_id)
    allow(rules.holds(request.auth, turn) or rules.operates(request.auth, turn.programme), "turn.not-yours")
    return entering.choose(turn, body.options)


@writes(router.post, "/turns/{uuid:turn_id}/terms", TurnOut)
def accept_terms(request: Asked, turn_id: UUID) -> Turn:
    """Accept the terms of everything that the stage provides."""
    return entering.accept_terms(held_turn(request.auth, turn_id), person=request.auth)


@writes(router.post, "/turns/{uuid:turn_id}/withdraw", TurnOut)
def withdraw(request: Asked, turn_id: UUID) -> Turn:
    """Leave: the turn ends without a verdict."""
    return handing.withdraw(held_turn(request.auth, turn_id))


@writes(router.post, "/turns/{uuid:turn_id}/again", TurnOut)
def try_again(request: Asked, turn_id: UUID) -> Turn:
    """Open a turn anew that was put out, where the stage allows it."""
    return handing.try_again(held_turn(request.auth, turn_id))


# --- whom a turn has of its own


@writes(router.post, "/turns/{uuid:turn_id}/attendants", AttendantOut, status=201)
def attach(request: Asked, turn_id: UUID, body: AttendantIn) -> Attendant:
    """Give a turn a supervisor, mentor or colleague of its own."""
    return seating.attach(operated_turn(request.auth, turn_id), body.role, person=person_by(body.email))


@writes(router.delete, "/turns/{uuid:turn_id}/attendants/{int:attendant}", TurnOut)
def detach(request: Asked, turn_id: UUID, attendant: int) -> Turn:
    """Take somebody away again whom a turn has of its own."""
    turn = operated_turn(request.auth, turn_id)
    rows = Attendant.objects.filter(turn=turn)
    seating.detach(one(rows, "attendant.missing", Text(ko="담당자", en="attendant"), pk=attendant))
    return turn


# --- evidence


@writes(router.post, "/turns/{uuid:turn_id}/evidence", Receipt, status=201)
def record(request: Asked, turn_id: UUID, body: EvidenceIn) -> Turn:
    """Enter what was done, with its proof; a receipt is on disk before it is answered."""
    return recorded(request.auth, seen_turn(request.auth, turn_id), body)


@writes(router.post, "/turns/{uuid:turn_id}/fee", FeeOut, status=201)
def confirm(request: Asked, turn_id: UUID, body: FeeIn) -> Fee:
    """The fee has come in."""
    return confirm_fee(operated_turn(request.auth, turn_id), by=request.auth, reference=body.reference)


def recorded(person: Person, turn: Turn, body: EvidenceIn) -> Turn:
    """The evidence of one turn; that it is late is for those to say who record for others."""
    late = body.late and rules.may_record(person, turn)
    return record_evidence(turn, body.values, by=person, proof=body.proof, final=body.final, late=late)
