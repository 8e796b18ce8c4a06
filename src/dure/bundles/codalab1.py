"""A CodaLab bundle, versions 1 and 1.5: ``competition.yaml`` without a version (Codabench's unpackers/v1.py)."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from dure.bundles import left
from dure.bundles.codabench2 import DEFAULT_IMAGE, judge_columns, settings, tell_others
from dure.bundles.fields import Fields
from dure.bundles.findings import Findings
from dure.bundles.ignored import CODALAB, CODALAB_PHASE
from dure.bundles.model import (
    Board,
    Column,
    Competition,
    Computation,
    Limits,
    Page,
    Phase,
    Sorting,
    TaskBundle,
)
from dure.bundles.nodes import Node
from dure.bundles.opening import Bundle
from dure.bundles.parts import data_set, file_of, given_once, needed_programs, page

_DAY = dt.timedelta(days=1)
_TERMS = ("terms", "terms.html", "terms_and_conditions")
_PARENTS = ("is_parallel_parent", "parent_phasenumber")


def read(root: Node, bundle: Bundle, findings: Findings) -> Competition:
    """The competition that the file tells of; whatever is wrong is found, and read on."""
    told = Fields(root, findings)
    told.need("title")
    told.known(*CODALAB)
    left.tell_left(told, left.CODALAB)
    html = {title: Fields(Node(node.place, {title: node}), findings) for title, node in told.under("html")}
    terms = next((name for name in _TERMS if name in html), None)
    if terms is None:
        findings.add("terms.none", told.at("html"))
    phases, tasks = _phases(told, bundle)
    competition = Competition(
        title=told.text("title"),
        description=told.text("description"),
        image=file_of(told, "image", bundle),
        terms=page(html[terms], terms, "terms", bundle) if terms else None,
        pages=_pages(html, bundle),
        docker_image=told.text("competition_docker_image", DEFAULT_IMAGE),
        open_registration=not told.flag("has_registration"),
        contact_email=told.text("contact_organizer_email"),
        reward=told.text("reward"),
        settings=replace(
            settings(told),
            forum_enabled=told.flag("enable_forum", True),
            can_participants_make_submissions_public=told.flag("allow_public_submissions"),
        ),
        tasks=tasks,
        phases=phases,
        boards=_boards(told),
        **told.placed,
    )
    told.tell_unknown()
    _judge(competition, findings)
    return competition


def _pages(html: Mapping[str, Fields], bundle: Bundle) -> tuple[Page, ...]:
    return tuple(page(told, title, title, bundle) for title, told in html.items() if title not in _TERMS)


# --- phases -------------------------------------------------------------------------------------------------


def _phases(told: Fields, bundle: Bundle) -> tuple[tuple[Phase, ...], tuple[TaskBundle, ...]]:
    """One task for each phase. Of phases that run beside each other the first is their parent, which has no task."""
    read = [Fields(node, told.findings) for _, node in told.under("phases")]
    read.sort(key=lambda one: one.whole("phasenumber", 0))
    if any(name in one for one in read for name in _PARENTS):
        read = read[1:]
    tasks = tuple(_task(one, at, bundle) for at, one in enumerate(read))
    phases = [_phase(one, at, bundle) for at, one in enumerate(read)]
    never = {phase.index for phase, one in zip(phases, read, strict=True) if one.flag("phase_never_ends")}
    for one in read:
        one.tell_unknown()
    return _with_ends(phases, told.moment("end_date"), never, told.findings), tasks


def _with_ends(
    phases: Sequence[Phase], last: dt.datetime | None, never: Collection[int], findings: Findings
) -> tuple[Phase, ...]:
    """A phase ends a day before a later one starts; the last one, and those that never end, with the competition."""
    ended = []
    for at, phase in enumerate(phases):
        after = None if phase.index in never else _later(phase, phases[at + 1 :])
        end = after - _DAY if after else last
        if end and phase.start and end <= phase.start:
            code = "phase.short" if after and after > phase.start else "phase.backwards"
            findings.add(code, phase.at("start_date"), phase=phase.name)
            end = after if code == "phase.short" else end
        ended.append(replace(phase, end=end))
    return tuple(ended)


def _later(phase: Phase, following: Sequence[Phase]) -> dt.datetime | None:
    """When the next one starts that does not start together with it."""
    return next((one.start for one in following if one.start != phase.start), None)


def _phase(told: Fields, at: int, bundle: Bundle) -> Phase:
    told.need("label", "start_date")
    told.known(*CODALAB_PHASE, *_PARENTS)
    left.tell_left(told, left.CODALAB_PHASE)
    blind = told.text("leaderboard_management_mode") == "hide_results"
    return Phase(
        index=at,
        name=told.text("label"),
        description=told.text("description"),
        start=told.moment("start_date"),
        tasks=(at,),
        limits=Limits(
            per_day=told.count("max_submissions_per_day", 5), total=told.count("max_submissions", 100), **told.placed
        ),
        execution_time_limit=told.whole("execution_time_limit", 600),
        auto_migrate=told.flag("auto_migration"),
        hide_output=told.flag("hide_output") or blind,
        hide_prediction_output=told.flag("hide_prediction_output"),
        hide_score_output=told.flag("hide_score_output") or blind,
        public_data=data_set(told, "public_data", bundle),
        starting_kit=data_set(told, "starting_kit", bundle),
        **told.placed,
    )


def _task(told: Fields, at: int, bundle: Bundle) -> TaskBundle:
    if "scoring_program" not in told:
        told.findings.add("task.no-scoring", told.place, task=told.text("label") or at)
    names = ("input_data", "reference_data", "ingestion_program", "scoring_program")
    data: dict[str, Any] = {name: data_set(told, name, bundle) for name in names}
    return TaskBundle(
        index=at,
        name=told.text("label") or f"Task {at}",
        description=told.text("description"),
        ingestion_only_during_scoring=told.flag("ingestion_program_only_during_scoring"),
        **data,
        **told.placed,
    )


# --- boards -------------------------------------------------------------------------------------------------


def _boards(told: Fields) -> tuple[Board, ...]:
    node = told.node("leaderboard")
    if node is None:
        return ()
    whole = Fields(node, told.findings)
    whole.known("column_groups", "leaderboards", "columns")
    columns = [_RankedColumn(key, column, told.findings) for key, column in whole.under("columns")]
    boards = [(key, Fields(board, told.findings)) for key, board in whole.under("leaderboards")]
    boards.sort(key=lambda pair: pair[1].whole("rank", 0))
    labels = {board.text("label").lower() for _, board in boards}
    for column in columns:
        if column.board.lower() not in labels:
            told.findings.add("column.no-board", column.told.at("leaderboard"), key=column.key, board=column.board)
    whole.tell_unknown()
    return tuple(_board(key, board, columns) for key, board in boards)


def _board(key: str, told: Fields, columns: Sequence["_RankedColumn"]) -> Board:
    title = told.text("label")
    own = [column for column in columns if column.board.lower() == title.lower()]
    own.sort(key=lambda column: column.rank)
    keys = [column.key for column in own]
    return Board(
        key=key,
        title=title,
        columns=tuple(column.column(at, keys) for at, column in enumerate(own)),
        hidden=told.flag("hidden"),
        **told.placed,
    )


class _RankedColumn:
    """A column as written: it names its board by the board's label, and its place by a rank."""

    def __init__(self, key: str, node: Node, findings: Findings) -> None:
        self.key = key
        self.told = Fields(node, findings)
        self.rank = self.told.whole("rank", 0)
        named = self.told.node("leaderboard")
        of_board = Fields(named, findings) if named and isinstance(named.value, Mapping) else None
        self.board = of_board.text("label") if of_board else self.told.text("leaderboard")

    def column(self, at: int, keys: Sequence[str]) -> Column:
        computed = self.told.node("computed")
        made = Fields(computed, self.told.findings) if computed else None
        fields = [name.strip() for text in made.texts("fields") for name in text.split(",")] if made else []
        column = Column(
            key=self.key,
            title=self.told.text("label", self.key),
            index=at,
            sorting=self.told.word("sort", Sorting, Sorting.DESC),
            computation=made.word("operation", Computation, Computation.AVG) if made else None,
            computation_indexes=tuple(keys.index(name) for name in fields if name in keys),
            hidden=self.told.flag("hidden"),
            precision=self.told.whole("numeric_format", 2),
            **self.told.placed,
        )
        self.told.known("column_group", "label", "key")
        self.told.tell_unknown()
        return column


def _judge(competition: Competition, findings: Findings) -> None:
    if not competition.phases:
        findings.add("key.missing", competition.at("phases"), key="phases")
    if not competition.boards:
        findings.add("board.none", competition.at("leaderboard"))
    tell_others(competition, findings)
    for board in competition.boards:
        judge_columns(board, findings)
    given_once("leaderboards.label", ((board.title, board) for board in competition.boards), findings)
    starts = [phase for phase in competition.phases if phase.start]
    for phase, following in pairwise(starts):
        if phase.start and following.start and following.start <= phase.start:
            code = "phase.together" if following.start == phase.start else "phase.overlap"
            findings.add(code, following.at("start_date"), phase=following.name, before=phase.name)
    needed_programs(competition, findings)
