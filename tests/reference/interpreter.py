"""A blueprint's rehearsal, row by row: from YAML text to the document that `dure rehearse --json` prints."""

from collections import Counter
from fractions import Fraction

from tests.reference.document import load
from tests.reference.figures import Figures
from tests.reference.giving import gifts, names
from tests.reference.journey import travel
from tests.reference.world import World

TITLES = {
    "money": "money",
    "credential": "credentials",
    "privilege": "privileges",
    "publish": "published",
    "spawn": "spawned",
    "role": "roles",
    "provided": "provided",
}


def rehearsed(text, cases=None, seed=7):
    """INTERFACE's document of a rehearsal, without `seconds`."""
    blueprint = load(text)
    world = World(blueprint, blueprint["rehearse"]["entries"] if cases is None else cases, seed)
    travel(world)
    ledger = gifts(world)
    figures = Figures(world, ledger)
    return {
        "blueprint": blueprint["blueprint"],
        "cases": world.cases,
        "seed": seed,
        "stages": [_stage(stage, world.turns[stage["id"]]) for stage in world.stages],
        **_totals(world, ledger),
        "measures": {name: _number(value) for name, value in figures.measures().items()},
        "expect": [_checked(figures, text) for text in world.rehearse.get("expect", [])],
    }


def _stage(stage, turns):
    out = [turn.reason for turn in turns if not turn.passed]
    return {
        "id": stage["id"],
        "kind": stage["kind"],
        "in": len(turns),
        "passed": len(turns) - len(out),
        "out": len(out),
        "withdrawn": 0,
        "reasons": dict(Counter(out)),
    }


def _totals(world, ledger):
    found = names(world)
    return {
        title: {
            name: _number(Fraction(sum(gift.amount for gift in ledger if (gift.sort, gift.name) == (sort, name))))
            for name in found[sort]
        }
        for sort, title in TITLES.items()
    }


def _checked(figures, text):
    left, right, holds = figures.check(text)
    return {"text": text, "left": _number(left), "right": _number(right), "holds": holds}


def _number(value):
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
