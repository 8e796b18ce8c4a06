"""`dure act` as people call it: its exit codes, its one JSON document, its sentences."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEYS = [
    "blueprint", "cases", "seed", "seconds", "stages", "money", "credentials", "privileges", "published", "spawned",
    "roles", "provided", "measures", "expect",
]  # fmt: skip
CALL = "import sys; from dure.cli import main; sys.exit(main())"
LATE = """
blueprint: late
title: {en: Late, ko: 지각}
subject: person
parties: {host: {kind: company}}
stages:
  - {id: plan, kind: form, entry: open, do: {ask: [due: date]}}
  - {id: work, kind: form, when: {to: plan.due}, do: {ask: [what]}}
rehearse: {entries: 2, evidence: {plan.due: "2001-01-01"}}
"""


@pytest.fixture
def act(tmp_path):
    """Runs the command in a process of its own, with a home of its own."""

    def run(*words):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DURE_", "DJANGO_"))}
        environment = {**kept, "DURE_HOME": str(tmp_path), "LANG": "en_US.UTF-8", "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-c", CALL, "act", *map(str, words)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    return run


def test_an_act_that_ends_as_rehearsed_prints_one_document_and_exits_with_0(act):
    done = act(ROOT / "blueprints" / "16-aica-certificate.yaml", "--cases", "5", "--seed", "3", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (list(told), told["cases"], told["seed"]) == (KEYS, 5, 3)
    assert {key for stage in told["stages"] for key in stage} == {
        "id", "kind", "in", "passed", "out", "withdrawn", "reasons",
    }  # fmt: skip


def test_what_a_rehearsal_cannot_know_is_a_difference_and_exits_with_1(act, tmp_path):
    """A rehearsal has no clock; live, nobody hands in before a date that is past."""
    file = tmp_path / "late.yaml"
    file.write_text(LATE, encoding="utf-8")

    done = act(file)

    assert done.returncode == 1
    assert "stages: rehearsed" in done.stderr
    assert "HTTP requests" in done.stdout


def test_what_is_not_sound_is_refused_with_its_places_and_exits_with_3(act, tmp_path):
    file = tmp_path / "late.yaml"
    file.write_text(LATE.replace("kind: company", "kind: band"), encoding="utf-8")

    done = act(file, "--json")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"{file}:5:24: BP104: ")


@pytest.mark.parametrize("words", [("nowhere.yaml",), (ROOT / "agreements" / "kt-ai-one-team.yaml",)])
def test_what_cannot_be_played_is_refused_in_a_sentence(act, words):
    done = act(*words)

    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
