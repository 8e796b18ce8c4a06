"""Requests as a service tells them, in a file or page by page, and which of them are tried; pure.

A request is ``{"id", "input": {field: value}, "answer"?, "truth"?, "service_ms"?}``. An answer is a cell, or one for
each column of the task. In CSV ``id answer truth service_ms`` are columns of their own (``answer.COLUMN`` where there
are several), and all others are the input.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Any

from dure.core.errors import Flawed
from dure.core.text import Text

Cells = tuple[str, ...]
MOST_ID, MOST_MS, MOST_TOLD = 200, 2**31 - 1, 20
_OWN = ("id", "answer", "truth", "service_ms")
_SHARES = 100
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it
_FLAWS = {
    "json": Text(ko="한 줄에 JSON 객체 하나씩 쓰세요.", en="Write one JSON object a line."),
    "id": Text(ko="id는 보이는 글자 1–200자여야 합니다.", en="An id has 1 to 200 visible letters."),
    "input": Text(
        ko="input에 요청 내용을 객체로 쓰세요. NUL 문자는 쓸 수 없습니다.",
        en="Write what was asked as an object under input, without NUL characters.",
    ),
    "cells": Text(
        ko="{field}에는 과제의 열({columns})마다 값이 하나씩 있어야 합니다.",
        en="{field} needs one value for each column of the task: {columns}.",
    ),
    "service_ms": Text(
        ko="service_ms는 0 이상의 밀리초여야 합니다.", en="service_ms is a number of milliseconds from 0 up."
    ),
    "doubled": Text(ko="id ‘{id}’이(가) 앞에도 있습니다.", en="Id {id} stands above already."),
    "encoding": Text(ko="UTF-8로 저장한 파일을 올리세요.", en="Send a file in UTF-8."),
    "header": Text(
        ko="첫 줄에 id 열과 요청 내용의 열이 있어야 합니다.", en="The first line needs id and columns of the input."
    ),
    "row": Text(ko="값의 수가 첫 줄과 다릅니다.", en="This row has another number of values than the header."),
    "empty": Text(ko="요청이 없습니다.", en="There are no requests in it."),
}


class Unreadable(ValueError):  # noqa: N818 -- a finding about somebody's data, not a fault of ours
    """A request that cannot be taken, and why."""

    def __init__(self, code: str, **facts: object) -> None:
        self.text = _FLAWS[code].format(**facts)
        super().__init__(self.text.en)


@dataclass(frozen=True)
class Shadow:
    """A request that was made of a service. ``answer`` and ``ms`` are the service's own; ``truth`` what was right."""

    id: str
    input: Mapping[str, Any]
    answer: Cells | None = None
    truth: Cells | None = None
    ms: int | None = None

    @property
    def key(self) -> str:
        return sha256(self.id.encode()).hexdigest()

    def line(self) -> bytes:
        """As one line of JSON; ``shadow`` reads it back."""
        told = {"id": self.id, "input": self.input, "answer": self.answer, "truth": self.truth, "service_ms": self.ms}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def is_sampled(request_id: str, *, seed: int, share: int) -> bool:
    """Whether ``share`` percent of the requests include this one: told by its id and the seed alone.

    Whoever is in a share is in every larger one.
    """
    drawn = int.from_bytes(sha256(f"{seed}:{request_id}".encode()).digest()[:8])
    return drawn * _SHARES < share << 64


def shadow(told: object, columns: Sequence[str]) -> Shadow:
    """A request of what a service told. Raises Unreadable."""
    if not isinstance(told, Mapping):
        raise Unreadable("json")
    name = told.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or not _is_id(str(name)):
        raise Unreadable("id")
    given = told.get("input")
    if not isinstance(given, Mapping) or not is_storable(told):
        raise Unreadable("input")
    answer, truth = (_cells(told.get(field), columns, field) for field in ("answer", "truth"))
    return Shadow(str(name), given, answer, truth, _ms(told.get("service_ms")))


def _is_id(name: str) -> bool:
    return 1 <= len(name) <= MOST_ID and name.isprintable()


def is_storable(told: object) -> bool:
    """Whether a database can keep it: no NUL, no halves of surrogate pairs, no number beyond all."""
    try:
        written = json.dumps(told, ensure_ascii=False, allow_nan=False)
        written.encode()
    except ValueError:
        return False
    return _NUL.search(written) is None


def answered(asked: Shadow, told: object, columns: Sequence[str]) -> Shadow:
    """The request with the service's own answer, its time and the truth where they are told apart from it. Raises
    Unreadable."""
    if not isinstance(told, Mapping) or not is_storable(told):
        raise Unreadable("json")
    answer, truth = (_cells(told.get(field), columns, field) for field in ("answer", "truth"))
    ms = _ms(told.get("service_ms"))
    return replace(asked, answer=answer or asked.answer, truth=truth or asked.truth, ms=asked.ms if ms is None else ms)


def shadows_in(stream: IO[bytes], *, name: str, columns: Sequence[str]) -> Iterator[Shadow]:
    """Every request of a file, CSV by its ``name``, else JSON lines. Raises Flawed with the first flaws by row."""
    flaws: list[dict[str, object]] = []
    seen = set[str]()
    for row, told in _rows(stream, name, flaws):
        try:
            found = _unseen(shadow(told, columns), seen)
        except Unreadable as wrong:
            flaws.append({"row": row, **wrong.text.as_dict()})
            if len(flaws) == MOST_TOLD:
                break
        else:
            yield found
    if not seen and not flaws:
        flaws.append({"row": 1, **_FLAWS["empty"].as_dict()})
    if flaws:
        raise _flawed(flaws)


def _unseen(found: Shadow, seen: set[str]) -> Shadow:
    if found.id in seen:
        raise Unreadable("doubled", id=found.id)
    seen.add(found.id)
    return found


def _flawed(flaws: list[dict[str, object]]) -> Flawed:
    told = "; ".join(f"{flaw['row']}: {flaw['en']}" for flaw in flaws[:3])
    ko = "; ".join(f"{flaw['row']}행: {flaw['ko']}" for flaw in flaws[:3])
    sentence = Text(ko=f"요청 파일을 고쳐 주세요. {ko}", en=f"Correct the file of requests. Row {told}")
    return Flawed("field.source", sentence, errors=[{"field": "file", **sentence.as_dict()}], rows=flaws)


def _rows(stream: IO[bytes], name: str, flaws: list[dict[str, object]]) -> Iterator[tuple[int, object]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        yield from _of_csv(text, flaws) if name.lower().endswith(".csv") else _of_lines(text)
    except UnicodeDecodeError:
        flaws.append({"row": 1, **_FLAWS["encoding"].as_dict()})
    finally:
        text.detach()


def _of_lines(text: IO[str]) -> Iterator[tuple[int, object]]:
    for row, line in enumerate(text, 1):
        if line.strip():
            yield row, loaded(line)


def loaded(line: str | bytes) -> object:
    """The JSON of a line; None where it is none (NaN and Infinity are no JSON)."""
    try:
        told: object = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return told


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _of_csv(text: IO[str], flaws: list[dict[str, object]]) -> Iterator[tuple[int, object]]:
    reader = csv.reader(text)
    header = next(reader, [])
    if "id" not in header or len(set(header)) < len(header) or "" in header:
        flaws.append({"row": 1, **_FLAWS["header"].as_dict()})
        return
    for row in reader:
        if row and len(row) != len(header):
            flaws.append({"row": reader.line_num, **_FLAWS["row"].as_dict()})
        elif row:
            yield reader.line_num, _told(dict(zip(header, row, strict=True)))


def _told(row: Mapping[str, str]) -> dict[str, object]:
    """A row of CSV as a request in JSON would be; an empty cell of the service's is none."""
    told: dict[str, Any] = {"id": row["id"], "input": {}}
    for name, cell in row.items():
        first, _, column = name.partition(".")
        if name in _OWN:
            told[name] = cell if cell or name == "id" else None
        elif first in ("answer", "truth") and column:
            told[first] = {**(told.get(first) or {}), column: cell} if cell else told.get(first)
        else:
            told["input"][name] = cell
    return told


def _cells(told: object, columns: Sequence[str], field: str) -> Cells | None:
    if told is None:
        return None
    if isinstance(told, Mapping):
        found = [told.get(column) for column in columns]
    else:
        found = list(told) if isinstance(told, list | tuple) else [told]
    if len(found) != len(columns) or any(not isinstance(cell, str | int | float) for cell in found):
        raise Unreadable("cells", field=field, columns=", ".join(columns))
    return tuple(map(_cell, found))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _ms(told: object) -> int | None:
    if told is None:
        return None
    try:
        found = round(float(str(told)))
    except (ValueError, OverflowError):
        raise Unreadable("service_ms") from None
    if isinstance(told, bool) or not 0 <= found <= MOST_MS:
        raise Unreadable("service_ms")
    return found
