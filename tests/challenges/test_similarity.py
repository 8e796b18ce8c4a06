"""Which entrants' code is alike, and where; without the starter kit's, and whatever it is called."""

import io
import json
import zipfile

import pytest

from dure.challenges import files as disk
from dure.challenges.kits import kit_of
from dure.challenges.models import Best, SimilarityRun, SimilarPair, Submission
from dure.challenges.operations.similarity import compare_code, give_up_lost_comparisons
from dure.challenges.similarity import code_of, compared
from dure.core.errors import Refused
from dure.jobs.models import Job
from dure.jobs.worker import drain
from tests.challenges.conftest import make_entrant, make_task, scored
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]

MODEL = """
import numpy as np

def features(rows):
    total = np.zeros((len(rows), 12))
    for index, row in enumerate(rows):
        for place, letter in enumerate(row["text"].lower()):
            total[index, ord(letter) % 12] += 1.0 / (1 + place)
    return total / total.sum(axis=1, keepdims=True)

def train(rows, labels, steps=400, rate=0.3):
    weights = np.zeros(12)
    inputs = features(rows)
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-inputs @ weights))
        weights += rate * inputs.T @ (labels - guess)
    return weights
"""
OTHER = """
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

pipeline = make_pipeline(StandardScaler(), GradientBoostingClassifier(max_depth=4, n_estimators=250))
pipeline.fit(X_train, y_train)
answers = ["yes" if chance > 0.41 else "no" for chance in pipeline.predict_proba(X_test)[:, 1]]
"""
RENAMED = MODEL.replace("features", "make_inputs").replace("weights", "w").replace("total", "acc").replace("rows", "xs")


def packed(**files: str) -> io.BytesIO:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        for name, text in files.items():
            pack.writestr(name.replace("_dot_", "."), text)
    archive.seek(0)
    return archive


def coded(task, **files: str) -> Submission:
    """An entrant whose archive counts."""
    entrant = make_entrant(task)
    submission = scored(entrant)
    upload = disk.store(packed(**files), most_bytes=1 << 20)
    upload.save(force_insert=True)
    Submission.objects.filter(pk=submission.pk).update(upload=upload, kind="code")
    return Submission.objects.select_related("upload").get(pk=submission.pk)


def alike(task, *rows: Submission) -> list[tuple[set, float]]:
    _, pairs = compared(task, rows)
    return [({pair.first, pair.second}, float(pair.share)) for pair in pairs]


def test_renamed_code_is_found_and_other_code_is_not():
    task = make_task()
    one, two, three = coded(task, main_dot_py=MODEL), coded(task, a_dot_py=RENAMED), coded(task, main_dot_py=OTHER)

    [(who, share)] = alike(task, one, two, three)

    assert (who, share > 0.8) == ({one.pk, two.pk}, True)


def test_matching_lines_are_named():
    task = make_task()
    one, two = coded(task, main_dot_py=MODEL), coded(task, x_dot_py=OTHER + MODEL)

    _, [pair] = compared(task, [one, two])

    [match] = pair.matches
    assert (match["first"], match["second"]) == ("main.py", "x.py")
    here, there = (lines_of(match[side]) for side in ("here", "there"))
    said = {number for number, line in enumerate(MODEL.split("\n"), 1) if line}
    shifted = {number + OTHER.count("\n") for number in said}
    assert (here - said, there - shifted) == (set(), set())
    assert max(len(said - here), len(shifted - there)) <= 2  # fingerprints are sampled: an edge may be left out


def lines_of(spans: list[list[int]]) -> set[int]:
    return {line for first, last in spans for line in range(first, last + 1)}


def test_what_everybody_got_does_not_count():
    task = make_task()
    [main] = [text for path, text in kit_files(task).items() if path.endswith("main.py")]
    one, two = coded(task, main_dot_py=main), coded(task, main_dot_py=main + OTHER)

    assert alike(task, one, two) == []


def kit_files(task) -> dict[str, str]:
    with zipfile.ZipFile(kit_of(task, name="kit", deadline=None)) as kit:
        return {name: kit.read(name).decode() for name in kit.namelist() if name.endswith(".py")}


def test_cells_of_notebooks_are_code():
    task = make_task()
    cells = [{"cell_type": "markdown", "source": ["# hello"]}, {"cell_type": "code", "source": MODEL.splitlines(True)}]
    one = coded(task, work_dot_ipynb=json.dumps({"cells": cells}))

    assert code_of(one) == {"work.ipynb": MODEL}
    assert len(alike(task, one, coded(task, main_dot_py=MODEL))) == 1


@pytest.mark.parametrize("text", ["", "{", '{"cells": 3}', "x" * 500_000, "\0" * 50, "(" * 5000])
def test_files_that_are_no_code_harm_nothing(text):
    task = make_task()
    one = coded(task, main_dot_py=text, work_dot_ipynb=text)

    assert alike(task, one, coded(task, main_dot_py=MODEL)) == []


def test_the_code_that_counts_is_compared_by_a_job_and_the_last_comparison_stays():
    task = make_task()
    for text in (MODEL, RENAMED, OTHER):
        coded(task, main_dot_py=text)
    organiser = task.round.organisers.get()

    for _ in range(2):
        compare_code(task, by=organiser)
        with pytest.raises(Refused, match="already"):
            compare_code(task, by=organiser)
        drain(["challenges.compare-code"])

    run = SimilarityRun.objects.get()
    assert (run.state, run.compared, run.pairs.count()) == ("done", 3, 1)
    counting = set(Best.objects.values_list("counting", flat=True))
    assert set(SimilarPair.objects.values_list("first", "second")[0]) < counting


def test_a_comparison_that_is_lost_is_told():
    task = make_task()
    compare_code(task, by=make_person())
    Job.objects.filter(task="challenges.compare-code").update(state="failed")

    give_up_lost_comparisons()

    run = SimilarityRun.objects.get()
    assert (run.state, bool(run.cause)) == ("failed", True)
