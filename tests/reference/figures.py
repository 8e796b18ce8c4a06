"""The functions of the language, counted over a rehearsal or over one group of its persons or cases."""

from fractions import Fraction

from tests.reference.document import NUMBER
from tests.reference.expressions import compared, rounded, worth
from tests.reference.gate import broken
from tests.reference.rules import is_number, words
from tests.reference.world import do

GIFTS = {
    "money": "money",
    "credential": "credential",
    "privilege": "privilege",
    "published": "publish",
    "spawned": "spawn",
    "provided": "provided",
}
NOT_IN_A_REHEARSAL = {"late": Fraction(0), "uses": Fraction(0), "holders": Fraction(0), "days": None}


class Figures:
    """`group`: the members that count (None: everybody); `it`: the group's value."""

    def __init__(self, world, ledger, group=None, it=None):
        self.world, self.ledger, self.group, self.it = world, ledger, group, it
        self.stages = {stage["id"]: stage for stage in world.stages}

    # Measures and expectations

    def measures(self):
        """{id or id[value]: value}"""
        found = {}
        for measure in self.world.blueprint.get("measures", []):
            if "by" in measure:
                found |= self._grouped(measure)
            else:
                found[measure["id"]] = self._measure(measure["id"])
        return found

    def check(self, text):
        return compared(text, self._call, self._name)

    def _measure(self, name):
        measure = next(m for m in self.world.blueprint.get("measures", []) if m["id"] == name)
        if "by" in measure:
            return None
        everybody = Figures(self.world, self.ledger)
        return everybody._worth(measure)

    def _worth(self, measure):
        return rounded(worth(str(measure["is"]), self._call, self._name))

    def _grouped(self, measure):
        stage, _, field = measure["by"].partition(".")
        groups = {}
        for turn in self._going_on(stage):
            for value in _group_values(turn, field, measure.get("bands")):
                groups.setdefault(value, set()).update(turn.members)
        return {
            f"{measure['id']}[{value}]": Figures(self.world, self.ledger, group, value)._worth(measure)
            for value, group in groups.items()
        }

    # Names and functions

    def _name(self, name):
        if name == "it":
            return Fraction(self.it) if NUMBER.fullmatch(self.it) else None
        if name == "parties":
            parties = self.world.blueprint.get("parties", {}).values()
            return Fraction(sum(party.get("count", party.get("min", 1)) for party in parties))
        return self._measure(name)

    def _call(self, function, argument):
        argument = self.it if argument == "it" and self.it is not None else argument
        if function in GIFTS:
            return self._gifts(GIFTS[function], argument)
        if function in NOT_IN_A_REHEARSAL:
            return NOT_IN_A_REHEARSAL[function]
        return getattr(self, f"f_{function}")(argument)

    def _gifts(self, sort, name):
        found = [gift for gift in self.ledger if gift.sort == sort and name in ("any", gift.name)]
        return Fraction(sum(gift.amount for gift in found if self.group is None or gift.of & self.group))

    def _turns(self, stage):
        return [turn for turn in self.world.turns[stage] if self.group is None or self.group & set(turn.members)]

    def _going_on(self, stage):
        return [turn for turn in self._turns(stage) if turn.passed]

    def f_in(self, stage):
        return Fraction(len(self._turns(stage)))

    def f_pass(self, stage):
        return Fraction(len(self._going_on(stage)))

    def f_out(self, stage):
        return self.f_in(stage) - self.f_pass(stage)

    def f_people(self, stage):
        if not self.world.has_persons:
            return Fraction(0)
        people = {member for turn in self._turns(stage) for member in turn.members}
        return Fraction(len(people if self.group is None else people & self.group))

    def f_share(self, argument):
        stage, rule = _two(argument)
        turns = self._going_on(stage)
        held = [turn for turn in turns if broken(self.world, turn, rule) is None]
        return Fraction(len(held), len(turns)) if turns else None

    def _numbers(self, argument):
        stage, field = _two(argument)
        values = [self.world.number(turn, field) for turn in self._going_on(stage)]
        return [value for value in values if value is not None]

    def f_sum(self, argument):
        return Fraction(sum(self._numbers(argument)))

    def f_mean(self, argument):
        numbers = self._numbers(argument)
        return Fraction(sum(numbers), len(numbers)) if numbers else None

    def f_hours(self, stage):
        return self.f_sum(f"{stage}, hours")

    def f_items(self, stage):
        return Fraction(len(do(self.stages[stage])["items"]))

    def f_sum_hours(self, stage):
        return sum((Fraction(item.get("hours", 0)) for item in do(self.stages[stage])["items"]), Fraction(0))

    def f_options(self, stage):
        return Fraction(len(self.world.options_in_force(self.stages[stage])))

    def f_per_option(self, stage):
        chosen = [option for turn in self._going_on(stage) for option in turn.options]
        return Fraction(max((chosen.count(option) for option in chosen), default=0))

    def f_lines(self, kind):
        gives = [give["money"] for stage in self.world.stages for give in stage.get("gives") or [] if "money" in give]
        named = [money for money in gives if kind in ("any", money["type"])]
        return sum((Fraction(share) for money in named for share in money.get("lines", {}).values()), Fraction(0))

    def f_measure(self, name):
        return self._measure(name)


def _two(argument):
    first, _, rest = argument.partition(",")
    return first.strip(), rest.strip()


def _group_values(turn, field, bands):
    """The groups that a turn stands in: each option or word of its own, the band of a number, or the value."""
    value = turn.facts.get(field)
    if value is None:
        return []
    if is_number(value):
        return [_band(value, bands) if bands else _plain(value)]
    return words(value)


def _plain(value):
    return str(int(value)) if value == int(value) else str(float(value))


def _band(value, bands):
    low = [edge for edge in bands if edge <= value]
    high = [edge for edge in bands if edge > value]
    return f"{low[-1] if low else ''}..{high[0] if high else ''}"
