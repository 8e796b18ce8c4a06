"""The tasks: what entrants get holds no label of what is asked, and honest models of more diligence do better."""

import csv
import io
import zipfile

import pytest

from dure.challenges.metrics import Sort
from dure.challenges.predictions import Format, read_predictions
from dure.core.errors import Flawed
from dure.demo.data import comments, digits
from dure.demo.learners import broken_files, predict
from dure.demo.problems import Problem, first_round, second_round

IMAGES, TEXTS = digits(), comments()
PROBLEMS = [*first_round(IMAGES, TEXTS), *second_round(IMAGES, TEXTS)]
by_option = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.option)


def form(problem: Problem) -> Format:
    return Format("id", ["label"], Sort.LABELS, problem.classes)


@by_option
def test_archive_asks_every_id_and_tells_no_label_of_it(problem):
    with zipfile.ZipFile(io.BytesIO(problem.archive())) as archive:
        header, *asked = csv.reader(io.StringIO(archive.read("test.csv").decode(), newline=""))

    assert header == ["id", *problem.header]
    assert [row[0] for row in asked] == problem.ids
    assert len(problem.ids) == len(problem.truth)


@by_option
def test_more_diligence_predicts_better(problem):
    right = [
        sum(a == b for a, b in zip(predict(problem, learner=0, diligence=part), problem.truth, strict=True))
        for part in (0.05, 1.0)
    ]

    assert right[0] < right[1]


@by_option
def test_broken_files_are_refused_and_honest_ones_read(problem):
    honest = problem.predictions_file(predict(problem, learner=0, diligence=0.1))
    assert read_predictions(honest, form(problem), problem.ids).values.shape == (len(problem.ids), 1)

    for content in broken_files(problem).values():
        with pytest.raises(Flawed):
            read_predictions(content, form(problem), problem.ids)
