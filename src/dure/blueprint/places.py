"""What may stand at a place of a blueprint: its shape by the grammar, and the document's own names that fit there.

Everything here takes a tree that may not be sound: somebody is still writing it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dure.blueprint.document import Document, Node, Table
from dure.blueprint.expressions import ARGUMENTS
from dure.blueprint.facts import EVIDENCE, profile_of
from dure.blueprint.grammar_stage import QuestionShape
from dure.blueprint.model import BIND, Kind, Path, Subject
from dure.blueprint.read import SHAPES, sort_of
from dure.blueprint.records import EitherShape, Key, RecordShape
from dure.blueprint.shapes import FlagShape, ListShape, OrBind, Shape, TableShape, WordShape
from dure.blueprint.sheet import Plain, plain


def shape_at(document: Document, path: Path) -> Shape | None:
    """The shape that the grammar asks at ``path``; None where it knows of no such place."""
    shape: Shape | None = SHAPES[sort_of(document)]
    for length, step in enumerate(path):
        shape = _inside(shape, document.find(path[:length]), step)
    return shape


def keys_of(shape: RecordShape, node: Node | None) -> dict[str, Key]:
    """The keys of a mapping in the order in which people write them: what is done stands before what judges it."""
    known = dict(shape.known(node) if isinstance(node, Table) else shape.keys)
    if "do" not in known:
        return known
    done = known.pop("do")
    before = list(known)[: list(known).index("provides")]
    return {**{name: known[name] for name in before}, "do": done, **known}


def _inside(shape: Shape | None, node: Node | None, step: str | int) -> Shape | None:
    match shape:
        case RecordShape():
            keys = shape.known(node) if isinstance(node, Table) else shape.keys
            return keys[step].shape if isinstance(step, str) and step in keys else None
        case TableShape() | ListShape():
            return shape.of
        case QuestionShape():
            return QuestionShape.answers
        case OrBind():
            return _inside(shape.shape, node, step)
        case EitherShape():
            return _inside(shape.other, node, step)
    return None


def words_of(shape: Shape | None) -> tuple[str, ...]:
    """The words that the shape itself allows."""
    match shape:
        case WordShape():
            return tuple(map(str, shape.words))
        case FlagShape():
            return ("true", "false")
        case OrBind():
            return (*words_of(shape.shape), str(BIND))
        case EitherShape():
            return (*words_of(shape.scalar), *words_of(shape.other))
        case ListShape():
            return words_of(shape.of)
    return ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a document has given so far, and the blueprints that it may speak of."""

    tree: Mapping[str, Plain]
    blueprints: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document, blueprints: tuple[str, ...] = ()) -> "Names":
        tree = plain(document.root)
        return cls(tree if isinstance(tree, dict) else {}, blueprints)

    def at(self, path: Path) -> tuple[str, ...]:
        """The names that fit at ``path``, each once: as values, or (where names are keys) as keys."""
        keys = [step for step in path if isinstance(step, str)]
        for length in (3, 2, 1):
            if find := _FITTING.get(".".join(keys[-length:])):
                return tuple(dict.fromkeys(find(self, path)))
        return ()

    @property
    def stages(self) -> list[Mapping[str, Plain]]:
        return [stage for stage in _items(self.tree.get("stages")) if isinstance(stage, dict)]

    @property
    def parties(self) -> list[str]:
        return list(_table(self.tree.get("parties")))

    @property
    def roles(self) -> list[str]:
        return list(_table(self.tree.get("roles")))

    @property
    def options(self) -> list[str]:
        return [str(one) for stage in self.stages for one in _items(stage.get("options"))]

    @property
    def held(self) -> list[str]:
        """Roles under ``with``."""
        return [role for stage in self.stages for role in _table(_table(stage.get("do")).get("with"))]

    def stage_ids(self, path: Path = ()) -> list[str]:
        """Of all stages, or of those before the one that ``path`` leads through."""
        ids = [str(stage.get("id", "")) for stage in self.stages]
        return [one for one in (ids[: int(path[1])] if len(path) > 1 and path[0] == "stages" else ids) if one]

    def given(self, kind: str, key: str) -> list[str]:
        """What the gives of one kind write under ``key``: names of credentials, types of money."""
        found = [_table(_table(give).get(kind)).get(key) for s in self.stages for give in _items(s.get("gives"))]
        return [one for one in found if isinstance(one, str)]

    def fields(self, stage: Mapping[str, Plain]) -> list[str]:
        """Every fact that a stage leaves behind."""
        kind = str(stage.get("kind", ""))
        known = [*EVIDENCE[Kind(kind)]] if kind in Kind._value2member_map_ else []
        panel = ["mark"] if any("panel" in _table(step) for step in _items(stage.get("gate"))) else []
        return [*self.asked(stage), *known, *(["option"] if self.options else []), *panel]

    def asked(self, stage: Mapping[str, Plain]) -> list[str]:
        questions = _items(_table(stage.get("do")).get("ask"))
        return [name for one in questions for name in ([one] if isinstance(one, str) else _table(one))]

    @property
    def profile(self) -> list[str]:
        """What is known of whoever travels, without asking."""
        subject = str(self.tree.get("subject", ""))
        return [*profile_of(Subject(subject))] if subject in Subject._value2member_map_ else []

    def facts(self, path: Path) -> Iterator[str]:
        """What a gate of the stage at ``path`` may ask: its own facts, earlier answers, the profile, other stages'."""
        at = int(path[1]) if len(path) > 1 else len(self.stages)
        before = self.stages[: at + 1]
        yield from self.fields(before[-1]) if before else ()
        for stage in before[:-1]:
            yield from self.asked(stage)
        yield from self.profile
        for stage in before[:-1]:
            yield from (f"{stage.get('id')}.{field}" for field in self.fields(stage))

    def dated(self, path: Path) -> list[str]:
        """A programme's date, or one that a form asked before."""
        asked = [
            f"{stage.get('id')}.{name}"
            for stage in self.stages[: int(path[1])]
            for one in _items(_table(stage.get("do")).get("ask"))
            for name, kind in _table(one).items()
            if kind == "date"
        ]
        return [str(BIND), *asked]

    def wordless(self, _: Path) -> list[str]:
        """Ids that ``words`` says nothing of yet."""
        ids = [*self.parties, *self.roles, *self.stage_ids(), *self.options, *self.given("money", "type"),
               *self.given("credential", "name"), *(n for s in self.stages for n in self.asked(s))]  # fmt: skip
        return [one for one in ids if one not in _table(self.tree.get("words"))]


def _items(value: Plain | None) -> list[Plain]:
    return value if isinstance(value, list) else []


def _table(value: Plain | None) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _functions(_names: Names, _: Path) -> list[str]:
    return [f"{name}(" for name in ARGUMENTS]


_RECEIVERS = ("passed", "entrants", "contacts")
_FITTING: Mapping[str, Callable[[Names, Path], "list[str] | Iterator[str]"]] = {
    "after": lambda n, path: [f"{stage}{end}" for end in ("", ":out") for stage in n.stage_ids(path)],
    "when.with": lambda n, _: n.stage_ids(),
    "when.from": lambda n, path: n.dated(path),
    "when.to": lambda n, path: n.dated(path),
    "do.with": lambda n, _: n.roles,
    "panel.role": lambda n, _: n.roles,
    "decide.role": lambda n, _: n.roles,
    "panel.include": lambda n, _: n.held,
    "gives.role.role": lambda n, _: n.roles,
    "do.by": lambda n, _: [*n.roles, *n.parties],
    "items.by": lambda n, _: [*n.roles, *n.parties],
    "items.adapter": lambda n, _: n.roles,
    "rank.by": lambda n, path: n.facts(path),
    "rule": lambda n, path: n.facts(path),
    "recognised.by": lambda n, _: n.parties,
    "measures.by": lambda n, _: [f"{s.get('id')}.{field}" for s in n.stages for field in n.fields(s)],
    "provides.from": lambda n, _: n.parties,
    "money.from": lambda n, _: n.parties,
    "roles.at": lambda n, _: [*n.parties, "any"],
    "do.at": lambda n, _: n.parties,
    "privilege.at": lambda n, _: n.parties,
    **{f"{give}.to": lambda n, _: [*_RECEIVERS, *n.held] for give in
       ("credential", "money", "privilege", "publish", "spawn")},
    "gives.role.to": lambda n, _: [*_RECEIVERS, *n.held],
    "gate.for": lambda n, _: n.options,
    "items.for": lambda n, _: n.options,
    "budget": lambda n, _: n.given("money", "type"),
    "holds": lambda n, _: n.given("credential", "name"),
    "credential.level": lambda *_: ["option"],
    "spawn.blueprint": lambda n, _: list(n.blueprints),
    "measures.is": _functions,
    "rehearse.expect": _functions,
    "rehearse.facts": lambda n, _: [*(f for s in n.stages for f in n.asked(s)), *n.profile],
    "rehearse.evidence": lambda n, _: [f"{s.get('id')}.{field}" for s in n.stages for field in n.fields(s)],
    "rehearse.external": lambda n, _: n.stage_ids(),
    "words": lambda n, path: n.wordless(path),
}  # fmt: skip
