"""Shapes of mappings with known keys: which are needed, which go together, which exclude each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dure.blueprint.document import Mark, Node, Scalar, Table
from dure.blueprint.shapes import NOTE, NOTE_SCHEMA, Json, Report, Shape, TextShape, nearest
from dure.core.text import Text


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record; ``about`` is what an editor shows."""

    shape: Shape
    about: str
    needed: bool


def must(shape: Shape, about: str) -> Key:
    return Key(shape, about, needed=True)


def may(shape: Shape, about: str) -> Key:
    return Key(shape, about, needed=False)


@dataclass(frozen=True, slots=True)
class Variant:
    """Keys that depend on the word under ``key``."""

    key: str
    keys: Mapping[str, Mapping[str, Key]]


@dataclass(frozen=True, slots=True)
class RecordShape:
    """``variant`` adds keys by a word; of ``one_of`` exactly one stands; ``needs``: a key and its companion."""

    keys: Mapping[str, Key]
    variant: Variant | None = None
    one_of: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        if not isinstance(node, Table):
            ko, en = f"‘키: 값’ 묶음({', '.join(self.keys)})이", f"a mapping ({', '.join(self.keys)})"
            report.wrong_type(node, ko=ko, en=en)
            return {}
        known = self.known(node)
        self._lacking(node, known, report)
        values: dict[str, Any] = {}
        for name, entry in node.entries.items():
            if name == NOTE:
                TextShape().read(entry.value, report)
            elif name in known:
                values[name] = known[name].shape.read(entry.value, report)
            else:
                self._unknown(name, entry.mark, known, report)
        return values

    def known(self, node: Table) -> Mapping[str, Key]:
        """The keys that this very mapping may have, by the word that decides."""
        if not self.variant:
            return self.keys
        entry = node.entries.get(self.variant.key)
        word = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
        return {**self.keys, **self.variant.keys.get(word, _any_of(self.variant))}

    def _lacking(self, node: Table, known: Mapping[str, Key], report: Report) -> None:
        lacking = [name for name, key in known.items() if key.needed and name not in node.entries]
        lacking += [other for key, other in self.needs.items() if key in node.entries and other not in node.entries]
        for name in lacking:
            about = known[name].about
            report.flaw(
                node.mark, "BP102", ko=f"‘{name}’이(가) 빠졌습니다. 여기에 쓰세요.", en=f"{name} is missing: {about}."
            )
        given = [name for name in self.one_of if name in node.entries]
        if self.one_of and len(given) != 1:
            names, so_far = ", ".join(self.one_of), ", ".join(given)
            ko = f"{names} 중 꼭 하나만 쓰세요." + (f" 지금은 {so_far}이(가) 함께 있습니다." if given else "")
            en = f"Write exactly one of {names}" + (f": {so_far} stand together." if given else ".")
            report.flaw(node.mark, "BP108", ko=ko, en=en)

    def _unknown(self, name: str, mark: Mark, known: Mapping[str, Key], report: Report) -> None:
        keys, hint = ", ".join(known), self._only_elsewhere(name) or nearest(name, known)
        report.flaw(
            mark,
            "BP101",
            ko=f"‘{name}’은(는) 여기서 쓰지 않는 키입니다.{hint.ko} 쓸 수 있는 키: {keys}.",
            en=f"{name!r} is not a key here.{hint.en} Known keys: {keys}.",
        )

    def _only_elsewhere(self, name: str) -> Text | None:
        """For a key that another word would allow: which."""
        words = [word for word, keys in self.variant.keys.items() if name in keys] if self.variant else []
        if not words or not self.variant:
            return None
        where = f"{self.variant.key}: {', '.join(words)}"
        return Text(ko=f" {where}에서만 씁니다.", en=f" It belongs to {where} only.")

    def schema(self) -> Json:
        properties = _properties(self.keys)
        conditions = self._conditions()
        names = {name for keys in (self.variant.keys.values() if self.variant else ()) for name in keys}
        closed: Json = {
            "properties": {**properties, **dict.fromkeys(sorted(names), True)},
            "additionalProperties": False,
        }
        return {"type": "object", **closed, **_required(self.keys), **conditions}

    def _conditions(self) -> Json:
        found: Json = {}
        if self.needs:
            found["dependentRequired"] = {key: [other] for key, other in self.needs.items()}
        if self.one_of:
            found["oneOf"] = [{"required": [name]} for name in self.one_of]
        if self.variant:
            every = {name for keys in self.variant.keys.values() for name in keys}
            found["allOf"] = [_when(self.variant.key, word, keys, every) for word, keys in self.variant.keys.items()]
        return found


def _any_of(variant: Variant) -> Mapping[str, Key]:
    """When the deciding word itself is wrong, its keys are nobody's fault: known, but not read."""
    return {name: may(_Unread(), "") for keys in variant.keys.values() for name in keys}


class _Unread:
    def read(self, node: Node, report: Report) -> None: ...

    def schema(self) -> Json:
        return {}


def _properties(keys: Mapping[str, Key]) -> Json:
    known = {name: {"description": key.about, **key.shape.schema()} for name, key in keys.items()}
    return {**known, NOTE: NOTE_SCHEMA}


def _required(keys: Mapping[str, Key]) -> Json:
    needed = [name for name, key in keys.items() if key.needed]
    return {"required": needed} if needed else {}


def _when(key: str, word: str, keys: Mapping[str, Key], every: set[str]) -> Json:
    """If the word stands, its keys have their shapes and those of other words are closed."""
    own = {name: {"description": k.about, **k.shape.schema()} for name, k in keys.items()}
    others: Json = dict.fromkeys(sorted(every - set(keys)), False)
    then: Json = {"properties": {**own, **others}, **_required(keys)}
    return {"if": {"properties": {key: {"const": word}}, "required": [key]}, "then": then}


@dataclass(frozen=True, slots=True)
class EitherShape:
    """A scalar of one shape or a list or mapping of another; ``join`` makes both the same type."""

    scalar: Shape
    other: Shape
    join: Callable[[Any], Any] = lambda value: value

    def read(self, node: Node, report: Report) -> Any:
        if isinstance(node, Scalar):
            return self.join(self.scalar.read(node, report))
        return self.other.read(node, report)

    def schema(self) -> Json:
        return {"anyOf": [self.scalar.schema(), self.other.schema()]}
