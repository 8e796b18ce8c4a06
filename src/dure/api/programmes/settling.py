"""Settling a stage: the preview, the confirmation, undoing or releasing it; and closing a stage."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Router

from dure.api.base import Asked
from dure.api.find import allow, one, operated_programme, seen_programme, stage_of
from dure.api.programmes.rulebook import ProgrammeOut
from dure.api.shapes import Moment, Occurrence, Out, PersonRef, Words
from dure.api.writing import writes
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, Settlement
from dure.programmes.operations import settling, ticking

router = Router(tags=["settling"])


class SettlementOut(Out):
    """Confirmed: verdicts stand and nobody is told. Undone, or released: they take effect."""

    id: UUID
    stage: str
    occurrence: int
    state: str
    confirmed_by: PersonRef
    confirmed_at: Moment
    ended_at: Moment | None
    ties: list[dict[str, Any]]

    @classmethod
    def of(cls, settlement: Settlement) -> Self:
        ended: datetime | None = settlement.ended_at
        return cls(
            id=settlement.pk,
            stage=settlement.stage,
            occurrence=settlement.occurrence,
            state=settlement.state,
            confirmed_by=PersonRef.of(settlement.confirmed_by),
            confirmed_at=settlement.confirmed_at,
            ended_at=ended,
            ties=settlement.ties,
        )


class Obstacle(Out):
    code: str
    text: Words
    facts: dict[str, Any]


class SettlementPreview(Out):
    """What settling would do now. ``money`` by type in whole units; ``refusal``: why it cannot be done.

    ``standing`` is the settlement that was confirmed or released; the numbers then tell of what came after.
    """

    passed: int
    out: dict[str, int]
    awaited: int
    not_handed_in: int
    still_coming: int
    gives: dict[str, dict[str, int]]
    money: dict[str, int]
    ties: list[dict[str, Any]]
    sentence: Words
    refusal: Obstacle | None
    standing: SettlementOut | None

    @classmethod
    def of(cls, seen: settling.Preview, standing: Settlement | None) -> Self:
        why = seen.refusal
        return cls(
            passed=seen.passed,
            out=seen.out,
            awaited=seen.awaited,
            not_handed_in=seen.not_handed_in,
            still_coming=seen.still_coming,
            gives=seen.gives,
            money=seen.money,
            ties=seen.ties,
            sentence=Words.of(seen.sentence()),
            refusal=Obstacle(code=why.code, text=Words.of(why.text), facts=why.facts) if why else None,
            standing=SettlementOut.of(standing) if standing else None,
        )


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/settlement", response=SettlementPreview)
def preview(request: Asked, slug: str, stage: str, occurrence: Occurrence = 0) -> SettlementPreview:
    """What settling the stage now would do, and the settlement that stands."""
    programme = operated_programme(request.auth, slug)
    here = stage_of(programme, stage).id
    standing = settling.standing_settlement(programme, here, occurrence)
    return SettlementPreview.of(settling.preview(programme, here, occurrence=occurrence), standing)


@writes(
    router.post,
    "/programmes/{slug:slug}/stages/{slug:stage}/settlement",
    SettlementOut,
    status=201,
)
def settle(request: Asked, slug: str, stage: str, occurrence: Occurrence = 0) -> Settlement:
    """Confirm the verdicts of a stage; nobody is told until they are released."""
    programme = operated_programme(request.auth, slug)
    return settling.settle(programme, stage_of(programme, stage).id, by=request.auth, occurrence=occurrence)


@writes(router.post, "/settlements/{uuid:settlement_id}/undo", SettlementOut)
def undo(request: Asked, settlement_id: UUID) -> Settlement:
    """Take a confirmed settlement back."""
    return settling.undo(_settlement(request.auth, settlement_id), by=request.auth)


@writes(router.post, "/settlements/{uuid:settlement_id}/release", SettlementOut)
def release(request: Asked, settlement_id: UUID) -> Settlement:
    """Let the verdicts take effect: gives are given, members go on, people are told. Final."""
    return settling.release(_settlement(request.auth, settlement_id), by=request.auth)


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/close", ProgrammeOut)
def close_stage(request: Asked, slug: str, stage: str) -> Programme:
    """End a stage's window now: what is handed in is judged, what is not is out."""
    programme = operated_programme(request.auth, slug)
    ticking.close_stage(programme, stage_of(programme, stage).id, by=request.auth)
    return programme


def _settlement(person: Person, settlement_id: UUID) -> Settlement:
    rows = Settlement.objects.select_related("programme", "confirmed_by")
    found = one(rows, "settlement.missing", Text(ko="확정", en="settlement"), pk=settlement_id)
    programme = seen_programme(person, found.programme.slug)
    allow(rules.operates(person, programme), "settlement.not-yours")
    return found
