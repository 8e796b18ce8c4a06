"""Write a competition as a Codabench bundle, version 2, that reads back as what was written."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from dure.bundles.adapting import held
from dure.bundles.findings import Defect
from dure.bundles.model import Board, Column, Competition, Page, Phase, Placed, Question, Settings, Solution, TaskBundle
from dure.bundles.opening import Bundle, files_of

_FILE = "competition.yaml"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same bundle is the same zip, whenever it is written


def write_codabench(competition: Competition, source: Path, target: Path) -> tuple[Defect, ...]:
    """Write it to ``target``: a zip where the name ends so, else a folder. Returns what the format cannot hold.

    ``source``: the folder to which the competition's paths are relative.
    """
    with tempfile.TemporaryDirectory() as into:
        bundle = Bundle(source, Path(into))
        whole = held(competition, bundle)
        files = {**_copied(whole.competition, bundle), **whole.files}
        told = yaml.safe_dump(_competition(whole.competition), sort_keys=False, allow_unicode=True, width=120)
        _put({**files, _FILE: told.encode()}, target)
    return whole.losses


def _copied(competition: Competition, bundle: Bundle) -> dict[str, bytes | Path]:
    """Each file that the competition names, under the name it has."""
    files: dict[str, bytes | Path] = {}
    for path in _paths(competition):
        found = bundle.find(path)
        if found and found.is_dir():
            files |= {f"{path}/{file.relative_to(found).as_posix()}": file for file in files_of(found)}
        elif found:
            files[path] = found
    return files


def _paths(competition: Competition) -> Iterable[str]:
    pages = [page.file for page in (competition.terms, *competition.pages) if page]
    tasks = [path for task in competition.tasks for path in task.data.values()]
    phases = [path for phase in competition.phases for path in (phase.public_data, phase.starting_kit)]
    solutions = [solution.path for solution in competition.solutions]
    return dict.fromkeys([competition.image, *pages, *tasks, *phases, *solutions])


def _put(files: Mapping[str, bytes | Path], target: Path) -> None:
    if target.suffix.lower() != ".zip":
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content) if isinstance(content, bytes) else shutil.copyfile(content, path)
        return
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as read:
                        shutil.copyfileobj(read, file)


# --- competition.yaml ---------------------------------------------------------------------------------------


def _said(**values: Any) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value not in ("", (), [], {})}


def _competition(contest: Competition) -> dict[str, Any]:
    flags = {name: getattr(contest.settings, name) for name in Settings.__dataclass_fields__ if name not in _PLACES}
    return {
        "version": 2,
        "title": contest.title,
        **_said(
            description=contest.description,
            image=contest.image,
            terms=contest.terms.file if contest.terms else "",
            docker_image=contest.docker_image,
            contact_email=contest.contact_email,
            competition_type=contest.competition_type,
            reward=contest.reward,
        ),
        "registration_auto_approve": contest.open_registration,
        **flags,
        **_said(
            pages=[_page(page) for page in contest.pages],
            fact_sheet={question.key: _question(question) for question in contest.fact_sheet},
            tasks=[_task(task) for task in contest.tasks],
            solutions=[_solution(solution) for solution in contest.solutions],
            phases=[_phase(phase) for phase in contest.phases],
            leaderboards=[_board(board) for board in contest.boards],
        ),
    }


_PLACES = Placed.__dataclass_fields__.keys()


def _page(page: Page) -> dict[str, Any]:
    return {"title": page.title, "file": page.file}


def _question(question: Question) -> dict[str, Any]:
    """Codabench writes its flags as text."""
    return {
        "key": question.key,
        "title": question.title,
        "type": question.type,
        "selection": list(question.selection),
        "is_required": str(question.required).lower(),
        "is_on_leaderboard": str(question.on_board).lower(),
    }


def _task(task: TaskBundle) -> dict[str, Any]:
    during = {"ingestion_only_during_scoring": True} if task.ingestion_only_during_scoring else {}
    return {"index": task.index, **_said(name=task.name, description=task.description), **task.data, **during}


def _solution(solution: Solution) -> dict[str, Any]:
    return {
        "index": solution.index,
        "tasks": list(solution.tasks),
        **_said(path=solution.path, name=solution.name, description=solution.description),
    }


def _phase(phase: Phase) -> dict[str, Any]:
    times = {name: moment for name, moment in (("start", phase.start), ("end", phase.end)) if moment}
    return {
        "index": phase.index,
        "name": phase.name,
        **_said(description=phase.description),
        **times,
        "max_submissions_per_day": phase.limits.per_day,
        "max_submissions": phase.limits.total,
        "execution_time_limit": phase.execution_time_limit,
        "auto_migrate_to_this_phase": phase.auto_migrate,
        "hide_output": phase.hide_output,
        "hide_prediction_output": phase.hide_prediction_output,
        "hide_score_output": phase.hide_score_output,
        "tasks": list(phase.tasks),
        **_said(public_data=phase.public_data, starting_kit=phase.starting_kit),
    }


def _board(board: Board) -> dict[str, Any]:
    return {
        "title": board.title,
        "key": board.key,
        "hidden": board.hidden,
        "submission_rule": board.submission_rule,
        "primary_index": board.primary_index,
        "columns": [_column(column) for column in board.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    computed = {"computation": column.computation.value} if column.computation else {}
    return {
        "title": column.title,
        "key": column.key,
        "index": column.index,
        "sorting": column.sorting.value,
        **computed,
        **_said(computation_indexes=list(column.computation_indexes)),
        "hidden": column.hidden,
        "precision": column.precision,
    }
