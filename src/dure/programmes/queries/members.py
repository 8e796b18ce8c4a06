"""Who is in which turn."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dure.programmes.models import Member, Turn, TurnMember
from dure.programmes.queries.passages import FACE, Face
from dure.store.chunks import chunked
from dure.store.worded import found, padded, valued


def members_of(turns: Sequence[Turn]) -> list[Member]:
    """The members of all ``turns``, in the order of their cases."""
    members: list[Member] = []
    for piece in chunked(turn.pk for turn in turns):
        members.extend(row.member for row in found(_members, *padded(piece)))
    return sorted(members, key=lambda m: (m.case.number, m.pk))


def _members(*turns: UUID) -> "QuerySet[TurnMember]":
    return TurnMember.objects.filter(turn_id__in=turns).select_related("member__case", "member__person")


def members_by_turn(turns: Sequence[Turn]) -> dict[UUID, list[Member]]:
    """Each turn's members (by the turn's id), in the order of their cases."""
    groups: dict[UUID, list[Member]] = {turn.pk: [] for turn in turns}
    for piece in chunked(turn.pk for turn in turns):
        for row in _members(*piece).order_by("member__case__number", "member_id"):
            groups[row.turn_id].append(row.member)
    return groups


def faces_by_turn(turns: Sequence[Turn]) -> dict[UUID, list[Face]]:
    """Each turn's persons (by the turn's id), in the order of their cases, as lists show them."""
    groups: dict[UUID, list[Face]] = {turn.pk: [] for turn in turns}
    for piece in chunked(turn.pk for turn in turns):
        for turn, *face in valued(_faces, *padded(piece)):
            groups[turn].append(Face(*face))
    return groups


def _faces(*turns: UUID) -> "QuerySet[TurnMember, Any]":
    rows = TurnMember.objects.filter(turn_id__in=turns, member__person__isnull=False)
    ordered = rows.order_by("member__case__number", "member_id")
    return ordered.values_list("turn_id", *(f"member__{name}" for name in FACE))


def turns_by_member(members: Sequence[Member], stages: Collection[str]) -> dict[int, dict[str, Turn]]:
    """For each member (by id) the turn at each of ``stages`` that it has."""
    taken: dict[int, dict[str, Turn]] = defaultdict(dict)
    for piece in chunked(member.pk for member in members):
        rows = TurnMember.objects.filter(member_id__in=piece, stage__in=stages)
        for row in rows.select_related("turn__evidence", "turn__case"):
            taken[row.member_id][row.stage] = row.turn
    return taken
