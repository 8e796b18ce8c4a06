"""What follows from the verdicts: one ledger of gifts and provisions, each with the persons or cases it belongs to."""

from dataclasses import dataclass
from fractions import Fraction

from tests.reference.world import do

MONTHS = {"m": 1, "y": 12}


@dataclass
class Gift:
    """`of`: the members it belongs to; nobody's where it belongs to the stage."""

    sort: str
    name: str
    amount: int | Fraction
    of: frozenset


def gifts(world):
    ledger = []
    for stage in world.stages:
        ledger += [gift for give in stage.get("gives") or [] for gift in _given(world, stage, give)]
        ledger += [gift for entry in stage.get("provides") or [] for gift in _provided(world, stage, entry)]
    return ledger


def names(world):
    """{sort: every name that the blueprint could give}, given or not."""
    found = {sort: set() for sort in GIVES} | {"provided": set()}
    for stage in world.stages:
        found["provided"] |= {entry["type"] for entry in stage.get("provides") or [] if "amount" in entry}
        for give in stage.get("gives") or []:
            sort = next(sort for sort in GIVES if sort in give)
            name = give[sort][NAMED_BY[sort]]
            found[sort] |= set(world.options_in_force(stage)) if (sort, name) == ("publish", "option") else {name}
    return found


def _given(world, stage, give):
    sort = next(sort for sort in GIVES if sort in give)
    body = give[sort]
    to = body.get("to", "passed")
    turns = world.turns[stage["id"]] if to == "entrants" else world.order[stage["id"]]
    return GIVES[sort](world, body, to, turns)


def _credential(world, body, to, turns):
    return [Gift("credential", body["name"], 1, frozenset([m])) for turn in turns for m in turn.members]


def _privilege(world, body, to, turns):
    return _personal(world, "privilege", body["type"], to, turns)


def _role(world, body, to, turns):
    return _personal(world, "role", body["role"], to, turns)


def _personal(world, sort, name, to, turns):
    """To every person of the turn, to the contacts it left, or to those who hold a role for it."""
    if to in ("passed", "entrants"):
        return [Gift(sort, name, 1, frozenset([member])) for turn in turns for member in turn.members]
    count = _contacts if to == "contacts" else _holders
    return [Gift(sort, name, count(world, turn, to), frozenset(turn.members)) for turn in turns]


def _contacts(world, turn, to):
    return turn.facts["contacts"]


def _holders(world, turn, role):
    """How many hold the role for the turn: for each member, by the latest stage that the member took under it."""
    stages = [*world.before(turn.stage), turn.stage]
    found = {}
    for member in turn.members:
        took = [world.place.get((s["id"], member)) for s in stages if role in do(s).get("with", {})]
        latest = [taken for taken in took if taken]
        if latest:
            found[latest[-1].stage["id"], latest[-1].first] = do(latest[-1].stage)["with"][role]
    return sum(found.values())


def _publish(world, body, to, turns):
    if body.get("once"):
        return [Gift("publish", body["type"], 1, frozenset())] if turns else []
    kinds = [(turn, turn.options[:1] if body["type"] == "option" else [body["type"]]) for turn in turns]
    return [Gift("publish", kind, 1, frozenset(turn.members)) for turn, named in kinds for kind in named]


def _spawn(world, body, to, turns):
    return [Gift("spawn", body["blueprint"], 1, frozenset(turn.members)) for turn in turns]


def _money(world, body, to, turns):
    if to not in ("passed", "entrants"):
        turns = [turn for turn in turns if _holders(world, turn, to)]
    return [
        gift
        for members, amount in _amounts(world, body, turns)
        for gift in _shared(body["type"], to, members, amount) * _payments(body)
    ]


def _shared(kind, to, members, amount):
    """A team's money in equal shares, odd won to the first; role holders' money stays with the turn as a whole."""
    if to not in ("passed", "entrants"):
        return [Gift("money", kind, amount, frozenset(members))]
    return [
        Gift("money", kind, share, frozenset([member]))
        for member, share in zip(members, shares(amount, len(members)), strict=True)
    ]


def shares(amount, n):
    """Equal whole shares; what cannot be divided goes to the first."""
    return [amount // n + (amount % n if place == 0 else 0) for place in range(n)]


def _amounts(world, body, turns):
    """[(members, won)], of one payment"""
    if "pool" in body:
        pool = _bound(world, body, "pool")
        return list(zip((turn.members for turn in turns), shares(pool, len(turns)), strict=True)) if turns else []
    if "ranks" in body:
        return _prizes(body, turns)
    amount = _bound(world, body, "amount")
    units = _first_of_cases(world, turns) if body.get("per") == "entry" else [turn.members for turn in turns]
    return [(members, amount) for members in units]


def _bound(world, body, key):
    return world.bind[body["type"]] if body[key] == "bind" else body[key]


def _prizes(body, turns):
    won, prizes = {}, []
    for turn in turns:
        place = won.setdefault(tuple(turn.options) if "per" in body else None, [])
        if len(place) < len(body["ranks"]):
            prizes.append((turn.members, body["ranks"][len(place)]))
        place.append(turn)
    return prizes


def _payments(body):
    if "months" not in body:
        return 1
    every = str(body.get("every", "1m"))
    return body["months"] // (int(every[:-1]) * MONTHS[every[-1]])


def _first_of_cases(world, turns):
    """The members of each case in the first of its turns."""
    firsts = {}
    for turn in turns:
        here = {}
        for member in turn.members:
            here.setdefault(world.case_of(member), []).append(member)
        firsts = here | firsts
    return list(firsts.values())


def _cases(world, turns):
    """Everybody of each case who is in one of the turns."""
    cases = {}
    for member in (member for turn in turns for member in turn.members):
        cases.setdefault(world.case_of(member), []).append(member)
    return list(cases.values())


def _provided(world, stage, entry):
    if "amount" not in entry:
        return []
    amount, turns = Fraction(_bound(world, entry, "amount")), world.turns[stage["id"]]
    units = {
        "unit": [turn.members for turn in turns],
        "entry": _cases(world, turns),
        None: [[]],
    }[entry.get("per")]
    return [Gift("provided", entry["type"], amount, frozenset(members)) for members in units]


GIVES = {
    "credential": _credential,
    "money": _money,
    "privilege": _privilege,
    "publish": _publish,
    "spawn": _spawn,
    "role": _role,
}
NAMED_BY = {
    "credential": "name",
    "money": "type",
    "privilege": "type",
    "publish": "type",
    "spawn": "blueprint",
    "role": "role",
}
