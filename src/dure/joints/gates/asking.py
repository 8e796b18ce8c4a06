"""What the three asking steps share: which step is meant, and that a verdict may now be due."""

from typing import TypeVar

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep
from dure.core.errors import Missing
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn

A = TypeVar("A", PanelStep, DecideStep, ExternalStep)


def step_of(programme: Programme, stage: str, step: int, sort: type[A]) -> A:
    """The gate's step of that number and sort; raises Missing."""
    gate = blueprint_of(programme).stage(stage).gate
    if 0 <= step < len(gate):
        found = gate[step]
        if isinstance(found, sort):
            return found
    sentence = Text(ko="그런 심사 단계가 없습니다.", en="There is no such step in this gate.")
    raise Missing("gate.step", sentence, stage=stage, step=step)


def judge_soon(turn: Turn) -> None:
    """Judging is a job of its own: what somebody said stands even where judging fails."""
    enqueue("programmes.judge", arguments={"turn": str(turn.pk)}, key=f"judge:{turn.pk}")
