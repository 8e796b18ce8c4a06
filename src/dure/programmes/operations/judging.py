"""Judging: the gate's verdicts become decisions, and decisions take effect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from dure.blueprint.gates import OUT, PENDING, Tie, early_steps, inputs_used, judge
from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, Stage
from dure.blueprint.reasons import reason_text
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.programmes.events import TurnsJudged
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import gate_inputs, provide_kinds, stage_kinds
from dure.programmes.models import (
    Decision,
    Programme,
    Provided,
    ProvidedState,
    Settlement,
    Turn,
    TurnState,
    Verdict,
)
from dure.programmes.operations.arriving import advance
from dure.programmes.operations.audited import record_set
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.giving import Places, give, plan_passed
from dure.programmes.queries.frames import frame_of
from dure.programmes.queries.standing import Standing, standing
from dure.programmes.windows import judged_at_end
from dure.store.bulk import insert_rows
from dure.store.chunks import chunked

INPUTS = {PanelStep: "panel", DecideStep: "decide", ExternalStep: "external"}
NO_REASON = Text("", "")
PUT_OUT = "disqualified"


class Ruled(NamedTuple):
    """One verdict before it is written: a decision's columns, beside the turn it is about."""

    turn: Standing
    verdict: str
    code: str = ""
    reason: Text = NO_REASON
    step: int | None = None
    place: int | None = None
    place_in_option: int | None = None
    mark: float | None = None
    facts: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Judged:
    """What a gate says of turns, before anything is written; ``pending`` are those somebody is still asked about."""

    ruled: Sequence[Ruled]
    pending: Sequence[Standing] = ()
    ties: tuple[Tie, ...] = ()

    @property
    def passed(self) -> list[Standing]:
        """Those that pass, in the order the gate left."""
        winners = [row for row in self.ruled if row.verdict == Verdict.PASSED]
        return [row.turn for row in sorted(winners, key=lambda row: row.place or 0)]

    @property
    def out(self) -> list[Standing]:
        return [row.turn for row in self.ruled if row.verdict == Verdict.OUT]

    @property
    def places(self) -> Places:
        won = [row for row in self.ruled if row.verdict == Verdict.PASSED]
        return Places(
            {row.turn.pk: row.place or 0 for row in won}, {row.turn.pk: row.place_in_option or 0 for row in won}
        )


def judge_turns(programme: Programme, stage: Stage, turns: Sequence[Standing], *, steps: range | None = None) -> Judged:
    """Ask the gate (or its first ``steps``) about handed-in ``turns``, which stand in order. Writes nothing.

    Those that the stage's own room puts out are not asked about, and take nobody's place.
    """
    away = stage_kinds[stage.kind].out([turn.pk for turn in turns])
    judged = _judge_turns(programme, stage, [turn for turn in turns if turn.pk not in away], steps)
    gone = [Ruled(turn, OUT, PUT_OUT, why) for turn in turns if (why := away.get(turn.pk))]
    undecided = [turn for turn in turns if turn.pk in away and away[turn.pk] is None]
    return Judged([*judged.ruled, *gone], [*judged.pending, *undecided], judged.ties)


def _judge_turns(programme: Programme, stage: Stage, turns: Sequence[Standing], steps: range | None) -> Judged:
    frame = frame_of(programme, stage, turns)
    judgement = judge(stage, _with_inputs(programme, stage, turns, frame.rows), steps=steps)
    reasons, said = _Reasons(programme, stage), _said(programme, stage, turns, judgement.rows)
    ruled, pending = [], []
    for turn, row in zip(turns, judgement.rows.iter_rows(named=True), strict=True):
        if row["verdict"] == PENDING:
            pending.append(turn)
            continue
        facts, code = frame.facts[turn.pk], row["reason"] or ""
        reason = reasons.of(code, facts, said.get(turn.pk)) if code else NO_REASON
        places = (row["step"], row["place"], row["place_in_option"], row["mark"])
        ruled.append(Ruled(turn, row["verdict"], code, reason, *places, facts))
    return Judged(ruled, pending, judgement.ties)


class _Reasons:
    """Reason texts of one stage; equal codes over equal facts read the same, so each is composed once."""

    def __init__(self, programme: Programme, stage: Stage) -> None:
        self.blueprint, self.stage = blueprint_of(programme), stage
        self._known: dict[tuple[str, str], Text] = {}

    def of(self, code: str, facts: Mapping[str, Mapping[str, Any]], said: Text | None) -> Text:
        """``said``: what a person wrote about this turn alone."""
        if said is not None:
            return reason_text(self.blueprint, self.stage, code, values={"reason": said})
        name = code.partition(".")[2]
        values = {fact: known["value"] for fact, known in facts.items() if not name or fact == name}
        key = (code, repr(values) if name else "")
        if key not in self._known:
            self._known[key] = reason_text(self.blueprint, self.stage, code, values=values if name else None)
        return self._known[key]


def _said(programme: Programme, stage: Stage, turns: Sequence[Standing], rows: pl.DataFrame) -> Mapping[UUID, Text]:
    """By turn, what a decider wrote who said no."""
    found: dict[UUID, Text] = {}
    for step in [number for number, written in enumerate(stage.gate) if isinstance(written, DecideStep)]:
        told = zip(turns, rows["reason"], rows["step"], strict=True)
        refused = [turn.pk for turn, code, at in told if code == "decide" and at == step]
        found |= gate_inputs["decide"].reasons(programme, stage.id, step, refused)
    return found


def _with_inputs(programme: Programme, stage: Stage, turns: Sequence[Standing], rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with what people said, a column for each step that asks them."""
    ids = [turn.pk for turn in turns]
    for name in inputs_used(stage):
        step = int(name.split(".")[1])
        said = gate_inputs[INPUTS[type(stage.gate[step])]].inputs(programme, stage.id, step, ids)
        dtype = pl.Float64() if name.endswith(".mark") else pl.Boolean()
        rows = rows.with_columns(pl.Series(name, [said.get(pk) for pk in ids], dtype=dtype))
    return rows


def awaiting(programme: Programme, stage_id: str, step: int) -> list[Turn]:
    """The handed-in turns that have come as far as ``step`` of the gate, in the order in which it will hear them."""
    stage = blueprint_of(programme).stage(stage_id)
    turns = standing(Turn.objects.filter(programme=programme, stage=stage_id, state=TurnState.HANDED_IN))
    passed = judge_turns(programme, stage, turns, steps=range(step)).passed
    found = Turn.objects.select_related("case", "evidence", "programme").in_bulk([turn.pk for turn in passed])
    return [found[turn.pk] for turn in passed]


@transaction.atomic
def judge_handed_in(programme: Programme, stage_id: str, *, only: Sequence[UUID] | None = None) -> Judged:
    """Judge what can be judged turn by turn at a stage; safe to repeat, for a judged turn is no longer handed in.

    Of a stage that settles as a set only the steps before the first rank or take judge now. Where the window is
    ``for`` alone, turns wait for its end.
    """
    stage = blueprint_of(programme).stage(stage_id)
    found = Turn.objects.filter(programme=programme, stage=stage_id, state=TurnState.HANDED_IN)
    if only is not None:
        found = found.filter(pk__in=only)
    if judged_at_end(programme, stage):
        found = found.filter(closes_at__lte=clock.now())
    turns = standing(found)
    if not turns:
        return Judged([])
    steps = early_steps(stage) if stage.settles_as_set else None
    judged = judge_turns(programme, stage, turns, steps=steps)
    effective = [row for row in judged.ruled if not stage.settles_as_set or row.verdict == OUT]
    take_effect(programme, stage, write(programme, effective))
    return judged


def standing_order(turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Turns in standing order: hand-in, then case."""
    return turns.select_related("case", "evidence", "programme").order_by("handed_in_at", "case__number", "pk")


_COLUMNS = ("turn", "settlement", "verdict", "code", "reason_ko", "reason_en", "step", "place", "place_in_option",
            "mark", "facts", "evidence", "sha256", "at")  # fmt: skip


def write(programme: Programme, ruled: Sequence[Ruled], *, settlement: Settlement | None = None) -> Sequence[Ruled]:
    """Keep verdicts as immutable decisions; with a settlement they wait for its release."""
    now, held = clock.now(), settlement.pk if settlement else None
    insert_rows(
        Decision,
        _COLUMNS,
        (
            (r.turn.pk, held, r.verdict, r.code, r.reason.ko, r.reason.en, r.step, r.place, r.place_in_option,
             r.mark, r.facts, r.turn.evidence_id, programme.sha256, now)
            for r in ruled
        ),
    )  # fmt: skip
    return ruled


def take_effect(programme: Programme, stage: Stage, ruled: Sequence[Ruled]) -> None:
    """Let written verdicts of turns at hand take effect."""
    judged = Judged(ruled)
    passed, out = judged.passed, [turn.pk for turn in judged.out]
    record_set("turn.judged", programme, Turn, stage.id, passed=[turn.pk for turn in passed], out=out)
    end_turns(programme, stage, passed=passed, out=out, places=judged.places)


@transaction.atomic
def end_turns(
    programme: Programme, stage: Stage, *, passed: Sequence[Standing], out: Sequence[UUID], places: Places
) -> None:
    """Verdicts take effect: turns end, gives are given, members are carried on, whoever listens is told."""
    won = [turn.pk for turn in passed]
    ended = [*won, *out]
    if not ended:
        return
    _end(won, TurnState.PASSED)
    _end(out, TurnState.OUT)
    if any(isinstance(step, PanelStep) for step in stage.gate):
        _keep_marks(ended)
    give(programme, plan_passed(programme, stage, passed, places))
    close_provisions(programme, stage, ended)
    advance(programme, stage.id, passed=won, out=out)
    refresh_cases(programme, ended)
    publish(TurnsJudged(programme.pk, stage.id, tuple(won), tuple(out)))


def _end(turns: Sequence[UUID], state: TurnState) -> None:
    """Move turns to an end by compare-and-set; all of them, or the transaction is rolled back."""
    alive = [TurnState.WAITING, TurnState.OPEN, TurnState.HANDED_IN]
    allowed = [TurnState.HANDED_IN] if state == TurnState.PASSED else alive
    now, touched = clock.now(), 0
    for piece in chunked(turns):
        touched += Turn.objects.filter(pk__in=piece, state__in=allowed).update(state=state, ended_at=now)
    if touched != len(turns):
        sentence = Text(
            ko="그 사이 다른 사람이 일부 차례의 상태를 바꾸었습니다. 새로 고친 뒤 다시 시도하세요.",
            en="Some turns were changed by somebody else meanwhile. Reload and try again.",
        )
        raise Refused("state.changed", sentence, expected=len(turns), found=touched)


def _keep_marks(turns: Iterable[UUID]) -> None:
    """The panel's mark becomes a fact of its turn."""
    latest = Decision.objects.filter(turn=OuterRef("pk")).order_by("-pk").values("mark")[:1]
    for piece in chunked(turns):
        Turn.objects.filter(pk__in=piece).update(mark=Subquery(latest))


def close_provisions(programme: Programme, stage: Stage, turns: Iterable[UUID]) -> None:
    """What was at the turns' disposal is so no longer."""
    if not stage.provides:
        return
    for piece in chunked(turns):
        rows = list(Provided.objects.filter(turn_id__in=piece).exclude(state=ProvidedState.CLOSED))
        for kind in {row.type for row in rows}:
            provide_kinds[kind].close([row for row in rows if row.type == kind])
        closing = Provided.objects.filter(programme=programme, pk__in=[row.pk for row in rows])
        closing.update(state=ProvidedState.CLOSED, closed_at=clock.now())


def put_out(programme: Programme, stage: Stage, turns: Sequence[Standing], code: str) -> list[Ruled]:
    """Verdicts (unwritten) that put ``turns`` out for a reason outside the gate: not-opened, not-handed-in."""
    text = reason_text(blueprint_of(programme), stage, code)
    return [Ruled(turn, Verdict.OUT, code, text) for turn in turns]
