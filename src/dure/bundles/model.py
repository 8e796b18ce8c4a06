"""A competition, whichever platform's bundle told of it. Times are aware and UTC; paths are relative to the bundle.

Every part knows the places of what it says (``at``), for what is found out later; places do not count when two
competitions are compared.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dure.bundles.findings import NOWHERE, Place


class Format(StrEnum):
    """Which platform's bundle it was."""

    CODABENCH_2 = "codabench-2"
    CODALAB_1 = "codalab-1"
    EVALAI = "evalai"


class Contract(StrEnum):
    """How its programs are called: by a command in folders, or by ``evaluate(annotation, submission, phase, …)``."""

    CODABENCH = "codabench"
    EVALAI = "evalai"


class Sorting(StrEnum):
    """Which score is the better one: the larger (desc) or the smaller."""

    DESC = "desc"
    ASC = "asc"


class Computation(StrEnum):
    """How a column is made out of others."""

    AVG = "avg"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


class Visibility(StrEnum):
    """Who sees the scores of a split (EvalAI's 1, 2, 3)."""

    HOST = "1"
    OWNER_AND_HOST = "2"
    PUBLIC = "3"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A part of a bundle: where it stands, and where each of its values does."""

    place: Place = field(default=NOWHERE, compare=False, repr=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def at(self, name: str) -> Place:
        """Where the value of that name stands; for what is left out, the part itself."""
        return self.places.get(name, self.place)


@dataclass(frozen=True, kw_only=True)
class Page(Placed):
    """A page of the competition: markdown or HTML, as its file says."""

    title: str
    file: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Question(Placed):
    """One question of the fact sheet that comes with a submission."""

    key: str
    title: str
    type: str = "text"  # checkbox, text, select (Codabench); boolean, text, radio, checkbox (EvalAI); choices (ours)
    selection: tuple[str, ...] = ()
    required: bool = False
    on_board: bool = False
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Prize(Placed):
    """What a place wins, as EvalAI words it: ``rank`` 1 is the first, ``amount`` is text such as 1000USD."""

    rank: int
    amount: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskBundle(Placed):
    """What is scored and by which programs; each of the data sets is a folder or zip of the bundle."""

    index: int
    name: str
    description: str = ""
    input_data: str = ""
    reference_data: str = ""
    ingestion_program: str = ""
    scoring_program: str = ""
    ingestion_only_during_scoring: bool = False

    @property
    def data(self) -> Mapping[str, str]:
        """Its data sets by name, those that there are."""
        names = ("input_data", "reference_data", "ingestion_program", "scoring_program")
        return {name: path for name in names if (path := getattr(self, name))}


@dataclass(frozen=True, kw_only=True)
class Solution(Placed):
    """A submission that the organiser made, for these tasks."""

    index: int
    tasks: tuple[int, ...]
    path: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits(Placed):
    """How many submissions a participant has (None: any number), and how many may run at once."""

    per_day: int | None = 5
    per_month: int | None = None
    total: int | None = 100
    at_once: int | None = None


@dataclass(frozen=True, kw_only=True)
class Phase(Placed):
    """A part of the competition, open in [start, end); without an end it stays open."""

    index: int
    name: str
    start: dt.datetime | None
    end: dt.datetime | None = None
    description: str = ""
    codename: str = ""
    tasks: tuple[int, ...] = ()
    limits: Limits = Limits()
    execution_time_limit: int = 600  # seconds
    auto_migrate: bool = False  # what was submitted before is submitted to this phase as well
    hide_output: bool = False
    hide_prediction_output: bool = False
    hide_score_output: bool = False
    public_data: str = ""
    starting_kit: str = ""
    # What only EvalAI says:
    is_public: bool = True
    is_active: bool = True
    board_public: bool = True
    submissions_public: bool = False
    logs_hidden: bool = False
    one_counts: bool = False
    partial: bool = False
    allowed_emails: tuple[str, ...] = ()
    file_types: tuple[str, ...] = ()
    attributes: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column(Placed):
    """A column of a board; the scoring program's score of the same ``key`` stands in it."""

    key: str
    title: str
    index: int = 0
    sorting: Sorting = Sorting.DESC
    computation: Computation | None = None
    computation_indexes: tuple[int, ...] = ()
    hidden: bool = False
    precision: int = 2
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Board(Placed):
    """Who stands where, by the column at ``primary_index``. ``key``: EvalAI's is the id of its leaderboard."""

    key: str
    title: str
    columns: tuple[Column, ...]
    hidden: bool = False
    submission_rule: str = "Add"
    primary_index: int = 0

    @property
    def primary(self) -> Column | None:
        """The column that decides."""
        return next((column for column in self.columns if column.index == self.primary_index), None)


@dataclass(frozen=True, kw_only=True)
class Split(Placed):
    """A part of the test data within a phase, with a board of its own (EvalAI)."""

    codename: str
    name: str
    phase: int  # the phase's index
    board: str  # the board's key
    visibility: Visibility = Visibility.PUBLIC
    precision: int = 2
    descending: bool = True
    show_scores: bool = True
    show_time: bool = False
    latest_counts: bool = False
    all_metrics: bool = True


@dataclass(frozen=True, kw_only=True)
class Settings(Placed):
    """What a Codabench competition switches on or off."""

    enable_detailed_results: bool = False
    show_detailed_results_in_submission_panel: bool = True
    show_detailed_results_in_leaderboard: bool = True
    auto_run_submissions: bool = True
    can_participants_make_submissions_public: bool = True
    make_programs_available: bool = False
    make_input_data_available: bool = False
    forum_enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class Competition(Placed):
    """All that a bundle says."""

    title: str
    contract: Contract = Contract.CODABENCH
    description: str = ""
    short_description: str = ""
    image: str = ""
    terms: Page | None = None
    pages: tuple[Page, ...] = ()
    docker_image: str = ""
    open_registration: bool = False  # whoever registers is let in without being approved
    contact_email: str = ""
    competition_type: str = "competition"
    reward: str = ""
    prizes: tuple[Prize, ...] = ()
    sponsors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    domain: str = ""
    fact_sheet: tuple[Question, ...] = ()
    settings: Settings = Settings()
    requirements: str = ""  # a requirements.txt that comes with the evaluation
    remote_evaluation: bool = False
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    tasks: tuple[TaskBundle, ...] = ()
    solutions: tuple[Solution, ...] = ()
    phases: tuple[Phase, ...] = ()
    boards: tuple[Board, ...] = ()
    splits: tuple[Split, ...] = ()

    def task(self, index: int) -> TaskBundle | None:
        return next((task for task in self.tasks if task.index == index), None)

    def board(self, key: str) -> Board | None:
        return next((board for board in self.boards if board.key == key), None)

    def attached(self, phase: Phase) -> Mapping[str, tuple[str, ...]]:
        """The labels of each split of a phase, for ``contract.read_result``."""
        boards = {board.key: tuple(column.key for column in board.columns) for board in self.boards}
        return {split.codename: boards.get(split.board, ()) for split in self.splits if split.phase == phase.index}
