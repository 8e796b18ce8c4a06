"""EvalAI challenges."""

import datetime as dt

import pytest

from dure.bundles import read
from dure.bundles.model import Contract, Format, Limits, Prize, Question, Sorting, Visibility
from tests.bundles.samples import challenge


def test_a_whole_challenge_is_read_without_a_finding(tmp_path):
    told = read(challenge(tmp_path / "in"), tmp_path / "into")

    contest = told.competition
    dev, test = contest.phases
    assert (told.format, told.findings, contest.contract) == (Format.EVALAI, (), Contract.EVALAI)
    assert [(page.title, page.text) for page in contest.pages] == [
        ("Overview", "<p>description</p>"),
        ("Evaluation", "<p>evaluation</p>"),
        ("Submission", "<p>guidelines</p>"),
    ]
    assert contest.prizes == (
        Prize(rank=1, amount="1000USD", description="and a cup"),
        Prize(rank=2, amount="500USD"),
    )
    assert (dev.start, dev.end) == (
        dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2030, 6, 30, 23, 59, 59, tzinfo=dt.UTC),
    )
    assert (dev.limits, test.limits) == (
        Limits(per_day=5, per_month=50, total=100),
        Limits(per_day=1, per_month=10, total=10),
    )
    assert (dev.board_public, test.board_public, dev.file_types) == (True, False, (".json", ".zip"))
    assert dev.attributes == (
        Question(key="Method", title="Method", type="radio", selection=("rules", "learned"), required=True),
    )
    assert [(task.reference_data, task.scoring_program) for task in contest.tasks] == [
        ("annotations/dev.json", "evaluation_script"),
        ("annotations/test.json", "evaluation_script"),
    ]
    assert [(column.key, column.sorting) for column in contest.boards[0].columns] == [
        ("F1", Sorting.DESC),
        ("Total", Sorting.ASC),
    ]
    assert [(split.phase, split.codename, split.visibility) for split in contest.splits] == [
        (1, "dev_split", Visibility.PUBLIC),
        (2, "dev_split", Visibility.OWNER_AND_HOST),
        (2, "test_split", Visibility.HOST),
    ]
    assert contest.attached(test) == {"dev_split": ("F1", "Total"), "test_split": ("F1", "Total")}
    assert contest.requirements == "numpy==1.26.4\n"


def _set(*path, to):
    def change(told):
        for step in path[:-1]:
            told = told[step]
        told[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("evaluation_script", to="evaluation.zip"), "data.missing"),
        (_set("evaluation_script", to=""), "key.missing"),
        (_set("challenge_phases", to=[]), "key.missing"),
        (_set("challenge_phases", 0, "test_annotation_file", to="annotations/lost.json"), "data.missing"),
        (_set("challenge_phases", 1, "codename", to="dev"), "given.twice"),
        (_set("challenge_phases", 0, "end_date", to="2029-01-01 00:00:00"), "phase.backwards"),
        (_set("challenge_phases", 0, "description", to="templates/lost.html"), "file.missing"),
        (_set("leaderboard", 0, "schema", "default_order_by", to="Recall"), "board.order"),
        (_set("leaderboard", 0, "schema", "labels", to=[]), "board.empty"),
        (_set("challenge_phase_splits", 0, "dataset_split_id", to=9), "split.unknown"),
        (_set("challenge_phase_splits", 0, "challenge_phase_id", to=9), "split.none"),
        (_set("challenge_phase_splits", 0, "leaderboard_id", to=9), "split.unknown"),
        (_set("challenge_phase_splits", 0, "visibility", to=4), "value.word"),
        (_set("remote_evaluation", to=True), "evaluation.remote"),
        (_set("is_docker_based", to=True), "evaluation.docker"),
        (_set("start_date", to="tomorrow"), "value.date"),
    ],
)
def test_what_is_wrong_is_named_by_line(tmp_path, change, code):
    found = read(challenge(tmp_path / "in", change), tmp_path / "into").findings

    assert code in {one.code for one in found}
    assert all(one.place.file == "challenge_config.yaml" and one.place.line for one in found)


def test_the_same_split_twice_in_a_phase_is_named(tmp_path):
    def change(told):
        told["challenge_phase_splits"].append(told["challenge_phase_splits"][0])

    assert [one.code for one in read(challenge(tmp_path / "in", change), tmp_path / "into").findings] == ["given.twice"]


def test_an_evaluation_without_evaluate_is_named(tmp_path):
    folder = challenge(tmp_path / "in", **{"evaluation_script/main.py": "def score():\n    pass\n"})

    assert [(one.code, one.name) for one in read(folder, tmp_path / "into").findings] == [
        ("evaluation.none", "evaluation_script")
    ]


def test_the_evaluation_may_be_a_zip(tmp_path):
    names = ["evaluation_script/__init__.py", "evaluation_script/main.py", "evaluation_script/requirements.txt"]
    script = {"__init__.py": "from .main import evaluate", "main.py": "def evaluate(*told): pass"}

    told = read(
        challenge(tmp_path / "in", **{**dict.fromkeys(names), "evaluation_script.zip": script}), tmp_path / "into"
    )

    assert (told.findings, told.competition.tasks[0].scoring_program) == ((), "evaluation_script.zip")


def test_what_orders_a_board_becomes_a_column_where_it_is_no_label(tmp_path):
    def change(told):
        told["leaderboard"][0]["schema"]["default_order_by"] = "Sum"

    told = read(challenge(tmp_path / "in", change), tmp_path / "into")

    (board,) = told.competition.boards
    assert [column.key for column in board.columns] == ["F1", "Total", "Sum"]
    assert board.primary.key == "Sum"
    assert [(one.code, one.stops) for one in told.findings] == [("board.order", False)]


def test_a_challenge_goes_without_its_picture(tmp_path):
    def change(told):
        told["image"] = "lost.png"

    told = read(challenge(tmp_path / "in", change), tmp_path / "into")

    assert told.competition.image == ""
    assert [(one.code, one.stops) for one in told.findings] == [("image.missing", False)]


def test_an_evaluation_that_installs_packages_is_told(tmp_path):
    source = (
        "import subprocess, sys\n\ndef install(name):\n"
        "    subprocess.check_call([sys.executable, '-m', 'pip', 'install', name])\n\n"
        "install('shapely')\nfrom .main import evaluate\n"
    )

    found = read(challenge(tmp_path / "in", **{"evaluation_script/__init__.py": source}), tmp_path / "into").findings

    assert [(one.code, str(one.place), one.stops) for one in found] == [
        ("program.installs", "evaluation_script/__init__.py:4:5", False)
    ]
