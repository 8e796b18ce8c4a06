"""Submissions that the platform makes itself, to show how a task scores before anybody competes. Writes no row."""

import csv
import io
import random
from collections.abc import Sequence

from dure.challenges import files
from dure.challenges.labels import Labels
from dure.challenges.metrics import Sort
from dure.challenges.models import Entrant, Submission, SubmissionKind, Task, TrialKind, TrialRun
from dure.challenges.predictions import Format
from dure.challenges.scoring import format_of
from dure.core.errors import Refused
from dure.core.text import Text

SEED = 7
Cells = Sequence[Sequence[str]]
_OWN_ONLY = Text(
    ko="이 과제는 주최자의 프로그램이 채점합니다. 시험할 제출물을 직접 올리세요.",
    en="The organiser's programs score this task: send a submission of your own to try it.",
)


def predictions_for(task: Task, kind: TrialKind) -> io.BytesIO:
    """A prediction file as that kind of trial hands it in. Raises Refused where the platform can make none."""
    if task.labels is None:
        raise Refused("challenges.trial", _OWN_ONLY)
    labels = Labels.kept(files.read(task.labels))
    form = format_of(task)
    if kind == TrialKind.PERFECT:
        return _written(form, labels.ids, _perfect(form, labels.cells))
    drawn = _drawn(form, labels.cells)
    if kind == TrialKind.BROKEN:
        return _written(form, labels.ids[: len(labels.ids) // 2], drawn)
    return _written(form, labels.ids, drawn)


def submission_of(trial: TrialRun) -> Submission:
    """The trial as scoring takes it: of nobody, and never saved."""
    kind = SubmissionKind.CODE if trial.kind == TrialKind.OWN_CODE else SubmissionKind.FILE
    entrant = Entrant(task=trial.task, title="")
    return Submission(
        id=trial.pk, entrant=entrant, number=0, by=trial.by, kind=kind, command=trial.command, upload=trial.upload
    )


def _perfect(form: Format, cells: Cells) -> Cells:
    """What somebody who knew the labels would send."""
    if form.sort is not Sort.PROBABILITIES:
        return cells
    names = form.classes[1:] if len(form.columns) == 1 else form.classes
    return [["1" if row[0] == name else "0" for name in names] for row in cells]


def _drawn(form: Format, cells: Cells) -> Cells:
    """What somebody who knew nothing but how often each label occurs would send."""
    chance = random.Random(SEED)  # noqa: S311 -- nothing is kept secret by it
    if form.sort is not Sort.PROBABILITIES:
        return chance.sample(list(cells), len(cells))
    if len(form.columns) == 1:
        return [[repr(chance.random())] for _ in cells]
    return [_shares([chance.random() + 1e-9 for _ in form.columns]) for _ in cells]


def _shares(weights: Sequence[float]) -> list[str]:
    return [repr(weight / sum(weights)) for weight in weights]


def _written(form: Format, ids: Sequence[str], cells: Cells) -> io.BytesIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(form.header)
    writer.writerows([known, *row] for known, row in zip(ids, cells, strict=False))
    return io.BytesIO(text.getvalue().encode())
