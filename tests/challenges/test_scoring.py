"""Scoring in boxes: programs, and the organiser's own scorer. Skipped by name where boxes do not hold fully."""

import io
import zipfile

import pytest

from dure.challenges.labels import Split
from dure.challenges.measures import Measure
from dure.challenges.operations import add_task, open_round
from dure.challenges.scoring import Broken, Faulty, Measured, outcome_of
from dure.compute.box import Level
from dure.compute.proof import proof
from dure.core.text import Text
from tests.challenges.conftest import ACCURACY, labels, make_entrant, offer, predictions
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.usefixtures("standing")]
LIMITS = {"memory_bytes": 256 << 20, "cpu_seconds": 10, "wall_seconds": 15, "processes": 24}
SCORER = """
import csv, json, os
box = os.environ["BOX"]
truth = {row["id"]: row["label"] for row in csv.DictReader(open(f"{box}/labels/labels.csv"))}
guess = {row["id"]: row["label"] for row in csv.DictReader(open(f"{box}/predictions/predictions.csv"))}
print("the truth is", truth)
wrong = sum(truth[one] != guess[one] for one in truth)
json.dump({"score": wrong}, open(f"{box}/output/scores.json", "w"))
"""
PROGRAM = """
import csv, os
box = os.environ["BOX"]
ids = [row["id"] for row in csv.DictReader(open(f"{box}/data/ids.csv"))]
hint = open(f"{box}/data/hint.txt").read().split()
print("reading", len(ids), "rows; seen:", sorted(os.listdir(box)))
with open(f"{box}/output/predictions.csv", "w") as file:
    print("id,label", file=file)
    for one, label in zip(ids, hint):
        print(f"{one},{label}", file=file)
"""


@pytest.fixture(autouse=True)
def _level() -> None:
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))


def archive(**files: str) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, text in files.items():
            packed.writestr(name.replace("_", "."), text)
    held.seek(0)
    return held


def make_task(measure: Measure = ACCURACY, *, code: str = "none", **known):
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person(), sealed=True, code=code)
    return add_task(round_, labels=labels(), measure=measure, limits=LIMITS, **known)


def own(source: str = SCORER) -> Measure:
    return Measure("own", greater_is_better=False, precision=2, split=Split(), scorer=io.BytesIO(source.encode()))


def coded(program: str, **known):
    """The outcome of a program as a submission, with the hint that the first six rows are yes, no, yes …"""
    hint = archive(hint_txt="yes no yes no yes no no no no no")
    entrant = make_entrant(make_task(code="allowed", inputs=hint))
    return outcome_of(offer(entrant, archive(main_py=program), kind="code", **known))


def test_the_organisers_scorer_scores_each_part_with_its_own_labels():
    submission = offer(make_entrant(make_task(own())), predictions(public=3, final=4))

    assert outcome_of(submission) == Measured(public=1.0, final=2.0)


def test_a_scorer_that_fails_is_not_the_entrants_fault_and_its_log_is_the_organisers():
    outcome = outcome_of(offer(make_entrant(make_task(own("print('label 3 is yes'); 1 / 0")))))

    assert isinstance(outcome, Faulty)
    assert "label 3 is yes" in outcome.organiser_log
    assert "yes" not in outcome.log + outcome.cause.en


def test_a_file_is_read_strictly_before_an_own_scorer_sees_it():
    outcome = outcome_of(offer(make_entrant(make_task(own("1 / 0"))), io.BytesIO(b"id,label\n0,yes\n")))

    assert isinstance(outcome, Broken)
    assert outcome.total == 9


def test_a_program_is_run_and_its_file_scored_like_any_other():
    outcome = coded(PROGRAM)

    assert isinstance(outcome, Measured)
    assert (outcome.public, outcome.final) == (1.0, round(4 / 6, 6))
    assert "reading 10 rows; seen: ['code', 'data', 'output']" in outcome.log


def test_how_a_program_was_run_is_told_with_its_score():
    outcome = coded(PROGRAM)

    assert isinstance(outcome, Measured)
    hashes = (outcome.how.code_sha256, outcome.how.inputs_sha256, outcome.how.environment_digest)
    assert {len(one) for one in hashes} == {64}
    assert outcome.how.seed is not None
    assert outcome.how.seconds > 0


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("1 / 0", "ended with an error"),
        ("open('../output/other.csv', 'w').write('x')", "did not write"),
        ("pass", "There are no predictions"),
        ("open('../output/predictions.csv', 'w').write('id;label')", "Flaws to correct: 1"),
    ],
)
def test_a_program_that_gives_no_predictions_is_told_why(program, said):
    outcome = coded(program)

    assert isinstance(outcome, Broken)
    assert said in outcome.cause.en


def test_a_programs_log_is_kept_for_its_entrant():
    outcome = coded("print('epoch 1\\0'); 1 / 0")

    assert "epoch 1" in outcome.log
    assert "\0" not in outcome.log  # PostgreSQL keeps no NUL
    assert "ZeroDivisionError" in outcome.log


def test_an_archive_that_cannot_be_unpacked_is_the_submissions_fault():
    entrant = make_entrant(make_task(code="required"))

    outcome = outcome_of(offer(entrant, io.BytesIO(b"no archive"), kind="code"))

    assert isinstance(outcome, Broken)
    assert ("Only zip, tar" in outcome.cause.en, outcome.flaws) == (True, [])  # a flaw has a place in a file


def test_a_program_may_be_started_otherwise():
    entrant = make_entrant(make_task(code="required"))
    copy = "import shutil; shutil.copy('answer.csv', '../output/predictions.csv')"
    program = archive(run_py=copy, answer_csv=predictions().read().decode())

    outcome = outcome_of(offer(entrant, program, kind="code", command="python3 run.py"))

    assert outcome == Measured(public=1.0, final=1.0)


def test_both_kinds_are_taken_where_code_is_allowed():
    entrant = make_entrant(make_task(code="allowed"))

    kinds = [offer(entrant).kind, offer(entrant, archive(main_py=""), kind="code").kind]

    assert kinds == ["file", "code"]
