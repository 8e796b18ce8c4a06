"""What a form of the studio sends back, written into the text: only what was changed, where it stands.

A name is a letter and a path: ``v`` one value, ``l`` lines, ``t`` ticks, ``k`` a key's new name, ``n`` a new key
(its value under ``w``), ``y`` YAML; ``q`` the parts of a question. ``act`` is a button: what, where, which.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import QueryDict

from dure.blueprint import editing, sheet
from dure.blueprint.document import Scalar, Sequence, Table
from dure.blueprint.model import Path
from dure.blueprint.places import Names, keys_of, shape_at
from dure.blueprint.records import RecordShape
from dure.blueprint.sheet import Plain
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.site.studio.fields import EMPTY
from dure.site.studio.fresh import fresh, fresh_name

_ODD = Text(
    ko="양식을 읽을 수 없습니다. 새로 고친 뒤 다시 시도하세요.", en="The form cannot be read: reload and try again."
)


def applied(text: str, sent: QueryDict, blueprints: tuple[str, ...] = ()) -> str:
    """``text`` with every change that the form holds, then what its button does."""
    for letter, path, values in _sent(sent):
        text = _WRITERS[letter](text, path, values)
    for path, key in _new_keys(sent):
        text = _yaml(text, (*path, key), [sent.get(f"w{json.dumps(path, ensure_ascii=False)}") or "1"])
    if act := sent.get("act"):
        text = _acted(text, act, sent, blueprints)
    return text


def _sent(sent: QueryDict) -> Iterator[tuple[str, Path, list[str]]]:
    """Every field; questions and renamed keys last, since they move what others name."""
    fields = [
        (name[0], _path(name[1:]), sent.getlist(name)) for name in sent if name[1:2] == "[" and name[0] in _WRITERS
    ]
    return iter(sorted(fields, key=lambda field: "vltyqk".index(field[0])))


def _new_keys(sent: QueryDict) -> Iterator[tuple[Path, str]]:
    for name in sent:
        if name.startswith("n[") and (key := sent.get(name, "").strip()):
            yield _path(name[1:]), key


def _path(written: str) -> Path:
    try:
        steps = json.loads(written)
    except ValueError:
        steps = None
    if not isinstance(steps, list) or not all(isinstance(step, str | int) for step in steps):
        raise Flawed("studio.form", _ODD)
    return tuple(steps)


# --- fields ---------------------------------------------------------------------------------------------------


def _value(text: str, path: Path, values: list[str]) -> str:
    said = values[-1].strip()
    node = sheet.Sheet.of(text).document.find(path)
    if (node.text if isinstance(node, Scalar) else "") == said:
        return text
    return _let_stand(text, path, said) if said else _taken_out(text, path)


def _lines(text: str, path: Path, values: list[str]) -> str:
    said = [line.strip() for line in values[-1].replace("\r", "").split("\n") if line.strip()]
    return _list(text, path, [] if said == [EMPTY] else said, keep=said == [EMPTY])


def _ticks(text: str, path: Path, values: list[str]) -> str:
    """Ticks keep the order that stands, new ones come behind."""
    chosen = [value for value in values if value]
    standing = sheet.plain_at(text, path)
    before = [one for one in standing if isinstance(one, str)] if isinstance(standing, list) else []
    ordered = [one for one in before if one in chosen] + [one for one in chosen if one not in before]
    return _list(text, path, ordered, keep=standing is not None and _is_needed(text, path))


def _list(text: str, path: Path, said: list[str], *, keep: bool) -> str:
    standing = sheet.plain_at(text, path)
    if standing == said or (standing is None and not said and not keep) or [standing] == said:
        return text
    if not said and not keep:
        return _taken_out(text, path)
    value: Plain = said[0] if isinstance(standing, str) and len(said) == 1 else list(said)
    return _let_stand(text, path, "bind" if said == ["bind"] else value)


def _yaml(text: str, path: Path, values: list[str]) -> str:
    said = values[-1].replace("\r\n", "\n")
    standing = sheet.source_at(text, path)
    if said.strip() == standing.strip():
        return text
    if not said.strip():
        return _taken_out(text, path)
    return editing.put_source(text if standing else _let_stand(text, path, "x"), path, said)


def _renamed(text: str, path: Path, values: list[str]) -> str:
    new = values[-1].strip()
    if not new:
        return _taken_out(text, path)
    return text if new == path[-1] else editing.rename(text, path, new)


def _question(text: str, path: Path, values: list[str]) -> str:
    """Name, type and choices of one question, in this order."""
    name, kind, choices = [*values, "", "", ""][:3]
    several: Plain = [line.strip() for line in choices.splitlines() if line.strip()] or ["yes", "no"]
    asked: Plain = name.strip() if kind == "text" else {name.strip(): several if kind == "choice" else kind}
    if not name.strip():
        return editing.drop(text, path)
    return text if sheet.plain_at(text, path) == asked else editing.put(text, path, asked)


def _let_stand(text: str, path: Path, value: Plain) -> str:
    document = sheet.Sheet.of(text).document
    holder, shape = document.find(path[:-1]), shape_at(document, path[:-1])
    order = list(keys_of(shape, holder)) if isinstance(shape, RecordShape) and isinstance(holder, Table) else []
    if not order and len(path) > 2:
        above = shape_at(document, path[:-2])
        order = list(above.keys) if isinstance(above, RecordShape) else []
    return editing.put(text, path, value, order=order)


def _taken_out(text: str, path: Path) -> str:
    """Without what stands at ``path``, nor an optional mapping that would be empty without it."""
    document = sheet.Sheet.of(text).document
    if document.find(path) is None:
        return text
    holder = document.find(path[:-1])
    alone = isinstance(holder, Table) and len(holder.entries) == 1
    if (
        alone
        and isinstance(path[-1], str)
        and len(path) > 1
        and isinstance(path[-2], str)
        and not _is_needed(text, path[:-1])
    ):
        return _taken_out(text, path[:-1])
    return editing.drop(text, path)


def _is_needed(text: str, path: Path) -> bool:
    document = sheet.Sheet.of(text).document
    shape, holder = shape_at(document, path[:-1]), document.find(path[:-1])
    key = (
        shape.known(holder).get(str(path[-1])) if isinstance(shape, RecordShape) and isinstance(holder, Table) else None
    )
    return key is not None and key.needed


_WRITERS: Mapping[str, Callable[[str, Path, list[str]], str]] = {
    "v": _value, "l": _lines, "t": _ticks, "y": _yaml, "k": _renamed, "q": _question,
}  # fmt: skip


# --- buttons --------------------------------------------------------------------------------------------------


def _acted(text: str, act: str, sent: QueryDict, blueprints: tuple[str, ...]) -> str:
    what, _, written = act.partition(":")
    path = _path(written)
    document = sheet.Sheet.of(text).document
    if what == "add":
        kind = sent.get(f"kind{written}", "")
        return _added(text, path, kind, Names.of(document, blueprints))
    if document.find(path) is None:
        return text
    if what == "remove":
        return _taken_out(text, path) if isinstance(path[-1], str) else _item_out(text, path)
    at, holder = int(path[-1]), document.find(path[:-1])
    first = at - 1 if what == "up" else at
    last = len(holder.items) - 1 if isinstance(holder, Sequence) else 0
    return editing.swap(text, path[:-1], first) if 0 <= first < last else text


def _item_out(text: str, path: Path) -> str:
    """The last of an optional list takes the list with it."""
    items: Any = sheet.plain_at(text, path[:-1])
    last = isinstance(items, list) and len(items) == 1 and not _is_needed(text, path[:-1])
    return _taken_out(text, path[:-1]) if last else editing.drop(text, path)


def _added(text: str, path: Path, kind: str, names: Names) -> str:
    new = fresh(names, path, kind)
    standing = sheet.plain_at(text, path)
    if path[-1] in {"parties", "roles", "words"}:
        return _let_stand(text, (*path, fresh_name(names, path)), new)
    if isinstance(standing, list) and standing:
        return editing.insert(text, path, len(standing), new)
    return _let_stand(text, path, [new])
