"""Gates of made-up blueprints: any steps in any order, asking what is there to ask."""

from tests.blueprint.made_facts import MARK, PROFILES
from tests.blueprint.made_known import Known

STEPS = ("rule", "rank", "panel", "decide", "external")


class Gates(Known):
    def gate(self):
        return [self.step(kind) for kind in self.some(STEPS, least=1, most=4, unique=False)]

    def step(self, kind):
        step = {kind: getattr(self, f"step_{kind}")()}
        if self.options and self.maybe(4):
            step["for"] = self.some(self.options, least=1)
        return step

    def step_rule(self):
        return [self.rule() for _ in range(self.whole(1, 2))]

    def rule(self):
        name = self.fact(sorted(self.facts))
        return f"{name} {self.facts[name].comparison(self.draw)}"

    def fact(self, names):
        """One of them; of another stage or the profile as often as not."""
        older = [name for name in names if name in PROFILES.get(self.subject, {}) or name in {*self.left, *self.asked}]
        return self.one(older if older and self.maybe() else names)

    def step_rank(self):
        numbers = sorted(name for name, fact in self.facts.items() if fact.sort == "number")
        per = {"per": "option"} if self.one_option and self.maybe() else {}
        return {"by": self.fact(numbers), "take": self.whole(1, 8), **per}

    def step_panel(self):
        panel = {
            "role": self.one(["judge", ["judge", "mentor"]]),
            "rubric": self.one([{"quality": 60, "effect": 40}, {"whole": 100}]),
            "each": self.whole(1, 3),
            "conflicts": self.some(["same-org", "own-student"]),
        }
        if self.maybe():
            panel["pass"] = self.whole(50, 80)
        if self.maybe():
            panel["take"] = self.whole(1, 8)
        if "with" in self.stage["do"] and self.maybe():
            panel["include"] = ["mentor"]
        self.facts["mark"] = self.facts[f"{self.stage['id']}.mark"] = MARK
        return panel

    def step_decide(self):
        return {"role": "judge", **({"take": self.whole(1, 8)} if self.maybe() else {})}

    def step_external(self):
        if self.maybe():
            self.external[self.stage["id"]] = self.whole(0, 8)
        return {"body": "lead", "proof": "number"}
