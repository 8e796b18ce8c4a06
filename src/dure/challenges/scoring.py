"""Score one submission: read its file, or run its program in a box, and measure both parts. Writes no row.

What is the submission's fault comes back as Broken, what is the scorer's as Faulty; whatever else goes wrong is an
exception, and the attempt is tried again.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from dure.challenges import files
from dure.challenges.labels import Labels, Part
from dure.challenges.metrics import OWN, Sort, metric
from dure.challenges.models import Submission, SubmissionKind, Task, Upload
from dure.challenges.models.programs import PROGRAM
from dure.challenges.outcomes import Broken, Faulty, HowRun, Measured, Outcome, storable
from dure.challenges.predictions import Format, read_predictions
from dure.challenges.programs import outcome_of as outcome_by_programs
from dure.challenges.programs import seed_of
from dure.challenges.ranks import rounded
from dure.challenges.tables import Flaws
from dure.compute import code
from dure.compute.archives import unpack
from dure.compute.box import Limits
from dure.compute.queries import digest_of
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed, Missing
from dure.core.text import Text

PREDICTIONS = "predictions.csv"
_UNDEFINED = Text(
    ko="채점 결과가 유한한 수가 아닙니다. 예측값이 너무 크지 않은지 확인하세요.",
    en="The score is not a finite number. Check that your values are not too large.",
)
_NO_FILE = Text(
    ko="프로그램이 $BOX/output/predictions.csv 파일을 만들지 않았습니다.",
    en="The program did not write $BOX/output/predictions.csv.",
)


def outcome_of(submission: Submission) -> Outcome:
    """What the submission is worth. Raises what the platform does wrong, Unready where no box can start here."""
    task = submission.entrant.task
    if task.metric == PROGRAM:
        return outcome_by_programs(submission)
    boxed = submission.kind == SubmissionKind.CODE or task.metric == OWN
    with workspace("round") if boxed else nullcontext(Path()) as folder:
        return _Scoring(submission, folder).outcome()


def format_of(task: Task) -> Format:
    """What a prediction file of the task must be like. Raises Missing where a program takes whatever it takes."""
    check_has_format(task)
    if task.metric == OWN:
        return Format(task.id_column, task.columns, Sort.TEXT, task.classes)
    known = metric(task.metric)
    return Format(
        task.id_column, task.columns, known.sort, task.classes, known.least, known.most, sums_to_one=known.sums_to_one
    )


def check_has_format(task: Task) -> None:
    """Raise Missing where a program of the organiser's reads what is handed in."""
    if task.metric == PROGRAM:
        sentence = Text(
            ko="이 과제는 주최자의 프로그램이 채점하므로 정해진 파일 형식이 없습니다. 시작 파일과 대회 안내를 보세요.",
            en="A program of the organiser's scores this task, so no form of a file is fixed here. "
            "See the starter files and the competition's pages.",
        )
        raise Missing("challenges.no-format", sentence)


class _Scoring:
    """One submission on its way; ``folder`` is its own, for the boxes, and goes away afterwards."""

    def __init__(self, submission: Submission, folder: Path) -> None:
        self.submission = submission
        self.task = submission.entrant.task
        self.folder = folder
        self.labels = _labels(_known(self.task.labels))
        self.limits = Limits(**self.task.limits)
        self.log = ""
        self.how = HowRun()

    def outcome(self) -> Outcome:
        try:
            data = self._predictions()
            return data if isinstance(data, Broken) else self._measured(data)
        except Flawed as flawed:
            errors = _list(flawed.facts.get("errors"))
            flaws = [error for error in errors if isinstance(error, dict) and "code" in error]  # those with a place
            total = flawed.facts.get("total", 1)
            return Broken(flawed.text, flaws, total if isinstance(total, int) else 1, self.log)

    def _predictions(self) -> bytes | Broken:
        """The bytes of the prediction file, written by the entrant or by the entrant's program."""
        if self.submission.kind == SubmissionKind.FILE:
            return files.read(self.submission.upload)
        files.read(self.submission.upload)  # damaged archives are our fault, not the entrant's
        environment, seed = self.task.environment, seed_of(self.submission)
        predicted = code.predict(
            files.path_of(self.submission.upload),
            command=self.submission.command,
            public_inputs=self._inputs(),
            limits=self.limits,
            into=self._new("predicted"),
            packages=environment.mounted if environment else None,
            variables={"PYTHONHASHSEED": str(seed), "SEED": str(seed)},
        )
        self.how = HowRun(
            self.submission.upload.sha256, _sha256_of(self.task), digest_of(environment), seed,
            Decimal(predicted.usage.wall_ms).scaleb(-3),
        )  # fmt: skip
        self.log = storable(predicted.log)
        if isinstance(predicted, code.Unscored):
            return Broken(predicted.text, log=self.log)
        written = self.folder / "predicted" / PREDICTIONS
        if not written.is_file():
            return Broken(_NO_FILE, log=self.log)
        with written.open("rb") as file:
            data = file.read(self.task.most_bytes + 1)
        if len(data) > self.task.most_bytes:
            raise Flaws().stop("size", most=self.task.most_bytes)
        return data

    def _inputs(self) -> Path:
        """What programs read: the organiser's archive, and the ids that are asked."""
        inputs = self._new("inputs")
        if self.task.inputs is not None:
            unpack(files.path_of(self.task.inputs), inputs)
        ids = Labels((), self.labels.ids, ((),) * len(self.labels.ids), (Part.PUBLIC,) * len(self.labels.ids))
        _write(inputs / "ids.csv", ids.dump(Part.PUBLIC, id_column=self.task.id_column))
        return inputs

    def _measured(self, data: bytes) -> Outcome:
        read = read_predictions(data, format_of(self.task), self.labels.ids)
        parts = [Part.PUBLIC, *([Part.FINAL] if self.labels.has_final else [])]
        if self.task.metric == OWN:
            scores = self._own_scores(data, parts)
            if isinstance(scores, Faulty):
                return scores
        else:
            known = metric(self.task.metric)
            truth = self.labels.values(numeric=known.sort is Sort.NUMBERS)
            masks = [self.labels.mask(part) for part in parts]
            scores = [known.score(truth[mask], read.values[mask], self.task.classes) for mask in masks]
        if not all(isfinite(score) for score in scores):
            return Broken(_UNDEFINED, log=self.log)
        public, *final = [rounded(score, self.task.precision) for score in scores]
        return Measured(public, final[0] if final else None, read.notes, self.log, how=self.how)

    def _own_scores(self, data: bytes, parts: Sequence[Part]) -> list[float | Decimal] | Faulty:
        """The organiser's scorer once for each part: it reads the labels of that part, and the whole file."""
        if self.task.scorer is None:
            raise AssertionError("a task with an own metric has a scorer")
        predictions = self._new("predictions")
        _write(predictions / PREDICTIONS, data)
        scorer = self.folder / "scorer.py"
        _write(scorer, files.read(self.task.scorer))
        scores: list[float | Decimal] = []
        for part in parts:
            labels = self._new(f"labels-{part}")
            _write(labels / "labels.csv", self.labels.dump(part, id_column=self.task.id_column))
            scored = code.score(predictions, labels=labels, scorer=scorer, limits=self.limits)
            if isinstance(scored, code.Unscored):
                return Faulty(scored.text, self.log, storable(scored.organiser_log))
            scores.append(scored.score)
        return scores

    def _new(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        folder.chmod(0o755)
        return folder


def _write(path: Path, data: bytes) -> None:
    """Boxes read as a user of their own."""
    path.write_bytes(data)
    path.chmod(0o644)


def _known(labels: Upload | None) -> Upload:
    if labels is None:
        raise AssertionError("a task that no program scores has labels")
    return labels


def _sha256_of(task: Task) -> str:
    """What a program of the task reads: the organiser's archive, and the ids that come with the labels."""
    read = [task.inputs, task.labels]
    return sha256(" ".join(upload.sha256 for upload in read if upload).encode()).hexdigest()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


@lru_cache(maxsize=4)
def _labels(upload: Upload) -> Labels:
    """Labels do not change once they are kept, so a worker reads them once."""
    return Labels.kept(files.read(upload))
