"""Handing in: evidence arrives at a turn; a newer hand-in replaces the older until the close or a verdict."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record
from dure.blueprint.model import Kind, Stage
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.days import for_reader
from dure.programmes.events import TurnHandedIn
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import stage_kinds
from dure.programmes.models import LIVE, TURN_MOVES, Decision, Turn, TurnState
from dure.programmes.operations.arriving import advance
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.giving import give_entrants
from dure.programmes.operations.judging import close_provisions
from dure.programmes.operations.opening import AT_OPENING, provide_again
from dure.programmes.queries.settled import is_settled
from dure.programmes.queries.standing import standing
from dure.programmes.windows import is_over
from dure.skills.models import Evidence
from dure.store.models import move
from dure.store.worded import found

_CLOSED = Text(
    ko="마감 시각이 지나 접수할 수 없습니다(마감: {when}).",
    en="The deadline has passed ({when}). Nothing can be handed in.",
)
WINDOW_ENDS_IT = frozenset({Kind.LEARN, Kind.PROJECT, Kind.WORK})


@transaction.atomic
def keep_evidence(turn: Turn, evidence: Evidence) -> Turn:
    """Set what the turn has shown so far, without handing it in."""
    _check_open(turn)
    before = turn.evidence
    Turn.objects.filter(pk=turn.pk, state__in=[TurnState.OPEN, TurnState.HANDED_IN]).update(evidence=evidence)
    turn.evidence = evidence
    _record(turn, before)
    return turn


@transaction.atomic
def hand_in(turn: Turn, evidence: Evidence, *, at: datetime | None = None, late: bool = False) -> Turn:
    """Hand ``turn`` in with ``evidence``, received ``at`` (default: now). Judging is a job of its own.

    What arrives at or after the close is refused; a receipt from before it counts (appendix D).
    """
    moment = at or clock.now()
    _check_open(turn, moment)
    stage = blueprint_of(turn.programme).stage(turn.stage)
    stage_kinds[stage.kind].check_hand_in(turn)
    first, before = turn.handed_in_at is None, turn.evidence
    if turn.state == TurnState.OPEN:
        move(turn, TurnState.HANDED_IN, by=TURN_MOVES, evidence=evidence, handed_in_at=moment, late=late or turn.late)
    else:
        _replace(turn, evidence, moment)
    if stage.settles_as_set:
        _check_unsettled(turn)
    _record(turn, before)
    if first and stage.kind not in AT_OPENING:
        give_entrants(turn.programme, stage, standing(Turn.objects.filter(pk=turn.pk)))
    publish(TurnHandedIn(turn.programme_id, turn.stage, turn.pk))
    _judge_soon(turn)
    return turn


def _record(turn: Turn, before: Evidence | None) -> None:
    told = {**_told(turn.evidence), "state": turn.state} if turn.evidence else None
    record("turn.evidence", turn, before=_told(before) if before else None, after=told)


def _told(evidence: Evidence) -> dict[str, object]:
    return {"evidence": evidence.pk, "sha256": evidence.sha256, "via": evidence.via}


def _replace(turn: Turn, evidence: Evidence, moment: datetime) -> None:
    touched = Turn.objects.filter(pk=turn.pk, state=TurnState.HANDED_IN).update(evidence=evidence, handed_in_at=moment)
    if touched != 1:
        raise _no_longer(turn)
    turn.evidence, turn.handed_in_at = evidence, moment


def _judge_soon(turn: Turn) -> None:
    enqueue("programmes.judge", arguments={"turn": str(turn.pk)}, key=f"judge:{turn.pk}")


def _check_open(turn: Turn, moment: datetime | None = None) -> None:
    if turn.programme.state not in LIVE:
        sentence = Text(ko="이 프로그램은 지금 진행 중이 아닙니다.", en="This programme is not running now.")
        raise Refused("programme.not-live", sentence, state=turn.programme.state)
    if turn.state not in {TurnState.OPEN, TurnState.HANDED_IN}:
        raise _no_longer(turn)
    if turn.closes_at is not None and (moment or clock.now()) >= turn.closes_at:
        when = for_reader(turn.closes_at, turn.programme.zone, closes=True)
        raise Refused("turn.closed", _CLOSED.format(when=when), closes_at=turn.closes_at)
    if moment is not None and turn.opens_at is not None and moment < turn.opens_at:
        raise Refused("turn.early", Text(ko="아직 열리지 않은 단계입니다.", en="This stage has not opened yet."))


def _check_unsettled(turn: Turn) -> None:
    """What was judged as a set was judged without this, however early it was received. Asked after the turn was
    touched: a settlement under way has locked it, and is seen here when it is through."""
    if is_settled(turn):
        sentence = Text(
            ko="이 단계는 확정되어 더는 접수하지 않습니다.", en="This stage is settled. Nothing can be handed in."
        )
        raise Refused("turn.settled", sentence)


def _no_longer(turn: Turn) -> Refused:
    sentence = Text(
        ko="이 차례는 지금 제출할 수 없는 상태입니다: {state}",
        en="This turn does not take hand-ins now: it is {state}.",
    )
    return Refused("turn.not-open", sentence.format(state=turn.state), state=turn.state)


@transaction.atomic
def try_again(turn: Turn, *, at: datetime | None = None) -> Turn:
    """Open a turn that was put out, where the stage says ``else: again`` and its window is open, or was ``at`` the
    moment when what comes in now was received."""
    stage = blueprint_of(turn.programme).stage(turn.stage)
    if not stage.again:
        raise Refused(
            "turn.no-again", Text(ko="이 단계는 다시 도전할 수 없습니다.", en="This stage cannot be tried again.")
        )
    if _is_over(turn, at) or turn.programme.state not in LIVE:
        raise Refused("turn.closed", Text(ko="단계가 이미 닫혔습니다.", en="The stage has closed."))
    if turn.opened_at is None:
        raise Refused("turn.not-opened", Text(ko="열린 적이 없는 차례입니다.", en="This turn was never opened."))
    move(turn, TurnState.OPEN, by=TURN_MOVES, ended_at=None)
    provide_again(turn)
    refresh_cases(turn.programme, [turn.pk])
    record("turn.opened-again", turn, after={"stage": turn.stage})
    return turn


def _is_over(turn: Turn, at: datetime | None) -> bool:
    return is_over(turn) and (at is None or turn.closes_at is None or turn.closes_at <= at)


@transaction.atomic
def withdraw(turn: Turn) -> Turn:
    """The holder leaves: the turn ends without a verdict."""
    before = turn.state
    move(turn, TurnState.WITHDRAWN, by=TURN_MOVES, ended_at=clock.now())
    record("turn.withdrawn", turn, before={"state": before}, after={"stage": turn.stage})
    close_provisions(turn.programme, blueprint_of(turn.programme).stage(turn.stage), [turn.pk])
    advance(turn.programme, turn.stage, out=[turn.pk])  # nowhere by this stage; but mates may wait for it
    refresh_cases(turn.programme, [turn.pk])
    return turn


def close_turns(stage: Stage, turns: Sequence[Turn]) -> tuple[list[Turn], list[Turn]]:
    """The window closed over open ``turns``: (those that count as handed in, those that do not).

    Learn, project and work are handed in with what stands; the others are out (appendix C and F).
    """
    stage_kinds[stage.kind].close(turns)
    if stage.kind not in WINDOW_ENDS_IT:
        return [], list(turns)
    for turn in turns:
        move(turn, TurnState.HANDED_IN, by=TURN_MOVES, handed_in_at=turn.closes_at or clock.now())
    return list(turns), []


def verdicts_of(turn: Turn) -> list[Decision]:
    """What was decided about a turn, newest first; of settlements only what was released."""
    return [d for d in found(_decided, turn.pk) if d.settlement is None or d.settlement.state == "released"]


def _decided(turn: UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(turn=turn).select_related("settlement", "by").order_by("-pk")
