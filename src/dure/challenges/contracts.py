"""Run a submission as its task's programs expect: predict, then score, in boxes laid out as their platform does.

Knows folders, no tables: the same is run for an entrant and when an organiser tries a task out.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from dure.bundles import contract
from dure.bundles.contract import Step
from dure.bundles.findings import Defect, Place
from dure.challenges import evaluator
from dure.compute.box import Author, Box, Limits, Packages, Ran, Runner, Verdict
from dure.compute.code import log_of, started, why
from dure.compute.runners import LocalRunner
from dure.core.text import Text

_PYTHON = re.compile(r"(?:.*/)?python(?:3[\d.]*)?")
_PROGRAMS = (contract.PROGRAM, contract.INGESTED_PROGRAM)  # many write beside themselves
_RETURNED = "returned.json"
_TOLD = {"scores.too-large", "result.too-large"}  # defects that say nothing of the answers
_NO_CODE = Text(
    ko="이 라운드는 결과 파일만 받습니다. 압축 파일에서 metadata를 빼고 다시 제출하세요.",
    en="This round takes results only. Leave metadata out of the archive and submit it again.",
)
_NOTHING = Text(
    ko="프로그램이 결과를 남기지 않았습니다. 결과를 출력 폴더($output)에 쓰는지 확인하세요.",
    en="The program left no results. Check that it writes them into its output folder ($output).",
)
_SCORER = Text(
    ko="주최자의 채점 프로그램이 실패했습니다. 제출 횟수는 차감되지 않으며 주최자가 확인합니다.",
    en="The organiser's scoring program failed. The attempt does not count, and the organiser will look into it.",
)


@dataclass(frozen=True)
class Part:
    """The folders of one scoring. With ``labels`` (split → labels) it is EvalAI's contract, else Codabench's.

    Then ``reference`` and the submission are folders with one file each, and ``phase`` is what ``evaluate`` is told.
    """

    scoring_program: Path
    reference: Path | None = None
    ingestion_program: Path | None = None
    input_data: Path | None = None
    during_scoring: bool = False
    labels: Mapping[str, Sequence[str]] | None = None
    phase: str = ""


@dataclass(frozen=True)
class Rules:
    """What every box of a submission is given. ``takes_code``: a submission's own command may be run."""

    limits: Limits = field(default_factory=Limits)
    packages: Packages | None = None
    seed: int = 0
    takes_code: bool = True

    @property
    def variables(self) -> dict[str, str]:
        return {"PYTHONHASHSEED": str(self.seed), "SEED": str(self.seed)}


@dataclass(frozen=True)
class Judged:
    """What the scoring program said. ``details``: a page that it wrote. ``log`` is of the prediction, for its author.

    ``seconds``: how long the submission's code ran; None where there was none to run.
    """

    values: Mapping[str, Decimal]
    details: Path | None = None
    log: str = ""
    seconds: Decimal | None = None


@dataclass(frozen=True)
class Stopped:
    """It came to no score: by the submission's fault, or by the scorer's, which then has ``organiser_log``.

    ``raised``: the scorer was at work on this very submission when it failed, so either may be at fault.
    ``known``: what also its author may know of why the scorer failed; ``cause`` begins with it.
    ``limit``: which bound of its box stopped the program; None where it ended by itself.
    """

    cause: Text
    by_scorer: bool
    log: str = ""
    organiser_log: str = ""
    defects: tuple[Defect, ...] = ()
    raised: bool = False
    limit: Text | None = None
    known: Text | None = None


def judge(part: Part, submission: Path, *, rules: Rules, work: Path, runner: Runner | None = None) -> Judged | Stopped:
    """Score what was handed in (unpacked in ``submission``). ``work`` is an empty folder, for what boxes write.

    Raises Unready where code is not run here, or a box never started: then nobody is judged.
    """
    return _Run(part, submission, rules, work, runner or LocalRunner()).judge()


class _Run:
    """One submission on its way through one scoring."""

    def __init__(self, part: Part, submission: Path, rules: Rules, work: Path, runner: Runner) -> None:
        self.part, self.submission, self.rules, self.runner = part, submission, rules, runner
        self.work = work
        self.empty = self._new("empty")
        self.predicted, self.scored = self._new("predicted"), self._new("scored")
        self.log = ""
        self.seconds: Decimal | None = None

    def judge(self) -> Judged | Stopped:
        if self.part.labels is not None:
            return self._evaluate()
        results = self._results()
        return results if isinstance(results, Stopped) else self._score(results)

    # --- prediction

    def _results(self) -> Path | Stopped:
        """The folder of results: what was handed in, or what a program made of it."""
        if self.part.ingestion_program and not self.part.during_scoring:
            return self._predict(self._ingestion(Step.INGESTION))
        command = _metadata(self.submission).command
        if command is None:
            return self.submission
        if not self.rules.takes_code:
            return Stopped(_NO_CODE, by_scorer=False)
        inputs = self.part.input_data or self.empty
        layout = {contract.PROGRAM: self.submission, contract.INPUT: inputs, contract.INPUT_DATA: inputs}
        return self._predict(self._box(command, Step.SUBMISSION, layout))

    def _predict(self, box: Box) -> Path | Stopped:
        since = time.monotonic()
        ran = started(self.runner.run(box, into=self.predicted, author=Author.PARTICIPANT))
        self._note(ran, since)
        if ran.verdict is not Verdict.OK:
            ended = why(ran.verdict, ran, self.rules.limits)
            return Stopped(ended, by_scorer=False, log=self.log, limit=self._limit(ran))
        if not ran.files:
            return Stopped(_NOTHING, by_scorer=False, log=self.log)
        _open_to_all(self.predicted)
        return self.predicted

    def _note(self, ran: Ran, since: float) -> None:
        self.log = log_of(ran)
        self.seconds = Decimal(ran.usage.wall_ms or int((time.monotonic() - since) * 1_000)).scaleb(-3)

    # --- scoring

    def _score(self, results: Path) -> Judged | Stopped:
        reference = self.part.reference or self.empty
        layout = {contract.PROGRAM: self.part.scoring_program, contract.REFERENCE: reference, contract.RESULTS: results}
        if self.part.during_scoring:
            layout[contract.INPUT_DATA] = self.part.input_data or self.empty
        command = _metadata(self.part.scoring_program).command or ""
        box = self._box(command, Step.SCORING, layout)
        ran = self._beside(box) if self.part.during_scoring and self.part.ingestion_program else self._alone(box)
        if isinstance(ran, Stopped):
            return ran
        if ran.verdict is not Verdict.OK:
            return self._failed(ran, raised=True)
        said = self._said()
        return self._failed(ran, said.defects, raised=True) if said.defects else self._judged(said.values, ran)

    def _said(self) -> contract.Scores:
        files = (self.scored / name for name in contract.SCORE_FILES)
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            return contract.read_scores({})
        large = contract.oversize(Place(file.name), file.stat().st_size)
        return contract.Scores({}, large) if large else contract.read_scores({file.name: file.read_bytes()})

    def _alone(self, box: Box) -> Ran:
        return started(self.runner.run(box, into=self.scored, author=Author.HOUSE))

    def _beside(self, box: Box) -> Ran | Stopped:
        """Scoring and ingestion at the same time; where ingestion is the first to fail, the submission is at fault."""
        boxes = [box, self._ingestion(Step.INGESTION_DURING_SCORING)]
        since = time.monotonic()
        both = self.runner.run_beside(boxes, into=[self.scored, self.predicted], author=Author.PARTICIPANT)
        scoring, ingestion = (started(ran) for ran in both)
        self._note(ingestion, since)
        if scoring.verdict is Verdict.STOPPED:
            return Stopped(why(ingestion.verdict, ingestion, self.rules.limits), by_scorer=False, log=self.log)
        return scoring

    def _judged(self, values: Mapping[str, Decimal], ran: Ran) -> Judged:
        page = contract.details(name for name in ran.files if "/" not in name)
        return Judged(values, self.scored / page if page else None, self.log, self.seconds)

    def _failed(self, ran: Ran, defects: tuple[Defect, ...] = (), *, raised: bool = False) -> Stopped:
        ended = "" if ran.verdict is Verdict.OK else why(ran.verdict, ran, self.rules.limits).en + "\n"
        told = "".join(defect.say("en") + "\n" for defect in defects)
        known = next((one.text for one in defects if one.code in _TOLD), None)
        log = f"{ended}{told}{log_of(ran)}"
        return Stopped(after(known, _SCORER), True, self.log, log, defects, raised, self._limit(ran), known)

    def _limit(self, ran: Ran) -> Text | None:
        by_itself = ran.verdict in {Verdict.OK, Verdict.EXIT, Verdict.STOPPED}
        return None if by_itself else why(ran.verdict, ran, self.rules.limits)

    # --- EvalAI

    def _evaluate(self) -> Judged | Stopped:
        """``evaluate`` is called in a box of its own; nothing of it is ever imported here."""
        reference = self.part.reference or self.empty
        layout = {
            contract.PROGRAM: self.part.scoring_program,
            contract.REFERENCE: reference,
            contract.RESULTS: self.submission,
        }
        files = (_only(contract.REFERENCE, reference), _only(contract.RESULTS, self.submission))
        box = Box(
            ("python3", "/box/evaluator", *files, self.part.phase), {"evaluator": Path(evaluator.__file__)},
            self.rules.variables, self.rules.limits, contract.PROGRAM, layout, _PROGRAMS[:1], contract.OUTPUT, True,
            self.rules.packages,
        )  # fmt: skip
        ran = self._alone(box)
        if ran.verdict is not Verdict.OK:
            at_work = ran.verdict is not Verdict.EXIT or ran.exit_code == evaluator.RAISED
            return self._failed(ran, raised=at_work)
        result = self._result(Place("main.py"))
        if result.defects:
            return self._failed(ran, result.defects)
        values = {
            f"{split}.{label}": value for split, labels in result.splits.items() for label, value in labels.items()
        }
        return self._judged(values, ran)

    def _result(self, place: Place) -> contract.Result:
        file = self.scored / _RETURNED
        size = file.stat().st_size if file.is_file() else 0
        if large := contract.oversize(place, size, returned=True):
            return contract.Result({}, {}, defects=large)
        return contract.read_result(_returned(file), self.part.labels or {}, place)

    # --- boxes

    def _ingestion(self, step: Step) -> Box:
        """The organiser's program that runs what was handed in: it sees the answers only where it asks for them."""
        program = self.part.ingestion_program or self.empty
        command = _metadata(program).command or ""
        layout = {
            contract.PROGRAM: program,
            contract.INGESTED_PROGRAM: self.submission,
            contract.INPUT_DATA: self.part.input_data or self.empty,
        }
        if contract.REFERENCE in contract.substituted(command, step) and self.part.reference:
            layout[contract.REFERENCE] = self.part.reference
        return self._box(command, step, layout)

    def _box(self, command: str, step: Step, layout: Mapping[str, Path]) -> Box:
        first, *rest = contract.arguments(command, step) or ["false"]
        # Whatever Python an image had, the environment's is the one that there is.
        words = ("python3" if _PYTHON.fullmatch(first) else first, *rest)
        writable = tuple(place for place in _PROGRAMS if place in layout)
        return Box(
            words, {}, self.rules.variables, self.rules.limits, contract.PROGRAM, layout, writable, contract.OUTPUT,
            True, self.rules.packages,
        )  # fmt: skip

    def _new(self, name: str) -> Path:
        folder = self.work / name
        folder.mkdir()
        folder.chmod(0o755)
        return folder


def _metadata(program: Path) -> contract.Metadata:
    found = next((program / name for name in contract.METADATA_FILES if (program / name).is_file()), None)
    return contract.read_metadata(found.read_bytes(), found.name) if found else contract.Metadata(None)


def after(known: Text | None, sentence: Text) -> Text:
    """The sentence behind what is known, if anything is."""
    return Text(ko=f"{known.ko} {sentence.ko}", en=f"{known.en} {sentence.en}") if known else sentence


def _returned(file: Path) -> object:
    """What the evaluator wrote; None where that cannot be read."""
    try:
        told: object = json.loads(file.read_bytes(), parse_float=Decimal)
    except (OSError, ValueError, RecursionError):
        return None
    return told


def _only(inside: str, folder: Path) -> str:
    """The path, inside the box, of the file that is alone in ``folder``."""
    return f"{inside}/{next((path.name for path in sorted(folder.iterdir())), '')}"


def _open_to_all(folder: Path) -> None:
    """The next box reads as a user of its own."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
