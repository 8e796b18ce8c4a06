"""What a blueprint leaves to its programme: every ``bind``, by name and sort (appendix A, "bind names")."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dure.blueprint.model import BIND, Blueprint, FormDo, MoneyGive, Path, Stage

Thing = Literal["party", "options", "fee", "money", "provision", "date"]


@dataclass(frozen=True, slots=True)
class Blank:
    """One place to fill in. The same name twice takes the same value; ``path`` leads to the word ``bind``."""

    name: str
    thing: Thing
    path: Path


def blanks(blueprint: Blueprint) -> Iterator[Blank]:
    """Every place that says ``bind``, in the order of the file."""
    for name, party in blueprint.parties.items():
        if party.bind:
            yield Blank(name, "party", ("parties", name, "bind"))
    for at, stage in enumerate(blueprint.stages):
        yield from _of_stage(stage, ("stages", at))


def _of_stage(stage: Stage, path: Path) -> Iterator[Blank]:
    if stage.options is BIND:
        yield Blank("options", "options", (*path, "options"))
    if stage.when:
        for key, written in (("from", stage.when.start), ("to", stage.when.end)):
            if written is BIND:
                yield Blank(f"{stage.id}.{key}", "date", (*path, "when", key))
    if isinstance(stage.do, FormDo) and stage.do.fee is BIND:
        yield Blank("fee", "fee", (*path, "do", "fee"))
    for at, provision in enumerate(stage.provides):
        if provision.amount is BIND:
            yield Blank(provision.type, "provision", (*path, "provides", at, "amount"))
    for at, give in enumerate(stage.gives):
        if isinstance(give, MoneyGive):
            yield from _of_money(give, (*path, "gives", at, "money"))


def _of_money(give: MoneyGive, path: Path) -> Iterator[Blank]:
    for key, value in (("amount", give.amount), ("pool", give.pool)):
        if value is BIND:
            yield Blank(give.type, "money", (*path, key))
