"""Programs of other platforms in our boxes: the same numbers as at their author's, and whose fault a failure is."""

import json
import os
from pathlib import Path

import pytest

from dure.challenges.contracts import Judged, Part, Rules, Stopped, judge
from dure.compute.box import Level, Limits
from dure.compute.proof import proof
from tests.challenges import bundled
from tests.challenges.bundled import EVALUATION, INGESTING, INPUTS, LABELS, MODEL, REFERENCE, SCORING, folder, guessed

pytestmark = pytest.mark.sandbox
LIMITS = Limits(memory_bytes=256 << 20, cpu_seconds=10, wall_seconds=15, processes=24)
RULES = Rules(LIMITS)


@pytest.fixture(autouse=True)
def _level() -> None:
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))


def part(root: Path, **known) -> Part:
    own = {"scoring_program": SCORING, "reference": REFERENCE, **known}
    return Part(
        **{
            key: folder(root / key, value) if isinstance(value, dict) and key != "labels" else value
            for key, value in own.items()
        }
    )


def judged(root: Path, submission: dict[str, str], *, rules: Rules = RULES, **known) -> Judged | Stopped:
    (root / "work").mkdir()
    return judge(part(root, **known), folder(root / "submission", submission), rules=rules, work=root / "work")


def test_results_are_scored_as_their_program_scores_them_plainly(tmp_path):
    plainly = bundled.run_plainly(tmp_path / "plain", guessed(2, 5, 7))

    found = judged(tmp_path, guessed(2, 5, 7))

    assert isinstance(found, Judged), found
    assert {key: float(value) for key, value in found.values.items()} == pytest.approx(plainly, abs=1e-9)
    assert found.details.read_text() == "<h1>Confusion</h1>"
    assert (found.log, found.seconds) == ("", None)


def test_code_that_is_ingested_is_scored_as_plainly(tmp_path):
    rows = [round(row) % 3 for row in bundled.ROWS]
    plainly = bundled.run_plainly(tmp_path / "plain", {"guess.txt": "".join(f"{row}\n" for row in rows)})

    found = judged(tmp_path, {"model.py": MODEL}, ingestion_program=INGESTING, input_data=INPUTS)

    assert isinstance(found, Judged), found
    assert {key: float(value) for key, value in found.values.items()} == pytest.approx(plainly, abs=1e-9)
    assert found.seconds > 0
    assert "'ingested_program', 'input_data', 'output', 'program', 'shared'" in found.log
    assert "truth" not in found.log


def test_a_submission_with_a_command_is_run_with_the_input_data(tmp_path):
    program = (
        "import sys\nfor row in open(sys.argv[1] + '/rows.txt'):\n"
        "    print(round(float(row)) % 3, file=open(sys.argv[2] + '/guess.txt', 'a'))\n"
    )
    files = {"main.py": program, "metadata": "command: python main.py $input $output"}

    found = judged(tmp_path, files, input_data=INPUTS)

    assert isinstance(found, Judged), found
    assert float(found.values["accuracy"]) == 0.8


def test_where_code_is_not_taken_a_command_is_refused(tmp_path):
    files = {**guessed(), "metadata": "command: python main.py"}

    found = judged(tmp_path, files, rules=Rules(LIMITS, takes_code=False))

    assert isinstance(found, Stopped)
    assert "results only" in found.cause.en
    assert not found.by_scorer


def test_a_model_that_fails_is_its_authors_fault_and_its_log_is_theirs(tmp_path):
    found = judged(tmp_path, {"model.py": "1 / 0"}, ingestion_program=INGESTING, input_data=INPUTS)

    assert isinstance(found, Stopped)
    assert (found.by_scorer, found.organiser_log) == (False, "")
    assert "ZeroDivisionError" in found.log


def test_a_scorer_that_fails_is_the_organisers_fault_and_its_log_stays_with_them(tmp_path):
    found = judged(tmp_path, {"other.txt": "no guess"})

    assert isinstance(found, Stopped)
    assert (found.by_scorer, found.raised, found.log) == (True, True, "")
    assert "FileNotFoundError" in found.organiser_log


def test_scores_txt_is_read_where_there_is_no_json(tmp_path):
    scorer = "import sys; open(sys.argv[2] + '/scores.txt', 'w').write('accuracy: 0.1234567890123\\nset1_score: 1e-3')"

    found = judged(tmp_path, guessed(), scoring_program={**SCORING, "score.py": scorer})

    assert {key: str(value) for key, value in found.values.items()} == {
        "accuracy": "0.1234567890123", "set1_score": "0.001",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["scores.json", "scores.txt"])
def test_a_score_file_above_the_limit_is_named_with_its_size_and_no_part_of_it_is_read(tmp_path, name):
    texts = {"scores.json": '{"accuracy": 0.5}', "scores.txt": "accuracy: 0.5\n"}
    scorer = f"import sys; open(sys.argv[2] + '/{name}', 'w').write({texts[name]!r}.ljust((1 << 20) + 1))"

    found = judged(tmp_path, guessed(), scoring_program={**SCORING, "score.py": scorer})

    assert isinstance(found, Stopped)
    assert (found.by_scorer, [one.code for one in found.defects]) == (True, ["scores.too-large"])
    for text in (found.cause.en, found.cause.ko, found.organiser_log):
        assert (name in text, "1,048,577" in text, "1,048,576" in text) == (True, True, True), text


def test_a_score_file_of_just_the_limit_is_read(tmp_path):
    scorer = "import sys; open(sys.argv[2] + '/scores.json', 'w').write('{\"accuracy\": 0.5}'.ljust(1 << 20))"

    found = judged(tmp_path, guessed(), scoring_program={**SCORING, "score.py": scorer})

    assert isinstance(found, Judged), found
    assert float(found.values["accuracy"]) == 0.5


def test_ingestion_beside_scoring_answers_through_the_shared_folder(tmp_path):
    ingest = (
        "import os, sys, time\nsys.path.insert(0, '/app/ingested_program')\nfrom model import predict\n"
        "while not os.path.exists('/app/shared/asked'): time.sleep(.01)\n"
        "rows = [float(row) for row in open('/app/shared/asked')]\n"
        "assert not os.path.exists('/app/input/ref'), 'the answers are in sight'\n"
        "open('/app/shared/new', 'w').write(' '.join(str(predict(row)) for row in rows))\n"
        "os.rename('/app/shared/new', '/app/shared/told')\n"
    )
    score = (
        "import json, os, time\nopen('/app/shared/asking', 'w').write(open('/app/input_data/rows.txt').read())\n"
        "os.rename('/app/shared/asking', '/app/shared/asked')\n"
        "while not os.path.exists('/app/shared/told'): time.sleep(.01)\n"
        "truth, told = (open(f).read().split() for f in ('/app/input/ref/truth.txt', '/app/shared/told'))\n"
        "json.dump({'accuracy': sum(a == b for a, b in zip(truth, told))}, open('/app/output/scores.json', 'w'))\n"
    )
    programs = {
        "scoring_program": {"score.py": score, "metadata": "command: python score.py"},
        "ingestion_program": {"ingest.py": ingest, "metadata": "command: python ingest.py"},
    }

    found = judged(tmp_path, {"model.py": MODEL}, during_scoring=True, input_data=INPUTS, **programs)
    assert isinstance(found, Judged), found
    assert float(found.values["accuracy"]) == 8


def test_programs_write_beside_themselves_in_every_step_and_find_nothing_of_it_in_the_next(tmp_path):
    leave = "import os\nassert not os.path.exists('/app/program/left')\nopen('/app/program/left', 'w').close()\n"
    ingest = (
        f"{leave}open('/app/ingested_program/cache', 'w').close()\n"
        "open('/app/output/guess.txt', 'w').write(str(os.listdir('/app/ingested_program')))"
    )
    score = f"{leave}open('/app/output/scores.txt', 'w').write('accuracy: 1')"
    programs = {
        "scoring_program": {"score.py": score, "metadata": "command: python score.py"},
        "ingestion_program": {"ingest.py": ingest, "metadata": "command: python ingest.py"},
    }

    found = judged(tmp_path, {"model.py": MODEL}, **programs)

    assert isinstance(found, Judged), found
    assert {path.name for name in (*programs, "submission") for path in (tmp_path / name).iterdir()} == {
        "score.py", "ingest.py", "metadata", "model.py",
    }  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives boxes beside each other a user each")
def test_scoring_reads_the_output_of_ingestion_beside_it_and_no_score_of_the_entrants_counts(tmp_path):
    ingest = (
        "import os\nopen('/app/output/part', 'w').write('0.25'); os.rename('/app/output/part', '/app/output/told')\n"
        "open('/app/output/scores.json', 'w').write('{\"accuracy\": 1}')\n"
    )
    score = (
        "import os, time\nwhile not os.path.exists('/app/output/told'): time.sleep(.01)\n"
        "open('/app/output/scores.txt', 'w').write('accuracy: ' + open('/app/output/told').read())\n"
    )
    programs = {
        "scoring_program": {"score.py": score, "metadata": "command: python score.py"},
        "ingestion_program": {"ingest.py": ingest, "metadata": "command: python ingest.py"},
    }

    found = judged(tmp_path, {"model.py": MODEL}, during_scoring=True, **programs)

    assert isinstance(found, Judged), found
    assert {key: float(value) for key, value in found.values.items()} == {"accuracy": 0.25}


def test_code_that_fails_beside_scoring_is_its_authors_fault(tmp_path):
    programs = {
        "scoring_program": {"metadata": "command: sleep 60"},
        "ingestion_program": {"metadata": "command: python /app/ingested_program/model.py"},
    }

    found = judged(tmp_path, {"model.py": "1 / 0"}, during_scoring=True, **programs)

    assert isinstance(found, Stopped)
    assert not found.by_scorer
    assert "ZeroDivisionError" in found.log


def test_an_evaluation_gives_each_split_the_numbers_that_it_gives_plainly(tmp_path):
    guess = [1, 0, 2, 1, 1, 2, 1, 2, 0, 0]
    plainly = bundled.evaluated_plainly(tmp_path / "plain", guess)
    files = {"scoring_program": EVALUATION, "reference": {"truth.json": json.dumps(bundled.TRUTH)}}

    found = judged(tmp_path, {"guess.json": json.dumps(guess)}, labels=LABELS, phase="dev", **files)

    assert isinstance(found, Judged), found
    assert {key: float(value) for key, value in found.values.items()} == pytest.approx(plainly, abs=1e-9)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("{'result': [{'other': {'accuracy': 1}}]}", "other"),
        ("{'result': [{'open_split': {'accuracy': float('nan'), 'error': 1}}]}", "nan"),
        ("'text'", "result"),
    ],
)
def test_an_evaluation_that_cannot_be_read_is_the_organisers_fault(tmp_path, returned, said):
    files = {
        "scoring_program": {"main.py": f"def evaluate(a, s, p, **rest):\n    return {returned}"},
        "reference": {"truth.json": "[]"},
    }

    found = judged(tmp_path, {"guess.json": "[]"}, labels=LABELS, phase="dev", **files)

    assert isinstance(found, Stopped)
    assert found.by_scorer
    assert found.raised == (returned == "1 / 0")
    assert said.lower() in found.organiser_log.lower()


def test_what_an_evaluation_returned_above_the_limit_is_told_with_its_size(tmp_path):
    returned = "{'result': [{'open_split': {'accuracy': 1, 'error': 1}}], 'submission_metadata': 'x' * (1 << 20)}"
    files = {
        "scoring_program": {"main.py": f"def evaluate(a, s, p, **rest):\n    return {returned}"},
        "reference": {"truth.json": "[]"},
    }

    found = judged(tmp_path, {"guess.json": "[]"}, labels=LABELS, phase="dev", **files)

    assert isinstance(found, Stopped)
    assert [one.code for one in found.defects] == ["result.too-large"]
    assert "evaluate() returned" in found.cause.en
    assert "1,048,576" in found.organiser_log


def test_an_evaluation_that_does_not_even_load_was_at_work_on_nothing(tmp_path):
    files = {"scoring_program": {"main.py": "import nowhere"}, "reference": {"truth.json": "[]"}}

    found = judged(tmp_path, {"guess.json": "[]"}, labels=LABELS, phase="dev", **files)

    assert (found.by_scorer, found.raised, "nowhere" in found.organiser_log) == (True, False, True)


def test_a_seed_is_the_programs_to_know(tmp_path):
    program = "import os\nopen('/app/output/guess.txt', 'w').write(os.environ['SEED'])"
    files = {"main.py": program, "metadata": "command: python main.py"}
    told = "seed = open('/app/input/res/guess.txt').read(); open('/app/output/scores.txt', 'w').write(f'seed: {seed}')"

    found = judged(tmp_path, files, rules=Rules(LIMITS, seed=42), scoring_program={**SCORING, "score.py": told})

    assert {key: int(value) for key, value in found.values.items()} == {"seed": 42}
