"""What of a competition a Codabench bundle can hold, and an EvalAI evaluation as a Codabench scoring program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, TypeVar

from dure.bundles.codabench2 import DEFAULT_IMAGE
from dure.bundles.findings import Defect, defect
from dure.bundles.model import (
    Board,
    Column,
    Competition,
    Contract,
    Limits,
    Page,
    Phase,
    Placed,
    Question,
    Sorting,
    Split,
    TaskBundle,
    Visibility,
)
from dure.bundles.opening import Bundle, files_of
from dure.core.text import Text

_Part = TypeVar("_Part", bound=Placed)
_LOGO = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\xdac\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
_TERMS = "No terms were stated.\n"
_SCORER = '''"""Calls this evaluation as EvalAI does and writes its scores as Codabench reads them."""

import json
import os
import sys

from evaluation import evaluate

ANNOTATION, PHASE = {annotation!r}, {codename!r}


def first_file(folder):
    names = sorted(name for name in os.listdir(folder) if not name.startswith("metadata"))
    return os.path.join(folder, names[0])


given, output = sys.argv[1:3]
result = evaluate(os.path.join(given, "ref", ANNOTATION), first_file(os.path.join(given, "res")), PHASE)
scores = {{}}
for item in result["result"]:
    for split, labels in item.items():
        scores.update({{f"{{split}}_{{label}}": float(value) for label, value in labels.items()}})
with open(os.path.join(output, "scores.json"), "w") as file:
    json.dump(scores, file)
'''
_COMMAND = "command: python3 $program/score.py $input $output\n"

_OF_COMPETITION: Mapping[str, Text] = {
    "short_description": Text(ko="짧은 소개", en="the short description"),
    "prizes": Text(ko="등수별 상금", en="prizes by place"),
    "sponsors": Text(ko="후원 기관", en="sponsors"),
    "tags": Text(ko="태그", en="tags"),
    "domain": Text(ko="분야", en="the domain"),
    "requirements": Text(ko="평가에 필요한 패키지", en="the packages that the evaluation needs"),
    "remote_evaluation": Text(ko="주최자 서버에서 하는 평가", en="evaluation on the host's machine"),
    "start": Text(ko="대회의 시작", en="the start of the whole"),
    "end": Text(ko="대회의 끝", en="the end of the whole"),
}
_OF_PHASE: Mapping[str, Text] = {
    "codename": Text(ko="단계의 codename", en="codenames of phases"),
    "is_public": Text(ko="감춘 단계", en="phases that are not public"),
    "is_active": Text(ko="멈춘 단계", en="phases that are not active"),
    "board_public": Text(ko="단계별 순위표 공개 여부", en="boards that are hidden in one phase"),
    "submissions_public": Text(ko="공개된 제출물", en="submissions that are public"),
    "logs_hidden": Text(ko="감춘 기록", en="logs that are hidden"),
    "one_counts": Text(ko="하나만 고르는 제출", en="one chosen submission that counts"),
    "partial": Text(ko="부분 제출 평가", en="evaluation of partial submissions"),
    "allowed_emails": Text(ko="참가할 수 있는 사람의 목록", en="who alone may take part"),
    "file_types": Text(ko="제출 파일의 형식", en="types of submitted files"),
    "attributes": Text(ko="제출할 때 묻는 항목", en="what is asked with a submission"),
}
_OF_LIMITS: Mapping[str, Text] = {
    "per_month": Text(ko="한 달 제출 횟수", en="limits of a month"),
    "at_once": Text(ko="동시에 채점하는 제출 수", en="how many submissions run at once"),
}
_LOST: Mapping[type[Placed], Mapping[str, Text]] = {
    Competition: _OF_COMPETITION,
    Phase: _OF_PHASE,
    Limits: _OF_LIMITS,
}
_SPLITS = Text(ko="분할마다 다른 보기 설정", en="settings of single splits")
_SEVERAL = Text(ko="여러 개를 고르는 질문", en="questions with several answers, which become a tick there")
_SHEET_TYPES = {"boolean": "checkbox", "radio": "select", "choices": "checkbox"}
_DESCRIPTIONS = Text(ko="열과 질문의 설명", en="descriptions of columns and questions")


@dataclass(frozen=True)
class Held:
    """The competition as a bundle holds it, files that have to be written for it, and what is lost."""

    competition: Competition
    files: Mapping[str, bytes]
    losses: tuple[Defect, ...]


def held(competition: Competition, bundle: Bundle) -> Held:
    """What remains of a competition in a Codabench bundle. ``bundle``: where its files are."""
    losses = list(_losses(competition))
    files: dict[str, bytes] = {}
    contest = _adapted(competition, bundle, files) if competition.contract == Contract.EVALAI else competition
    if not contest.image:
        files["dure-logo.png"] = _LOGO
        losses.append(defect("write.image", contest.place))
    if not contest.terms:
        files["dure-terms.md"] = _TERMS.encode()
        losses.append(defect("write.terms", contest.place))
    remaining = replace(
        _without_lost(contest),
        contract=Contract.CODABENCH,
        docker_image=contest.docker_image or DEFAULT_IMAGE,
        image=contest.image or "dure-logo.png",
        terms=contest.terms or Page(title="terms", file="dure-terms.md", text=_TERMS),
        fact_sheet=tuple(
            replace(question, description="", type=_SHEET_TYPES.get(question.type, question.type))
            for question in contest.fact_sheet
        ),
        phases=tuple(
            replace(_without_lost(one), limits=_without_lost(one.limits))
            for one in sorted(contest.phases, key=lambda phase: phase.index)
        ),
        boards=tuple(_board(board) for board in contest.boards),
        splits=(),
    )
    return Held(remaining, files, tuple(losses))


def _without_lost(part: _Part) -> _Part:
    """The part as if it said nothing that the format has no key for."""
    return replace(part, **{name: _default(part, name) for name in _LOST[type(part)]})


def _default(part: Placed, name: str) -> Any:
    return next(one.default for one in fields(part) if one.name == name)


def _board(board: Board) -> Board:
    return replace(board, columns=tuple(replace(column, description="") for column in board.columns))


def _losses(competition: Competition) -> Iterator[Defect]:
    """Each sort of thing that is lost, told once, at the first place that says it."""
    told: dict[str, Defect] = {}
    parts: list[Placed] = [competition, *competition.phases, *(phase.limits for phase in competition.phases)]
    for part in parts:
        for name, what in _LOST[type(part)].items():
            if name == "attributes" and len({phase.attributes for phase in competition.phases}) == 1:
                continue  # what every phase asks is asked by the competition
            if getattr(part, name) != _default(part, name) and name not in told:
                told[name] = defect("write.lost", part.at(name), what=what)
    attributes = [question for phase in competition.phases for question in phase.attributes]
    described: list[Column | Question] = [
        *(column for board in competition.boards for column in board.columns),
        *competition.fact_sheet,
        *attributes,
    ]
    if any(one.type == "checkbox" and one.selection for one in attributes) or any(
        one.type == "choices" for one in competition.fact_sheet
    ):
        told["several"] = defect("write.lost", competition.place, what=_SEVERAL)
    if any(part.description for part in described):
        told["description"] = defect("write.lost", competition.place, what=_DESCRIPTIONS)
    if any(_is_special(split, competition) for split in competition.splits):
        told["splits"] = defect("write.lost", competition.splits[0].place, what=_SPLITS)
    yield from told.values()
    for before, phase in pairwise(sorted(competition.phases, key=lambda phase: phase.index)):
        if phase.start and before.end and phase.start < before.end:
            yield defect("write.overlap", phase.place, phase=phase.name, before=before.name)


def _is_special(split: Split, competition: Competition) -> bool:
    """Whether a split says more than its columns can."""
    same = [other for other in competition.splits if other.codename == split.codename]
    plain = split.show_scores and not split.show_time and not split.latest_counts and split.all_metrics
    return not plain or len({other.visibility for other in same}) > 1


# --- EvalAI's evaluation ------------------------------------------------------------------------------------


def _adapted(competition: Competition, bundle: Bundle, files: dict[str, bytes]) -> Competition:
    """Each phase's task gets a scoring program that calls ``evaluate`` for it; splits become columns, what phases ask
    becomes the fact sheet."""
    tasks = [_task(competition, phase, bundle, files) for phase in competition.phases]
    return replace(
        competition,
        tasks=tuple(task for task in tasks if task),
        fact_sheet=competition.fact_sheet or _fact_sheet(competition),
        boards=tuple(_split_board(board, competition) for board in competition.boards),
    )


def _fact_sheet(competition: Competition) -> tuple[Question, ...]:
    """What the phases ask, each question once."""
    asked = {question.key: question for phase in competition.phases for question in phase.attributes}
    return tuple(asked.values())


def _task(competition: Competition, phase: Phase, bundle: Bundle, files: dict[str, bytes]) -> TaskBundle | None:
    task = next((task for index in phase.tasks if (task := competition.task(index))), None)
    if task is None:
        return None
    program, reference = f"phase-{phase.index}/scoring_program", f"phase-{phase.index}/reference_data"
    annotation = PurePosixPath(task.reference_data).name
    files[f"{program}/metadata.yaml"] = _COMMAND.encode()
    files[f"{program}/score.py"] = _SCORER.format(annotation=annotation, codename=phase.codename).encode()
    files[f"{reference}/{annotation}"] = bundle.read(task.reference_data)
    if task.scoring_program:
        package = bundle.folder(task.scoring_program)
        for file in files_of(package):
            files[f"{program}/evaluation/{file.relative_to(package).as_posix()}"] = file.read_bytes()
    return replace(task, reference_data=reference, scoring_program=program)


def _split_board(board: Board, competition: Competition) -> Board:
    """A column for each split and label; one that is not public in some phase is hidden."""
    splits = {split.codename: split for split in competition.splits if split.board == board.key}
    hidden = {split.codename for split in competition.splits if split.visibility != Visibility.PUBLIC}
    columns = [
        replace(
            column,
            key=f"{split.codename}_{column.key}",
            title=f"{split.name or split.codename}: {column.title}",
            sorting=_sorting(split) if column == board.primary else column.sorting,
            precision=split.precision,
            hidden=split.codename in hidden,
        )
        for split in splits.values()
        for column in board.columns
    ]
    indexed = tuple(replace(column, index=at) for at, column in enumerate(columns))
    return replace(board, columns=indexed)


def _sorting(split: Split) -> Sorting:
    """EvalAI orders a split by its own direction, whatever the primary label's is."""
    return Sorting.DESC if split.descending else Sorting.ASC
