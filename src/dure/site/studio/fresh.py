"""What a new stage, step, give, party … says at first: sound where it can be, in the document's own names."""

from collections.abc import Callable, Mapping

from dure.blueprint.model import Path
from dure.blueprint.places import Names
from dure.blueprint.sheet import Plain

_DO: Mapping[str, dict[str, Plain]] = {
    "form": {"ask": ["motive"]},
    "learn": {"mode": "online", "items": [{"id": "course-1", "type": "course"}]},
    "round": {"metric": "accuracy", "daily": "5", "sealed": "true"},
    "project": {"topic": "own", "milestones": ["plan", "result"]},
    "event": {"type": "seminar"},
    "work": {"type": "internship"},
}
_FIRST = "party-1"


def fresh(names: Names, path: Path, kind: str) -> Plain:
    """A new item for the list or mapping at ``path``; ``kind``: which of several."""
    keys = [step for step in path if isinstance(step, str)]
    return _MAKERS[keys[-1]](names, kind) if keys and keys[-1] in _MAKERS else ""


def fresh_name(names: Names, path: Path) -> str:
    """A name that the mapping at ``path`` does not have yet."""
    last = str(path[-1])
    if last == "words" and (wordless := names.wordless(path)):
        return wordless[0]
    taken = {*names.parties, *names.roles, *names.stage_ids()}
    stem = {"parties": "party", "roles": "role"}.get(last, "name")
    return _free(stem, taken)


def _free(stem: str, taken: "set[str] | list[str]") -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := f"{stem}-{number}") not in taken)


def _stage(names: Names, kind: str) -> Plain:
    party = next(iter(names.parties), _FIRST)
    do: Plain = {"type": "exam", "by": party} if kind == "test" else _DO[kind]
    start = [] if names.stages else [("entry", "open")]
    return {"id": _free(kind, names.stage_ids()), "kind": kind, **dict(start), "do": do}


def _step(names: Names, kind: str) -> Plain:
    role = next(iter(names.roles), "role-1")
    steps: Mapping[str, Plain] = {
        "rule": ["score >= 60"],
        "rank": {"by": "score", "take": "10"},
        "panel": {"role": role, "rubric": {"quality": "100"}, "each": "2", "conflicts": ["same-org"]},
        "decide": {"role": role},
        "external": {"body": "outside-body", "proof": "certificate"},
    }
    return {kind: steps[kind]}


def _give(names: Names, kind: str) -> Plain:
    party = next(iter(names.parties), _FIRST)
    gives: Mapping[str, Plain] = {
        "credential": {"name": "Completion", "type": "certificate"},
        "money": {"type": "prize", "amount": "1000000", "from": party},
        "privilege": {"type": "interview", "at": party},
        "publish": {"type": "result", "where": "open"},
        "spawn": {"blueprint": next(iter(names.blueprints), "blueprint")},
        "role": next(iter(names.roles), "role-1"),
    }
    return {kind: {"role": gives[kind]} if kind == "role" else gives[kind]}


_MAKERS: Mapping[str, Callable[[Names, str], Plain]] = {
    "stages": _stage,
    "gate": _step,
    "gives": _give,
    "parties": lambda *_: {"kind": "company"},
    "roles": lambda n, _: {"at": next(iter(n.parties), _FIRST), "can": ["operate"]},
    "measures": lambda n, _: {"id": _free("measure", []), "title": "Entries",
                              "is": f"in({next(iter(n.stage_ids()), 'apply')})"},
    "needs": lambda *_: {"skill": "skill-1", "level": "3"},
    "items": lambda *_: {"id": "course-2", "type": "course"},
    "provides": lambda n, _: {"type": "compute", "from": next(iter(n.parties), _FIRST)},
    "ask": lambda *_: "question",
    "words": lambda *_: {"en": "Name", "ko": "이름"},
}  # fmt: skip
