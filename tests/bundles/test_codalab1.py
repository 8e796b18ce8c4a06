"""CodaLab bundles, versions 1 and 1.5."""

import datetime as dt

import pytest

from dure.bundles import read
from dure.bundles.model import Computation, Format, Sorting
from tests.bundles.samples import numbers


def day(*date):
    return dt.datetime(*date, tzinfo=dt.UTC)


def test_a_whole_bundle_is_read_without_a_finding(tmp_path):
    told = read(numbers(tmp_path / "in"), tmp_path / "into")

    contest = told.competition
    (board,) = contest.boards
    assert (told.format, told.findings) == (Format.CODALAB_1, ())
    assert (contest.open_registration, contest.terms.text) == (False, "<p>Fair</p>")
    assert [page.title for page in contest.pages] == ["overview", "evaluation"]
    assert [(phase.name, phase.start, phase.end) for phase in contest.phases] == [
        ("Practice", day(2030, 1, 1), day(2030, 1, 31)),
        ("Final", day(2030, 2, 1), day(2030, 3, 1)),
    ]
    assert [(phase.limits.per_day, phase.limits.total, phase.auto_migrate) for phase in contest.phases] == [
        (5, 20, False),
        (2, 100, True),
    ]
    assert [(task.reference_data, task.scoring_program) for task in contest.tasks] == [
        ("reference", "program.zip"),  # the zip that is named is the folder that is there
        ("reference", "program.zip"),
    ]
    assert [(column.key, column.title, column.sorting, column.precision) for column in board.columns] == [
        ("set1_score", "Even", Sorting.DESC, 3),
        ("set2_score", "Odd", Sorting.ASC, 2),
        ("mean", "Both", Sorting.DESC, 2),
    ]
    assert (board.columns[2].computation, board.columns[2].computation_indexes) == (Computation.AVG, (0, 1))
    assert told.programs["program.zip"].command == "python $program/score.py $input $output"


def test_of_phases_beside_each_other_the_parent_is_left_out(tmp_path):
    told = read(
        numbers(tmp_path / "in", ("phasenumber: 1\n", "phasenumber: 1\n    is_parallel_parent: True\n")), tmp_path
    )

    assert [phase.name for phase in told.competition.phases] == ["Final"]


@pytest.mark.parametrize(
    ("swap", "code"),
    [
        (("  terms: terms.html\n", ""), "terms.none"),
        (("    scoring_program: program.zip\n  2:", "  2:"), "task.no-scoring"),
        (("start_date: 2030-02-01", "start_date: 2030-01-02"), "phase.short"),
        (("start_date: 2030-02-01", "start_date: 2029-12-01"), "phase.overlap"),
        (("end_date: 2030-03-01", "end_date: 2030-01-01"), "phase.backwards"),
        (("label: Results", "label: &L Result\n      hidden: *L"), "value.sort"),
        (
            ("*RESULTS\n      label: Odd", "Other\n      label: Odd"),
            "column.no-board",
        ),
        (("operation: Avg", "operation: Median"), "value.word"),
        (("set1_score, set2_score\n", "\n"), "column.indexes"),
        (("reference_data: reference.zip", "reference_data: 5e9f6e5c-70a5-4f69-b1f3-0a4f3a7ff4f5"), "data.elsewhere"),
        (("overview: overview.html", "overview: lost.html"), "file.missing"),
    ],
)
def test_what_is_wrong_is_named_by_line(tmp_path, swap, code):
    found = read(numbers(tmp_path / "in", swap), tmp_path / "into").findings

    assert code in {one.code for one in found}
    assert all(one.place.line for one in found)


def test_a_program_of_python_2_is_named_by_file_and_line(tmp_path):
    old = {"metadata": "command: python $program/score.py", "score.py": "import sys\nprint 'hello'\n"}

    found = read(numbers(tmp_path / "in", **{"program.zip": old}), tmp_path / "into").findings

    assert [(one.code, one.name, one.stops) for one in found] == [("program.python2", "program.zip/score.py:2", True)]


def test_phases_that_start_together_stay_open_side_by_side_until_a_later_one(tmp_path):
    together = ("start_date: 2030-02-01", "start_date: 2030-01-01")
    late = "  3:\n    phasenumber: 3\n    label: Late\n    start_date: 2030-02-15\n    scoring_program: program.zip\n"
    third = ("leaderboard:\n  lea", f"{late}    reference_data: reference\nleaderboard:\n  lea")

    told = read(numbers(tmp_path / "in", together, third), tmp_path / "into")

    assert [(phase.start, phase.end) for phase in told.competition.phases] == [
        (day(2030, 1, 1), day(2030, 2, 14)),
        (day(2030, 1, 1), day(2030, 2, 14)),
        (day(2030, 2, 15), day(2030, 3, 1)),
    ]
    assert [(one.code, one.place.line, one.stops) for one in told.findings] == [("phase.together", 21, False)]


def test_a_phase_that_never_ends_ends_with_the_competition(tmp_path):
    open_end = ('label: "Practice"\n', 'label: "Practice"\n    phase_never_ends: true\n')

    told = read(numbers(tmp_path / "in", open_end), tmp_path / "into")

    assert [phase.end for phase in told.competition.phases] == [day(2030, 3, 1), day(2030, 3, 1)]
    assert told.findings == ()


def test_results_that_are_hidden_there_are_hidden_here(tmp_path):
    hidden = ('label: "Final"\n', 'label: "Final"\n    leaderboard_management_mode: hide_results\n')

    told = read(numbers(tmp_path / "in", hidden), tmp_path / "into")

    assert [(one.hide_score_output, one.hide_output) for one in told.competition.phases] == [
        (False, False),
        (True, True),
    ]
    assert told.findings == ()


def test_what_codabench_reads_of_an_old_bundle_is_read(tmp_path):
    more = ("end_date: 2030-03-01\n", "end_date: 2030-03-01\nstart_date: 2029-12-31\nmake_programs_available: True\n")
    hidden = ('label: "Final"\n', 'label: "Final"\n    hide_output: True\n    hide_score_output: True\n')

    told = read(numbers(tmp_path / "in", more, hidden), tmp_path / "into")

    final = told.competition.phases[-1]
    assert told.competition.settings.make_programs_available
    assert (final.hide_output, final.hide_score_output, told.findings) == (True, True, ())


def test_a_column_finds_its_board_in_letters_of_either_size(tmp_path):
    told = read(
        numbers(tmp_path / "in", ("*RESULTS\n      label: Odd", "RESULTS\n      label: Odd")), tmp_path / "into"
    )

    assert [column.key for column in told.competition.boards[0].columns] == ["set1_score", "set2_score", "mean"]
