"""Tasks that programs score: set up, judged, ranked by their primary column, and seen as the columns say."""

import io
import json
from decimal import Decimal

import pytest

from dure.challenges import files
from dure.challenges.columns import Column, Seen
from dure.challenges.labels import Part
from dure.challenges.models import Submission, Task, Upload
from dure.challenges.operations import (
    PartFiles,
    Programs,
    accept_programs,
    begin,
    open_round,
    receive_programs,
    record,
    set_environment,
    submit,
)
from dure.challenges.outcomes import Broken, Faulty, Measured
from dure.challenges.queries import attempt, board, columns_of, uses_of_environments, values_of
from dure.challenges.scoring import outcome_of
from dure.compute.box import Level
from dure.compute.operations import add_environment
from dure.compute.proof import proof
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from tests.challenges.bundled import (
    EVALUATION,
    INGESTING,
    INPUTS,
    MODEL,
    REFERENCE,
    SCORER,
    SCORING,
    TRUTH,
    archive,
    guessed,
)
from tests.challenges.conftest import make_entrant, member
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
LIMITS = {"memory_bytes": 256 << 20, "cpu_seconds": 10, "wall_seconds": 15, "processes": 24}
ACCURACY, ERROR = Column("accuracy", "Accuracy"), Column("error", "Error", ascending=True, precision=4, seen=Seen.OWN)


@pytest.fixture
def _boxes() -> None:
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))


def programs(*parts: PartFiles, **known) -> Programs:
    usual = PartFiles(archive(SCORING), archive(REFERENCE))
    settings = {"columns": [ACCURACY, ERROR], "primary": "accuracy", "limits": LIMITS, **known}
    return Programs(**{"contract": "codabench", "parts": parts or [usual], **settings})


def set_up(chosen: Programs, *, code: str = "allowed") -> Task:
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person(), code=code)
    with receive_programs(chosen) as received:
        return accept_programs(round_, received=received)


def handed_in(task: Task, files_: dict[str, str], entrant=None) -> Submission:
    entrant = entrant or make_entrant(task)
    return Submission.objects.get(pk=submit(entrant, by=member(entrant), upload=archive(files_)).id)


def judged(submission: Submission) -> Submission:
    assert begin(submission)
    record(submission.pk, outcome_of(submission))
    return Submission.objects.get(pk=submission.pk)


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_results_are_ranked_by_the_primary_column_and_every_value_is_kept():
    task = set_up(programs())

    worse, better = judged(handed_in(task, guessed(1, 2, 3))), judged(handed_in(task, guessed(1)))

    assert (worse.state, worse.public_score, better.public_score) == ("scored", 0.7, 0.9)
    assert {key: float(value) for key, value in better.values.items()} == pytest.approx(
        {"accuracy": 0.9, "error": 0.1**0.5 / 3}, abs=1e-12
    )
    assert [row.entrant for row in board(task, viewer=None).rows] == [better.entrant_id, worse.entrant_id]
    assert files.read(better.details) == b"<h1>Confusion</h1>"
    assert (better.seed, better.code_sha256) == (None, "")


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_how_code_was_run_is_kept_so_that_it_can_be_run_again():
    part = PartFiles(archive(SCORING), archive(REFERENCE), archive(INGESTING), archive(INPUTS))
    submission = judged(handed_in(set_up(programs(part)), {"model.py": MODEL}))

    assert (submission.state, submission.public_score) == ("scored", 0.8)
    assert submission.code_sha256 == submission.upload.sha256
    assert submission.seed == int(submission.pk) % 2**31
    assert submission.seconds > Decimal(0)
    assert len(submission.environment_digest) == len(submission.inputs_sha256) == 64


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_of_several_parts_each_has_its_columns_and_one_may_be_made_of_all():
    parts = [PartFiles(archive(SCORING), archive(REFERENCE), name=name) for name in ("a", "b")]
    columns = [
        Column("1.accuracy", "A"), Column("2.accuracy", "B"),
        Column("all", "All", computation="sum", of_keys=("1.accuracy", "2.accuracy")),
    ]  # fmt: skip

    submission = judged(handed_in(set_up(programs(*parts, columns=columns, primary="all")), guessed(0, 1)))

    assert {key: float(value) for key, value in submission.values.items()} == {
        "1.accuracy": 0.8, "2.accuracy": 0.8, "all": 1.6,
    }  # fmt: skip
    assert submission.public_score == 1.6


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_an_evaluation_is_given_the_files_under_their_own_names():
    task = evaluated()
    entrant = make_entrant(task)

    submission = guessing(entrant, json.dumps(TRUTH))

    assert (submission.state, submission.public_score) == ("scored", 1.0), submission.organiser_log
    own = attempt(submission, viewer=member(entrant)).values
    assert [column.key for column, _ in own] == ["open_split.accuracy", "open_split.error"]
    assert len(attempt(submission, viewer=task.round.organisers.get()).values) == 4


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_what_an_evaluation_chokes_on_counts_once_it_has_scored_something():
    """Before that nobody can tell whose fault it is, and the attempt is given back."""
    entrant = make_entrant(evaluated())

    first, good, second = (guessing(entrant, text) for text in ("no json", json.dumps(TRUTH), "no json"))

    assert [(row.state, row.counted) for row in (first, good, second)] == [
        ("failed", False), ("scored", True), ("refused", True),
    ]  # fmt: skip
    assert "JSONDecodeError" in second.organiser_log
    assert "JSONDecodeError" not in second.log + second.cause_en


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_score_file_above_the_limit_is_told_to_its_entrant_also_where_others_were_scored():
    large = SCORER.replace("json.dump", "scores |= {'x': 'x' * (1 << 20)} if truth[0] != guess[0] else {}\njson.dump")
    task = set_up(programs(PartFiles(archive({**SCORING, "score.py": large}), archive(REFERENCE))))
    judged(handed_in(task, guessed()))

    submission = judged(handed_in(task, guessed(0)))

    assert (submission.state, submission.counted) == ("refused", True)
    assert "scores.json" in submission.cause_en
    assert "1,048,576" in submission.cause_ko
    assert "scores.too-large" in submission.organiser_log


def evaluated() -> Task:
    """A task that an EvalAI script scores."""
    truth = io.BytesIO(json.dumps(TRUTH).encode())
    truth.name = "test_annotations.json"
    columns = [
        Column(f"{split}.{label}", label, seen=seen)
        for split, seen in (("open_split", Seen.PUBLIC), ("closed_split", Seen.ORGANISERS))
        for label in ("accuracy", "error")
    ]
    part = PartFiles(archive(EVALUATION), truth)
    return set_up(programs(part, contract="evalai", columns=columns, primary="open_split.accuracy", phase="dev"))


def judged_by_half(**known) -> Submission:
    """Judged by an ``evaluate`` that knows nothing of the closed split."""
    half = {**EVALUATION, "main.py": EVALUATION["main.py"].replace(', {"closed_split": scores(slice(half, None))}', "")}
    splits = known.pop("splits")
    columns = [Column(f"{split}.{label}", label) for split in splits for label in ("accuracy", "error")]
    truth = io.BytesIO(json.dumps(TRUTH).encode())
    truth.name = "truth.json"
    chosen = programs(
        PartFiles(archive(half), truth), contract="evalai", columns=columns, primary=f"{splits[0]}.accuracy", **known
    )
    return guessing(make_entrant(set_up(chosen)), json.dumps(TRUTH))


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_result_that_lacks_a_split_counts_with_the_others_and_says_so():
    submission = judged_by_half(splits=["open_split", "closed_split"])

    assert (submission.state, submission.public_score) == ("scored", 1.0)
    assert [note["en"] for note in submission.notes] == ["Not scored: closed_split"]


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
@pytest.mark.parametrize(("partial", "ended"), [(False, ("failed", False)), (True, ("refused", True))])
def test_a_result_without_the_split_that_ranks_ends_as_the_round_says(partial, ended):
    submission = judged_by_half(splits=["closed_split", "open_split"], partial=partial)

    assert (submission.state, submission.counted) == ended
    assert ("Only open_split was scored" in submission.cause_en) is partial


def guessing(entrant, text: str) -> Submission:
    receipt = submit(entrant, by=member(entrant), upload=io.BytesIO(text.encode()), name="guess.json")
    return judged(Submission.objects.get(pk=receipt.id))


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_scorer_that_fails_gives_the_attempt_back():
    submission = judged(handed_in(set_up(programs()), {"other.txt": ""}))

    assert (submission.state, submission.counted) == ("failed", False)
    assert "FileNotFoundError" in submission.organiser_log
    assert "truth" not in submission.log + submission.cause_en


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_scorer_without_the_column_that_ranks_is_at_fault():
    outcome = outcome_of(handed_in(set_up(programs(columns=[Column("other", "O")], primary="other")), guessed()))

    assert isinstance(outcome, Faulty)
    assert "gave no other" in outcome.cause.en


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_what_runs_again_is_seeded_as_before():
    part = PartFiles(archive(SCORING), archive(REFERENCE), archive(INGESTING), archive(INPUTS))
    submission = handed_in(set_up(programs(part)), {"model.py": MODEL})
    submission.seed = 7

    outcome = outcome_of(submission)

    assert isinstance(outcome, Measured)
    assert outcome.how.seed == 7


def test_an_archive_that_cannot_be_unpacked_is_the_submissions_fault():
    task = set_up(programs())
    entrant = make_entrant(task)
    receipt = submit(entrant, by=member(entrant), upload=io.BytesIO(b"no archive"))

    outcome = outcome_of(Submission.objects.get(pk=receipt.id))

    assert isinstance(outcome, Broken)
    assert "Only zip, tar" in outcome.cause.en


def test_the_board_shows_public_columns_to_all_and_the_others_to_organisers():
    task = set_up(programs())

    assert columns_of(task, viewer=None) == (ACCURACY,)
    assert columns_of(task, viewer=task.round.organisers.get()) == (ACCURACY, ERROR)
    assert values_of([], (ACCURACY,), part=Part.PUBLIC) == {}


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_values_are_shown_with_their_columns_precision():
    task = set_up(programs())
    submission = judged(handed_in(task, guessed(1, 2, 3)))

    shown = values_of([submission.entrant_id], (ACCURACY, ERROR), part=Part.PUBLIC)

    assert shown == {submission.entrant_id: (Decimal("0.70"), Decimal("0.3162"))}


def test_the_environment_of_a_task_may_change_once_it_is_ready():
    task = set_up(programs())
    planned = add_environment("later", requirements="a==1 --hash=sha256:0")

    with pytest.raises(Refused) as refusal:
        set_environment(task, planned)

    assert refusal.value.code == "compute.environment_unready"
    type(planned).objects.filter(pk=planned.pk).update(state="ready", built_at="2026-01-01T00:00Z")
    planned.refresh_from_db()
    set_environment(task, planned)
    assert {key: (use.tasks, use.newest) for key, use in uses_of_environments().items()} == {planned.pk: (1, [task])}


@pytest.mark.parametrize(
    "known",
    [
        {"columns": [ACCURACY, ACCURACY]},
        {"primary": "unknown"},
        {"primary": "error"},
        {"columns": [ACCURACY, Column("x", "X", computation="median", of_keys=("accuracy",))]},
        {"contract": "evalai", "parts": []},
        {"limits": {"wall_seconds": 0}},
    ],
)
def test_what_does_not_go_together_is_refused_and_leaves_nothing(known):
    with pytest.raises(Flawed):
        set_up(programs(**known))

    assert (Upload.objects.count(), Task.objects.count()) == (0, 0)
