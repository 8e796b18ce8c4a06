"""A round as a Codabench bundle: one that was imported as it came, any other with its own metric as a program."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dure.bundles import read
from dure.bundles.findings import Defect
from dure.bundles.model import Board, Column, Competition, Phase, Sorting, TaskBundle
from dure.bundles.writing import write_codabench
from dure.challenges import files, labels, metrics, predictions, tables, takeaway
from dure.challenges.models import Task, Visibility
from dure.challenges.models.programs import PROGRAM
from dure.challenges.scoring import format_of
from dure.compute.box import Limits as BoxLimits
from dure.compute.workspaces import workspace
from dure.core import errors, particles, text
from dure.core.errors import Refused
from dure.core.text import Text
from dure.joints.importing.asked import fact_sheet_of, ruled_as, shared_as
from dure.joints.importing.pages import paged
from dure.joints.importing.settings import stages_of
from dure.joints.models import ImportedBundle, RoundTask
from dure.programmes.frozen import blueprint_of
from dure.programmes.windows import dates_of

# What of Dure a scoring program needs to read and score a file as the round does; nothing of it knows a database.
_OURS = (errors, text, particles, labels, metrics, predictions, tables)
_MOST_PRECISION = 10  # of a score on Codabench
_NO_SOURCE = Text(
    ko="이 라운드는 자체 프로그램으로 채점하지만 가져온 번들이 남아 있지 않아 내보낼 수 없습니다.",
    en="This round is scored by programs of its own, and the bundle that they came in is not here: "
    "it cannot be exported.",
)


def export_task(task: Task, target: Path) -> tuple[Defect, ...]:
    """Write the round of ``task`` to ``target``: a zip where the name ends so, else a folder.

    Dates and limits are those in force now. Returns what the format cannot hold. Raises Refused where its programs
    did not come in a bundle.
    """
    place = RoundTask.objects.select_related("programme").filter(task=task).first()
    with workspace("export") as work:
        if task.metric == PROGRAM:
            return _again(task, place, work, target)
        whole = _competition(task, place, _files(task, work))
        told, lost = paged(whole, place.programme, work) if place else (whole, ())
        return (*write_codabench(told, work, target), *lost)


# --- what was imported


def _again(task: Task, place: RoundTask | None, work: Path, target: Path) -> tuple[Defect, ...]:
    imported = ImportedBundle.objects.filter(programme=place.programme).first() if place else None
    if imported is None or place is None:
        raise Refused("export.programs", _NO_SOURCE)
    archive = work / "bundle.zip"
    archive.write_bytes(files.read(imported.source))
    told = read(archive, work / "read")
    if told.competition is None or told.bundle is None:
        raise Refused("export.programs", _NO_SOURCE)
    whole, lost = paged(told.competition, place.programme, told.bundle.root)
    phase = dict(stages_of(whole))[place.stage]
    now = replace(
        _with_only(whole, _now(phase, task, place)),
        fact_sheet=fact_sheet_of(whole, phase, task.round),
    )
    return (*write_codabench(shared_as(now, task.round), told.bundle.root, target), *lost)


def _now(phase: Phase, task: Task, place: RoundTask) -> Phase:
    """The phase with what is in force here."""
    opens, closes = dates_of(place.programme, blueprint_of(place.programme).stage(place.stage))
    return replace(
        ruled_as(phase, task.round),
        start=opens or phase.start,
        end=closes,
        auto_migrate=False,
        partial=task.program.partial,
        hide_output=not task.round.own_logs,
        hide_score_output=not task.round.own_scores,
        execution_time_limit=task.limits["wall_seconds"],
    )


def _with_only(competition: Competition, phase: Phase) -> Competition:
    """The competition as if it had this phase alone."""
    tasks = set(phase.tasks)
    return replace(
        competition,
        phases=(phase,),
        tasks=tuple(task for task in competition.tasks if task.index in tasks),
        solutions=tuple(
            replace(one, tasks=tuple(index for index in one.tasks if index in tasks))
            for one in competition.solutions
            if tasks.intersection(one.tasks)
        ),
        splits=tuple(split for split in competition.splits if split.phase == phase.index),
    )


# --- what was made here


def _files(task: Task, work: Path) -> Mapping[str, str]:
    """Lay the data sets of a task in ``work``; returns them by name."""
    program, reference = work / "scoring_program", work / "reference_data"
    reference.mkdir()
    for module in _OURS:
        _copy(module.__file__, program)
    for package in ("dure", "dure/core", "dure/challenges"):
        (program / package / "__init__.py").touch()
    (program / "score.py").write_bytes(Path(takeaway.__file__).read_bytes())
    (program / "metadata.yaml").write_text("command: python3 $program/score.py $input $output\n")
    if task.scorer:
        (program / "scorer.py").write_bytes(files.read(task.scorer))
    told = {"metric": task.metric, "format": format_of(task).as_dict()}
    (reference / "task.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if task.labels:
        (reference / "labels.csv").write_bytes(files.read(task.labels))
    found = {"scoring_program": program.name, "reference_data": reference.name}
    for name, upload in (("input_data", task.inputs), ("starting_kit", task.starter)):
        if upload:
            (work / f"{name}.zip").write_bytes(files.read(upload))
            found[name] = f"{name}.zip"
    return found


def _copy(source: str | None, program: Path) -> None:
    file = Path(source or "")
    target = program / "dure" / file.parent.name / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.read_bytes())


def _competition(task: Task, place: RoundTask | None, laid: Mapping[str, str]) -> Competition:
    round_ = task.round
    title = round_.title_ko
    opens, closes = round_.opens_at, round_.closes_at
    if place:
        opens, closes = dates_of(place.programme, blueprint_of(place.programme).stage(place.stage))
    starter = laid.get("starting_kit", "")
    phase = Phase(
        index=0, name=title, start=opens or round_.made_at, end=closes, tasks=(0,), starting_kit=starter,
        hide_output=not round_.own_logs, hide_score_output=not round_.own_scores,
        execution_time_limit=BoxLimits(**task.limits).wall_seconds,
    )  # fmt: skip
    data = TaskBundle(
        index=0,
        name=task.option or title,
        scoring_program=laid["scoring_program"],
        reference_data=laid["reference_data"],
        input_data=laid.get("input_data", ""),
    )
    whole = Competition(
        title=title,
        tasks=(data,),
        phases=(ruled_as(phase, round_),),
        boards=(_board(task),),
    )
    return shared_as(replace(whole, fact_sheet=fact_sheet_of(whole, phase, round_)), round_)


def _board(task: Task) -> Board:
    sorting = Sorting.DESC if task.greater_is_better else Sorting.ASC
    places = min(task.precision, _MOST_PRECISION)
    columns = [Column(key="score", title="Score", index=0, sorting=sorting, precision=places)]
    if task.round.sealed:
        columns.append(Column(key="final", title="Final", index=1, sorting=sorting, precision=places, hidden=True))
    hidden = task.round.board != Visibility.PUBLIC
    return Board(key="results", title="Results", columns=tuple(columns), hidden=hidden)
