"""A ``when`` that a programme puts in the place of its blueprint's."""

import json
from collections.abc import Mapping
from typing import Any

from dure.blueprint.document import Flaws, Node, Sequence, Table, in_order
from dure.blueprint.grammar_stage import WHEN
from dure.blueprint.model import Asked, Moment, When, Window
from dure.blueprint.read_stage import window
from dure.blueprint.shapes import Report
from dure.blueprint.yaml import read_document


def with_window(source: bytes, stage_id: str, when: Mapping[str, object]) -> bytes:
    """A blueprint's text with ``when`` in the place of that stage's (as JSON, which the strict reader reads too)."""
    written = _plain(read_document(source, "blueprint").root)
    stages = [{**stage, "when": dict(when)} if stage["id"] == stage_id else stage for stage in written["stages"]]
    return json.dumps({**written, "stages": stages}, ensure_ascii=False).encode()


def _plain(node: Node) -> Any:
    if isinstance(node, Table):
        return {name: _plain(entry.value) for name, entry in node.entries.items()}
    return [_plain(item) for item in node.items] if isinstance(node, Sequence) else node.value


def read_window(written: Mapping[str, object], file: str = "when") -> Window:
    """The window that ``written`` says in the language's own keys (``from``, ``to`` …); raises ``Flaws``."""
    document = read_document(json.dumps(dict(written)).encode(), file)
    report = Report(file)
    values = WHEN.read(document.root, report)
    if report.flaws:
        raise Flaws(in_order(report.flaws))
    return window(values)


def as_written(window: Window) -> dict[str, str]:
    """A window in the language's own keys; ``read_window`` reads it."""
    lengths = {"for": window.length, "within": window.within, "every": window.every}
    ends = {"from": _said(window.start), "to": _said(window.end)}
    said = {**ends, **{key: str(length) for key, length in lengths.items() if length}, "with": window.beside}
    return {key: value for key, value in said.items() if value}


def _said(when: When | None) -> str | None:
    if isinstance(when, Asked):
        return f"{when.stage}.{when.field}"
    return when.text if isinstance(when, Moment) else when and str(when)
