"""The run contract: folders, commands, metadata, score files and EvalAI's result."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.bundles.contract import (
    Step,
    arguments,
    details,
    exact,
    read_metadata,
    read_result,
    read_scores,
    substituted,
)
from dure.bundles.findings import Defect, Place

MAIN = Place("evaluation/main.py")
ATTACHED = {"dev-split": ["F1", "Recall"], "test-split": ["F1"]}


def codes(read):
    return [defect.code for defect in read.defects]


@pytest.mark.parametrize(
    ("step", "folders"),
    [
        (Step.SUBMISSION, "/app/input /app/output /app/program /app/output"),
        (Step.INGESTION, "/app/input_data /app/output /app/program /app/output"),
        (Step.INGESTION_DURING_SCORING, "/app/input_data /app/output /app/program /app/input/res"),
        (Step.SCORING, "/app/input /app/output /app/program /app/input/res"),
    ],
)
def test_words_of_a_command_stand_for_the_folders_of_its_step(step, folders):
    assert substituted("$input $output $program $predictions", step) == folders


def test_words_that_mean_the_same_in_every_step():
    command = "$ingestion_program $submission_program $hidden $shared $tmp"

    assert {substituted(command, step) for step in Step} == {
        "/app/program /app/ingested_program /app/input/ref /app/shared /app/output"
    }


def test_a_command_becomes_a_program_and_its_arguments():
    command = """python3 $ingestion_program/ingest.py $input "$output/two words" """

    assert arguments(command, Step.INGESTION) == [
        "python3",
        "/app/program/ingest.py",
        "/app/input_data",
        "/app/output/two words",
    ]


def test_metadata_says_its_command():
    read = read_metadata(b"command: python3 $program/score.py $input $output\ndescription: Counts\n", "metadata")

    assert (read.command, read.description, codes(read)) == ("python3 $program/score.py $input $output", "Counts", [])


def test_metadata_that_is_broken_yaml_gives_its_command_and_is_named():
    read = read_metadata(b"command: python score.py\ndescription: Scores: by task\n", "score/metadata")

    assert read.command == "python score.py"
    assert [(one.code, one.place.line, one.stops) for one in read.defects] == [("metadata.recovered", 2, False)]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "metadata.no-command"),
        (b"description: nothing to run", "metadata.no-command"),
        (b"command:", "metadata.no-command"),
        (b"description: a: b", "metadata.unreadable"),
        (b"\x00\x01", "metadata.unreadable"),
        (b"command: python 'score.py", "command.unreadable"),
    ],
)
def test_metadata_without_a_command_that_can_run(source, code):
    assert codes(read_metadata(source, "metadata")) == [code]


def test_metadata_written_with_tabs_and_a_byte_order_mark():
    read = read_metadata(b"\xef\xbb\xbfcommand:\tpython score.py\r\n", "metadata")

    assert (read.command, codes(read)) == ("python score.py", [])


def test_scores_json_comes_before_scores_txt_and_is_exact():
    read = read_scores({"scores.json": b'{"acc": 0.1, "n": 12, "loss": 1e-3}', "scores.txt": b"acc: 0.9"})

    assert read.values == {"acc": Decimal("0.1"), "n": Decimal(12), "loss": Decimal("0.001")}


@pytest.mark.parametrize("text", [b"set1_score: 0.5\nset2_score: 1", b"set1_score:0.5\r\nset2_score:1\r\n"])
def test_scores_txt_with_several_sets_with_and_without_a_blank(text):
    assert read_scores({"scores.txt": text}).values == {"set1_score": Decimal("0.5"), "set2_score": Decimal(1)}


def test_only_columns_of_the_board_are_looked_at():
    read = read_scores({"scores.json": b'{"acc": 0.5, "note": "ok"}'}, columns=["acc", "f1"])

    assert (read.values, read.defects) == ({"acc": Decimal("0.5")}, ())


@pytest.mark.parametrize(
    "said",
    [
        {"scores.json": b'{"acc": 0.5, "model": "tiny", "classes": [1, 2], "by": {"a": 1}, "sure": true, "of": null}'},
        {"scores.txt": b"acc: 0.5\nmodel: tiny\n"},
    ],
)
def test_names_and_lists_beside_the_numbers_are_notes(said):
    read = read_scores(said)

    assert (read.values, read.defects) == ({"acc": Decimal("0.5")}, ())


def test_a_number_beside_others_that_is_not_finite_is_told():
    read = read_scores({"scores.json": b'{"acc": 0.5, "loss": NaN, "cost": 1e999999}'})

    assert codes(read) == ["scores.not-a-number"] * 2
    assert [name in defect.say("en") for name, defect in zip(("loss", "cost"), read.defects, strict=True)] == [True] * 2


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "scores.missing"),
        ({"scores.json": b"{"}, "scores.unreadable"),
        ({"scores.json": b"[1]"}, "scores.unreadable"),
        ({"scores.json": b"{}"}, "scores.none"),
        ({"scores.txt": b""}, "scores.none"),
        ({"scores.txt": b"nothing here"}, "scores.unreadable"),
        ({"scores.json": b'{"acc": NaN}'}, "scores.not-a-number"),
        ({"scores.json": b'{"acc": true}'}, "scores.not-a-number"),
        ({"scores.json": b'{"acc": {"a": 1}}'}, "scores.not-a-number"),
        ({"scores.txt": b"acc: inf"}, "scores.not-a-number"),
        ({"scores.txt": b"acc: 1e999999"}, "scores.not-a-number"),
    ],
)
def test_score_files_that_say_no_score(files, code):
    assert codes(read_scores(files)) == [code]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_is_an_exact_number(value):
    assert float(exact(repr(value))) == value


@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_fail(source):
    read_metadata(source, "metadata")
    read_scores({"scores.txt": source})
    read_scores({"scores.json": source})


def test_the_detailed_result_is_the_page_of_that_name_or_the_first():
    assert details(["b.html", "detailed_results.html", "a.html"]) == "detailed_results.html"
    assert details(["scores.txt", "b.html", "a.html"]) == "a.html"
    assert details(["scores.txt"]) is None


def test_result_of_evalai_by_split():
    returned = {
        "result": [{"dev-split": {"F1": 0.5, "Recall": 1}}, {"test-split": {"F1": 0.25}}],
        "error": [{"dev-split": {"F1": 0.01}}],
        "submission_metadata": {"seconds": 3},
    }

    read = read_result(returned, ATTACHED, MAIN)

    assert read.splits == {"dev-split": {"F1": Decimal("0.5"), "Recall": 1}, "test-split": {"F1": Decimal("0.25")}}
    assert read.errors == {"dev-split": {"F1": Decimal("0.01")}}
    assert (read.metadata, read.defects) == ({"seconds": 3}, ())


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (None, "result.unreadable"),
        ({"result": []}, "result.unreadable"),
        ({"result": [1]}, "result.unreadable"),
        ({"result": [{"dev-split": 1}]}, "result.unreadable"),
        ({"result": [{"secret-split": {"F1": 1}}]}, "result.split"),
        ({"result": [{"dev-split": {"F1": 1}}]}, "result.label"),
        ({"result": [{"test-split": {"F1": "much"}}]}, "scores.not-a-number"),
    ],
)
def test_results_of_evalai_that_fail(returned, code):
    assert codes(read_result(returned, ATTACHED, MAIN)) == [code]


def test_a_defect_comes_back_from_what_it_told():
    (defect,) = read_scores({}).defects

    assert Defect.of(defect.as_dict()) == defect
    assert defect.say("en").startswith("scores.json: scores.missing: The scoring program left no score file.")
