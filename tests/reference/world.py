"""Who is there, which turns they took, and the facts of each turn."""

import math
from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.draws import drawn, u
from tests.reference.rules import is_number
from tests.reference.spreads import ANSWERS, EVIDENCE

PROFILE = {
    "person": ("age", "employer", "degree", "major", "year", "consent"),
    "team": ("age", "employer", "degree", "major", "year", "consent"),
    "org": ("kind", "staff"),
}


@dataclass
class Turn:
    """One passage through one stage by its members: person numbers, or the number of the one case."""

    stage: dict
    members: list
    options: list
    facts: dict = field(default_factory=dict)
    reason: str | None = None

    @property
    def first(self):
        return self.members[0]

    @property
    def passed(self):
        return self.reason is None


class World:
    def __init__(self, blueprint, cases, seed):
        self.blueprint, self.cases, self.seed = blueprint, cases, seed
        self.stages = blueprint["stages"]
        self.rehearse = blueprint.get("rehearse", {})
        self.bind = self.rehearse.get("bind", {})
        self.turns = {}  # stage id -> turns in standing order
        self.order = {}  # stage id -> turns that passed, in the gate's order
        self.place = {}  # (stage id, member) -> turn
        sizes = [stage["team"]["max"] for stage in self.stages if "team" in stage]
        self.case_size = sizes[0] if blueprint["subject"] == "team" else 1

    @property
    def has_persons(self):
        return self.blueprint["subject"] in ("person", "team")

    @property
    def members(self):
        return range(self.cases * self.case_size)

    def case_of(self, member):
        return member // self.case_size

    def before(self, stage):
        return self.stages[: self.stages.index(stage)]

    def draw(self, spread, place, i):
        return drawn(spread, self.seed, place, i)

    def u(self, place, i):
        return u(self.seed, place, i)

    # Options

    def offered(self, stage):
        options = stage.get("options", [])
        return self.bind["options"] if options == "bind" else options

    def options_stage(self, stage):
        """The stage whose options are in force here, or None."""
        return next((s for s in [stage, *reversed(self.before(stage))] if self.offered(s)), None)

    def options_in_force(self, stage):
        source = self.options_stage(stage)
        return self.offered(source) if source else []

    # Facts

    def answer(self, stage, question, sort, first):
        evidence = self.rehearse.get("evidence", {})
        facts = self.rehearse.get("facts", {})
        place = f"{stage['id']}.{question}"
        if place in evidence:
            return self.draw(evidence[place], place, first)
        if question in facts:
            return self.draw(facts[question], f"facts.{question}", first)
        return self.draw(sort if isinstance(sort, list) else ANSWERS[sort], place, first)

    def fill(self, turn):
        """Everything that the turn's hand-in leaves behind."""
        stage, kind = turn.stage, turn.stage["kind"]
        if self.options_stage(stage):
            turn.facts["option"] = ", ".join(turn.options) or None
        if stage.get("entry") == "match":
            self._evidence(turn, "match", EVIDENCE["match"])
        if kind == "form":
            for question, sort in questions(stage).items():
                turn.facts[question] = self.answer(stage, question, sort, turn.first)
            self._evidence(turn, "files", len(do(stage).get("attach", [])))
        for name, spread in EVIDENCE.get(kind, {}).items():
            self._evidence(turn, name, spread)
        if kind == "learn":
            earned = math.floor(Fraction(turn.facts["completion"]) * sum(own_credits(turn)))
            self._evidence(turn, "credits", earned)
        if kind == "round":
            self._evidence(turn, "code", "yes" if do(stage).get("code") == "required" else "no")

    def _evidence(self, turn, name, default):
        place = f"{turn.stage['id']}.{name}"
        spread = self.rehearse.get("evidence", {}).get(place, default)
        turn.facts[name] = self.draw(spread, place, turn.first)

    def values(self, turn, fact):
        """The fact's values: one, or one for each member where it is older than the turn; None is missing."""
        stage, _, name = fact.rpartition(".")
        if name == "option":
            stage = self._chosen_at(stage or turn.stage["id"])
        elif not stage:
            stage = self._origin(turn, name)
        if stage == turn.stage["id"]:
            return [turn.facts.get(name)]
        if stage:
            return [self._left_behind(stage, member, name) for member in turn.members]
        return [self._profile(name, member) for member in turn.members]

    def _origin(self, turn, name):
        """The id of the stage that a fact without stage is meant to be of; None: the profile."""
        if name in turn.facts:
            return turn.stage["id"]
        asked = [stage["id"] for stage in self.before(turn.stage) if name in questions(stage)]
        return asked[-1] if asked else None

    def _chosen_at(self, stage):
        """The id of the stage that offered the options in force at a stage."""
        source = self.options_stage(next(s for s in self.stages if s["id"] == stage))
        return source["id"] if source else None

    def _left_behind(self, stage, member, name):
        turn = self.place.get((stage, member))
        return turn.facts.get(name) if turn else None

    def _profile(self, name, member):
        facts = self.rehearse.get("facts", {})
        if name not in PROFILE.get(self.blueprint["subject"], ()) or name not in facts:
            return None
        return self.draw(facts[name], f"facts.{name}", member)

    def number(self, turn, fact):
        """The fact as one number, a team's being the mean of its members'; None where one is missing."""
        values = self.values(turn, fact)
        if not all(is_number(value) for value in values):
            return None
        return Fraction(sum(map(Fraction, values)), len(values))


def do(stage):
    return stage.get("do", {})


def questions(stage):
    """{question: type} of a form, nothing of any other stage."""
    asked = {}
    for question in do(stage).get("ask", []) if stage["kind"] == "form" else []:
        asked.update(question if isinstance(question, dict) else {question: "text"})
    return asked


def own_credits(turn):
    items = do(turn.stage)["items"]
    own = [item for item in items if "for" not in item or set(item["for"]) & set(turn.options)]
    return [Fraction(item.get("credits", 0)) for item in own]
