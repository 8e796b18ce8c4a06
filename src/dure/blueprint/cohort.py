"""The made-up cohort as data (appendix I): who comes, what they bring, and what judges say of them.

The rehearsal asks for whole columns, ``dure act`` for the same values one by one; both get them from here. ``i`` is
the number (from 0) of a person, or of a case where cases hold no persons; a turn uses its first.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from dure.blueprint.draws import Indices, drawn, u
from dure.blueprint.model import (
    Blueprint,
    DecideStep,
    FormDo,
    Item,
    LearnDo,
    PanelStep,
    Question,
    Rehearse,
    RoundDo,
    Spread,
    Stage,
    Subject,
)

SEED = 7
MARKS: Spread = (50, 95)
YES, PROVED = 0.8, 0.7  # how often a decider says yes, how often a proof is there

_ANSWERS: Mapping[str, Spread] = {
    "number": (0, 100),
    "yes-no": ("yes", "yes", "yes", "no"),
    "date": "2030-01-01",
    "text": "text",
    "words": "text",
}
_EVIDENCE: Mapping[str, Mapping[str, Spread]] = {
    "form": {},
    "learn": {"completion": (1, 1, 1, 0.6), "attendance": (1, 1, 0.9, 0.6), "grade": (1.5, 4.5)},
    "test": {"score": (30, 100), "proof": "made-up"},
    "round": {"score": (0.0, 1.0), "public-score": (0.0, 1.0), "attempts": (1, 20)},
    "project": {"milestones": (1, 1, 1, 0.5), "reports": 1, "late": 0, "deliverables": 1},
    "event": {"attended": (1, 1, 1, 0), "minutes": "yes", "votes": (0.0, 1.0), "contacts": (0, 10)},
    "work": {"days": (180, 120, 30), "hours": (4, 60), "rating": (40, 100)},
}


class Cohort:
    """The people of one rehearsal. ``blueprint`` has its ``bind`` filled in; ``cases`` replaces its ``entries``."""

    def __init__(self, blueprint: Blueprint, seed: int = SEED, *, cases: int | None = None) -> None:
        self.blueprint = blueprint
        self.seed = seed
        self.plan = blueprint.rehearse or Rehearse(entries=0, facts={}, evidence={}, external={}, bind={})
        self.cases = self.plan.entries if cases is None else cases

    @property
    def members(self) -> int:
        """Persons a case: a team comes with as many as its first size allows."""
        sizes = [stage.team.max for stage in self.blueprint.stages if stage.team]
        return sizes[0] if self.blueprint.subject is Subject.TEAM and sizes else 1

    @property
    def travellers(self) -> int:
        """How many persons travel, or cases where these hold no persons."""
        return self.cases * self.members

    def facts(self, name: str, persons: Indices) -> pl.Series:
        """A profile fact of each person (else case); null where the file draws none."""
        spread = self.plan.facts.get(name)
        if spread is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(persons))
        return drawn(spread, self.seed, f"facts.{name}", persons)

    def evidence(self, stage: Stage, field: str, firsts: Indices, options: pl.Series | None = None) -> pl.Series:
        """What doing the stage leaves behind under ``field``, for turns by their first person.

        ``options``: what each turn chose (lists), asked only for the credits of a ``learn`` stage with options.
        """
        own = self.plan.evidence.get(f"{stage.id}.{field}")
        asked = _question(stage, field)
        if asked:
            return _typed(asked, self._answer(stage, asked, own, firsts))
        if own is None and isinstance(stage.do, LearnDo) and field == "credits":
            completion = self.evidence(stage, "completion", firsts)
            return _earned(stage.do.items, completion, options)
        return drawn(_default(stage, field) if own is None else own, self.seed, f"{stage.id}.{field}", firsts)

    def _answer(self, stage: Stage, asked: Question, own: Spread | None, firsts: Indices) -> pl.Series:
        if own is None and asked.name in self.plan.facts:
            return self.facts(asked.name, firsts)
        default = asked.choices if asked.type == "choice" else _ANSWERS[asked.type]
        return drawn(default if own is None else own, self.seed, f"{stage.id}.{asked.name}", firsts)

    def marks(self, stage: Stage, step: int, reviewer: int, firsts: Indices) -> pl.Series:
        """The one mark (0-100) that reviewer number ``reviewer`` of panel ``step`` gives each turn."""
        spread = self.plan.evidence.get(f"{stage.id}.mark", MARKS)
        return drawn(spread, self.seed, f"{stage.id}.mark.{step}.{reviewer}", firsts)

    def mark(self, stage: Stage, step: int, firsts: Indices) -> pl.Series:
        """The mean over the panel's reviewers."""
        panel = stage.gate[step]
        assert isinstance(panel, PanelStep)  # noqa: S101 -- only panels give marks
        given = [self.marks(stage, step, reviewer, firsts).to_numpy() for reviewer in range(panel.each)]
        return pl.Series(np.sum(given, axis=0) / panel.each)

    def says(self, stage: Stage, step: int, firsts: Indices) -> pl.Series:
        """What the decider says of turns in order: yes or no; with ``take`` yes to the first ones and nothing more."""
        decide = stage.gate[step]
        if isinstance(decide, DecideStep) and decide.take is not None:
            yes = min(decide.take, len(firsts))
            return pl.Series([True] * yes + [None] * (len(firsts) - yes), dtype=pl.Boolean)
        return pl.Series(u(self.seed, f"{stage.id}.decide.{step}", firsts) < YES)

    def proofs(self, stage: Stage, step: int, firsts: Indices) -> pl.Series:
        """Whether each turn, in order, has its proof verified: so many as the file says, first in order."""
        count = self.plan.external.get(stage.id)
        if count is not None:
            return pl.Series(np.arange(len(firsts)) < count)
        return pl.Series(u(self.seed, f"{stage.id}.external.{step}", firsts) < PROVED)


def _question(stage: Stage, field: str) -> Question | None:
    asked = stage.do.ask if isinstance(stage.do, FormDo) else ()
    return next((question for question in asked if question.name == field), None)


def _typed(asked: Question, answers: pl.Series) -> pl.Series:
    return answers.cast(pl.String).str.to_date(strict=False) if asked.type == "date" else answers


def _default(stage: Stage, field: str) -> Spread:
    match stage.do, field:
        case _, "match":
            return (0.0, 1.0)
        case FormDo(attach=attach), "files":
            return len(attach)
        case RoundDo(code=code), "code":
            return "yes" if code == "required" else "no"
    return _EVIDENCE[stage.kind][field]


def _earned(items: tuple[Item, ...], completion: pl.Series, options: pl.Series | None) -> pl.Series:
    """Whole credits: the part completed of one's own items' credits, rounded down."""
    everybody = sum(item.credits or 0 for item in items if not item.options)
    offered = pl.DataFrame(
        {"part": completion, "credits": pl.Series([float(everybody)]).new_from_index(0, len(completion))}
    )
    if options is not None:
        offered = offered.with_columns(options.alias("options"))
        for item in items:
            if item.options:
                chosen = pl.col("options").list.set_intersection(list(item.options)).list.len() > 0
                offered = offered.with_columns(
                    pl.col("credits") + pl.when(chosen).then(item.credits or 0.0).otherwise(0.0)
                )
    return offered.select((pl.col("part") * pl.col("credits")).round(9).floor().cast(pl.Int64)).to_series()
