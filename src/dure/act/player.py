"""Taking the steps: in each round everybody does what they can; when nothing is left to do, time moves on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import polars as pl

from dure.act.cast import Cast, House
from dure.blueprint.cohort import Cohort
from dure.blueprint.draws import Indices
from dure.blueprint.facts import evidence_of, resolve
from dure.blueprint.gates import facts_used
from dure.blueprint.gives import seats
from dure.blueprint.model import (
    CONTACTS,
    Blueprint,
    DecideStep,
    Entry,
    ExternalStep,
    FormDo,
    PanelStep,
    Stage,
    Subject,
)

MOST_ROUNDS = 10_000


@dataclass(frozen=True)
class SeenTurn:
    """A turn as the API shows it to an operator."""

    id: str
    state: str
    members: tuple[str, ...]  # names of persons; of a case without persons, its proposer's
    case: int
    options: tuple[str, ...]
    entered: bool
    formed: bool
    opens_at: datetime | None
    closes_at: datetime | None
    occurrence: int = 0


class Doors(House, Protocol):
    """Every step of a programme, as the party who takes it."""

    def turns(self, stage: str) -> list[SeenTurn]: ...

    def enter(self, stage: str, by: str, *, options: Sequence[str], entry: Mapping[str, Any]) -> None: ...

    def offer(self, stage: str, to: str, *, turn: str | None, match: float | None) -> None: ...

    def accept(self, stage: str, by: str, *, options: Sequence[str], entry: Mapping[str, Any]) -> None: ...

    def make_team(self, name: str, members: Sequence[str]) -> str: ...

    def form_team(self, stage: str, team: str, by: str) -> None: ...

    def choose(self, turn: str, by: str, options: Sequence[str]) -> None: ...

    def accept_terms(self, turn: str, by: str) -> None: ...

    def attach(self, turn: str, role: str, person: str) -> None: ...

    def pay_fee(self, turn: str) -> None: ...

    def leave_contacts(self, turn: str, count: int) -> None: ...

    def hand_in(self, stage: str, turn: str, by: str | None, values: Mapping[str, Any]) -> None: ...

    def queue(self, stage: str, step: int) -> list[str]: ...

    def seat_panel(self, stage: str, step: int) -> list[tuple[str, int, str, str]]: ...

    def mark(self, review: str, by: str, marks: Mapping[str, float]) -> None: ...

    def say(self, turn: str, step: int, by: str, *, yes: bool) -> None: ...

    def prove(self, turn: str, step: int, by: str, *, holds: bool) -> None: ...

    def settle(self, stage: str, occurrence: int) -> None: ...

    def close(self, stage: str) -> None: ...

    def work_off(self) -> None: ...

    def pass_time(self, to: datetime) -> None: ...

    def now(self) -> datetime: ...


@dataclass
class Player:
    """Plays one programme to its end."""

    blueprint: Blueprint
    cohort: Cohort
    cast: Cast
    doors: Doors
    settled: set[tuple[str, int]] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    handed_in: set[str] = field(default_factory=set)
    said: set[tuple[str, int]] = field(default_factory=set)
    impatient: bool = False  # nothing else is left to do: go on without the facts that were waited for

    def play(self) -> None:
        """Enter everybody, then let each round do what can be done until nothing can."""
        for stage in self.blueprint.stages:
            if not stage.after:
                self._start(stage)
        for _ in range(MOST_ROUNDS):
            if self._round() or self._later():
                self.impatient = False
            elif self.impatient:
                return
            else:
                self.impatient = True
        raise RuntimeError("the programme does not come to an end")

    def _round(self) -> bool:
        steps: list[Callable[[Stage], bool]] = [self._enter, self._hand_in, self._judge, self._finish]
        done = False
        for stage in self.blueprint.stages:
            for step in steps:
                done = step(stage) or done
        return done

    # --- coming in

    def _start(self, stage: Stage) -> None:
        """Every case enters here, in order; the k-th takes option k."""
        size = self.cohort.members if self.blueprint.subject is Subject.TEAM else 1
        for case in range(self.cohort.cases):
            mine = self.cast.travellers[case * size : (case + 1) * size]
            entry = self._entry(case, mine) if stage is self.blueprint.stages[0] else {"case": case + 1}
            options = self._options(stage, case)
            if stage.entry is Entry.OPEN:
                self.doors.enter(stage.id, mine[0], options=options, entry=entry)
            else:
                match = self._match(stage, case * size)
                self.doors.offer(stage.id, mine[0], turn=None, match=match)
                self.doors.accept(stage.id, mine[0], options=options, entry=entry)
        self.doors.work_off()

    def _entry(self, case: int, members: Sequence[str]) -> dict[str, Any]:
        match self.blueprint.subject:
            case Subject.TEAM:
                return {"team": self.doors.make_team(f"team-{case}", members)}
            case Subject.ORG | Subject.CONSORTIUM:
                return {"organisation": f"entrant-{case}"}
            case Subject.ITEM:
                return {"title": f"{self.blueprint.item}-{case}"}
        return {}

    def _enter(self, stage: Stage) -> bool:
        """Entry acts, teams, choices and terms of waiting turns, once nobody else can come through."""
        waiting = [t for t in self._in_order(stage) if t.state == "waiting"]
        if not waiting or not self._all_here(stage):
            return False
        if stage.team and self.blueprint.subject is Subject.PERSON and not all(t.formed for t in waiting):
            waiting = self._form_teams(stage, waiting)
        done = [self._let_in(stage, turn) for turn in waiting]
        if any(done):
            self.doors.work_off()
        return any(done)

    def _all_here(self, stage: Stage) -> bool:
        """Whether no turn at an earlier stage that leads here is still to be judged."""
        return all(t.state not in {"open", "handed-in"} for before in self._before(stage) for t in self._seen(before))

    def _before(self, stage: Stage) -> set[str]:
        direct = {a.stage for a in stage.after}
        return direct.union(*(self._before(self.blueprint.stage(s)) for s in direct))

    def _form_teams(self, stage: Stage, waiting: Sequence[SeenTurn]) -> list[SeenTurn]:
        """As many as may be to a team, in order; a rest that is too few stays behind."""
        size = stage.team
        alone = [t for t in waiting if not t.formed]
        if size is None:
            return []
        for start in range(0, len(alone), size.max):
            group = alone[start : start + size.max]
            if len(group) >= size.min:
                for turn in group:
                    self._act_of_entry(stage, turn)
                people = [turn.members[0] for turn in group]
                team = self.doors.make_team(f"{stage.id}-{start // size.max}", people)
                self.doors.form_team(stage.id, team, people[0])
        return [t for t in self._in_order(stage) if t.state == "waiting" and t.formed]

    def _let_in(self, stage: Stage, turn: SeenTurn) -> bool:
        """Whatever this turn still needs before it opens."""
        acted = self._act_of_entry(stage, turn)
        if stage.options is not None and not turn.options:
            place = [t.id for t in self._in_order(stage) if t.formed or not self._forms(stage)].index(turn.id)
            self.doors.choose(turn.id, turn.members[0], self._options(stage, place))
            acted = True
        if any(provision.terms for provision in stage.provides) and (turn.id, -1) not in self.said:
            self.said.add((turn.id, -1))
            for person in turn.members:
                self.doors.accept_terms(turn.id, person)
            acted = True
        return acted

    def _forms(self, stage: Stage) -> bool:
        return stage.team is not None and self.blueprint.subject is Subject.PERSON

    def _act_of_entry(self, stage: Stage, turn: SeenTurn) -> bool:
        if stage.entry is None or turn.entered or not stage.after:
            return False
        if stage.entry is Entry.OPEN:
            self.doors.enter(stage.id, turn.members[0], options=(), entry={})
        else:
            self.doors.offer(stage.id, turn.members[0], turn=turn.id, match=self._match(stage, self._first(turn)))
            self.doors.accept(stage.id, turn.members[0], options=(), entry={})
        return True

    def _options(self, stage: Stage, place: int) -> list[str]:
        """The turn at ``place`` takes the options from place mod n on, as many as it may choose."""
        names = stage.options if isinstance(stage.options, tuple) else ()
        return [names[(place + n) % len(names)] for n in range(stage.choose)] if names else []

    def _match(self, stage: Stage, first: int) -> float | None:
        if stage.entry is not Entry.MATCH:
            return None
        return float(self.cohort.evidence(stage, "match", _one(first))[0])

    # --- doing

    def _hand_in(self, stage: Stage) -> bool:
        """Everybody whose turn is open does what the file draws for them."""
        turns = [t for t in self._in_order(stage) if t.state == "open" and t.id not in self.handed_in]
        if not turns or not self._facts_are_in(stage):
            return False
        drawn = self._drawn(stage, turns)
        for turn, values in zip(turns, drawn, strict=True):
            self.handed_in.add(turn.id)
            self._prepare(stage, turn, values)
            own = turn.members[0] if isinstance(stage.do, FormDo) else None
            self.doors.hand_in(stage.id, turn.id, own, {k: v for k, v in values.items() if v is not None})
        self.doors.work_off()
        return True

    def _facts_are_in(self, stage: Stage) -> bool:
        """Whether the other stages that the gate asks about are done: who judges by them waits for them."""
        origins = [resolve(self.blueprint, stage.id, name) for name in facts_used(stage)]
        others = {origin.stage for origin in origins if origin and origin.stage not in {None, stage.id}}
        return self.impatient or all(
            turn.state not in {"waiting", "open", "handed-in"}
            for other in others
            if other
            for turn in self._seen(other)
        )

    def _drawn(self, stage: Stage, turns: Sequence[SeenTurn]) -> list[dict[str, Any]]:
        firsts = np.array([self._first(turn) for turn in turns], dtype=np.int64)
        fields = [name for name in evidence_of(self.blueprint, stage) if name not in {"option", "match", "mark"}]
        options = pl.Series([list(turn.options) for turn in turns], dtype=pl.List(pl.String))
        columns = {name: self.cohort.evidence(stage, name, firsts, options).to_list() for name in fields}
        return [{name: columns[name][row] for name in fields} for row in range(len(turns))]

    def _prepare(self, stage: Stage, turn: SeenTurn, values: Mapping[str, Any]) -> None:
        """Whoever and whatever must be there before a hand-in."""
        for role, count in seats(stage).items():
            for person in self.cast.own(role, count, self._first(turn)):
                self.doors.attach(turn.id, role, person)
        if isinstance(stage.do, FormDo) and stage.do.fee:
            self.doors.pay_fee(turn.id)
        if any(give.to == CONTACTS for give in stage.gives):
            self.doors.leave_contacts(turn.id, int(values.get("contacts") or 0))

    # --- judging

    def _judge(self, stage: Stage) -> bool:
        """Reviewers, deciders and outside bodies say what the file draws for them, until nobody is asked."""
        done = False
        while self._hear(stage):
            done = True
        return done

    def _hear(self, stage: Stage) -> bool:
        """The first step of the gate at which somebody has something to say."""
        for number, step in enumerate(stage.gate):
            match step:
                case PanelStep():
                    done = self._review(stage, number, step)
                case DecideStep():
                    done = self._all_in(stage) and self._decide(stage, number, step)
                case ExternalStep():
                    done = self._all_in(stage) and self._prove(stage, number)
                case _:
                    done = False
            if done:
                self.doors.work_off()
                return True
        return False

    def _all_in(self, stage: Stage) -> bool:
        """Whether everybody who can hand in here has done so: queues are heard in order, from the first."""
        return self._all_here(stage) and all(t.state != "open" for t in self._seen(stage.id))

    def _queue(self, stage: Stage, number: int) -> list[SeenTurn]:
        known = {turn.id: turn for turn in self._seen(stage.id)}
        return [known[turn] for turn in self.doors.queue(stage.id, number)]

    def _review(self, stage: Stage, number: int, step: PanelStep) -> bool:
        fresh = [turn for turn in self._queue(stage, number) if (turn.id, number) not in self.said]
        if not fresh or not self._all_in(stage):
            return False
        self.said.update((turn.id, number) for turn in fresh)
        known = {turn.id: turn for turn in fresh}
        for review, slot, reviewer, turn in self.doors.seat_panel(stage.id, number):
            if turn in known:
                mark = self.cohort.marks(stage, number, slot, _one(self._first(known[turn])))[0]
                self.doors.mark(review, reviewer, dict.fromkeys(step.rubric, mark))
        return True

    def _decide(self, stage: Stage, number: int, step: DecideStep) -> bool:
        queue = self._queue(stage, number)
        if not queue or (stage.id, number) in self.said:
            return False
        self.said.add((stage.id, number))
        firsts = np.array([self._first(turn) for turn in queue], dtype=np.int64)
        for turn, yes in zip(queue, self.cohort.says(stage, number, firsts).to_list(), strict=True):
            if yes is not None:
                self.doors.say(turn.id, number, self.cast.roles[step.role][0], yes=yes)
        return True

    def _prove(self, stage: Stage, number: int) -> bool:
        queue = self._queue(stage, number)
        if not queue or (stage.id, number) in self.said:
            return False
        self.said.add((stage.id, number))
        firsts = np.array([self._first(turn) for turn in queue], dtype=np.int64)
        for turn, holds in zip(queue, self.cohort.proofs(stage, number, firsts).to_list(), strict=True):
            self.doors.prove(turn.id, number, turn.members[0], holds=bool(holds))
        return True

    def _finish(self, stage: Stage) -> bool:
        """An operator settles a set that is complete, and closes what waits for its window's end."""
        turns = self._seen(stage.id)
        if not self._all_here(stage) or stage.id in self.closed:
            return False
        ended = turns and all(t.state in {"passed", "out"} for t in turns)
        out_leads_on = any(a.out and a.stage == stage.id for s in self.blueprint.stages for a in s.after)
        final = stage.again and ended and out_leads_on  # nobody tries again
        if stage.settles_as_set:
            complete = {t.occurrence for t in turns if final or t.state == "handed-in"}
            unsettled = sorted(o for o in complete if (stage.id, o) not in self.settled)
            if not unsettled or any(t.state == "open" for t in turns):
                return False
            self.settled.add((stage.id, unsettled[0]))
            self.doors.settle(stage.id, unsettled[0])
        elif final:
            self.closed.add(stage.id)
            self.doors.close(stage.id)
        else:
            return False
        self.doors.work_off()
        return True

    # --- time

    def _later(self) -> bool:
        """Move on to the next moment at which a window opens, or at which handed-in work is judged."""
        now = self.doors.now()
        moments = [
            moment
            for stage in self.blueprint.stages
            for turn in self._seen(stage.id)
            for moment in (
                [turn.opens_at] if turn.state == "waiting" else [turn.closes_at] if turn.state == "handed-in" else []
            )
            if moment is not None and moment > now
        ]
        if not moments:
            return False
        self.doors.pass_time(min(moments) + timedelta(seconds=1))
        self.doors.work_off()
        return True

    # --- seeing

    def _seen(self, stage: str) -> list[SeenTurn]:
        return self.doors.turns(stage)

    def _in_order(self, stage: Stage) -> list[SeenTurn]:
        return sorted(self._seen(stage.id), key=self._first)

    def _first(self, turn: SeenTurn) -> int:
        """The number of the turn's first person, or of its case where no persons travel."""
        if not self.blueprint.subject.has_persons:
            return turn.case - 1
        return min(self._number[name] for name in turn.members)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.cast.travellers)}


def _one(number: int) -> Indices:
    return np.array([number], dtype=np.int64)
