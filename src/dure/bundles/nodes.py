"""YAML as the other platforms read it (anchors, merge keys, YAML 1.1's words), with the place of every value."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from yaml import nodes as composed

from dure.bundles.contract import decoded, encoding_of
from dure.bundles.findings import Findings, Place

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_USUAL = "utf-8-sig"
_MOST_NODES, _MOST_DEPTH = 100_000, 40
_LEADING_TAB = re.compile(r"^ *\t", re.MULTILINE)
_MERGE = "tag:yaml.org,2002:merge"

Plain = str | int | float | bool | dt.date | dt.datetime | bytes | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it stands: a scalar with its ``text`` as written, a list, or a mapping."""

    place: Place
    value: "Plain | list[Node] | Mapping[str, Node]"
    text: str = ""
    keys: Mapping[str, Place] | None = None  # of a mapping: where each key stands


def read_yaml(source: bytes, file: str, findings: Findings) -> Node | None:
    """What the file says; None, with the reason found, where it cannot be read."""
    text = decoded(source).replace("\r\n", "\n")
    encoding = encoding_of(source)
    if encoding != _USUAL:
        findings.add("yaml.encoding", Place(file), encoding=encoding.upper())
    try:
        root = yaml.compose(text, Loader=_PARSER)
    except yaml.YAMLError as fault:
        _unreadable(fault, text, file, findings)
        return None
    if root is None:
        findings.add("yaml.empty", Place(file))
        return None
    return _Tree(file, findings).node(root, 0)


def _unreadable(fault: yaml.YAMLError, text: str, file: str, findings: Findings) -> None:
    tabs = [text.count("\n", 0, found.start()) + 1 for found in _LEADING_TAB.finditer(text)]
    for line in tabs[:20]:
        findings.add("yaml.tab", Place(file, line, 1))
    if not tabs:
        mark = getattr(fault, "problem_mark", None)
        why = getattr(fault, "problem", None) or str(fault)
        findings.add(
            "yaml.unreadable", Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1), why=why
        )


class _Tree:
    """Turns composed nodes into ours. Aliases are written out, so their number is bounded."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._left = _MOST_NODES
        self._scalars = yaml.SafeLoader("")

    def place(self, node: composed.Node) -> Place:
        return Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)

    def node(self, node: composed.Node, depth: int) -> Node:
        self._left -= 1
        place = self.place(node)
        if self._left < 0 or depth > _MOST_DEPTH:
            self._findings.add("yaml.too-large", Place(self._file))
            return Node(place, None)
        if isinstance(node, composed.ScalarNode):
            return Node(place, self._plain(node, place), node.value)
        if isinstance(node, composed.SequenceNode):
            return Node(place, [self.node(item, depth + 1) for item in node.value])
        return self._mapping(node, place, depth)

    def _plain(self, node: composed.ScalarNode, place: Place) -> Plain:
        try:
            value: Plain = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            if node.tag.startswith("!") or "python" in node.tag:
                self._findings.add("yaml.tag", place, tag=node.tag)
            return str(node.value)
        return value

    def _mapping(self, node: composed.Node, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        merged: list[Node] = []
        for key, value in node.value:
            read = self.node(value, depth + 1)
            if key.tag == _MERGE:
                merged += read.value if isinstance(read.value, list) else [read]
                continue
            name = key.value if isinstance(key, composed.ScalarNode) else ""
            if name in values:
                self._findings.add("yaml.twice", self.place(key), key=name)
            values[name], keys[name] = read, self.place(key)
        for one in merged:
            if isinstance(one.value, Mapping):
                values = {**one.value, **values}
                keys = {**(one.keys or {}), **keys}
        return Node(place, values, keys=keys)
