"""Kept teams: what must be over before it is known with whom somebody comes to a stage that keeps the last teams."""

from dure.blueprint.model import Blueprint, Stage, Unit


def keeps_teams(stage: Stage) -> bool:
    """Whether those who come through stay in the teams they were last in (appendix B, ``unit``)."""
    return stage.unit is Unit.TEAM and stage.team is None and bool(stage.after)


def deciding(blueprint: Blueprint, stage: Stage) -> set[str]:
    """The stages that decide who is in a team kept at ``stage``: those that lead to it, and those before it in the
    file that form teams, with what leads to them (decision 0002, Last teams). Others run beside it."""
    forming = [former for former in blueprint.stages[: blueprint.position(stage.id)] if former.team is not None]
    return _leading_to(blueprint, stage).union(*({f.id} | _leading_to(blueprint, f) for f in forming))


def _leading_to(blueprint: Blueprint, stage: Stage) -> set[str]:
    direct = {way.stage for way in stage.after}
    return direct.union(*(_leading_to(blueprint, blueprint.stage(before)) for before in direct))
