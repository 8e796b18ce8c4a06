"""Codabench bundles, version 2: what is read, and every defect with its line."""

import datetime as dt

import pytest

from dure.bundles import read
from dure.bundles.model import Column, Computation, Format, Question, Sorting
from tests.bundles.samples import FLOWERS, flowers, laid, packed


def defects(folder, tmp_path):
    return [(one.code, one.place.file) for one in read(folder, tmp_path / "into").findings]


def test_a_whole_bundle_is_read_without_a_finding(tmp_path):
    told = read(flowers(tmp_path / "in"), tmp_path / "into")

    contest = told.competition
    development, final = contest.phases
    (task,) = contest.tasks
    assert (told.format, told.findings, told.stops) == (Format.CODABENCH_2, (), False)
    assert (contest.title, contest.open_registration, contest.docker_image) == (
        "Flowers by their petals",
        True,
        "codalab/codalab-legacy:py39",
    )
    assert [(page.title, page.text) for page in contest.pages] == [("Overview", "# Welcome"), ("Data", "Petals.")]
    assert task.data == {
        name: name for name in ("input_data", "reference_data", "ingestion_program", "scoring_program")
    }
    assert (development.start, development.end) == (
        dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2030, 2, 1, tzinfo=dt.UTC),
    )
    assert (development.limits.per_day, development.limits.total, development.execution_time_limit) == (3, 30, 120)
    assert (final.limits.per_day, final.limits.total, final.execution_time_limit) == (5, 100, 600)
    assert (final.auto_migrate, final.end, final.starting_kit) == (True, None, "starting_kit")
    assert contest.boards[0].primary == Column(key="accuracy", title="Accuracy", precision=4)
    assert contest.boards[0].columns[1].sorting == Sorting.ASC
    assert told.programs["scoring_program"].command == "python3 $program/score.py $input $output"


def test_the_same_bundle_as_a_zip_with_zips_within_and_a_folder_round_it(tmp_path):
    folder = read(flowers(tmp_path / "in"), tmp_path / "a")
    files = {f"bundle/{name}": content for name, content in _files(tmp_path / "in").items() if "input_data" not in name}
    inner = packed(tmp_path / "inner.zip", {"flowers.txt": "1.4\n5.1\n"}).read_bytes()

    zipped = read(packed(tmp_path / "in.zip", {**files, "bundle/input_data.zip": inner}), tmp_path / "b")

    assert zipped.findings == ()
    assert zipped.competition.tasks[0].input_data == "input_data.zip"
    assert (zipped.bundle.folder("input_data.zip") / "flowers.txt").read_text() == "1.4\n5.1\n"
    assert zipped.competition.phases == folder.competition.phases


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_keys_that_older_examples_carry_along_are_no_findings(tmp_path):
    def older(told):
        told |= {"force_submission_to_leaderboard": True, "disallow_leaderboard_modifying": True}
        told["phases"][0] |= {"color": "green", "solutions": []}
        told["leaderboards"][0]["index"] = 0

    assert read(flowers(tmp_path / "in", older), tmp_path / "work").findings == ()


def test_a_fact_sheet_and_a_computed_column(tmp_path):
    def change(told):
        told["fact_sheet"] = {
            "method": {
                "key": "method",
                "title": "Method",
                "type": "select",
                "selection": ["a", "b"],
                "is_required": "true",
                "is_on_leaderboard": "false",
            }
        }
        told["leaderboards"][0]["columns"].append(
            {"title": "Mean", "key": "mean", "index": 2, "computation": "avg", "computation_indexes": [0, 1]}
        )

    told = read(flowers(tmp_path / "in", change), tmp_path / "into")

    assert told.findings == ()
    assert told.competition.fact_sheet == (
        Question(key="method", title="Method", type="select", selection=("a", "b"), required=True),
    )
    mean = told.competition.boards[0].columns[2]
    assert (mean.computation, mean.computation_indexes) == (Computation.AVG, (0, 1))


def _set(*path, to):
    def change(told):
        for step in path[:-1]:
            told = told[step]
        told[path[-1]] = to

    return change


def _drop(*path):
    def change(told):
        for step in path[:-1]:
            told = told[step]
        del told[path[-1]]

    return change


UUID = "5e9f6e5c-70a5-4f69-b1f3-0a4f3a7ff4f5"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_drop("title"), "key.missing"),
        (_drop("image"), "key.missing"),
        (_drop("terms"), "key.missing"),
        (_drop("tasks", 0, "scoring_program"), "task.no-scoring"),
        (_drop("tasks", 0, "reference_data"), "task.no-reference"),
        (_drop("leaderboards"), "board.none"),
        (_drop("phases", 0, "end"), "phase.no-end"),
        (_set("image", to="Logo.png"), "file.missing"),
        (_set("pages", 0, "file", to="pages"), "file.missing"),
        (_set("tasks", 0, "reference_data", to="reference"), "data.missing"),
        (_set("tasks", 0, "reference_data", to="../secret"), "data.missing"),
        (_set("tasks", 0, "reference_data", to=UUID), "data.elsewhere"),
        (_set("tasks", 0, to={"index": 0, "key": UUID}), "data.elsewhere"),
        (_set("solutions", 0, to={"index": 0, "key": UUID, "tasks": [0]}), "solution.elsewhere"),
        (_set("phases", 0, "start", to="soon"), "value.date"),
        (_set("phases", 0, "end", to="12-1-2029"), "phase.backwards"),
        (_set("phases", 1, "start", to="1-15-2030"), "phase.overlap"),
        (_set("phases", 0, "tasks", to=[7]), "task.unknown"),
        (_set("phases", 0, "max_submissions", to="many"), "value.sort"),
        (_set("phases", 0, "max_submisions", to=3), "key.unknown"),
        (_set("tasks", to={"index": 0}), "value.sort"),
        (_set("tasks", to=[FLOWERS["tasks"][0], FLOWERS["tasks"][0]]), "given.twice"),
        (_set("leaderboards", 0, "columns", to=[]), "board.empty"),
        (_set("leaderboards", 0, "primary_index", to=9), "board.primary"),
        (_set("leaderboards", 0, "columns", 0, "computation", to="median"), "value.word"),
        (_set("leaderboards", 0, "columns", 1, "computation", to="avg"), "column.indexes"),
        (_set("leaderboards", 0, "columns", 1, "computation", to="avg_rank"), "column.rank"),
        (_set("leaderboards", 0, "columns", 1, "computation_indexes", to=[5]), "column.indexes"),
        (_set("leaderboards", 0, "columns", 1, "sorting", to="up"), "value.word"),
        (_set("version", to=3), "bundle.version"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_there(tmp_path, change, code):
    found = read(flowers(tmp_path / "in", change), tmp_path / "into").findings

    assert code in {one.code for one in found}
    assert all(one.place.file == "competition.yaml" and one.place.line for one in found)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"pages/terms.md": b""}, [("file.empty", "competition.yaml")]),
        ({"scoring_program/metadata.yaml": None}, [("program.no-metadata", "scoring_program")]),
        (
            {"scoring_program/metadata.yaml": "command: python3 $program/score.py $input $output\ndescription: a: b"},
            [("metadata.recovered", "scoring_program/metadata.yaml")],
        ),
        ({"scoring_program/score.py": "print 1"}, [("program.python2", "scoring_program/score.py")]),
        ({"reference_data/labels.txt": None}, [("data.missing", "competition.yaml")]),
        ({"reference_data/labels.txt": None, "reference_data.zip": {}}, [("data.empty", "reference_data.zip")]),
        ({"reference_data/labels.txt": None, "reference_data.zip": b"x"}, [("archive.broken", "reference_data.zip")]),
    ],
)
def test_what_is_wrong_in_other_files_is_named_there(tmp_path, files, found):
    assert defects(flowers(tmp_path / "in", **files), tmp_path) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"", [("yaml.empty", "competition.yaml")]),
        (b"- a\n- b\n", [("bundle.shape", "competition.yaml")]),
        (b"title: x\n\tversion: 2\n", [("yaml.tab", "competition.yaml")]),
    ],
)
def test_a_file_that_says_no_competition(tmp_path, source, found):
    told = read(laid(tmp_path / "in", {"competition.yaml": source}), tmp_path / "into")

    assert ([(one.code, one.place.file) for one in told.findings], told.competition, told.stops) == (found, None, True)


def test_the_file_itself_may_be_given(tmp_path):
    assert read(flowers(tmp_path / "in") / "competition.yaml", tmp_path / "into").findings == ()


def test_what_is_no_bundle(tmp_path):
    assert [one.code for one in read(tmp_path / "nowhere", tmp_path / "into").findings] == ["bundle.missing"]


def test_only_the_last_phase_may_stay_open_and_null_says_nothing(tmp_path):
    told = read(flowers(tmp_path / "in", _set("phases", 0, "end", to=None)), tmp_path / "into")

    assert [one.code for one in told.findings] == ["phase.no-end"]


def test_no_limit_is_none(tmp_path):
    told = read(flowers(tmp_path / "in", _set("phases", 0, "max_submissions_per_day", to=None)), tmp_path / "into")

    assert told.competition.phases[0].limits.per_day is None
