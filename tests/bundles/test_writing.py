"""Codabench bundles written and read back; EvalAI evaluations that score there as they did."""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from dure.bundles import read, write_codabench
from dure.bundles.adapting import held
from tests.bundles.made_competitions import FILES, sound
from tests.bundles.samples import challenge, flowers, laid, numbers


@settings(deadline=None, max_examples=50)
@given(sound())
def test_what_is_written_reads_back_equal(competition):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        losses = write_codabench(competition, laid(home / "files", FILES), home / "out.zip")

        back = read(home / "out.zip", home / "into")
        assert ([one.say("en") for one in back.findings if one.stops], losses) == ([], ())
        assert back.competition == competition


@pytest.mark.parametrize("make", [flowers, numbers, challenge])
def test_bundles_of_each_format_are_written_as_far_as_it_goes(tmp_path, make):
    told = read(make(tmp_path / "in"), tmp_path / "a")

    write_codabench(told.competition, told.bundle.root, tmp_path / "out")

    back = read(tmp_path / "out", tmp_path / "b")
    assert back.competition == held(told.competition, told.bundle).competition


def test_a_codabench_bundle_is_the_same_after_a_round_trip(tmp_path):
    told = read(flowers(tmp_path / "in"), tmp_path / "a")

    write_codabench(told.competition, told.bundle.root, tmp_path / "out")

    assert held(told.competition, told.bundle).competition == told.competition
    assert _contents(tmp_path / "out") == _contents(tmp_path / "in")


def _contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "competition.yaml"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_competition_is_the_same_zip(tmp_path):
    told = read(flowers(tmp_path / "in"), tmp_path / "a")

    for name in ("one.zip", "two.zip"):
        write_codabench(told.competition, told.bundle.root, tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert "competition.yaml" in zipfile.ZipFile(tmp_path / "one.zip").namelist()


def test_what_codabench_cannot_hold_is_listed(tmp_path):
    told = read(challenge(tmp_path / "in"), tmp_path / "a")

    losses = write_codabench(told.competition, told.bundle.root, tmp_path / "out.zip")

    lost = {one.text.en.rpartition(": ")[2] for one in losses if one.code == "write.lost"}
    assert lost == {
        "the short description",
        "prizes by place",
        "tags",
        "the packages that the evaluation needs",
        "the start of the whole",
        "the end of the whole",
        "codenames of phases",
        "boards that are hidden in one phase",
        "types of submitted files",
        "what is asked with a submission",
        "limits of a month",
        "settings of single splits",
        "descriptions of columns and questions",
    }
    assert [one.code for one in losses if one.code != "write.lost"] == ["write.overlap"]


def test_the_direction_of_a_split_is_kept_for_its_primary_label(tmp_path):
    def change(told):
        told["challenge_phase_splits"][2]["is_leaderboard_order_descending"] = False

    told = read(challenge(tmp_path / "in", change), tmp_path / "a")

    (board,) = held(told.competition, told.bundle).competition.boards

    assert {column.key: column.sorting.value for column in board.columns} == {
        "dev_split_F1": "desc",
        "dev_split_Total": "asc",
        "test_split_F1": "asc",
        "test_split_Total": "asc",
    }


def test_an_evaluation_of_evalai_scores_alike_as_a_scoring_program(tmp_path):
    told = read(challenge(tmp_path / "in"), tmp_path / "a")
    write_codabench(told.competition, told.bundle.root, tmp_path / "out")
    written = read(tmp_path / "out", tmp_path / "b")
    program = written.programs["phase-2/scoring_program"]
    given_, output = tmp_path / "input", tmp_path / "output"
    laid(given_, {"ref/test.json": "[1, 1]", "res/answer.json": "[1, 0]"})
    output.mkdir()

    subprocess.run([sys.executable, program.folder / "score.py", given_, output], check=True, timeout=60)

    assert json.loads((output / "scores.json").read_text()) == {
        "dev_split_F1": 0.5,
        "dev_split_Total": 2,
        "test_split_F1": 0.5,
        "test_split_Total": 2,
    }
    assert [(column.key, column.hidden) for column in written.competition.boards[0].columns] == [
        ("dev_split_F1", True),
        ("dev_split_Total", True),
        ("test_split_F1", True),
        ("test_split_Total", True),
    ]
    assert program.command == "python3 $program/score.py $input $output"
