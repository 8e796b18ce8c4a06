"""Turns whose entrant does not count any more: out at the gate with the reason, once nobody can appeal it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from dure.challenges.events import Disqualified
from dure.challenges.models import IN_FORCE, Disqualification, OutState
from dure.core import clock
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.joints.gates.asking import judge_soon
from dure.joints.models import RoundTurn
from dure.programmes.models import Given, GivenState, Turn, TurnState
from dure.store.chunks import chunked

_DISQUALIFIED = Text(ko="실격: {reason}", en="Disqualified: {reason}")
_NOTHING_LEFT = Text(ko="다시 채점한 결과 유효한 제출이 없습니다.", en="Judged again, none of your attempts is valid.")


def out_of_rounds(turns: Sequence[UUID]) -> dict[UUID, Text | None]:
    """Those whose entrant stands on no board although it has been scored, and why; None: it may be appealed yet."""
    found: dict[UUID, Text | None] = {}
    for piece in chunked(turns):
        rows = RoundTurn.objects.filter(turn__in=piece, entrant__best=None)
        entrants = dict(rows.values_list("turn", "entrant"))
        scored = set(rows.filter(turn__evidence__via="round").values_list("turn", flat=True))
        told = _disqualifications(set(entrants.values()))
        for turn, entrant in entrants.items():
            if outs := told.get(entrant):
                found[turn] = _reason(outs)
            elif turn in scored:
                found[turn] = _NOTHING_LEFT
    return found


@on(Disqualified)
def judge_what_waits(fact: Disqualified) -> None:
    """A verdict may be due now, or when nobody can appeal any more."""
    out = Disqualification.objects.get(pk=fact.disqualification)
    for turn in Turn.objects.filter(round_turn__entrant=out.entrant_id, state=TurnState.HANDED_IN):
        judge_soon(turn)
        if out.state == OutState.STANDING:
            enqueue("programmes.judge", arguments={"turn": turn.pk}, run_at=out.appeal_until)


def released_to(out: Disqualification) -> QuerySet[Given]:
    """What its turn was given before: nothing of it is taken back by itself."""
    rows = Given.objects.filter(turn__round_turn__entrant=out.entrant_id).exclude(state=GivenState.REVOKED)
    return rows.select_related("programme", "person", "organisation").order_by("pk")


def _disqualifications(entrants: set[UUID]) -> Mapping[UUID, list[Disqualification]]:
    """By entrant, those in force, of the entrant itself before those of single attempts."""
    rows = Disqualification.objects.filter(entrant__in=entrants, state__in=IN_FORCE)
    found: dict[UUID, list[Disqualification]] = defaultdict(list)
    for out in rows.order_by(F("submission").asc(nulls_first=True), "pk"):
        found[out.entrant_id].append(out)
    return found


def _reason(outs: Sequence[Disqualification]) -> Text | None:
    """Of the entrant itself what was said of it; else of its attempts, once all of that is final."""
    whole = [out for out in outs if out.submission_id is None]
    asked = whole or outs
    if any(_may_change(out) for out in asked):
        return None
    return _DISQUALIFIED.format(reason=asked[0].reason)


def _may_change(out: Disqualification) -> bool:
    return out.state == OutState.APPEALED or (out.state == OutState.STANDING and clock.now() < out.appeal_until)
