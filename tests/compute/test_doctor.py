"""`dure doctor`: findings with remedies, as lines and as JSON."""

import json

import pytest

from dure.cli.main import main
from dure.compute.models import Environment
from dure.compute.proof import WALLS, Level, proof
from dure.core import clock


@pytest.mark.sandbox
def test_sandbox_is_told_wall_by_wall(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--sandbox", "--json"])

    findings = json.loads(capsys.readouterr().out)["findings"]
    assert code == 0
    assert [one["name"] for one in findings] == [*(f"full.{wall}" for wall in WALLS), "sandbox"]
    assert {one["state"] for one in findings} == {"ok"}


@pytest.mark.django_db
def test_database_that_is_up_to_date_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--database", "--python", "--disk", "--lang", "ko"]) == 0
    assert "연결했습니다" in capsys.readouterr().out


def test_level_that_was_demanded_and_not_reached_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DURE_SANDBOX", "full")
    monkeypatch.setattr("dure.compute.sandboxes.seccomp.compiled", _no_filter)
    proof.cache_clear()

    code = main(["doctor", "--sandbox", "--lang", "en"])

    assert (code, proof().level) == (1, Level.NONE)
    assert "apt install libseccomp2" in capsys.readouterr().out
    proof.cache_clear()


@pytest.mark.django_db
def test_an_environment_that_lies_elsewhere_fails_with_what_to_do(settings, tmp_path, capsys) -> None:
    settings.HOME = tmp_path
    known = {"requirements": "a==1", "state": "ready", "built_at": clock.now()}
    Environment.objects.create(name="here", folder="here", **known)
    Environment.objects.create(name="away", folder="away", **known)
    Environment.objects.create(name="later", requirements="a==1")
    (tmp_path / "environments" / "here").mkdir(parents=True)

    code = main(["doctor", "--environments", "--json"])

    findings = json.loads(capsys.readouterr().out)["findings"]
    assert code == 1
    assert [(one["name"], one["state"]) for one in findings] == [
        ("environment.away", "fail"),
        ("environment.here", "ok"),
    ]
    assert "dure env build away" in findings[0]["remedy"]["en"]


def _no_filter() -> bytes:
    raise OSError("Unable to find libseccomp")
