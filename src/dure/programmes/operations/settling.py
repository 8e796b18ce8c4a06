"""Settling a set: judged once, for all; confirmed by an operator, undone or released."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Coalesce, Least

from dure.audit.operations import record
from dure.blueprint.model import Stage
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import stage_kinds
from dure.programmes.models import (
    ALIVE,
    SETTLEMENT_MOVES,
    Given,
    Programme,
    Settlement,
    SettlementState,
    StageClosing,
    Turn,
    TurnState,
    Verdict,
)
from dure.programmes.operations.audited import listed
from dure.programmes.operations.edges import Edge, edges_of
from dure.programmes.operations.giving import Places, check, give, is_shared_pool, plan_passed, plan_pools
from dure.programmes.operations.handing import WINDOW_ENDS_IT, close_turns
from dure.programmes.operations.judging import Judged, end_turns, judge_turns, put_out, write
from dure.programmes.operations.listing import put_on_list
from dure.programmes.queries.standing import Standing, standing, standing_of
from dure.programmes.windows import set_dates
from dure.store.models import move
from dure.store.transactions import durable


@dataclass(frozen=True)
class Preview:
    """What settling a stage would do, before anybody does it. Money by type, in whole units; ``refusal``: why not."""

    passed: int
    out: dict[str, int]
    awaited: int
    not_handed_in: int
    still_coming: int
    gives: dict[str, dict[str, int]]
    money: dict[str, int]
    ties: list[dict[str, Any]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    refusal: Refused | None = None

    def sentence(self) -> Text:
        """ "34 pass, 61 out, 68,000,000 won due; settling is refused because …"."""
        out, due = sum(self.out.values()), sum(self.money.values())
        text = Text(
            ko=f"{self.passed:,}건 통과, {out:,}건 탈락, 지급할 금액 {due:,}원입니다.",
            en=f"{self.passed:,} pass, {out:,} out, {due:,} won due.",
        )
        if self.refusal is None:
            return text
        why = self.refusal.text
        return Text(ko=f"{text.ko} 확정할 수 없습니다: {why.ko}", en=f"{text.en} Settling is refused: {why.en}")


@dataclass(frozen=True)
class _Set:
    stage: Stage
    judged: Judged
    unfinished: list[Standing]
    unopened: list[Standing]
    gives: list[Given]
    unscored: int


def preview(programme: Programme, stage_id: str, *, occurrence: int = 0) -> Preview:
    """What settling the stage now would do; writes nothing."""
    with transaction.atomic():
        found = _judge_set(programme, stage_id, occurrence)
        transaction.set_rollback(True)  # a round's final part counted for the preview only
    reasons = Counter(row.code for row in found.judged.ruled if row.verdict == Verdict.OUT)
    reasons += Counter({"not-handed-in": len(found.unfinished), "not-opened": len(found.unopened)})
    return Preview(
        passed=len(found.judged.passed),
        out=dict(reasons),
        awaited=len(found.judged.pending) + found.unscored,
        not_handed_in=len(found.unfinished),
        still_coming=_still_coming(programme, stage_id),
        gives=_counted(found.gives),
        money=_money(found.gives),
        ties=_ties(found.judged),
        edges=edges_of(programme, found.stage, found.judged.ruled),
        refusal=_refusal(programme, found),
    )


def settle(programme: Programme, stage_id: str, *, by: Person, occurrence: int = 0) -> Settlement:
    """Confirm the set's verdicts. Nobody is told and nothing moves until ``release``; ``undo`` takes it back.

    Raises Refused where somebody's say is awaited, where a fund is short, or where it has been settled.
    """
    with durable():
        _close(_turns(programme, stage_id, occurrence))
        found = _judge_set(programme, stage_id, occurrence)
        refusal = _refusal(programme, found)
        if refusal is not None:
            raise refusal
        _end_open_work(found)
        settlement = _once(programme, stage_id, occurrence, by, found.judged)
        late = put_out(programme, found.stage, found.unfinished, "not-handed-in")
        absent = put_out(programme, found.stage, found.unopened, "not-opened")
        ruled = write(programme, [*found.judged.ruled, *late, *absent], settlement=settlement)
        record("settlement.confirmed", settlement, after={**_told(settlement), **_verdicts(Judged(ruled))}, actor=by)
        StageClosing.objects.get_or_create(
            programme=programme, stage=stage_id, occurrence=occurrence, defaults={"by": by}
        )
        put_on_list(programme)
    return settlement


def undo(settlement: Settlement, *, by: Person) -> Settlement:
    """Take a confirmed settlement back: its decisions stay written and never take effect; the stage goes on."""
    with durable():
        move(settlement, SettlementState.UNDONE, by=SETTLEMENT_MOVES, ended_by=by, ended_at=clock.now())
        StageClosing.objects.filter(
            programme=settlement.programme, stage=settlement.stage, occurrence=settlement.occurrence
        ).delete()
        _open_again(settlement)
        put_on_list(settlement.programme)
        record("settlement.undone", settlement, after=_told(settlement), actor=by)
    return settlement


def release(settlement: Settlement, *, by: Person) -> Settlement:
    """Let the verdicts take effect: turns end, gives are given, members go on, people are told. Final."""
    programme = settlement.programme
    with durable():
        move(settlement, SettlementState.RELEASED, by=SETTLEMENT_MOVES, ended_by=by, ended_at=clock.now())
        stage = blueprint_of(programme).stage(settlement.stage)
        _let_effect(settlement, stage)
        give(programme, plan_pools(programme, stage, _took_part(settlement, stage)))
        record("settlement.released", settlement, after=_told(settlement), actor=by)
    return settlement


def _told(settlement: Settlement) -> dict[str, object]:
    programme, stage = settlement.programme.slug, settlement.stage
    return {"programme": programme, "stage": stage, "occurrence": settlement.occurrence}


def _verdicts(judged: Judged) -> dict[str, list[str]]:
    """Whose verdicts they are: those that pass as the gate left them. What each was told is in its decision."""
    passed, out = judged.passed, judged.out
    return {"passed": listed([turn.pk for turn in passed]), "out": listed([turn.pk for turn in out])}


def standing_settlement(programme: Programme, stage_id: str, occurrence: int = 0) -> Settlement | None:
    """The settlement that holds or held: confirmed or released."""
    held = Settlement.objects.filter(programme=programme, stage=stage_id, occurrence=occurrence)
    return held.exclude(state=SettlementState.UNDONE).first()


def _judge_set(programme: Programme, stage_id: str, occurrence: int) -> _Set:
    stage = blueprint_of(programme).stage(stage_id)
    turns = _turns(programme, stage_id, occurrence)
    kind = stage_kinds[stage.kind]
    unscored = len(kind.pending(turns.filter(state__in=[TurnState.OPEN, TurnState.HANDED_IN])))
    kind.final(turns.filter(state=TurnState.HANDED_IN))
    counts = [TurnState.HANDED_IN, TurnState.OPEN] if stage.kind in WINDOW_ENDS_IT else [TurnState.HANDED_IN]
    handed_in = standing(turns.filter(state__in=counts))
    judged = judge_turns(programme, stage, handed_in)
    unfinished = [] if stage.kind in WINDOW_ENDS_IT else standing(turns.filter(state=TurnState.OPEN))
    unopened = standing(turns.filter(state=TurnState.WAITING))
    return _Set(stage, judged, unfinished, unopened, _gives(programme, stage, judged, handed_in), unscored)


def _turns(programme: Programme, stage_id: str, occurrence: int) -> QuerySet[Turn]:
    return Turn.objects.filter(programme=programme, stage=stage_id, occurrence=occurrence)


def _close(turns: QuerySet[Turn]) -> None:
    """The window ends now. It locks every turn, so that a hand-in under way is either judged or refused."""
    now = Value(clock.now(), output_field=DateTimeField())
    turns.update(closes_at=Least(Coalesce("closes_at", now), now))


def _open_again(settlement: Settlement) -> None:
    """The window is as it was; those who are out may try again, where the stage lets them."""
    programme = settlement.programme
    turns = list(_turns(programme, settlement.stage, settlement.occurrence).select_related("case"))
    set_dates(programme, turns)
    Turn.objects.bulk_update(turns, ["closes_at"], batch_size=500)


def _end_open_work(found: _Set) -> None:
    """Open learning, projects and work are handed in with what stands."""
    still_open = [row.turn.pk for row in found.judged.ruled if row.turn.state == TurnState.OPEN]
    close_turns(found.stage, list(Turn.objects.filter(pk__in=still_open).select_related("programme")))


def _let_effect(settlement: Settlement, stage: Stage) -> None:
    """The settlement's verdicts about turns that are still alive (some may have withdrawn meanwhile)."""
    alive = settlement.decisions.filter(turn__state__in=ALIVE)
    out = list(alive.filter(verdict=Verdict.OUT).values_list("turn_id", flat=True))
    rows = list(alive.filter(verdict=Verdict.PASSED).order_by("place").values_list(
        "turn_id", "place", "place_in_option"
    ))  # fmt: skip
    turns = {turn.pk: turn for turn in standing_of(pk for pk, _, _ in rows)}
    places = Places({pk: place or 0 for pk, place, _ in rows}, {pk: place or 0 for pk, _, place in rows})
    end_turns(settlement.programme, stage, passed=[turns[pk] for pk, _, _ in rows], out=out, places=places)


def _took_part(settlement: Settlement, stage: Stage) -> list[Standing]:
    """All who handed in, where a pool is shared among them."""
    if not any(is_shared_pool(give_) for give_ in stage.gives):
        return []
    turns = _turns(settlement.programme, stage.id, settlement.occurrence)
    return standing(turns.filter(handed_in_at__isnull=False).exclude(state=TurnState.WITHDRAWN))


def _gives(programme: Programme, stage: Stage, judged: Judged, handed_in: Sequence[Standing]) -> list[Given]:
    due = plan_passed(programme, stage, judged.passed, judged.places)
    return [*due, *plan_pools(programme, stage, handed_in)]


def _once(programme: Programme, stage_id: str, occurrence: int, by: Person, judged: Judged) -> Settlement:
    try:
        with transaction.atomic():
            return Settlement.objects.create(
                programme=programme, stage=stage_id, occurrence=occurrence, confirmed_by=by, ties=_ties(judged)
            )
    except IntegrityError:
        sentence = Text(ko="이 단계는 이미 확정되었습니다.", en="This stage has been settled already.")
        raise Refused("settle.twice", sentence, stage=stage_id) from None


def _refusal(programme: Programme, found: _Set) -> Refused | None:
    """Why this set cannot be settled now, if it cannot."""
    awaited = len(found.judged.pending) + found.unscored
    if awaited:
        sentence = Text(
            ko=f"아직 심사·결정·증빙·채점·검증을 기다리는 차례가 {awaited:,}건 있습니다.",
            en=f"{awaited:,} turns still await a review, a decision, a proof, a score or a verification.",
        )
        return Refused("settle.awaited", sentence, awaited=awaited)
    try:
        check(programme, found.gives)
    except Refused as refusal:
        return refusal
    return None


def _still_coming(programme: Programme, stage_id: str) -> int:
    """Turns at the stages before that are not decided yet."""
    before = [a.stage for a in blueprint_of(programme).stage(stage_id).after]
    return Turn.objects.filter(programme=programme, stage__in=before, state__in=ALIVE).count()


def _counted(gives: Sequence[Given]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for given in gives:
        if given.kind != "money":
            of_kind = counts.setdefault(given.kind, {})
            of_kind[given.name] = of_kind.get(given.name, 0) + 1
    return counts


def _money(gives: Sequence[Given]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for given in gives:
        if given.amount is not None:
            sums[given.name] = sums.get(given.name, 0) + given.amount
    return sums


def _ties(judged: Judged) -> list[dict[str, Any]]:
    return [
        {"step": tie.step, "option": tie.option, "value": tie.value, "turns": [str(t) for t in tie.turns]}
        for tie in judged.ties
    ]
