"""The path that takes the fewest minutes, proven by OR-tools' CP-SAT.

The solver chooses items and runs so that every level of the gap is climbed, and says from when on each level is had, so
that nothing begins before its entry is reached. ``schedule.times`` lays the choice out over the weeks. Where that
fails, some moment has more to be done before it than there are minutes: the solver learns what fits before that moment
and is asked again, so that the first choice that can be laid out is the best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from time import monotonic

from dure.match.paths.greedy import good, plan_of, too_little_time
from dure.match.paths.model import Item, Lack, Plan, Run, Rung, Wish
from dure.match.paths.reach import lacking, reachable, relevant, undominated, within_reach
from dure.match.paths.schedule import Chosen, times


def shortest(items: Sequence[Item], wish: Wish, *, seconds: float = 5.0) -> Plan:
    """A path of the fewest minutes. After ``seconds`` the best found so far, with the bound that is proven."""
    lacks = lacking(items, wish)
    near = within_reach(wish, lacks)
    candidates = undominated(relevant(reachable(items, near), near), near)
    return _Search(candidates, near, lacks).run(monotonic() + seconds)


class _Search:
    """One model, asked again with what it has learnt. Moments are minutes of study since the first week began."""

    def __init__(self, items: Mapping[str, Item], wish: Wish, lacks: Sequence[Lack]) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import (0.7 s, 54 MB): only workers solve

        self.items, self.wish, self.lacks = items, wish, lacks
        self.pace = wish.minutes_a_week
        self.end = self.pace * wish.weeks
        self.model = cp_model.CpModel()
        self.takes = {key: self.model.new_bool_var(key) for key in items}
        self.starts = {key: self.model.new_int_var(0, self.end, f"{key} starts") for key in items}
        self.ends = {key: self.model.new_int_var(0, self.end, f"{key} ends") for key in items}
        self.runs = {
            (key, run): self.model.new_bool_var(f"{key} {run.key}") for key in items for run in items[key].runs
        }
        self.full: set[int] = set()
        self._levels()
        self._order()
        self._held()
        self._fewest_minutes()

    def run(self, until: float) -> Plan:
        """Ask, lay out, learn, ask again."""
        bound = 0
        while (left := until - monotonic()) > 0:
            answer = self._ask(left)
            if answer is None:
                return too_little_time(self.wish, self.lacks, bound=bound)
            bound = answer.bound
            plan = self._lay_out(answer.chosen, bound)
            if plan is not None:
                return self._sooner(plan, until) if plan.proven else plan
            self._learn(answer.chosen)
        return good(self.items, self.wish, self.lacks, bound=bound)

    def _lay_out(self, chosen: Chosen, bound: int) -> Plan | None:
        done = times(chosen, self.items, self.wish)
        return plan_of(chosen, self.items, self.wish, done, bound=bound, lacks=self.lacks) if done else None

    def _sooner(self, plan: Plan, until: float) -> Plan:
        """Among sets of as few minutes, the one whose last run ends first."""
        if all(step.run is None for step in plan.steps):
            return plan
        last = self.model.new_int_var(0, self.wish.weeks, "last week")
        for (_, run), taken in self.runs.items():
            self.model.add(last >= run.ends + 1).only_enforce_if(taken)
        self.model.add(self.minutes == plan.minutes)
        self.model.minimize(last)
        answer = self._ask(max(until - monotonic(), 0.05))
        other = answer and self._lay_out(answer.chosen, plan.bound)
        return other if other and other.weeks < plan.weeks else plan

    def _levels(self) -> None:
        """Every level of the gap is climbed by something; what is chosen begins when its entry is had."""
        by_rung: dict[Rung, list[str]] = {}
        for key, item in self.items.items():
            for rung in item.rungs:
                by_rung.setdefault(rung, []).append(key)
        for rung in self.wish.gap():
            self.model.add_bool_or([self.takes[key] for key in by_rung.get(rung, ())])
        asked: dict[Rung, list[str]] = {}
        for key, item in self.items.items():
            for rung in self.wish.missing(item.needs):
                asked.setdefault(rung, []).append(key)
        for rung, askers in asked.items():
            self._had(rung, askers, by_rung.get(rung, []))

    def _had(self, rung: Rung, askers: Sequence[str], teachers: Sequence[str]) -> None:
        """``rung`` is had from a moment on, when one of its teachers has ended; its askers begin no sooner."""
        had = self.model.new_int_var(0, self.end, f"{rung} had")
        by = {key: self.model.new_bool_var(f"{rung} by {key}") for key in teachers}
        for key, taught in by.items():
            self.model.add_implication(taught, self.takes[key])
            self.model.add(had >= self.ends[key]).only_enforce_if(taught)
        for key in askers:
            self.model.add_bool_or([self.takes[key].negated(), *by.values()])
            self.model.add(self.starts[key] >= had).only_enforce_if(self.takes[key])

    def _order(self) -> None:
        for key, item in self.items.items():
            self.model.add(self.ends[key] >= self.starts[key] + item.minutes).only_enforce_if(self.takes[key])
            for before in item.after:
                self.model.add_implication(self.takes[key], self.takes[before])
                self.model.add(self.starts[key] >= self.ends[before]).only_enforce_if(self.takes[key])

    def _held(self) -> None:
        """What is held is taken in one of its runs, and no week is overbooked."""
        for key, item in self.items.items():
            if item.runs:
                self.model.add(sum(self.runs[key, run] for run in item.runs) == self.takes[key])
        for (key, run), taken in self.runs.items():
            self.model.add(self.starts[key] == run.starts * self.pace).only_enforce_if(taken)
            self.model.add(self.ends[key] == (run.ends + 1) * self.pace).only_enforce_if(taken)
        for week in range(self.wish.weeks if self.runs else 0):
            held = [
                _load(self.items[k], run) * taken
                for (k, run), taken in self.runs.items()
                if run.starts <= week <= run.ends
            ]
            if held:
                self.model.add(sum(held) <= self.pace)

    def _fewest_minutes(self) -> None:
        self.minutes = sum(item.minutes * self.takes[key] for key, item in self.items.items())
        self.model.add(self.minutes <= self.end)
        self.model.minimize(self.minutes)

    def _ask(self, seconds: float) -> "_Answer | None":
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- as above

        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 7
        solver.parameters.linearization_level = 2
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        chosen: dict[str, Run | None] = {}
        for key, taken in self.takes.items():
            if solver.boolean_value(taken):
                runs = self.items[key].runs
                chosen[key] = next((run for run in runs if solver.boolean_value(self.runs[key, run])), None)
        return _Answer(chosen, ceil(solver.best_objective_bound - 1e-6))

    def _learn(self, chosen: Chosen) -> None:
        """Before each moment at which something chosen begins to be held, only so much can have ended."""
        for week in {run.starts for run in chosen.values() if run} - self.full:
            self._fits_before(week)
        self._forbid(chosen)

    def _fits_before(self, week: int) -> None:
        self.full.add(week)
        moment = week * self.pace
        spent = []
        for (key, run), taken in self.runs.items():
            if run.starts < week:
                spent.append(_load(self.items[key], run) * (min(run.ends + 1, week) - run.starts) * taken)
        for key, item in self.items.items():
            if not item.runs and item.minutes <= moment:
                ended = self.model.new_bool_var(f"{key} before {week}")
                self.model.add(self.ends[key] > moment).only_enforce_if([ended.negated(), self.takes[key]])
                self.model.add_implication(ended, self.takes[key])
                spent.append(item.minutes * ended)
        self.model.add(sum(spent) <= moment)

    def _forbid(self, chosen: Chosen) -> None:
        """This very choice cannot be laid out. Whatever is changed in it makes it another."""
        same = [self.runs[key, run] if run else self.takes[key] for key, run in chosen.items()]
        others = [taken for key, taken in self.takes.items() if key not in chosen]
        self.model.add_bool_or([*(taken.negated() for taken in same), *others])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the solver chose, and the least that its objective could be."""

    chosen: Chosen
    bound: int


def _load(item: Item, run: Run) -> int:
    """Minutes of each week in which it is held."""
    return -(-item.minutes // run.weeks)
