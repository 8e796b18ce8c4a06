"""What could be written where the cursor stands: keys and words of the grammar, and the document's own names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dure.blueprint.document import Document, Flaws, Node, Scalar, Table
from dure.blueprint.korean import about, word
from dure.blueprint.model import Path
from dure.blueprint.places import Names, shape_at, words_of
from dure.blueprint.records import EitherShape, RecordShape
from dure.blueprint.shapes import ListShape, OrBind, Shape, TableShape
from dure.blueprint.yaml import read_document
from dure.core.text import Text

HERE = "zz-here-zz"  # stands for what is being written
MOST = 40
_TOKEN = re.compile(r"[^\s\[\]{},\"'#]*$")
_NO_ABOUT = Text(ko="", en="")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could stand here; ``insert`` is the text itself."""

    insert: str
    about: Text = _NO_ABOUT


@dataclass(frozen=True, slots=True)
class Completion:
    """``offers`` for the word [start, end) of the cursor's line, in characters from 0."""

    start: int
    end: int
    offers: tuple[Offer, ...]


def complete(source: str, line: int, column: int, blueprints: tuple[str, ...] = ()) -> Completion:
    """What fits at ``line`` (from 1) and ``column`` (characters from 0); ``blueprints``: those of the library."""
    lines = source.split("\n")
    written = lines[line - 1][:column] if 0 < line <= len(lines) else ""
    found = _TOKEN.search(written)
    typed = found.group() if found else ""
    start = len(written) - len(typed)
    for document in _readings(lines, line, start, column):
        if path := _path_to_here(document.root):
            fitting = _fitting(document, path, Names.of(document, blueprints))
            return Completion(start, column, _matching(fitting, typed))
    return Completion(start, column, ())


# --- finding the place ---------------------------------------------------------------------------------------


def _readings(lines: list[str], line: int, start: int, column: int) -> Iterator[Document]:
    """The document with a mark at the cursor, as far as it can be read: as a value or a key, whole or up to here."""
    own = lines[line - 1] if line <= len(lines) else ""
    head, tail = own[:start], own[column:]
    for written in (HERE, f"{HERE}: 0"):
        for rest in (tail, ""):
            marked = [*lines[: line - 1], f"{head}{written}{rest}"]
            yield from _read("\n".join([*marked, *lines[line:]]))
            yield from _read("\n".join(marked) + _closing("\n".join(marked)))


def _read(text: str) -> Iterator[Document]:
    try:
        yield read_document(text.encode(), "-")
    except Flaws:
        return


def _closing(text: str) -> str:
    """The brackets that are still open at the end of the text."""
    open_: list[str] = []
    for sign in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", "", text):
        if sign in "[{":
            open_.append("]" if sign == "[" else "}")
        elif sign in "]}" and open_:
            open_.pop()
    return "".join(reversed(open_))


def _path_to_here(node: Node, path: Path = ()) -> Path:
    if isinstance(node, Scalar):
        return path if HERE in node.text else ()
    if isinstance(node, Table):
        steps: list[tuple[str | int, Node]] = [(name, entry.value) for name, entry in node.entries.items()]
        if HERE in node.entries:
            return (*path, HERE)
    else:
        steps = list(enumerate(node.items))
    return next(filter(None, (_path_to_here(one, (*path, step)) for step, one in steps)), ())


# --- what fits there ------------------------------------------------------------------------------------------


def _fitting(document: Document, path: Path, names: Names) -> Iterator[Offer]:
    if path[-1] == HERE:
        holder = document.find(path[:-1])
        taken = set(holder.entries) if isinstance(holder, Table) else set()
        yield from _keys(document, path[:-1], names, taken)
        return
    shape = shape_at(document, path)
    yield from (Offer(one, word(one)) for one in words_of(shape))
    yield from (Offer(one) for one in names.at(path))
    yield from _keys(document, path, names, set())


def _keys(document: Document, path: Path, names: Names, taken: set[str]) -> Iterator[Offer]:
    """Keys for the mapping at ``path``, those that are needed first."""
    shape, holder = _mapping(shape_at(document, path)), document.find(path)
    if isinstance(shape, RecordShape):
        known = shape.known(holder) if isinstance(holder, Table) else shape.keys
        for name, key in sorted(known.items(), key=lambda pair: not pair[1].needed):
            if name not in taken and key.about:
                yield Offer(f"{name}: ", about(key))
    elif isinstance(shape, TableShape):
        yield from (Offer(f"{name}: ") for name in names.at(path) if name not in taken)


def _mapping(shape: Shape | None) -> Shape | None:
    match shape:
        case OrBind():
            return _mapping(shape.shape)
        case EitherShape():
            return _mapping(shape.other)
        case ListShape():
            return None
    return shape


def _matching(offers: Iterator[Offer], typed: str) -> tuple[Offer, ...]:
    """Those that begin with what is typed, then those that hold it; each once."""
    wanted = typed.lower()
    unique = {offer.insert: offer for offer in reversed([*offers])}
    holding = [offer for offer in reversed(unique.values()) if wanted in offer.insert.lower() and offer.insert != typed]
    return tuple(sorted(holding, key=lambda offer: not offer.insert.lower().startswith(wanted)))[:MOST]
