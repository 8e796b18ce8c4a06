"""What came out of a rehearsal, as plain numbers: the document of ``rehearse --json`` and the report's source."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import polars as pl

from dure.blueprint.expressions import Checked, Rounded, check, measures_of, rounded
from dure.blueprint.gates import Tie
from dure.blueprint.gives import seats
from dure.blueprint.model import Blueprint, DecideStep, ExternalStep, PanelStep, Step
from dure.blueprint.rehearsal.figures import RehearsalFigures
from dure.blueprint.rehearsal.run import Run, StageRun


@dataclass(frozen=True, slots=True)
class StageCount:
    """How one stage went. ``ties``: where the standing order had to decide at a cut."""

    id: str
    kind: str
    entered: int
    passed: int
    out: int
    reasons: Mapping[str, int]
    ties: tuple[Tie, ...]
    work: Mapping[str, int]  # by role or body: marks, decisions, proofs and seats it takes

    def as_json(self) -> dict[str, object]:
        counts = {"in": self.entered, "passed": self.passed, "out": self.out, "withdrawn": 0}
        return {"id": self.id, "kind": self.kind, **counts, "reasons": dict(self.reasons)}

    def as_record(self) -> dict[str, object]:
        """With what the report tells beside; which turns were equal is not kept."""
        ties = [[tie.step, tie.option, tie.value] for tie in self.ties]
        return {**self.as_json(), "ties": ties, "work": dict(self.work)}

    @classmethod
    def of_record(cls, kept: Mapping[str, Any]) -> Self:
        ties = tuple(Tie(step, option, value, ()) for step, option, value in kept["ties"])
        counts = (kept["in"], kept["passed"], kept["out"])
        return cls(kept["id"], kept["kind"], *counts, reasons=kept["reasons"], ties=ties, work=kept["work"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a rehearsal of ``blueprint`` counted; ``seconds`` is what it took."""

    blueprint: Blueprint
    cases: int
    seed: int
    seconds: float
    stages: tuple[StageCount, ...]
    money: Mapping[str, int]
    credentials: Mapping[str, int]
    privileges: Mapping[str, int]
    published: Mapping[str, int]
    spawned: Mapping[str, int]
    roles: Mapping[str, int]
    provided: Mapping[str, Rounded]
    measures: Mapping[str, Rounded]
    expect: tuple[Checked, ...]

    @property
    def at_own_size(self) -> bool:
        """Whether the file's own number of entries was played: only then do its expectations decide."""
        return self.blueprint.rehearse is not None and self.cases == self.blueprint.rehearse.entries

    @property
    def holds(self) -> bool:
        return all(checked.holds for checked in self.expect)

    def as_json(self) -> dict[str, object]:
        """The document of INTERFACE.md."""
        head = {"blueprint": self.blueprint.name, "cases": self.cases, "seed": self.seed, "seconds": self.seconds}
        counts = {name: dict(getattr(self, name)) for name in _COUNTS}
        rows = {"stages": [stage.as_json() for stage in self.stages], **counts}
        return {**head, **rows, "expect": [checked.as_dict() for checked in self.expect]}

    def as_record(self) -> dict[str, object]:
        """What ``of_record`` needs to tell it all again, beside the blueprint."""
        return {**self.as_json(), "stages": [stage.as_record() for stage in self.stages]}

    @classmethod
    def of_record(cls, blueprint: Blueprint, kept: Mapping[str, Any]) -> Self:
        """An outcome of ``blueprint`` that was kept."""
        counts = {name: kept[name] for name in ("cases", "seed", "seconds", *_COUNTS)}
        stages = tuple(StageCount.of_record(stage) for stage in kept["stages"])
        expect = tuple(Checked(one["text"], one["left"], one["right"], one["holds"]) for one in kept["expect"])
        return cls(blueprint=blueprint, stages=stages, expect=expect, **counts)


_COUNTS = ("money", "credentials", "privileges", "published", "spawned", "roles", "provided", "measures")


def outcome(run: Run, seed: int, seconds: float) -> Outcome:
    """Count a walked rehearsal; ``seconds`` is filled in by whoever held the watch."""
    blueprint, figures = run.blueprint, RehearsalFigures(run)
    tally = figures.tally
    expected = blueprint.rehearse.expect if blueprint.rehearse else ()
    return Outcome(
        blueprint=blueprint,
        cases=run.cohort.cases,
        seed=seed,
        seconds=seconds,
        stages=tuple(_stage(here) for here in run.stages.values()),
        money=tally.money(),
        credentials=tally.credentials(),
        privileges=tally.privileges(),
        published=tally.published(),
        spawned=tally.spawned(),
        roles=tally.roles(),
        provided={name: rounded(Fraction(amount)) for name, amount in tally.provided().items()},
        measures=measures_of(blueprint, figures),
        expect=tuple(check(text, figures, blueprint.measures) for text in expected),
    )


def _stage(here: StageRun) -> StageCount:
    passed = int(here.passed.sum())
    reasons = here.judgement.rows.filter(pl.col("reason").is_not_null()).group_by("step", "reason").len()
    counted: Counter[str] = Counter()
    for _, reason, count in reasons.sort("step", "reason").iter_rows():
        counted[reason] += count
    turns = len(here.firsts)
    ties = here.judgement.ties
    return StageCount(here.stage.id, here.stage.kind.value, turns, passed, turns - passed, counted, ties, _work(here))


def _work(here: StageRun) -> Mapping[str, int]:
    """How often each role or body has to say something of a turn, or sits beside one."""
    work: Counter[str] = Counter()
    for step, judged in zip(here.stage.gate, here.judgement.judged, strict=True):
        for who, times in _judges(step).items():
            work[who] += times * judged
    for role, number in seats(here.stage).items():
        work[role] += number * len(here.firsts)
    return {who: times for who, times in work.items() if times}


def _judges(step: Step) -> Mapping[str, int]:
    match step:
        case PanelStep(roles=roles, each=each):
            return {" / ".join(roles): each}
        case DecideStep(role=role):
            return {role: 1}
        case ExternalStep(body=body):
            return {body: 1}
    return {}
