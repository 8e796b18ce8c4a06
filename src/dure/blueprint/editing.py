"""Changes to a file's text that leave all the rest as it stands: comments, order, blank lines, quotes.

Each takes the text and a path and gives the new text. What comes out is read again: where it does not say exactly
what was meant, the change is refused, and nothing is lost.
"""

from collections.abc import Callable
from collections.abc import Sequence as List
from copy import deepcopy
from typing import Any

from dure.blueprint.document import Flaws, Node, Scalar, Sequence, Table
from dure.blueprint.model import Path
from dure.blueprint.sheet import STEP, Plain, Sheet, Span, block, entry, flow, item, plain, scalar
from dure.core.errors import Refused
from dure.core.text import Text

Order = List[str]
_BY_HAND = Text(
    ko="이 부분은 양식에서 바꿀 수 없는 모양으로 적혀 있습니다. ‘YAML’ 탭에서 직접 고쳐 주세요.",
    en="This is written in a way that the form cannot change: edit it in the YAML tab.",
)
_SNIPPET = Text(
    ko="YAML로 읽을 수 없습니다. 들여쓰기·따옴표·괄호를 확인하세요.",
    en="This cannot be read as YAML: check indentation, quotes and brackets.",
)


def put(text: str, path: Path, value: Plain, *, order: Order = ()) -> str:
    """Let ``value`` stand at ``path``, whatever stood there. ``order``: the keys of the mapping, for a new one."""

    def mean(tree: Any) -> None:
        _nested(tree, path, value)

    return _checked(text, _put(Sheet.of(text), path, value, order), mean)


def drop(text: str, path: Path) -> str:
    """Take out the key or the item at ``path``; what is left empty becomes ``{}`` or ``[]``."""

    def mean(tree: Any) -> None:
        del _at(tree, path[:-1])[path[-1]]

    return _checked(text, _drop(Sheet.of(text), path), mean)


def insert(text: str, path: Path, at: int, value: Plain) -> str:
    """Let ``value`` stand as item ``at`` of the list at ``path``."""

    def mean(tree: Any) -> None:
        _at(tree, path).insert(at, value)

    return _checked(text, _insert(Sheet.of(text), path, at, value), mean)


def swap(text: str, path: Path, at: int) -> str:
    """Exchange items ``at`` and ``at + 1`` of a list, each with the comments above and beside it."""

    def mean(tree: Any) -> None:
        items = _at(tree, path)
        items[at], items[at + 1] = items[at + 1], items[at]

    return _checked(text, _swap(Sheet.of(text), path, at), mean)


def rename(text: str, path: Path, new: str) -> str:
    """Give the key at ``path`` another name."""

    def mean(tree: Any) -> None:
        holder = _at(tree, path[:-1])
        renamed = {new if name == path[-1] else name: value for name, value in holder.items()}
        holder.clear()
        holder.update(renamed)

    sheet = Sheet.of(text)
    table = sheet.document.find(path[:-1])
    if not isinstance(table, Table) or new in table.entries:
        raise _by_hand(path)
    return _checked(text, sheet.spliced(sheet.key(table, str(path[-1])), scalar(new)), mean)


def put_source(text: str, path: Path, source: str) -> str:
    """Let a piece of YAML stand at ``path``, where something stands already."""
    try:
        meant = Sheet.of("v:\n" + _indented(source, STEP)).document.find(("v",))
    except Flaws:
        meant = None
    sheet = Sheet.of(text)
    node = sheet.document.find(path)
    if meant is None or node is None:
        raise Refused("edit.yaml", _SNIPPET, path=list(path))
    lines = source.rstrip().splitlines() or [""]
    written = lines[0] if len(lines) == 1 and not _is_block(meant) else _under(sheet, path, node, source)
    return _checked(text, sheet.spliced(sheet.span(node), written), lambda tree: _nested(tree, path, plain(meant)))


# --- what was meant -----------------------------------------------------------------------------------------


def _checked(before: str, after: str, mean: Callable[[Any], None]) -> str:
    """``after``, if it says what ``before`` said with the change that ``mean`` makes."""
    meant = deepcopy(plain(Sheet.of(before).document.root))
    mean(meant)
    try:
        if plain(Sheet.of(after).document.root) == meant:
            return after
    except Flaws:
        pass
    raise _by_hand(())


def _by_hand(path: Path) -> Refused:
    return Refused("edit.by-hand", _BY_HAND, path=list(path))


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _nested(tree: Any, path: Path, value: Plain) -> None:
    """Set ``value`` in the tree, with the mappings that lack on the way."""
    for step in path[:-1]:
        if isinstance(tree, dict) and not isinstance(tree.get(step), dict | list):
            tree[step] = {}
        tree = tree[step]
    tree[path[-1]] = value


# --- how it is done -----------------------------------------------------------------------------------------


def _put(sheet: Sheet, path: Path, value: Plain, order: Order) -> str:
    known = max(length for length in range(len(path) + 1) if sheet.document.find(path[:length]) is not None)
    node = sheet.document.find(path[:known])
    if known == len(path) and node is not None:
        return _replace(sheet, node, value)
    for step in reversed(path[known + 1 :]):
        value = {str(step): value}
    if isinstance(node, Table):
        return _add(sheet, node, str(path[known]), value, order)
    if isinstance(node, Scalar):
        return _replace(sheet, node, {str(path[known]): value})
    raise _by_hand(path)


def _replace(sheet: Sheet, node: Node, value: Plain) -> str:
    span = sheet.span(node)
    if isinstance(node, Sequence) and isinstance(value, list) and value and node.items:
        return _refill(sheet, node, value)
    written = scalar(value, quoted=not getattr(node, "plain", True)) if isinstance(value, str) else flow(value)
    glued = span.start > 0 and sheet.text[span.start - 1] == ":"
    return sheet.spliced(span, f" {written}" if glued else written)


def _refill(sheet: Sheet, items: Sequence, values: list[Plain]) -> str:
    """Item by item, so that those which stay keep their comments."""
    path = _path_of(sheet.document.root, items)
    text, old = sheet.text, [plain(one) for one in items.items]
    head = next((at for at, pair in enumerate(zip(old, values, strict=False)) if pair[0] != pair[1]), None)
    head = min(len(old), len(values)) if head is None else head
    tail = 0
    while tail < min(len(old), len(values)) - head and old[-1 - tail] == values[-1 - tail]:
        tail += 1
    for at, value in enumerate(values[head : len(values) - tail], head):
        text = _insert(Sheet.of(text), path, at, value)
    for _ in old[head : len(old) - tail]:
        text = _drop(Sheet.of(text), (*path, len(values) - tail))
    return text


def _path_of(root: Node, wanted: Node) -> Path:
    steps: list[tuple[str | int, Node]] = []
    if isinstance(root, Table):
        steps = [(name, one.value) for name, one in root.entries.items()]
    elif isinstance(root, Sequence):
        steps = list(enumerate(root.items))
    for step, node in steps:
        if node is wanted:
            return (step,)
        if not isinstance(node, Scalar) and (rest := _path_of(node, wanted)):
            return (step, *rest)
    return ()


def _add(sheet: Sheet, table: Table, name: str, value: Plain, order: Order) -> str:
    """A new key behind the last of those that come before it in ``order``, else behind all."""
    if not table.entries:
        return sheet.spliced(sheet.span(table), flow({name: value}))
    earlier = order[: order.index(name)] if name in order else ()
    behind = [key for key in table.entries if key in earlier] or [*table.entries]
    end = sheet.entry(table, behind[-1]).end
    if table.flow:
        return sheet.spliced(Span(end, end), f", {scalar(name)}: {flow(value)}")
    indent = next(iter(table.entries.values())).mark.column - 1
    place = sheet.line_end(end)
    return sheet.spliced(Span(place, place), f"\n{' ' * indent}{entry(name, value, indent)}")


def _insert(sheet: Sheet, path: Path, at: int, value: Plain) -> str:
    items = sheet.document.find(path)
    if not isinstance(items, Sequence):
        raise _by_hand(path)
    if not items.items:
        return sheet.spliced(sheet.span(items), flow([value]))
    beside = sheet.item(items, at - 1 if at else 0)
    if items.flow:
        place = beside.end if at else beside.start
        return sheet.spliced(Span(place, place), f", {flow(value)}" if at else f"{flow(value)}, ")
    indent = items.mark.column - 1
    written, gap = item(value, indent), "\n\n" if _is_spaced(sheet, items) else "\n"
    place = beside.end if at else beside.start
    return sheet.spliced(Span(place, place), f"{gap}{' ' * indent}{written}" if at else f"{written}{gap}{' ' * indent}")


def _is_spaced(sheet: Sheet, items: Sequence) -> bool:
    """Whether blank lines stand between its items."""
    gaps = [sheet.text[sheet.item(items, at).end : sheet.dash(items, at + 1)] for at in range(len(items.items) - 1)]
    return any("\n\n" in gap for gap in gaps)


def _drop(sheet: Sheet, path: Path) -> str:
    holder = sheet.document.find(path[:-1])
    if isinstance(holder, Table):
        names = list(holder.entries)
        spans = [sheet.entry(holder, name) for name in names]
        at = names.index(str(path[-1]))
    elif isinstance(holder, Sequence):
        spans = [sheet.item(holder, one) for one in range(len(holder.items))]
        at = int(path[-1])
    else:
        raise _by_hand(path)
    if len(spans) == 1:
        return _replace(sheet, holder, {} if isinstance(holder, Table) else [])
    return _drop_flow(sheet, spans, at) if holder.flow else _drop_lines(sheet, spans, at)


def _drop_flow(sheet: Sheet, spans: list[Span], at: int) -> str:
    gone = Span(spans[at - 1].end, spans[at].end) if at else Span(spans[0].start, spans[1].start)
    return sheet.spliced(gone, "")


def _drop_lines(sheet: Sheet, spans: list[Span], at: int) -> str:
    start, end = spans[at].start, sheet.line_end(spans[at].end)
    if not sheet.begins_line(start):  # the first of a mapping that begins behind a dash: the next one moves up
        gap = sheet.text[end : spans[at + 1].start]
        return sheet.spliced(Span(start, spans[at + 1].start if not gap.strip() else end), "")
    start = sheet.line_start(start)
    rest = sheet.text[end:]
    if sheet.text[:start].endswith("\n\n") and rest.startswith("\n\n"):
        end += 1
    return sheet.spliced(Span(start, end + 1) if rest else Span(start - 1, end), "")


def _swap(sheet: Sheet, path: Path, at: int) -> str:
    items = sheet.document.find(path)
    if not isinstance(items, Sequence) or not 0 <= at < len(items.items) - 1:
        raise _by_hand(path)
    first, second = (_with_comments(sheet, items, one) for one in (at, at + 1))
    text = sheet.text
    exchanged = text[slice(*second)] + text[first.end : second.start] + text[slice(*first)]
    return sheet.spliced(Span(first.start, second.end), exchanged)


def _with_comments(sheet: Sheet, items: Sequence, at: int) -> Span:
    """An item with the comment lines right above it."""
    own = sheet.item(items, at)
    if items.flow or not sheet.begins_line(own.start):
        return own
    start = sheet.line_start(own.start)
    while start > 0 and sheet.text[(above := sheet.line_start(start - 1)) : start].lstrip().startswith("#"):
        start = above
    indent = len(sheet.text[start:]) - len(sheet.text[start:].lstrip(" "))
    return Span(start + indent, own.end)


def _is_block(node: Node) -> bool:
    return not isinstance(node, Scalar) and not node.flow


def _indented(source: str, indent: int) -> str:
    return "\n".join(" " * indent + line if line.strip() else line for line in source.splitlines())


def _under(sheet: Sheet, path: Path, node: Node, source: str) -> str:
    """Lines for the value of a key, each under the key; an item's own lines go on behind its dash."""
    holder = sheet.document.find(path[:-1])
    if isinstance(holder, Table):
        own = holder.entries[str(path[-1])].mark.column - 1 + STEP
        column = node.mark.column - 1 if _is_block(node) else own
        shifted = _indented(source, column)
        return shifted[column:] if _is_block(node) else f"\n{shifted}"
    column = node.mark.column - 1
    return _indented(source, column)[column:]


__all__ = ["Plain", "block", "drop", "insert", "put", "put_source", "rename", "swap"]
