"""What programs of a bundle are told and what they leave behind: folders, commands, metadata and score files.

As Codabench's compute worker and EvalAI's submission worker keep it. Pure: nothing is run and no file is opened here.
"""

import codecs
import json
import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from dure.bundles.findings import Defect, Place, defect

PROGRAM = "/app/program"
INPUT = "/app/input"
REFERENCE = "/app/input/ref"
RESULTS = "/app/input/res"
INPUT_DATA = "/app/input_data"
OUTPUT = "/app/output"
INGESTED_PROGRAM = "/app/ingested_program"
SHARED = "/app/shared"

METADATA_FILES = ("metadata.yaml", "metadata")
SCORE_FILES = ("scores.json", "scores.txt")
MOST_SCORES = 1 << 20  # bytes; no honest score file has more
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_AS_WRITTEN = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COMMAND_LINE = re.compile(r"^[\ufeff \t]*command[ \t]*:[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)
_SCORE_LINE = re.compile(r"\s*([^:]+?)\s*:\s*(\S+)\s*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NUMERIC = re.compile(rf"{_NUMBER.pattern}|[+-]?(nan|inf(inity)?)", re.IGNORECASE)
_LONGEST = 400  # digits of a number, before the point or behind it: a double needs 309 and 324


class Step(StrEnum):
    """Which program runs."""

    SUBMISSION = "submission"
    INGESTION = "ingestion"
    INGESTION_DURING_SCORING = "ingestion-during-scoring"
    SCORING = "scoring"

    @property
    def _ingests(self) -> bool:
        return self in {Step.INGESTION, Step.INGESTION_DURING_SCORING}

    @property
    def _scores(self) -> bool:
        return self in {Step.SCORING, Step.INGESTION_DURING_SCORING}


def words(step: Step) -> Mapping[str, str]:
    """The folder that each ``$word`` of a command stands for in that step."""
    return {
        "$input": INPUT_DATA if step._ingests else INPUT,
        "$output": OUTPUT,
        "$program": PROGRAM,
        "$ingestion_program": PROGRAM,
        "$hidden": REFERENCE,
        "$shared": SHARED,
        "$submission_program": INGESTED_PROGRAM,
        "$predictions": RESULTS if step._scores else OUTPUT,
        "$tmp": OUTPUT,
    }


def substituted(command: str, step: Step) -> str:
    """The command with its ``$words`` replaced. As on Codabench ``$input_data`` is ``$input`` and then ``_data``."""
    known = words(step)
    return re.sub("|".join(map(re.escape, known)), lambda found: known[found[0]], command)


def arguments(command: str, step: Step) -> list[str]:
    """The substituted command as the program and its arguments. Raises ValueError where a quote is not closed."""
    return shlex.split(substituted(command, step))


# --- metadata -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Metadata:
    """What ``metadata`` says: the command as written (None: there is none to run)."""

    command: str | None
    description: str = ""
    defects: tuple[Defect, ...] = ()


def read_metadata(source: bytes, file: str) -> Metadata:
    """The metadata of a program. Broken YAML is read line by line for its command, as CodaLab did, and named."""
    text = decoded(source).replace("\t", " ")
    try:
        told = yaml.load(text, Loader=_LOADER)  # noqa: S506 -- the loader is PyYAML's safe one, in C where there is C
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        return _recovered(text, file, fault)
    if isinstance(told, str):
        told = _fields(text)
    command = told.get("command") if isinstance(told, dict) else None
    if not isinstance(command, str) or not command.strip():
        return Metadata(None, defects=(defect("metadata.no-command", Place(file, 1)),))
    place = Place(file, _line_of_command(text))
    return Metadata(command.strip(), str(told.get("description") or ""), tuple(_unreadable(command, place)))


def _recovered(text: str, file: str, fault: Exception) -> Metadata:
    mark = getattr(fault, "problem_mark", None)
    place, why = Place(file, mark.line + 1 if mark else 1), getattr(fault, "problem", None) or str(fault)
    command = _fields(text).get("command")
    if command is None:
        return Metadata(None, defects=(defect("metadata.unreadable", place, why=why),))
    told = defect("metadata.recovered", place, why=why)
    return Metadata(command, defects=(told, *_unreadable(command, Place(file, _line_of_command(text)))))


def _fields(text: str) -> dict[str, str]:
    found = _COMMAND_LINE.search(text)
    return {"command": found[1]} if found else {}


def _line_of_command(text: str) -> int:
    found = _COMMAND_LINE.search(text)
    return text.count("\n", 0, found.start(1)) + 1 if found else 1


def _unreadable(command: str, place: Place) -> list[Defect]:
    try:
        shlex.split(command)
    except ValueError:
        return [defect("command.unreadable", place, command=command)]
    return []


# --- scores -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """What a scoring program said: a number for each key, exactly as written; with a defect the run has failed."""

    values: Mapping[str, Decimal]
    defects: tuple[Defect, ...] = ()


def read_scores(files: Mapping[str, bytes], columns: Collection[str] | None = None) -> Scores:
    """From the files at the top of ``$output``, by name: scores.json, else scores.txt. All sets stand in one.

    ``columns``: the keys of the board; what else the file says is ignored. None takes every number that it says: names
    and lists beside them are notes.
    """
    name = next((name for name in SCORE_FILES if name in files), None)
    if name is None:
        return Scores({}, (defect("scores.missing", Place(SCORE_FILES[0])),))
    text = decoded(files[name])
    try:
        told = _json(text) if name.endswith(".json") else _lines(text)
    except (ValueError, RecursionError) as fault:
        return Scores({}, (defect("scores.unreadable", Place(name, getattr(fault, "lineno", 0)), why=fault),))
    counted = _numbers_of(told) if columns is None else {key: told[key] for key in told if key in columns}
    if not counted:
        expected, said = ", ".join(columns or ()), ", ".join(told)
        return Scores({}, (defect("scores.none", Place(name), columns=expected or "…", said=said or "–"),))
    return _exact(counted, Place(name))


def oversize(place: Place, size: int, *, returned: bool = False) -> tuple[Defect, ...]:
    """The defect of a score file, or of what ``evaluate`` returned, above ``MOST_SCORES``: half of it says nothing."""
    if size <= MOST_SCORES:
        return ()
    code = "result.too-large" if returned else "scores.too-large"
    return (defect(code, place, name=place.file, size=f"{size:,}", most=f"{MOST_SCORES:,}"),)


def details(names: Iterable[str]) -> str | None:
    """Which file of ``$output`` is the detailed result: detailed_results.html, else the first page by name."""
    pages = sorted(name for name in names if name.lower().endswith((".html", ".htm")))
    return "detailed_results.html" if "detailed_results.html" in pages else next(iter(pages), None)


def _json(text: str) -> Mapping[str, object]:
    told = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    if not isinstance(told, dict):
        raise ValueError("it is no object of keys and numbers")  # noqa: TRY004 -- told as any other unreadable file
    return told


def _lines(text: str) -> Mapping[str, object]:
    """YAML, every word as it is written; else a line each, ``key:value`` without a blank (CodaLab's scorers)."""
    try:
        told = yaml.load(text, Loader=_AS_WRITTEN)  # noqa: S506 -- this loader makes text, lists and mappings only
    except yaml.YAMLError:
        told = None
    if isinstance(told, dict):
        return {str(key): value for key, value in told.items()}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    found = [(number, _SCORE_LINE.fullmatch(line)) for number, line in lines]
    if wrong := [number for number, match in found if not match]:
        raise ValueError(f"line {wrong[0]} is no key with a value")
    return {match[1]: match[2] for _, match in found if match}


def _numbers_of(told: Mapping[str, object]) -> Mapping[str, object]:
    """What is meant for a number, also one that is not finite; all that is said where nothing is."""
    return {key: value for key, value in told.items() if _NUMERIC.fullmatch(str(value).strip())} or told


def _exact(told: Mapping[str, object], place: Place) -> Scores:
    numbers = {str(key): exact(value) for key, value in told.items()}
    wrong = [key for key, number in numbers.items() if number is None]
    defects = tuple(defect("scores.not-a-number", place, key=key, value=told[key]) for key in wrong)
    return Scores({key: number for key, number in numbers.items() if number is not None}, defects)


def exact(value: object) -> Decimal | None:
    """A finite number, also one that is written as text; None for all else. True and false are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if not number or abs(number.adjusted()) < _LONGEST else None


# --- EvalAI -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What ``evaluate`` returned: split → label → number, and the same of error bars; with a defect it has failed."""

    splits: Mapping[str, Mapping[str, Decimal]]
    errors: Mapping[str, Mapping[str, Decimal]]
    metadata: object = None
    defects: tuple[Defect, ...] = ()


def read_result(returned: object, attached: Mapping[str, Sequence[str]], place: Place) -> Result:
    """``returned``: what evaluate() gave, as JSON holds it. ``attached``: the labels of each split of the phase.

    ``place`` is where the evaluation stands (its main.py), for what is found.
    """
    if not isinstance(returned, dict) or not isinstance(returned.get("result"), list):
        return _shapeless("no list under the key result", place)
    try:
        said, errors = _by_split(returned["result"]), _by_split(returned.get("error") or [])
    except ValueError as fault:
        return _shapeless(fault, place)
    splits, found = {}, []
    for split, labels in said.items():
        if split not in attached:
            found.append(defect("result.split", place, split=split, known=", ".join(attached)))
            continue
        lacking = [label for label in attached[split] if label not in labels]
        found += [defect("result.label", place, split=split, label=label) for label in lacking]
        read = _exact(labels, place)
        splits[split] = read.values
        found += read.defects
    bars = {split: _exact(labels, place).values for split, labels in errors.items() if split in attached}
    if not said:
        return _shapeless("the list under result is empty", place)
    return Result(splits, bars, returned.get("submission_metadata"), tuple(found))


def _shapeless(why: object, place: Place) -> Result:
    return Result({}, {}, defects=(defect("result.unreadable", place, why=why),))


def _by_split(items: object) -> dict[str, dict[str, Any]]:
    """A list of {split: {label: value}}; several splits may stand in one item."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("a list of {split: {label: value}} is expected")
    pairs = [(str(split), labels) for item in items for split, labels in item.items()]
    if not all(isinstance(labels, dict) for _, labels in pairs):
        raise ValueError("a split without {label: value}")
    return dict(pairs)


def decoded(source: bytes) -> str:
    """As what it seems to be written in (:func:`encoding_of`)."""
    return source.decode(encoding_of(source), errors="replace")


def encoding_of(source: bytes) -> str:
    """UTF-8, or UTF-16 by its mark, else Korean where every byte fits, else the Latin letters of old Windows."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return next((name for name in ("utf-8-sig", "euc-kr") if _reads(source, name)), "cp1252")


def _reads(source: bytes, encoding: str) -> bool:
    try:
        source.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
