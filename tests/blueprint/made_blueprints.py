"""Sound blueprints made up by hypothesis: every subject, kind, gate step, give and measure, as YAML text."""

import json
import re
from decimal import Decimal

from hypothesis import strategies as st

from tests.blueprint.made_expressions import Expressions
from tests.blueprint.made_facts import KIND_FACTS, MARK, PART, PROFILES, QUESTIONS, Fact, spread_of
from tests.blueprint.made_gates import Gates
from tests.blueprint.made_gives import UNITS, Gives

PLAIN = re.compile(r"[a-z][a-z0-9-]*|\d{4}-\d{2}-\d{2}|\d+[hdwmy]")
KINDS = ("form", "form", "learn", "test", "round", "project", "event", "work")
OPTIONS = (("red", "green"), ("north", "south", "west"), ("solo",))
SUBJECTS = ("person",) * 5 + ("team",) * 3 + ("org", "consortium", "item")
PERSONS = ("person", "team")


@st.composite
def made_blueprints(draw):
    """YAML text of one sound blueprint."""
    maker = Maker(draw, subject=draw(st.sampled_from(SUBJECTS)))
    for number in range(draw(st.integers(2, 5))):
        maker.add_stage(number)
    return as_yaml(maker.blueprint())


def as_yaml(value, depth=0):
    """Blocks for the first two levels, flow below: short to read when an example fails."""
    if depth < 1 and isinstance(value, dict):
        return "".join(f"{key}: {as_yaml(part, depth + 1)}\n" for key, part in value.items())
    if depth == 1 and isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return "".join(f"\n  - {_flow(part)}" for part in value)
    return _flow(value)


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal) or PLAIN.fullmatch(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


class Maker(Gates, Gives, Expressions):
    """Grows one blueprint stage by stage, remembering what later stages may lean on."""

    # The whole

    def blueprint(self):
        facts = {**PROFILES.get(self.subject, {}), **self.asked}
        rehearse = {
            "entries": self.whole(1, 25),
            "facts": {name: spread_of(self.draw, facts[name]) for name in self.some(facts, most=6)},
            "evidence": self.evidence,
            "external": self.external,
            "bind": self.bind,
            "expect": [f"{self.sum()} {self.one(['=', '!=', '>', '>=', '<', '<='])} {self.sum()}" for _ in range(2)],
        }
        return {
            "blueprint": "made-up",
            "title": {"en": "Made up", "ko": "지어낸 사업"},
            "subject": self.subject,
            **({"item": "topic"} if self.subject == "item" else {}),
            "parties": {
                "lead": {"kind": "company"},
                "school": {"kind": "university", "bind": True, "min": 2},
                "others": {"kind": "startup", "count": 3},
            },
            "roles": {
                "teacher": {"at": "school", "can": ["teach"]},
                "judge": {"at": ["lead", "school"], "can": ["review", "decide"]},
                "mentor": {"at": "any", "can": ["supervise", "review", "work"]},
            },
            "needs": [{"skill": "machine-learning", "level": 3}],
            "stages": self.stages,
            "measures": self.measures(),
            "rehearse": {key: part for key, part in rehearse.items() if part not in ({}, [])},
        }

    # Stages

    def add_stage(self, number):
        kind = self.one(KINDS)
        self.stage = stage = {"id": f"s{number}", "kind": kind}
        self.path(stage)
        self.unit(stage)
        self.choices(stage)
        if self.maybe(3):
            stage["when"] = self.window(number)
        stage["do"] = getattr(self, f"do_{kind}")()
        own = self.own_facts(stage)
        here = {f"{stage['id']}.{name}": fact for name, fact in own.items()}
        self.facts = {**PROFILES.get(self.subject, {}), **self.asked, **own, **self.left, **here}
        self.draw_evidence(here)
        if self.maybe(3):
            stage["provides"] = [self.provision(kind) for kind in self.some(UNITS, least=1, most=2)]
        if not self.maybe(4):
            stage["gate"] = self.gate()
        if self.maybe():
            stage["gives"] = [self.give() for _ in range(self.whole(1, 3))]
        if self.maybe(5):
            stage["else"] = "again"
        self.stages.append(stage)
        self.remember(stage, own)

    def path(self, stage):
        earlier = [former["id"] for former in self.stages]
        gated = [f"{former['id']}:out" for former in self.stages if former.get("gate")]
        entries = ["open", "invite", "nominate", "match"]
        if not earlier or self.maybe(8):
            stage["entry"] = self.one(entries)
            if earlier:
                stage["after"] = []
            return
        if self.maybe(3):
            stage["entry"] = self.one(entries)
        if self.maybe(2):
            stage["after"] = self.some(earlier + gated, least=1)
        ways = [way.partition(":")[0] for way in stage.get("after", [])]
        if len(set(ways)) < len(ways) or (len(ways) > 1 and self.maybe()):
            stage["join"] = "any"

    def unit(self, stage):
        if self.subject == "team":
            if not self.stages:
                stage["team"] = self.size()
            elif self.maybe(2):
                stage["unit"] = self.one(PERSONS)
        elif self.subject == "person":
            form = self.one(["alone", "form", "keep" if self.teams else "alone"])
            if form == "form":
                stage |= {"team": self.size(), **({"unit": "team"} if self.maybe() else {})}
                self.teams = True
            elif form == "keep":
                stage["unit"] = "team"
            elif self.maybe(3):
                stage["unit"] = "person"

    def size(self):
        low = self.whole(1, 3)
        return {"min": low, "max": self.whole(low, 4)}

    def choices(self, stage):
        if not self.maybe(3):
            return
        self.options = list(self.one(OPTIONS))
        stage["options"] = self.options
        if "options" not in self.bind and self.maybe(4):
            self.bind["options"] = self.options
            stage["options"] = "bind"
        self.choose = self.whole(1, len(self.options)) if self.maybe(3) else 1
        if self.choose > 1 or self.maybe():
            stage["choose"] = self.choose

    def window(self, number):
        month = f"2031-{2 * number + 1:02}"
        others = [former["id"] for former in self.stages if "when" in former]
        dates = [f"s{n}.due" for n in range(number) if f"s{n}.due" in self.left]
        return self.one(
            [
                {"for": "4w"},
                {"within": "1y"},
                {"every": "3m"},
                {"from": f"{month}-01"},
                {"from": f"{month}-01", "to": f"{month}-28"},
                {"from": f"{month}-01", "for": "2w"},
                *({"to": date} for date in dates),
                *({"with": other} for other in others[-1:]),
            ]
        )

    # What is done

    def do_form(self):
        do = {}
        questions = self.some(QUESTIONS, most=4)
        if questions:
            do["ask"] = [name if QUESTIONS[name].sort == "text" else {name: asked(name)} for name in questions]
        if self.maybe(3):
            do["attach"] = self.some(["plan", "budget"], least=1)
        if self.maybe(5):
            do["fee"] = self.one([10000, "bind"])
            if do["fee"] == "bind":
                self.bind["fee"] = 30000
        if self.subject == "consortium" and self.maybe():
            do["lead"] = "company"
        return do

    def do_learn(self):
        items = [{"id": f"i{n}", "type": self.one(["course", "lab", "path"])} for n in range(self.whole(1, 4))]
        for item in items:
            if self.options and self.maybe(3):
                item["for"] = self.some(self.options, least=1)
            if self.maybe():
                item["credits"] = self.one([1, 3, 50, Decimal("1.5")])
            if self.maybe():
                item["hours"] = self.one([2, 15, Decimal("0.5")])
            if self.maybe():
                item |= {"by": self.one(["teacher", "lead"]), "skill": "machine-learning"}
        return {"mode": "blended", "items": items, **({"skip": "shown"} if self.maybe(4) else {})}

    def do_test(self):
        return {
            "type": self.one(["exam", "coding", "interview", "survey", "external"]),
            "by": self.one(["judge", "lead"]),
        }

    def do_round(self):
        code = {"code": self.one(["none", "allowed", "required"])} if self.maybe() else {}
        return {"metric": "accuracy", "sealed": self.maybe(), **code}

    def do_project(self):
        return {"topic": "own", "milestones": ["plan", "result"], **self.mentors()}

    def do_event(self):
        return {"type": "seminar", "keeps": ["attendance", "minutes", "votes", "contacts"]}

    def do_work(self):
        return {"type": self.one(["internship", "hire", "mentor"]), "at": "lead", **self.mentors()}

    def mentors(self):
        if not self.maybe():
            return {}
        self.mentored = True
        return {"with": {"mentor": self.whole(1, 3)}}

    # Facts

    def own_facts(self, stage):
        """Facts that the stage leaves behind by itself."""
        own = dict(KIND_FACTS.get(stage["kind"], {}))
        own |= {name: QUESTIONS[name] for name in map(question, stage["do"].get("ask", []))}
        if stage.get("entry") == "match":
            own["match"] = PART
        if self.options:
            own["option"] = Fact("choice" if self.choose == 1 else "words", choices=tuple(self.options))
        return own

    def draw_evidence(self, here):
        for name in self.some((name for name in here if not name.endswith(".option")), most=2):
            self.evidence[name] = spread_of(self.draw, here[name])

    def remember(self, stage, own):
        self.asked |= {name: fact for name, fact in own.items() if name in QUESTIONS}
        self.left |= {f"{stage['id']}.{name}": fact for name, fact in own.items()}
        mark = f"{stage['id']}.mark"
        if mark in self.facts:
            self.left[mark] = MARK
            if self.maybe(4):
                self.evidence[mark] = self.one([[40, 100], [Decimal("50.0"), Decimal("90.5")], [60, 60, 70]])


def question(asked):
    return next(iter(asked)) if isinstance(asked, dict) else asked


def asked(name):
    fact = QUESTIONS[name]
    return list(fact.choices) if fact.sort == "choice" else fact.sort
