"""The walk: everybody enters, and stage by stage comes through, forms units, hands in and is judged (appendix I)."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from dure.blueprint.cohort import Cohort
from dure.blueprint.draws import Indices
from dure.blueprint.facts import resolve
from dure.blueprint.gates import PASSED, Judgement, facts_used, judge
from dure.blueprint.gives import filled
from dure.blueprint.model import Blueprint, Bound, DecideStep, PanelStep, Stage
from dure.blueprint.rehearsal.units import NOBODY, Mask, Teams, Units


@dataclass
class StageRun:
    """What happened at one stage. Columns have one row a turn, in the order of the turns' first travellers."""

    stage: Stage
    cohort: Cohort
    units: Units
    options: pl.Series | None  # what each turn chose, lists; None where none are in force
    judgement: Judgement = field(init=False)
    _evidence: dict[str, pl.Series] = field(default_factory=dict)

    @cached_property
    def firsts(self) -> Indices:
        return self.units.firsts

    @cached_property
    def passed(self) -> Mask:
        return (self.judgement.rows["verdict"] == PASSED).to_numpy()

    def came_through(self, *, out: bool) -> Mask:
        """By traveller: whether their turn here passed (or is ``out``)."""
        verdict = ~self.passed if out else self.passed
        took_part = self.units.unit_of != NOBODY
        through = np.zeros(len(took_part), dtype=bool)
        through[took_part] = verdict[self.units.unit_of[took_part]]
        return through

    def evidence(self, name: str) -> pl.Series:
        """What each turn left behind under ``name``, drawn when first asked for."""
        if name == "mark":
            return self.judgement.rows["mark"]
        if name not in self._evidence:
            self._evidence[name] = self._left_behind(name)
        return self._evidence[name]

    def _left_behind(self, name: str) -> pl.Series:
        if name != "option":
            return self.cohort.evidence(self.stage, name, self.firsts, self.options)
        return _nothing(len(self.firsts)) if self.options is None else self.options.list.join(", ")

    def option(self) -> pl.Series:
        """The one option of each turn (the first it chose)."""
        return _nothing(len(self.firsts)) if self.options is None else self.options.list.first()


class Run:
    """A rehearsal that has been walked: ``stages`` in the file's order. ``bind``: what filled the blueprint in."""

    def __init__(self, blueprint: Blueprint, cohort: Cohort, bind: Bound) -> None:
        self.blueprint = blueprint
        self.cohort = cohort
        self.bind = bind
        self.stages: dict[str, StageRun] = {}
        self._teams = Teams.at_entry(blueprint.subject, cohort.travellers, cohort.members)
        for stage in blueprint.stages:
            self._play(stage)

    def case_of(self, travellers: Indices) -> Indices:
        """The case that each traveller belongs to."""
        return travellers // self.cohort.members

    def _play(self, stage: Stage) -> None:
        units = self._teams.units(stage, self.blueprint.subject, np.flatnonzero(self._comers(stage)))
        here = StageRun(stage, self.cohort, units, self._options(stage, units.firsts))
        self.stages[stage.id] = here
        own_mark = {"mark", f"{stage.id}.mark"}
        facts = {name: self.fact(here, name) for name in facts_used(stage) if name not in own_mark}
        turns = pl.DataFrame({"turn": np.arange(len(units.firsts)), **facts})
        if here.options is not None:
            turns = turns.with_columns(here.options.alias("options"))
        here.judgement = judge(stage, turns, ask=lambda k, rows: self._said(stage, k, units.firsts[rows.to_numpy()]))

    def _comers(self, stage: Stage) -> Mask:
        """By traveller: whether they come through ``after``; at a start everybody enters."""
        came = [self.stages[after.stage].came_through(out=after.out) for after in stage.after]
        if not came:
            return np.ones(self.cohort.travellers, dtype=bool)
        joined: Mask = np.any(came, axis=0) if stage.join_any else np.all(came, axis=0)
        return joined

    def _options(self, stage: Stage, firsts: Indices) -> pl.Series | None:
        """The k-th turn takes option k mod n and those after it; a choice made before holds on (its first person's)."""
        offered = self.blueprint.options_stage(stage.id)
        if offered is None:
            return None
        if offered.id != stage.id:
            return self._gathered(self.stages[offered.id], self.stages[offered.id].options, firsts)
        names = filled(offered.options, "options")
        picks = [[names[(k + more) % len(names)] for more in range(stage.choose)] for k in range(len(names))]
        return pl.Series(picks, dtype=pl.List(pl.String)).gather(np.arange(len(firsts)) % len(names))

    def _said(self, stage: Stage, k: int, firsts: Indices) -> pl.Series:
        step = stage.gate[k]
        if isinstance(step, PanelStep):
            return self.cohort.mark(stage, k, firsts)
        return (self.cohort.says if isinstance(step, DecideStep) else self.cohort.proofs)(stage, k, firsts)

    # --- facts ------------------------------------------------------------------------------------------------

    def fact(self, here: StageRun, name: str) -> pl.Series:
        """A fact of each turn ``here``, by its written name: one value, or a team's members' values as a list."""
        origin = resolve(self.blueprint, here.stage.id, name)
        if origin is None:
            return _nothing(len(here.firsts))
        if origin.source == "profile":
            return self._profile(here, origin.field)
        there = self._offering(origin.stage) if origin.field == "option" else self.stages[origin.stage or here.stage.id]
        if there is here:
            return here.evidence(origin.field)
        return self._from_before(here, there, origin.field)

    def _offering(self, stage: str | None) -> StageRun:
        """Where the options in force at ``stage`` were chosen: a later team's members each chose their own."""
        offered = self.blueprint.options_stage(stage or "")
        return self.stages[offered.id if offered else stage or ""]

    def _profile(self, here: StageRun, name: str) -> pl.Series:
        if here.units.teams is None:
            return self.cohort.facts(name, here.firsts)
        return _by_unit(here.units, self.cohort.facts(name, here.units.members))

    def _from_before(self, here: StageRun, there: StageRun, name: str) -> pl.Series:
        """A team's own fact where the very same team left it behind, else its members' one by one."""
        left = there.evidence(name)
        if here.units.teams is None or _same_teams(here, there):
            return self._gathered(there, left, here.firsts)
        return _by_unit(here.units, self._gathered(there, left, here.units.members))

    def _gathered(self, there: StageRun, values: pl.Series | None, travellers: Indices) -> pl.Series:
        """``values`` of the turns that ``travellers`` took there; null for those who took none."""
        if values is None:
            return _nothing(len(travellers))
        turn = there.units.unit_of[travellers]
        index = pl.Series(turn)
        return values.gather(index.set(pl.Series(turn == NOBODY), None))


def _same_teams(here: StageRun, there: StageRun) -> bool:
    if here.units.teams is None or there.units.teams is None:
        return False
    turn = there.units.unit_of[here.firsts]
    return bool((turn != NOBODY).all()) and bool((there.units.teams[turn] == here.units.teams).all())


def _by_unit(units: Units, values: pl.Series) -> pl.Series:
    """Members' values gathered into one list a unit."""
    members = pl.DataFrame({"unit": units.unit_of_member, "value": values})
    return members.group_by("unit", maintain_order=True).agg("value")["value"]


def _nothing(count: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)
