"""Judging: the gate's verdicts become decisions, and decisions take effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import F

from dure.blueprint.gates import OUT, PASSED, PENDING, Tie, early_steps, inputs_used, judge
from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, Stage
from dure.blueprint.reasons import reason_text
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.events import TurnsJudged
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import gate_inputs, provide_kinds
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
from dure.programmes.operations.cases import refresh_cases
from dure.programmes.operations.giving import Places, give, plan_passed
from dure.programmes.queries.frames import frame_of
from dure.programmes.windows import is_over, judged_at_end
from dure.store.chunks import chunked

INPUTS = {PanelStep: "panel", DecideStep: "decide", ExternalStep: "external"}


@dataclass(frozen=True)
class Judged:
    """What a gate says of turns, before anything is written: one (unsaved) decision for each that is not pending."""

    decisions: list[Decision]
    pending: list[Turn]
    ties: tuple[Tie, ...] = ()

    @property
    def passed(self) -> list[Turn]:
        """Those that pass, in the order the gate left."""
        winners = [d for d in self.decisions if d.verdict == Verdict.PASSED]
        return [d.turn for d in sorted(winners, key=lambda d: d.place or 0)]

    @property
    def places(self) -> Places:
        won = [d for d in self.decisions if d.verdict == Verdict.PASSED]
        return Places({d.turn_id: d.place or 0 for d in won}, {d.turn_id: d.place_in_option or 0 for d in won})


def judge_turns(programme: Programme, stage: Stage, turns: Sequence[Turn], *, steps: range | None = None) -> Judged:
    """Ask the gate (or its first ``steps``) about handed-in ``turns``, which stand in order. Writes nothing."""
    frame = frame_of(programme, stage, turns)
    rows = _with_inputs(programme, stage, turns, frame.rows)
    judgement = judge(stage, rows, steps=steps)
    blueprint = blueprint_of(programme)
    by_id = {str(turn.pk): turn for turn in turns}
    decisions, pending = [], []
    for row in judgement.rows.iter_rows(named=True):
        turn = by_id[row["turn"]]
        if row["verdict"] == PENDING:
            pending.append(turn)
            continue
        code = row["reason"] or ""
        text = reason_text(blueprint, stage, code, values=_values(frame.facts[turn.pk])) if code else Text("", "")
        decisions.append(
            Decision(
                turn=turn, verdict=row["verdict"], code=code, reason_ko=text.ko, reason_en=text.en,
                step=row["step"], place=row["place"], place_in_option=row["place_in_option"], mark=row["mark"],
                facts=frame.facts[turn.pk], evidence_id=turn.evidence_id, sha256=programme.sha256, at=clock.now(),
            )
        )  # fmt: skip
    return Judged(decisions, pending, judgement.ties)


def _values(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: fact["value"] for name, fact in facts.items()}


def _with_inputs(programme: Programme, stage: Stage, turns: Sequence[Turn], rows: pl.DataFrame) -> pl.DataFrame:
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
    turns = list(standing_order(Turn.objects.filter(programme=programme, stage=stage_id, state=TurnState.HANDED_IN)))
    return judge_turns(programme, stage, turns, steps=range(step)).passed


@transaction.atomic
def judge_handed_in(programme: Programme, stage_id: str, *, only: Sequence[UUID] | None = None) -> list[Decision]:
    """Judge what can be judged turn by turn at a stage; safe to repeat, for a judged turn is no longer handed in.

    Of a stage that settles as a set only the steps before the first rank or take judge now. Where the window is
    ``for`` alone, turns wait for its end.
    """
    stage = blueprint_of(programme).stage(stage_id)
    found = Turn.objects.filter(programme=programme, stage=stage_id, state=TurnState.HANDED_IN)
    if only is not None:
        found = found.filter(pk__in=only)
    turns = list(standing_order(found))
    if judged_at_end(programme, stage):
        turns = [turn for turn in turns if is_over(turn)]
    if not turns:
        return []
    steps = early_steps(stage) if stage.settles_as_set else None
    judged = judge_turns(programme, stage, turns, steps=steps)
    decisions = [d for d in judged.decisions if not stage.settles_as_set or d.verdict == OUT]
    return take_effect(programme, stage, decisions)


def standing_order(turns: Any) -> Any:
    """A queryset of turns in standing order: hand-in, then case."""
    return turns.select_related("case", "evidence", "programme").order_by("handed_in_at", "case__number", "pk")


@transaction.atomic
def take_effect(
    programme: Programme, stage: Stage, decisions: Sequence[Decision], *, settlement: Settlement | None = None
) -> list[Decision]:
    """Write decisions (those of a settlement stand already), move their turns, give, and carry members on."""
    if not decisions:
        return []
    if settlement is None:
        Decision.objects.bulk_create(decisions, batch_size=1000)
    judged = Judged(list(decisions), [])
    passed = judged.passed
    out = [d.turn for d in decisions if d.verdict == Verdict.OUT]
    _end(passed, TurnState.PASSED)
    _end(out, TurnState.OUT)
    _mark([d for d in decisions if d.mark is not None])
    give(programme, plan_passed(programme, stage, passed, judged.places))
    close_provisions([*passed, *out])
    advance(programme, stage.id, [*passed, *out])
    refresh_cases(programme, [*passed, *out])
    publish(TurnsJudged(programme.pk, stage.id, tuple(t.pk for t in passed), tuple(t.pk for t in out)))
    return list(decisions)


def _end(turns: Sequence[Turn], state: TurnState) -> None:
    """Move turns to an end by compare-and-set; all of them, or the transaction is rolled back."""
    now = clock.now()
    ends = {turn.pk for turn in turns}
    touched = 0
    for piece in chunked(ends):
        allowed = [TurnState.HANDED_IN] if state == TurnState.PASSED else [
            TurnState.WAITING, TurnState.OPEN, TurnState.HANDED_IN
        ]  # fmt: skip
        rows = Turn.objects.filter(pk__in=piece, state__in=allowed)
        touched += rows.update(state=state, ended_at=now)
    if touched != len(ends):
        sentence = Text(
            ko="그 사이 다른 사람이 일부 차례의 상태를 바꾸었습니다. 새로 고친 뒤 다시 시도하세요.",
            en="Some turns were changed by somebody else meanwhile. Reload and try again.",
        )
        raise Refused("state.changed", sentence, expected=len(ends), found=touched)
    for turn in turns:
        turn.state, turn.ended_at = state, now


def _mark(decisions: Sequence[Decision]) -> None:
    """Keep the panel's mark as a fact of its turn."""
    for decision in decisions:
        decision.turn.mark = decision.mark
    Turn.objects.bulk_update([decision.turn for decision in decisions], ["mark"], batch_size=1000)


def close_provisions(turns: Sequence[Turn]) -> None:
    """What was at the turns' disposal is so no longer."""
    for piece in chunked(turn.pk for turn in turns):
        rows = list(Provided.objects.filter(turn_id__in=piece).exclude(state=ProvidedState.CLOSED))
        for kind in {row.type for row in rows}:
            provide_kinds[kind].close([row for row in rows if row.type == kind])
        Provided.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=ProvidedState.CLOSED, closed_at=clock.now()
        )


def plain_decisions(programme: Programme, turns: Sequence[Turn], code: str) -> list[Decision]:
    """(Unsaved) decisions that put ``turns`` out for a reason outside the gate: not-opened, not-handed-in."""
    blueprint = blueprint_of(programme)
    text = reason_text(blueprint, blueprint.stage(turns[0].stage), code) if turns else Text("", "")
    return [
        Decision(
            turn=turn, verdict=Verdict.OUT, code=code, reason_ko=text.ko, reason_en=text.en,
            evidence_id=turn.evidence_id, sha256=programme.sha256, at=clock.now(),
        )
        for turn in turns
    ]  # fmt: skip


def passed_by(person: Person) -> Any:
    """Decisions that let ``person`` through, newest first."""
    return Decision.objects.filter(turn__turn_members__member__person=person, verdict=PASSED).order_by(F("at").desc())
