"""How much code two entrants have in common, line by line, without what everybody got with the starter kit.

Fingerprints are copydetect's: winnowing of code without names, strings and comments (Schleimer, Wilkerson and Aiken,
"Winnowing", SIGMOD 2003), so renaming and reformatting hide nothing. Likeness is no proof; people judge.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

from dure.challenges import files
from dure.challenges.kits import kit_of
from dure.challenges.models import Submission, Task
from dure.compute.archives import unpack
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed

GRAM, WINDOW = 25, 6  # letters: less than 25 alike are chance, 30 are found for certain
MOST_BYTES, MOST_FILES = 256 << 10, 60  # of one entrant's code: more is data, or somebody else's library
LEAST_SHARE, LEAST_LINES, MOST_PAIRS = Decimal("0.2"), 5, 500
SUFFIXES = frozenset({
    ".py", ".ipynb", ".r", ".jl", ".java", ".scala", ".kt", ".c", ".h", ".cc", ".cpp", ".hpp", ".cu", ".cs", ".go",
    ".rs", ".js", ".ts", ".sh", ".sql", ".m",
})  # fmt: skip
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Source:
    """One file. ``print`` is copydetect's fingerprint of ``text``; ``own`` the lines, from 1, that say something and
    are not the starter kit's."""

    path: str
    text: str
    print: Any  # copydetect has no types
    own: frozenset[int]


@dataclass(frozen=True)
class Written:
    """What one entrant wrote."""

    submission: UUID
    sources: tuple[Source, ...]

    @property
    def lines(self) -> int:
        return sum(len(source.own) for source in self.sources)


@dataclass(frozen=True)
class Pair:
    """Two that are alike; as :class:`dure.challenges.models.SimilarPair` keeps it."""

    first: UUID
    second: UUID
    share: Decimal
    lines: int
    matches: list[dict[str, Any]]


def compared(task: Task, submissions: Sequence[Submission]) -> tuple[int, list[Pair]]:
    """How many of these archives hold code, and the pairs of them that are alike, the most alike first."""
    given = _given(task)
    written = [found for one in submissions if (found := _written(one, given)).lines]
    pairs = filter(None, (_pair(*two) for two in _likely(written)))
    return len(written), sorted(pairs, key=lambda pair: (-pair.share, -pair.lines))[:MOST_PAIRS]


def code_of(submission: Submission) -> dict[str, str]:
    """The files of an archive that are code, by path; none where it is no archive."""
    with workspace("similar") as folder:
        try:
            unpack(files.path_of(submission.upload), folder / "code")
        except Flawed:
            return {}
        return dict(_texts(folder / "code"))


def _written(submission: Submission, given: Sequence[Source]) -> Written:
    sources = (_source(path, text, given) for path, text in code_of(submission).items())
    return Written(submission.pk, tuple(source for source in sources if source.own))


def _given(task: Task) -> list[Source]:
    """What everybody got: the starter files and the kit's baseline."""
    with workspace("given") as folder:
        archives = [kit_of(task, name="kit", deadline=None)]
        archives += [files.path_of(task.starter)] if task.starter else []
        found = []
        for number, archive in enumerate(archives):
            try:
                unpack(archive, folder / str(number))
            except Flawed:  # a starter file may be a table
                continue
            found += [_source(path, text, []) for path, text in _texts(folder / str(number))]
    return found


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Of each file of code its path and what it says; of a notebook its cells of code."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    for path in [path for path in paths if path.stat().st_size <= MOST_BYTES][:MOST_FILES]:
        text = path.read_text(encoding="utf-8", errors="replace")
        yield path.relative_to(folder).as_posix(), _cells(text) if path.suffix.lower() == ".ipynb" else text


def _cells(notebook: str) -> str:
    try:
        cells = json.loads(notebook)["cells"]
        return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (ValueError, LookupError, TypeError):
        return ""


def _source(path: str, text: str, given: Iterable[Source]) -> Source:
    from copydetect import CodeFingerprint  # noqa: PLC0415 -- slow: it imports matplotlib

    name = path.removesuffix(".ipynb") + ".py" if path.endswith(".ipynb") else path
    found = CodeFingerprint(name, GRAM, WINDOW, fp=StringIO(text))
    says = {number for number, line in enumerate(text.split("\n"), 1) if _WORD.search(line)}
    plain = Source(path, text, found, frozenset(says))
    theirs = (_common(plain, one)[0] for one in given)
    return Source(path, text, found, frozenset(says.difference(*theirs)))


def _common(one: Source, other: Source) -> tuple[set[int], set[int]]:
    """Lines of each that stand in the other as well."""
    from copydetect import compare_files  # noqa: PLC0415 -- slow: it imports matplotlib

    if one.print.hashes.isdisjoint(other.print.hashes):
        return set(), set()
    _, _, (here, there) = compare_files(one.print, other.print)
    return _lines(one.text, here), _lines(other.text, there)


def _lines(text: str, slices: Any) -> set[int]:
    """The lines that slices of the text, [starts, ends], lie on."""
    found: set[int] = set()
    for start, end in zip(*slices.astype(int).tolist(), strict=True):
        first = text.count("\n", 0, start) + 1
        found.update(range(first, first + text[start:end].strip("\n").count("\n") + 1))
    return found


def _likely(written: Sequence[Written]) -> Iterator[tuple[Written, Written]]:
    """Pairs that share fingerprints at all: most of all pairs do not."""
    hashes = [set().union(*(source.print.hashes for source in one.sources)) for one in written]
    for (one, these), (other, those) in combinations(zip(written, hashes, strict=True), 2):
        if not these.isdisjoint(those):
            yield one, other


def _pair(one: Written, other: Written) -> Pair | None:
    """What the two have in common, where that is worth looking at."""
    here: dict[str, set[int]] = defaultdict(set)
    there: dict[str, set[int]] = defaultdict(set)
    matches = []
    for first in one.sources:
        for second in other.sources:
            these, those = _common(first, second)
            these, those = these & first.own, those & second.own
            if these and those:
                here[first.path] |= these
                there[second.path] |= those
                matches.append(
                    {"first": first.path, "second": second.path, "here": _spans(these), "there": _spans(those)}
                )
    shared = [sum(map(len, lines.values())) for lines in (here, there)]
    share = max(_share(shared[0], one.lines), _share(shared[1], other.lines))
    if share < LEAST_SHARE or max(shared) < LEAST_LINES:
        return None
    return Pair(one.submission, other.submission, share, max(shared), matches)


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal("0.0001"))


def _spans(lines: Iterable[int]) -> list[list[int]]:
    """Lines as [from, to] with both ends included."""
    spans: list[list[int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return spans
