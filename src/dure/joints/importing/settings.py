"""What a phase of a bundle is here: a task with parts, columns, limits and an environment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dure.bundles.model import Board, Competition, Contract, Phase, Sorting, Split, TaskBundle, Visibility
from dure.bundles.model import Column as BundleColumn
from dure.bundles.opening import Bundle
from dure.challenges import contracts
from dure.challenges.columns import Column, Seen
from dure.compute.box import GIB, Limits

_MEMORY, _PROCESSES = 4 * GIB, 256
_LONGEST = 24 * 60 * 60
_SEEN = {
    Visibility.PUBLIC: Seen.PUBLIC, Visibility.OWNER_AND_HOST: Seen.OWN, Visibility.HOST: Seen.ORGANISERS
}  # fmt: skip
_MOST_OPEN = (Visibility.PUBLIC, Visibility.OWNER_AND_HOST, Visibility.HOST)


@dataclass(frozen=True)
class Scored:
    """The columns of a phase and the one that ranks.

    ``hidden``: its board is for organisers only; ``secret``: not even an entrant's own scores are shown to them.
    """

    columns: tuple[Column, ...]
    primary: str
    hidden: bool
    secret: bool


def tasks_of(competition: Competition, phase: Phase) -> list[TaskBundle]:
    """The phase's tasks in its own order."""
    return [task for index in dict.fromkeys(phase.tasks) if (task := competition.task(index))]


def stages_of(competition: Competition) -> Iterator[tuple[str, Phase]]:
    """Each phase with the id of its stage in the blueprint that ``bundles.blueprint_of`` writes."""
    for at, phase in enumerate(sorted(competition.phases, key=lambda phase: phase.index), 1):
        yield f"phase-{at}", phase


def scored(competition: Competition, phase: Phase) -> Scored:
    """How the phase's board looks here."""
    if competition.contract == Contract.EVALAI:
        return _by_split(competition, phase)
    return _by_board(competition, phase)


def limits_of(phase: Phase) -> dict[str, int]:
    """The bounds of each box: the platform's own gives a time only."""
    seconds = max(1, min(phase.execution_time_limit, _LONGEST))
    return {
        "wall_seconds": seconds, "cpu_seconds": 4 * seconds, "memory_bytes": _MEMORY, "processes": _PROCESSES
    }  # fmt: skip


def part_of(competition: Competition, phase: Phase, task: TaskBundle, bundle: Bundle) -> contracts.Part:
    """The folders of one task, as the run contract takes them."""
    evalai = competition.contract == Contract.EVALAI
    folders = {name: bundle.folder(path) for name, path in task.data.items() if not evalai or name != "reference_data"}
    return contracts.Part(
        scoring_program=folders["scoring_program"],
        reference=_annotation(bundle, task) if evalai else folders.get("reference_data"),
        ingestion_program=folders.get("ingestion_program"),
        input_data=folders.get("input_data"),
        during_scoring=task.ingestion_only_during_scoring,
        labels=competition.attached(phase) if evalai else None,
        phase=phase.codename,
    )


def box_limits(phase: Phase) -> Limits:
    return Limits(**limits_of(phase))


def _annotation(bundle: Bundle, task: TaskBundle) -> Path | None:
    """The annotation file itself; whoever runs it gives it a folder of its own."""
    return bundle.find(task.reference_data) if task.reference_data else None


# --- Codabench: one board, its columns by key, again for each of several tasks


def _by_board(competition: Competition, phase: Phase) -> Scored:
    board = competition.boards[0]
    primary = board.primary or board.columns[0]
    tasks = tasks_of(competition, phase)
    if len(tasks) < 2:
        columns, key = list(_columns(board, "", "")), primary.key
    else:
        columns = [one for at, task in enumerate(tasks, 1) for one in _columns(board, f"{at}.", f"{task.name}: ")]
        # The platform ranks a submission by the sum of its tasks.
        keys = tuple(f"{at}.{primary.key}" for at, _ in enumerate(tasks, 1))
        key = "sum"
        columns.append(
            Column(key, primary.title, primary.sorting == Sorting.ASC, primary.precision, Seen.PUBLIC, "sum", keys)
        )
    secret = phase.hide_score_output
    hidden = board.hidden or primary.hidden or secret or not phase.board_public
    return Scored(tuple(_ranking_seen(columns, key)), key, hidden, secret)


def _columns(board: Board, prefix: str, said: str) -> Iterator[Column]:
    by_index = {column.index: column.key for column in board.columns}
    for column in board.columns:
        yield Column(
            key=f"{prefix}{column.key}",
            title=f"{said}{column.title or column.key}",
            ascending=column.sorting == Sorting.ASC,
            precision=column.precision,
            seen=Seen.ORGANISERS if column.hidden else Seen.PUBLIC,
            computation=column.computation or "",
            of_keys=_made_of(column, by_index, prefix),
        )


def _made_of(column: BundleColumn, by_index: dict[int, str], prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{by_index[index]}" for index in column.computation_indexes if index in by_index)


# --- EvalAI: a board for each split; the first that most people see ranks


def _by_split(competition: Competition, phase: Phase) -> Scored:
    splits = [split for split in competition.splits if split.phase == phase.index]
    first = min(splits, key=lambda split: _MOST_OPEN.index(split.visibility))
    columns = [column for split in splits for column in _of_split(competition, split, alone=len(splits) == 1)]
    board = competition.board(first.board)
    ranking = board.primary if board else None
    key = f"{first.codename}.{ranking.key}" if ranking else columns[0].key
    columns = [replace(one, ascending=not first.descending) if one.key == key else one for one in columns]
    hidden = first.visibility != Visibility.PUBLIC or not phase.board_public
    return Scored(tuple(_ranking_seen(columns, key)), key, hidden, secret=first.visibility == Visibility.HOST)


def _of_split(competition: Competition, split: Split, *, alone: bool) -> Iterator[Column]:
    board = competition.board(split.board)
    for column in board.columns if board else ():
        yield Column(
            key=f"{split.codename}.{column.key}",
            title=column.title if alone else f"{split.name}: {column.title}",
            ascending=column.sorting == Sorting.ASC,
            precision=split.precision,
            seen=_SEEN[split.visibility],
        )


def _ranking_seen(columns: Sequence[Column], key: str) -> list[Column]:
    """What ranks is seen by all who see the board; where it is a secret, the board is hidden."""
    return [replace(column, seen=Seen.PUBLIC) if column.key == key else column for column in columns]
