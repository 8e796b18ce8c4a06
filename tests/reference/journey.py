"""The way of every person (or case) through the stages: coming through, forming units, taking turns."""

from tests.reference.gate import judge
from tests.reference.world import Turn


def travel(world):
    for stage in world.stages:
        units = _units(world, stage, _arrivals(world, stage))
        turns = [Turn(stage, unit, _options(world, stage, unit, k)) for k, unit in enumerate(units)]
        world.turns[stage["id"]] = turns
        for turn in turns:
            world.place |= {(stage["id"], member): turn for member in turn.members}
            world.fill(turn)
        world.order[stage["id"]] = judge(world, stage, turns)


def _arrivals(world, stage):
    """Members that come through `after`, by number; everybody at a start."""
    before = world.before(stage)
    after = stage.get("after", [before[-1]["id"]] if before else [])
    ways = any if stage.get("join") == "any" else all
    return [m for m in world.members if not after or ways(_came(world, way, m) for way in after)]


def _came(world, way, member):
    stage, _, out = way.partition(":")
    turn = world.place.get((stage, member))
    return turn is not None and turn.passed != bool(out)


def _units(world, stage, members):
    """Lists of members, in the order of their first."""
    if not world.has_persons or _unit(world, stage) == "person":
        return [[member] for member in members]
    if world.blueprint["subject"] == "team":
        return _grouped(members, world.case_of)
    if "team" in stage:
        return _formed(members, stage["team"])
    return _grouped([m for m in members if _last_team(world, stage, m)], lambda m: _last_team(world, stage, m))


def _unit(world, stage):
    return stage.get("unit", "team" if "team" in stage else world.blueprint["subject"])


def _formed(members, size):
    teams = [members[start : start + size["max"]] for start in range(0, len(members), size["max"])]
    return [team for team in teams if len(team) >= size["min"]]


def _last_team(world, stage, member):
    """(stage, first member) of the team that the member was last formed into, if any."""
    for former in reversed(world.before(stage)):
        turn = world.place.get((former["id"], member))
        if "team" in former and turn:
            return former["id"], turn.first
    return None


def _grouped(members, key):
    groups = {}
    for member in members:
        groups.setdefault(key(member), []).append(member)
    return sorted(groups.values())


def _options(world, stage, unit, k):
    """What the k-th turn picks here; else what its first member picked where the options in force are offered."""
    offered = world.offered(stage)
    if offered:
        return [offered[(k + step) % len(offered)] for step in range(stage.get("choose", 1))]
    source = world.options_stage(stage)
    turn = world.place.get((source["id"], unit[0])) if source else None
    return turn.options if turn else []
