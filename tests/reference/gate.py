"""Gates: an ordered list of filters, each on the turns that the one before let through."""

from fractions import Fraction

from tests.reference.rules import holds, parse
from tests.reference.spreads import MARK, PROVEN, YES


def judge(world, stage, turns):
    """Writes a reason on every turn that is out; returns those that passed, in the gate's order."""
    line = list(turns)
    for number, step in enumerate(stage.get("gate") or []):
        kind = next(name for name in STEPS if name in step)
        judged = [turn for turn in line if "for" not in step or set(step["for"]) & set(turn.options)]
        others = [turn for turn in line if turn not in judged]
        line = STEPS[kind](world, number, step[kind], judged) + others
    return line


def _rule(world, number, lines, turns):
    for turn in turns:
        turn.reason = next((reason for line in lines if (reason := broken(world, turn, line))), None)
    return [turn for turn in turns if turn.passed]


def broken(world, turn, line):
    """Why the rule does not hold for the turn, or None."""
    fact, op, value = parse(line)
    values = world.values(turn, fact)
    if None in values:
        return f"missing.{fact}"
    return None if all(holds(one, op, value) for one in values) else f"rule.{fact}"


def _rank(world, number, rank, turns):
    score = {turn.first: world.number(turn, rank["by"]) for turn in turns}
    ranked = [turn for turn in turns if score[turn.first] is not None]
    ranked.sort(key=lambda turn: (-score[turn.first], turn.first))
    for turn in turns:
        turn.reason = "rank" if turn in ranked else f"missing.{rank['by']}"
    taken = {}
    for turn in ranked:
        place = taken.setdefault(tuple(turn.options) if "per" in rank else None, [])
        place.append(turn)
        if len(place) <= rank["take"]:
            turn.reason = None
    return [turn for turn in ranked if turn.passed]


def _panel(world, number, panel, turns):
    for turn in turns:
        turn.facts["mark"] = _mark(world, turn, number, panel["each"])
        turn.reason = None if turn.facts["mark"] >= Fraction(panel.get("pass", 0)) else "panel"
    good = sorted((turn for turn in turns if turn.passed), key=lambda turn: (-turn.facts["mark"], turn.first))
    return _first(good, panel.get("take"), "panel.full")


def _mark(world, turn, number, each):
    stage = turn.stage["id"]
    spread = world.rehearse.get("evidence", {}).get(f"{stage}.mark", MARK)
    marks = [world.draw(spread, f"{stage}.mark.{number}.{reviewer}", turn.first) for reviewer in range(each)]
    return sum(map(Fraction, marks)) / each


def _decide(world, number, decide, turns):
    if "take" in decide:
        return _first(turns, decide["take"], "decide.full")
    for turn in turns:
        said = world.u(f"{turn.stage['id']}.decide.{number}", turn.first) < YES
        turn.reason = None if said else "decide"
    return [turn for turn in turns if turn.passed]


def _external(world, number, external, turns):
    proofs = world.rehearse.get("external", {})
    for position, turn in enumerate(turns):
        stage = turn.stage["id"]
        if stage in proofs:
            proven = position < proofs[stage]
        else:
            proven = world.u(f"{stage}.external.{number}", turn.first) < PROVEN
        turn.reason = None if proven else "external"
    return [turn for turn in turns if turn.passed]


def _first(turns, take, reason):
    places = len(turns) if take is None else take
    for turn in turns[places:]:
        turn.reason = reason
    return turns[:places]


STEPS = {"rule": _rule, "rank": _rank, "panel": _panel, "decide": _decide, "external": _external}
