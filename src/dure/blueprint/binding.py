"""Filling in what a blueprint leaves to its programme: every ``bind`` becomes the bound value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dure.blueprint.model import (
    BIND,
    Blueprint,
    FormDo,
    Give,
    Moment,
    MoneyGive,
    Provision,
    Stage,
    When,
    Window,
)


def bound(blueprint: Blueprint, values: Mapping[str, Any]) -> Blueprint:
    """``blueprint`` with every ``bind`` that ``values`` names filled in; the others stay (names: appendix A)."""
    return replace(blueprint, stages=tuple(_stage(stage, values) for stage in blueprint.stages))


def _stage(stage: Stage, values: Mapping[str, Any]) -> Stage:
    options = stage.options
    if options is BIND and "options" in values:
        options = tuple(values["options"])
    do = stage.do
    if isinstance(do, FormDo) and do.fee is BIND:
        do = replace(do, fee=values.get("fee", BIND))
    return replace(
        stage,
        options=options,
        do=do,
        when=_window(stage.id, stage.when, values) if stage.when else None,
        provides=tuple(_provision(provision, values) for provision in stage.provides),
        gives=tuple(_give(give, values) for give in stage.gives),
    )


def _window(stage: str, window: Window, values: Mapping[str, Any]) -> Window:
    def date(end: str, written: When | None) -> When | None:
        filled = values.get(f"{stage}.{end}")
        return Moment(str(filled)) if written is BIND and filled is not None else written

    return replace(window, start=date("from", window.start), end=date("to", window.end))


def _provision(provision: Provision, values: Mapping[str, Any]) -> Provision:
    if provision.amount is not BIND:
        return provision
    return replace(provision, amount=values.get(provision.type, BIND))


def _give(give: Give, values: Mapping[str, Any]) -> Give:
    if not isinstance(give, MoneyGive):
        return give
    amount = values.get(give.type, BIND) if give.amount is BIND else give.amount
    pool = values.get(give.type, BIND) if give.pool is BIND else give.pool
    return replace(give, amount=amount, pool=pool)
