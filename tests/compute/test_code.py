"""Code submissions: two boxes, labels in the second only, the participant reads the first box's log."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dure.compute.box import Author, Box, Limits, Ran, Verdict
from dure.compute.code import Part, Scored, Unscored, run_code_submission
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox
from dure.core.errors import Flawed, Unready
from tests.compute.conftest import SMALL, HouseRunner
from tests.compute.test_archives import zipped

SCORER = """
import json, os
box = os.environ["BOX"]
truth = open(f"{box}/labels/answers.txt").read().split()
guess = open(f"{box}/predictions/answers.txt").read().split()
print("the truth is", truth)
right = sum(a == b for a, b in zip(truth, guess, strict=True))
scores = {"score": right / len(truth), "right": right, "note": "text is no score"}
json.dump(scores, open(f"{box}/output/scores.json", "w"))
"""
PREDICT = """
import os
box = os.environ["BOX"]
print("seen", sorted(os.listdir(box)))
rows = open(f"{box}/data/questions.txt").read().split()
open(f"{box}/output/answers.txt", "w").write("\\n".join("1" for _ in rows))
"""


@pytest.fixture
def challenge(tmp_path: Path) -> dict[str, Path]:
    for folder, file, text in (("data", "questions.txt", "a b c d"), ("labels", "answers.txt", "1 1 1 0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text(text)
    (tmp_path / "score.py").write_text(SCORER)
    return {"public_inputs": tmp_path / "data", "labels": tmp_path / "labels", "scorer": tmp_path / "score.py"}


@pytest.fixture(params=[pytest.param(BubblewrapSandbox, marks=pytest.mark.sandbox), LimitedSandbox])
def runner(request: pytest.FixtureRequest) -> HouseRunner:
    return HouseRunner(request.param())


def submit(
    tmp_path: Path, challenge: dict[str, Path], runner: HouseRunner, program: str, *, limits: Limits = SMALL
) -> Scored | Unscored:
    archive = zipped(tmp_path / "code.zip", {"main.py": program.encode()})
    return run_code_submission(archive, command="python3 main.py", limits=limits, runner=runner, **challenge)


def test_submission_is_scored(tmp_path: Path, challenge: dict[str, Path], runner: HouseRunner) -> None:
    scored = submit(tmp_path, challenge, runner, PREDICT)

    assert isinstance(scored, Scored)
    assert (scored.score, dict(scored.details)) == (Decimal("0.75"), {"right": Decimal(3)})
    assert [(sorted(box.mounts), author) for box, author in runner.seen] == [
        (["code", "data"], Author.PARTICIPANT),
        (["labels", "predictions", "scorer"], Author.HOUSE),
    ]


def test_participant_reads_nothing_of_the_second_box(
    tmp_path: Path, challenge: dict[str, Path], runner: HouseRunner
) -> None:
    scored = submit(tmp_path, challenge, runner, PREDICT)
    wrong = submit(tmp_path, challenge, runner, PREDICT.replace("for _ in rows", "for _ in 'ab'"))

    assert isinstance(wrong, Unscored)
    assert (wrong.part, wrong.verdict) == (Part.SCORING, Verdict.EXIT)
    assert "the truth is" in wrong.organiser_log
    for shown in (scored.log, wrong.log, wrong.text.en, wrong.text.ko):
        assert "truth" not in shown


@pytest.mark.sandbox
def test_labels_cannot_be_reached_from_the_first_box(tmp_path: Path, challenge: dict[str, Path]) -> None:
    program = f"print(open({str(challenge['labels'] / 'answers.txt')!r}).read())"

    unscored = submit(tmp_path, challenge, HouseRunner(BubblewrapSandbox()), program)

    assert (unscored.verdict, "FileNotFoundError" in unscored.log) == (Verdict.EXIT, True)


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("raise SystemExit(3)", Verdict.EXIT),
        ("pass", Verdict.NO_PREDICTIONS),
        ("import time; time.sleep(60)", Verdict.TIME),
        ("import os\nfor n in range(99): open(os.environ['BOX'] + f'/output/{n}', 'w')", Verdict.OUTPUT),
    ],
)
def test_failed_prediction_says_why_in_both_languages(
    tmp_path: Path, challenge: dict[str, Path], runner: HouseRunner, program: str, verdict: Verdict
) -> None:
    unscored = submit(tmp_path, challenge, runner, program, limits=replace(SMALL, wall_seconds=1))

    assert isinstance(unscored, Unscored)
    assert (unscored.part, unscored.verdict, len(runner.seen)) == (Part.PREDICTION, verdict, 1)
    assert "{" not in unscored.text.ko + unscored.text.en


@pytest.mark.parametrize(
    "scores",
    [
        '{"score": NaN}',
        '{"score": Infinity}',
        '{"score": 1e99}',
        '{"score": true}',
        '{"score": "1"}',
        "[1]",
        "1",
        "{",
        "[" * 9_999,
    ],
    ids=range(9),
)
def test_scores_that_are_no_number_are_no_score(tmp_path: Path, challenge: dict[str, Path], scores: str) -> None:
    challenge["scorer"].write_text(f"open('output/scores.json', 'w').write({scores!r})")

    unscored = submit(tmp_path, challenge, HouseRunner(LimitedSandbox()), PREDICT)

    assert (unscored.part, unscored.verdict) == (Part.SCORING, Verdict.NO_SCORE)


def test_scores_above_the_limit_are_named_with_their_size(tmp_path: Path, challenge: dict[str, Path]) -> None:
    large = """open('output/scores.json', 'w').write('{"score": 1}'.ljust(65_537))"""
    challenge["scorer"].write_text(large)

    unscored = submit(tmp_path, challenge, HouseRunner(LimitedSandbox()), PREDICT)

    assert (unscored.part, unscored.verdict) == (Part.SCORING, Verdict.NO_SCORE)
    for text in (unscored.text.ko, unscored.text.en, unscored.organiser_log):
        assert ("scores.json" in text, "65,537" in text, "65,536" in text) == (True, True, True), text


def test_score_is_exact_at_twelve_decimals(tmp_path: Path, challenge: dict[str, Path]) -> None:
    challenge["scorer"].write_text(f"open('output/scores.json', 'w').write({json.dumps({'score': 0.1})!r})")

    assert submit(tmp_path, challenge, HouseRunner(LimitedSandbox()), PREDICT).score == Decimal("0.1")


@pytest.mark.parametrize("command", ["", "   ", "python3 'main.py", "a\0b"])
def test_command_that_cannot_be_read_is_refused(tmp_path: Path, challenge: dict[str, Path], command: str) -> None:
    archive = zipped(tmp_path / "code.zip", {"main.py": b""})

    with pytest.raises(Flawed, match="run command"):
        run_code_submission(archive, command=command, limits=SMALL, **challenge)


def test_box_that_never_started_judges_nobody(tmp_path: Path, challenge: dict[str, Path]) -> None:
    class Broken:
        def run(self, box: Box, *, into: Path, author: Author) -> Ran:
            return Ran(Verdict.NEVER_STARTED, fault="no groups")

    archive = zipped(tmp_path / "code.zip", {"main.py": b""})

    with pytest.raises(Unready, match="does not count") as refused:
        run_code_submission(archive, command="true", limits=SMALL, runner=Broken(), **challenge)

    assert refused.value.facts == {"fault": "no groups"}
