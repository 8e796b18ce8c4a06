"""A Codabench bundle, version 2: ``competition.yaml`` and what it names (Codabench's unpackers/v2.py)."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from dure.bundles import left
from dure.bundles.fields import Fields
from dure.bundles.findings import Findings
from dure.bundles.ignored import CODABENCH, CODABENCH_PHASE
from dure.bundles.model import (
    Board,
    Column,
    Competition,
    Computation,
    Limits,
    Page,
    Phase,
    Question,
    Settings,
    Solution,
    Sorting,
    TaskBundle,
)
from dure.bundles.nodes import Node
from dure.bundles.opening import Bundle
from dure.bundles.parts import data_set, file_of, given_once, needed_programs, page

DEFAULT_IMAGE = "codalab/codalab-legacy:py37"
_OF_RANKS = "avg_rank"  # of entrants among each other: only the whole board knows it
_DATA = ("input_data", "reference_data", "ingestion_program", "scoring_program")


def read(root: Node, bundle: Bundle, findings: Findings) -> Competition:
    """The competition that the file tells of; whatever is wrong is found, and read on."""
    told = Fields(root, findings)
    told.need("title", "image", "terms")
    told.known(*CODABENCH)
    left.tell_left(told, left.CODABENCH)
    tasks = tuple(_task(task, bundle) for task in told.mappings("tasks"))
    phases = tuple(sorted((_phase(phase, bundle) for phase in told.mappings("phases")), key=lambda one: one.index))
    boards = tuple(_board(board) for board in told.mappings("leaderboards"))
    competition = Competition(
        title=told.text("title"),
        description=told.text("description"),
        image=file_of(told, "image", bundle),
        terms=page(told, "terms", "terms", bundle) if "terms" in told else None,
        pages=tuple(_page(one, bundle) for one in told.mappings("pages")),
        docker_image=told.text("docker_image", DEFAULT_IMAGE),
        open_registration=told.flag("registration_auto_approve"),
        contact_email=told.text("contact_email"),
        competition_type=told.text("competition_type", "competition"),
        reward=told.text("reward"),
        fact_sheet=tuple(_question(key, node, findings) for key, node in told.under("fact_sheet")),
        settings=settings(told),
        tasks=tasks,
        solutions=tuple(_solution(one, bundle) for one in told.mappings("solutions")),
        phases=phases,
        boards=boards,
        **told.placed,
    )
    told.tell_unknown()
    _judge(competition, findings)
    return competition


def _page(told: Fields, bundle: Bundle) -> Page:
    told.need("title", "file")
    told.known("index")
    told.tell_unknown()
    return page(told, "file", told.text("title"), bundle)


def settings(told: Fields) -> Settings:
    """The switches that a server keeps of a competition."""
    names = Settings.__dataclass_fields__.keys() - {"place", "places"}
    flags: dict[str, Any] = {name: told.flag(name, getattr(Settings, name)) for name in names}
    return Settings(**flags, **told.placed)


def _question(key: str, node: Node, findings: Findings) -> Question:
    told = Fields(node, findings)
    question = Question(
        key=told.text("key", key) or key,
        title=told.text("title"),
        type=told.text("type", "text") or "text",
        selection=told.texts("selection"),
        required=told.flag("is_required"),
        on_board=told.flag("is_on_leaderboard"),
        **told.placed,
    )
    told.tell_unknown()
    return question


def _task(told: Fields, bundle: Bundle) -> TaskBundle:
    told.need("index")
    index = told.whole("index", 0)
    if "key" in told and "scoring_program" not in told:
        told.findings.add("data.elsewhere", told.at("key"), key="key", value=told.text("key"))
    elif "scoring_program" not in told:
        told.findings.add("task.no-scoring", told.place, task=told.text("name") or index)
    told.known("is_public", "created_when", "id", "key")
    data: dict[str, Any] = {name: data_set(told, name, bundle) for name in _DATA}
    task = TaskBundle(
        index=index,
        name=told.text("name") or f"Task {index}",
        description=told.text("description"),
        ingestion_only_during_scoring=told.flag("ingestion_only_during_scoring"),
        **data,
        **told.placed,
    )
    told.tell_unknown()
    return task


def _solution(told: Fields, bundle: Bundle) -> Solution:
    if "key" in told and "path" not in told:
        told.findings.add("solution.elsewhere", told.at("key"), value=told.text("key"))
    elif "path" not in told:
        told.findings.add("key.missing", told.place, key="path")
    solution = Solution(
        index=told.whole("index", 0),
        tasks=told.wholes("tasks"),
        path=data_set(told, "path", bundle),
        name=told.text("name"),
        description=told.text("description"),
        **told.placed,
    )
    told.tell_unknown()
    return solution


def _phase(told: Fields, bundle: Bundle) -> Phase:
    told.need("name", "start", "tasks")
    told.known(*CODABENCH_PHASE)
    phase = Phase(
        index=told.whole("index", 0),
        name=told.text("name"),
        description=told.text("description"),
        start=told.moment("start"),
        end=told.moment("end"),
        tasks=told.wholes("tasks"),
        limits=_limits(told),
        execution_time_limit=told.whole("execution_time_limit", 600),
        auto_migrate=told.flag("auto_migrate_to_this_phase"),
        hide_output=told.flag("hide_output"),
        hide_prediction_output=told.flag("hide_prediction_output"),
        hide_score_output=told.flag("hide_score_output"),
        public_data=data_set(told, "public_data", bundle),
        starting_kit=data_set(told, "starting_kit", bundle),
        **told.placed,
    )
    told.tell_unknown()
    return phase


def _limits(told: Fields) -> Limits:
    return Limits(
        per_day=told.count("max_submissions_per_day", 5),
        total=told.count("max_submissions", 100),
        **told.placed,
    )


def _board(told: Fields) -> Board:
    told.need("title", "key")
    told.known("id", "index", "force_submission_rule")
    left.tell_left(told, left.CODABENCH_BOARD)
    board = Board(
        key=told.text("key"),
        title=told.text("title"),
        columns=tuple(_column(column, at) for at, column in enumerate(told.mappings("columns"))),
        hidden=told.flag("hidden"),
        submission_rule=told.text("submission_rule", "Add") or "Add",
        primary_index=told.whole("primary_index", 0),
        **told.placed,
    )
    told.tell_unknown()
    return board


def _column(told: Fields, at: int) -> Column:
    told.need("title", "key")
    told.known("id")
    computed = told.text("computation") not in {"", "None", _OF_RANKS}
    if told.text("computation") == _OF_RANKS:
        told.findings.add("column.rank", told.at("computation"), key=told.text("key"))
    column = Column(
        key=told.text("key"),
        title=told.text("title"),
        index=told.whole("index", at),
        sorting=told.word("sorting", Sorting, Sorting.DESC),
        computation=told.word("computation", Computation, Computation.AVG) if computed else None,
        computation_indexes=told.wholes("computation_indexes"),
        hidden=told.flag("hidden"),
        precision=told.whole("precision", 2),
        **told.placed,
    )
    told.tell_unknown()
    return column


# --- what only the whole shows ------------------------------------------------------------------------------


def _judge(competition: Competition, findings: Findings) -> None:
    for name, parts in (("tasks", competition.tasks), ("phases", competition.phases)):
        if not parts:
            findings.add("key.missing", competition.at(name), key=name)
    if not competition.boards:
        findings.add("board.none", competition.at("leaderboards"))
    given_once("tasks.index", ((one.index, one) for one in competition.tasks), findings)
    given_once("solutions.index", ((one.index, one) for one in competition.solutions), findings)
    given_once("leaderboards.key", ((one.key, one) for one in competition.boards), findings)
    if len({phase.index for phase in competition.phases}) > 1:
        given_once("phases.index", ((one.index, one) for one in competition.phases), findings)
    _judge_references(competition, findings)
    tell_others(competition, findings)
    for board in competition.boards:
        judge_columns(board, findings)
    judge_sequence(competition.phases, findings)
    needed_programs(competition, findings)


def _judge_references(competition: Competition, findings: Findings) -> None:
    indexes = {task.index for task in competition.tasks}
    users: Iterable[Any] = (*competition.phases, *competition.solutions)
    for part in users:
        for index in part.tasks:
            if index not in indexes:
                findings.add("task.unknown", part.at("tasks"), index=index, known=", ".join(map(str, sorted(indexes))))


def tell_others(competition: Competition, findings: Findings) -> None:
    """A round here has one board."""
    others = competition.boards[1:]
    if others:
        titles = ", ".join(board.title for board in others)
        findings.add("board.others", others[0].place, boards=titles)


def judge_columns(board: Board, findings: Findings) -> None:
    """Columns: at least one, keys and indexes once each, the primary one there, computations over columns there are."""
    if not board.columns:
        findings.add("board.empty", board.place, board=board.title)
        return
    given_once("columns.key", ((one.key, one) for one in board.columns), findings)
    given_once("columns.index", ((one.index, one) for one in board.columns), findings)
    indexes = {column.index for column in board.columns}
    if board.primary_index not in indexes:
        findings.add("board.primary", board.at("primary_index"), index=board.primary_index)
    for column in board.columns:
        missing = [index for index in column.computation_indexes if index not in indexes - {column.index}]
        if missing or (column.computation and not column.computation_indexes):
            findings.add("column.indexes", column.at("computation_indexes"), key=column.key)


def judge_sequence(phases: Sequence[Phase], findings: Findings) -> None:
    """One after the other: each ends after it starts and before the next, and only the last may stay open."""
    for phase in phases:
        if phase.start and phase.end and phase.end <= phase.start:
            findings.add("phase.backwards", phase.at("end"), phase=phase.name)
    for phase, following in pairwise(phases):
        if "end" not in phase.places:
            findings.add("phase.no-end", phase.place, phase=phase.name)
        elif phase.end and following.start and following.start < phase.end:
            findings.add("phase.overlap", following.at("start"), phase=following.name, before=phase.name)
