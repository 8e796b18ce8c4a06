"""Every hostile program comes to its end."""

import platform
from pathlib import Path

import pytest

from dure.compute.box import Verdict
from tests.compute.conftest import Run
from tests.compute.hostile import CORPUS, Hostile

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_hostile_program_comes_to_its_end(hostile: Hostile, fully: Run, tmp_path: Path) -> None:
    if "libc.syscall(" in hostile.program and platform.machine() != "x86_64":
        pytest.skip("calls the system by numbers of x86_64")

    ran = fully(hostile.source, limits=hostile.limits)

    assert ran.verdict is hostile.verdict, ran
    assert hostile.exit_code in (None, ran.exit_code), ran
    assert set(ran.files) == set(hostile.files), ran
    if ran.verdict is Verdict.OK:
        carried = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
        assert carried == set(hostile.files)
