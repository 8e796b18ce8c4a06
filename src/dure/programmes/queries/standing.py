"""Turns and their members as light rows: what judging needs of a hundred thousand of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from dure.programmes.models import Case, Turn, TurnMember
from dure.store.chunks import chunked


class Standing(NamedTuple):
    """One turn as the gate sees it."""

    pk: UUID
    stage: str
    case_id: UUID
    number: int
    state: str
    options: list[str]
    evidence_id: UUID | None
    values: dict[str, Any] | None
    match: float | None
    mark: float | None
    opened_at: datetime | None
    closes_at: datetime | None
    title: str


_FIELDS = ("pk", "stage", "case_id", "case__number", "state", "options", "evidence_id", "evidence__values", "match",
           "mark", "opened_at", "closes_at", "title")  # fmt: skip


def standing(turns: QuerySet[Turn]) -> list[Standing]:
    """``turns`` in standing order: by hand-in, then case (appendix E, Order)."""
    return [Standing(*row) for row in turns.order_by("handed_in_at", "case__number", "pk").values_list(*_FIELDS)]


def standing_of(turns: Iterable[UUID]) -> list[Standing]:
    """The turns of these ids, in no order."""
    return [turn for piece in chunked(turns) for turn in standing(Turn.objects.filter(pk__in=piece))]


class Traveller(NamedTuple):
    """One member of a turn: a person of a case, or (no person) the case itself."""

    pk: int
    case_id: UUID
    number: int
    person_id: UUID | None
    entered_by_id: UUID
    organisation_id: UUID | None


_OF_MEMBER = ("member_id", "member__case_id", "member__case__number", "member__person_id",
              "member__case__entered_by_id", "member__case__organisation_id")  # fmt: skip


def travellers_by_turn(turns: Iterable[UUID]) -> dict[UUID, list[Traveller]]:
    """Each turn's members (by the turn's id), in the order of their cases."""
    groups: dict[UUID, list[Traveller]] = {turn: [] for turn in turns}
    for piece in chunked(list(groups)):
        rows = TurnMember.objects.filter(turn_id__in=piece).order_by("member__case__number", "member_id")
        for turn, *of_member in rows.values_list("turn_id", *_OF_MEMBER):
            groups[turn].append(Traveller(*of_member))
    return groups


def taken_by(members: Iterable[int], stages: Collection[str]) -> dict[int, dict[str, Standing]]:
    """For each member (by id) the turns at ``stages`` that it has."""
    found: dict[int, dict[str, Standing]] = {}
    names = [f"turn__{name}" for name in _FIELDS]
    for piece in chunked(members):
        found |= {member: {} for member in piece}
        rows = TurnMember.objects.filter(member_id__in=piece, stage__in=stages)
        for member, *of_turn in rows.values_list("member_id", *names):
            turn = Standing(*of_turn)
            found[member][turn.stage] = turn
    return found


def travellers_of_case(case: Case) -> list[Traveller]:
    """The members of one case."""
    rows = case.members.order_by("pk").values_list("pk", "person_id")
    return [
        Traveller(pk, case.pk, case.number, person, case.entered_by_id, case.organisation_id) for pk, person in rows
    ]
