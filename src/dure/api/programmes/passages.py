"""A turn as it is answered: whose it is, how it stands, what it waits for, what was decided and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet

from dure.api.shapes import Moment, Out, PersonRef, Words
from dure.core.text import Text
from dure.programmes.models import (
    Attendant,
    Case,
    Decision,
    Member,
    Settlement,
    SettlementState,
    Turn,
    TurnState,
)
from dure.programmes.queries.members import members_by_turn
from dure.programmes.queries.shown import shown_values
from dure.programmes.queries.waiting import hindrances_of
from dure.skills.models import Evidence


class CaseRef(Out):
    id: UUID
    number: int
    title: str

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(id=case.pk, number=case.number, title=case.title)


class AttendantOut(Out):
    """Somebody whom a turn has of its own under ``with``."""

    id: int
    role: str
    person: PersonRef

    @classmethod
    def of(cls, attendant: Attendant) -> Self:
        return cls(id=attendant.pk, role=attendant.role, person=PersonRef.of(attendant.person))


class EvidenceOut(Out):
    """``via`` names the joint that recorded it."""

    id: UUID
    values: dict[str, Any]
    proof: str
    via: str
    recorded_at: Moment

    @classmethod
    def of(cls, evidence: Evidence, values: dict[str, Any]) -> Self:
        return cls(
            id=evidence.pk,
            values=values,
            proof=evidence.proof,
            via=evidence.via,
            recorded_at=evidence.recorded_at,
        )


class DecisionOut(Out):
    """A verdict that has taken effect, with its reason for the applicant."""

    verdict: str
    code: str
    reason: Words
    place: int | None
    mark: float | None
    at: Moment

    @classmethod
    def of(cls, decision: Decision) -> Self:
        return cls(
            verdict=decision.verdict,
            code=decision.code,
            reason=Words.of(decision.reason),
            place=decision.place,
            mark=decision.mark,
            at=decision.at,
        )


class TurnOut(Out):
    """One passage. ``members`` are persons, or whoever entered a case that has none; ``waits_for``: what keeps a
    waiting turn from opening, besides the date."""

    id: UUID
    programme: str
    stage: str
    state: str
    case: CaseRef
    title: str
    members: list[PersonRef]
    options: list[str]
    occurrence: int
    arrived_at: Moment
    entered_at: Moment | None
    formed_at: Moment | None
    opened_at: Moment | None
    opens_at: Moment | None
    closes_at: Moment | None
    handed_in_at: Moment | None
    ended_at: Moment | None
    late: bool
    match: float | None
    mark: float | None
    evidence: EvidenceOut | None
    attendants: list[AttendantOut]
    waits_for: list[Words]
    decision: DecisionOut | None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        return cls(**turns_told([turn])[0])


def turn_rows() -> QuerySet[Turn]:
    """Turns with what ``turns_shaped`` reads of each."""
    return Turn.objects.select_related("programme", "case__entered_by", "evidence")


def turns_shaped(turns: Sequence[Turn]) -> list[TurnOut]:
    """Many turns in a handful of queries."""
    return [TurnOut(**told) for told in turns_told(turns)]


def turns_told(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    members, attendants = members_by_turn(turns), _attendants(turns)
    decisions, waits = _decisions(turns), _waits(turns)
    return [
        {
            **{name: getattr(turn, name) for name in _PLAIN},
            "id": turn.pk,
            "programme": turn.programme.slug,
            "case": CaseRef.of(turn.case),
            "members": [_person(member) for member in members[turn.pk]],
            "evidence": EvidenceOut.of(turn.evidence, shown_values(turn)) if turn.evidence else None,
            "attendants": [AttendantOut.of(attendant) for attendant in attendants[turn.pk]],
            "waits_for": [Words.of(text) for text in waits.get(turn.pk, ())],
            "decision": DecisionOut.of(decisions[turn.pk]) if turn.pk in decisions else None,
        }
        for turn in turns
    ]


_PLAIN = (
    "stage", "state", "title", "options", "occurrence", "arrived_at", "entered_at", "formed_at", "opened_at",
    "opens_at", "closes_at", "handed_in_at", "ended_at", "late", "match", "mark",
)  # fmt: skip


def _person(member: Member) -> PersonRef:
    return PersonRef.of(member.person or member.case.entered_by)


def _attendants(turns: Sequence[Turn]) -> Mapping[UUID, list[Attendant]]:
    found: dict[UUID, list[Attendant]] = defaultdict(list)
    for row in Attendant.objects.filter(turn__in=turns).select_related("person"):
        found[row.turn_id].append(row)
    return found


def _decisions(turns: Sequence[Turn]) -> dict[UUID, Decision]:
    """The latest verdict of each that has taken effect: what a settlement holds back is not told."""
    held = Settlement.objects.exclude(state=SettlementState.RELEASED)
    rows = Decision.objects.filter(turn__in=turns).exclude(settlement__in=held)
    return {row.turn_id: row for row in rows.order_by("pk")}


def _waits(turns: Sequence[Turn]) -> dict[UUID, list[Text]]:
    waiting = [turn for turn in turns if turn.state == TurnState.WAITING]
    found: dict[UUID, list[Text]] = {}
    place = lambda turn: (turn.programme_id, turn.stage)  # noqa: E731 -- a key of two fields
    for (_, stage), group in groupby(sorted(waiting, key=place), key=place):
        together = list(group)
        found |= hindrances_of(together[0].programme, stage, together)
    return found
