"""A blueprint as forms: the grammar says which fields there are, the document what stands in them.

A field's name is its path as JSON behind a letter that says how its value is written (``applying`` reads it back).
What a form cannot express is a field of its own: the YAML that stands there.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dure.blueprint import sheet
from dure.blueprint.document import Document, Node, Scalar, Table
from dure.blueprint.document import Sequence as Items
from dure.blueprint.grammar import BoundShape, SpreadShape
from dure.blueprint.grammar_stage import GIVE, QUESTION_TYPES, STEP, QuestionShape
from dure.blueprint.korean import about, word
from dure.blueprint.model import Path
from dure.blueprint.places import Names, keys_of, shape_at, words_of
from dure.blueprint.read import SHAPES
from dure.blueprint.records import EitherShape, Key, RecordShape, may
from dure.blueprint.scalars import TEXT
from dure.blueprint.shapes import (
    NOTE,
    FlagShape,
    ListShape,
    OrBind,
    Shape,
    TableShape,
    WordShape,
)
from dure.core.text import Text

LINE, CHOICE, LINES, TICKS, GROUP, ROWS, PAIRS, ASKED, SOURCE = (
    "line", "choice", "lines", "ticks", "group", "rows", "pairs", "asked", "source",
)  # fmt: skip
_ONE_LINE = (SpreadShape, BoundShape)
EMPTY = "[]"
MOST_LINES = 12
MOST_COMMON = 7  # fields of a group that are shown even where they are empty
NOTHING = Text(ko="", en="")
_NOTE = may(TEXT, "a note, shown and never computed with")


@dataclass(frozen=True)
class Field:
    """One field or group of fields. ``offers``: what could be chosen, with its words; ``key``: as the text says it."""

    path: Path
    sort: str
    key: str
    label: Text
    value: str = ""
    needed: bool = False
    stands: bool = True
    offers: tuple[tuple[str, Text], ...] = ()
    parts: tuple["Field", ...] = ()
    letter: str = "v"

    @property
    def name(self) -> str:
        return json.dumps(self.path, ensure_ascii=False)

    @cached_property
    def id(self) -> str:
        return "f-" + "-".join(re.sub(r"\W+", "_", str(step)) for step in self.path)

    @property
    def is_single(self) -> bool:
        """Whether it is one input with its label."""
        return self.sort in {LINE, CHOICE, LINES, SOURCE}

    @property
    def chosen(self) -> list[str]:
        """Of a list: what is in it."""
        return [] if self.value in {"", EMPTY} else self.value.split("\n")

    @cached_property
    def shown(self) -> tuple["Field", ...]:
        return tuple(part for at, part in enumerate(self.parts) if part.stands or part.needed or self._common(at))

    @cached_property
    def more(self) -> tuple["Field", ...]:
        """What could be said besides and is not."""
        shown = self.shown
        return tuple(part for part in self.parts if part not in shown)

    def _common(self, at: int) -> bool:
        return at < MOST_COMMON and self.parts[at].sort in {LINE, CHOICE, LINES}

    @property
    def height(self) -> int:
        """Lines to write in."""
        return min(len(self.chosen) + 1, MOST_LINES)

    @property
    def is_named(self) -> bool:
        """Whether it stands under a key of the author's own."""
        return isinstance(self.path[-1], str)

    @property
    def title(self) -> Text:
        """Of one of several: which sort of it this is, or what it is called."""
        named = {"id", "skill", "type"} & {part.key for part in self.parts}
        return Text(ko=self.head, en=self.head) if named or not self.parts else self.parts[0].label

    @property
    def head(self) -> str:
        """Of one of several: what it is called."""
        named = {part.key: part.value for part in self.parts}
        return named.get("id") or named.get("skill") or named.get("type") or str(self.path[-1])


@dataclass(frozen=True)
class Builder:
    """Fields of one document."""

    sheet: sheet.Sheet
    names: Names

    @classmethod
    def of(cls, text: str, blueprints: tuple[str, ...] = ()) -> "Builder":
        read = sheet.Sheet.of(text)
        return cls(read, Names.of(read.document, blueprints))

    @property
    def document(self) -> Document:
        return self.sheet.document

    def field(self, path: Path, key: Key | None = None) -> Field:
        """The field for the place at ``path``; ``key``: what the grammar says of it."""
        node = self.document.find(path)
        shape = key.shape if key else shape_at(self.document, path)
        made = self._made(path, shape, node)
        label = _headed(about(key)) if key and key.about else Text(ko=made.key, en=made.key)
        return replace(made, label=label, needed=bool(key and key.needed), stands=node is not None)

    def fields_at(self, paths: Sequence[Path]) -> list[Field]:
        """Fields for keys of the blueprint itself, or for items of its lists."""
        root = SHAPES["blueprint"].known(self.document.root)
        return [self.field(path, root.get(str(path[0])) if len(path) == 1 else None) for path in paths]

    def _made(self, path: Path, shape: Shape | None, node: Node | None) -> Field:
        field = Field(path, SOURCE, _last_word(path), NOTHING)
        if node is None or _fits(shape, node):
            return self._fitting(field, shape, node)
        return replace(field, value=sheet.source_on(self.sheet, path))

    def _fitting(self, field: Field, shape: Shape | None, node: Node | None) -> Field:
        if isinstance(shape, OrBind) and isinstance(shape.shape, ListShape):
            return self._lines(field, node)
        match shape:
            case RecordShape():
                return replace(field, sort=GROUP, value="", parts=tuple(self._parts(field.path, shape, node)))
            case ListShape():
                return self._several(field, shape, node)
            case TableShape():
                return self._pairs(field, shape, node)
        return field if shape is None else self._single(field, shape, node)

    def _single(self, field: Field, shape: Shape, node: Node | None) -> Field:
        """One input; what may be a value or a list is written as YAML on one line."""
        offers = self._suggested(field.path, shape)
        if _is_one_line(shape):
            return replace(field, sort=LINE, letter="y", value=sheet.source_on(self.sheet, field.path), offers=offers)
        sort = CHOICE if isinstance(shape, WordShape | FlagShape) else LINE
        return replace(field, sort=sort, value=_scalar(node), offers=offers)

    def _parts(self, path: Path, shape: RecordShape, node: Node | None) -> Iterator[Field]:
        known = keys_of(shape, node)
        standing = set(node.entries) if isinstance(node, Table) else set()
        for name, key in known.items():
            if shape in (STEP, GIVE) and name in shape.one_of and name not in standing:
                continue  # one of several kinds stands: the others are chosen when one is added
            if key.about:
                yield self.field((*path, name), key)
        if NOTE in standing:
            yield self.field((*path, NOTE), _NOTE)

    def _several(self, field: Field, shape: ListShape, node: Node | None) -> Field:
        items = node.items if isinstance(node, Items) else ()
        if isinstance(shape.of, RecordShape):
            kinds = tuple((one, word(one)) for one in shape.of.one_of)
            parts = tuple(self.field((*field.path, at)) for at in range(len(items)))
            return replace(field, sort=ROWS, value="", parts=parts, offers=kinds)
        if isinstance(shape.of, QuestionShape):
            parts = tuple(self._question((*field.path, at), item) for at, item in enumerate(items))
            return replace(field, sort=ASKED, value="", parts=parts, offers=tuple((t, word(t)) for t in ASK_TYPES))
        if isinstance(shape.of, WordShape):
            offers = tuple((one, word(one)) for one in words_of(shape.of))
            return replace(self._lines(field, node), sort=TICKS, offers=offers)
        return self._lines(field, node)

    def _lines(self, field: Field, node: Node | None) -> Field:
        texts = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
        empty = EMPTY if isinstance(node, Items) and not node.items else ""
        value = _scalar(node) or "\n".join(texts) or empty
        return replace(field, sort=LINES, value=value, offers=self._suggested(field.path, None))

    def _pairs(self, field: Field, shape: TableShape, node: Node | None) -> Field:
        names = list(node.entries) if isinstance(node, Table) else []
        parts = tuple(self.field((*field.path, name)) for name in names)
        if isinstance(shape.of, RecordShape):
            return replace(field, sort=ROWS, value="", parts=parts)
        return replace(field, sort=PAIRS, value="", parts=parts, offers=self._suggested(field.path, None))

    def _question(self, path: Path, node: Node) -> Field:
        """``name``, ``{name: type}`` or ``{name: [choices]}``: name, type and choices as three parts."""
        asked = sheet.plain(node)
        name, kind = (asked, "text") if isinstance(asked, str) else next(iter(asked.items()), ("", "text"))  # type: ignore[union-attr] # a question is a name or a mapping
        choices = "\n".join(map(str, kind)) if isinstance(kind, list) else ""
        sort = "choice" if isinstance(kind, list) else str(kind)
        parts = (
            Field((*path, "name"), LINE, "name", NOTHING, value=str(name)),
            Field((*path, "type"), CHOICE, "type", NOTHING, value=sort),
            Field((*path, "choices"), LINES, "choices", NOTHING, value=choices),
        )
        return Field(path, ASKED, str(name), NOTHING, parts=parts)

    def _suggested(self, path: Path, shape: Shape | None) -> tuple[tuple[str, Text], ...]:
        words = [(one, word(one)) for one in words_of(shape)]
        return (*words, *((one, NOTHING) for one in self.names.at(path)))


ASK_TYPES = (*QUESTION_TYPES, "choice")


def _headed(text: Text) -> Text:
    return Text(ko=text.ko, en=text.en[:1].upper() + text.en[1:])


def _last_word(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _scalar(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _fits(shape: Shape | None, node: Node) -> bool:
    """Whether a form of this shape can hold what stands there."""
    match shape:
        case RecordShape():
            return isinstance(node, Table) and node.entries.keys() <= {*shape.known(node), NOTE}
        case TableShape():
            return isinstance(node, Table)
        case ListShape():
            return _list_fits(shape, node)
        case OrBind():
            return isinstance(node, Scalar) or (isinstance(shape.shape, ListShape) and _list_fits(shape.shape, node))
        case None:
            return False
    return isinstance(node, Scalar) or _is_one_line(shape)


def _is_one_line(shape: Shape) -> bool:
    """Whether it is one value or a list of them, as a rehearsal draws from."""
    return isinstance(shape.scalar if isinstance(shape, EitherShape) else shape, _ONE_LINE)


def _list_fits(shape: ListShape, node: Node) -> bool:
    if not isinstance(node, Items):
        return shape.alone and isinstance(node, Scalar)
    if isinstance(shape.of, QuestionShape):
        return all(isinstance(item, Scalar | Table) for item in node.items)
    if isinstance(shape.of, RecordShape):
        return True
    allowed: Sequence[str] = words_of(shape.of) if isinstance(shape.of, WordShape) else ()
    scalars = [item for item in node.items if isinstance(item, Scalar) and "\n" not in item.text]
    return len(scalars) == len(node.items) and all(not allowed or item.text in allowed for item in scalars)
