"""The money of a programme as a visitor reads it: prizes by option and place, and what else is paid."""

from dataclasses import dataclass

from dure.blueprint.gives import promised
from dure.blueprint.model import Blueprint, MoneyGive, Stage
from dure.site import words


@dataclass(frozen=True)
class Prizes:
    """Prizes of one stage: a line for each option (its name empty where they are not by option), an amount a place."""

    title: str
    stage: str
    currency: str
    places: list[int]
    options: list[str]
    amounts: list[int]
    each: int
    total: int | None


@dataclass(frozen=True)
class Paid:
    """Money that is no prize: what, where, and how much to whom."""

    title: str
    stage: str
    by: str
    text: str


def prizes_of(blueprint: Blueprint) -> list[Prizes]:
    return [
        _prizes(blueprint, stage, give)
        for stage in blueprint.stages
        for give in stage.gives
        if isinstance(give, MoneyGive) and give.ranks
    ]


def paid_by(blueprint: Blueprint) -> list[Paid]:
    return [
        _paid(blueprint, stage, give)
        for stage in blueprint.stages
        for give in stage.gives
        if isinstance(give, MoneyGive) and not give.ranks
    ]


def _prizes(blueprint: Blueprint, stage: Stage, give: MoneyGive) -> Prizes:
    source = blueprint.options_stage(stage.id) if give.per == "option" else None
    options = source.options if source else None
    return Prizes(
        title=words.word(blueprint, give.type),
        stage=words.word(blueprint, stage.id),
        currency=give.currency,
        places=list(range(1, len(give.ranks) + 1)),
        options=[words.word(blueprint, name) for name in options] if isinstance(options, tuple) else [""],
        amounts=list(give.ranks),
        each=sum(give.ranks),
        total=promised(blueprint, stage, give),
    )


def _paid(blueprint: Blueprint, stage: Stage, give: MoneyGive) -> Paid:
    return Paid(
        title=words.word(blueprint, give.type),
        stage=words.word(blueprint, stage.id),
        by=words.word(blueprint, give.party) if give.party else "",
        text=words.amount_text(give),
    )
