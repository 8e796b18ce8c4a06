"""Boxes laid out as programs of other platforms expect, and boxes that run beside each other."""

import time
from pathlib import Path

import pytest

from dure.compute.box import SHARED, Box, Ran, Verdict
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox
from dure.core.errors import Unready
from tests.compute.conftest import SMALL


def laid_out(program: str, **known) -> Box:
    settings = {"limits": SMALL, "output_at": "/app/output", "shared": True, **known}
    return Box(("python3", "-c", program), **settings)


def beside(tmp_path: Path, *programs: str) -> list[Ran]:
    into = [tmp_path / str(number) for number in range(len(programs))]
    return BubblewrapSandbox().run_beside([laid_out(program) for program in programs], into=into)


@pytest.mark.sandbox
def test_a_layout_has_the_paths_that_programs_name(tmp_path):
    for name in ("program", "ref"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.txt").write_text(name)
    read = (
        "import os, shutil; shutil.copy('/app/input/ref/file.txt', '/app/output/copy.txt');"
        "open('/app/shared/x', 'w').write('x'); print(os.getcwd(), open('file.txt').read(), sorted(os.listdir('/app')))"
    )
    layout = {"/app/program": tmp_path / "program", "/app/input/ref": tmp_path / "ref"}
    box = laid_out(read, layout=layout, start_in="/app/program")

    ran = BubblewrapSandbox().run(box, into=tmp_path / "out")

    assert (ran.verdict, ran.files) == (Verdict.OK, ("copy.txt",)), ran.stderr
    assert ran.stdout == "/app/program program ['input', 'output', 'program', 'shared']\n"
    assert (tmp_path / "out" / "copy.txt").read_text() == "ref"


@pytest.mark.sandbox
@pytest.mark.parametrize("place", ["/app/program", "/app/input/ref"])
def test_what_is_laid_out_cannot_be_written(tmp_path, place):
    (tmp_path / "in").mkdir()
    box = laid_out(f"open('{place}/x', 'w')", layout={place: tmp_path / "in"})

    ran = BubblewrapSandbox().run(box, into=tmp_path / "out")

    assert ran.verdict is Verdict.EXIT
    assert "Read-only file system" in ran.stderr


@pytest.mark.sandbox
def test_boxes_beside_each_other_talk_through_the_shared_folder(tmp_path):
    ask = (
        "import os, time; os.mkfifo('/app/shared/way');"
        "open('/app/output/heard', 'w').write(open('/app/shared/way').read())"
    )
    tell = (
        "import os, time\nwhile not os.path.exists('/app/shared/way'): time.sleep(.01)\n"
        "open('/app/shared/way', 'w').write('hello'); print(os.listdir('/app'))"
    )

    heard, told = beside(tmp_path, ask, tell)

    assert (heard.verdict, told.verdict) == (Verdict.OK, Verdict.OK), heard.stderr + told.stderr
    assert (tmp_path / "0" / "heard").read_text() == "hello"
    assert told.files == ()


@pytest.mark.sandbox
def test_where_one_ends_badly_the_other_is_stopped(tmp_path):
    began = time.monotonic()

    failed, waiting = beside(tmp_path, "1 / 0", "import time; time.sleep(60)")

    assert (failed.verdict, waiting.verdict) == (Verdict.EXIT, Verdict.STOPPED)
    assert time.monotonic() - began < SMALL.wall_seconds


@pytest.mark.sandbox
def test_each_keeps_its_own_limits(tmp_path):
    big = "x = bytearray(400 << 20)"

    used_up, waiting = beside(tmp_path, big, "import time; time.sleep(60)")

    assert (used_up.verdict, waiting.verdict) == (Verdict.MEMORY, Verdict.STOPPED)


@pytest.mark.sandbox
def test_the_shared_folder_is_bounded(tmp_path):
    fill = f"open('{SHARED}/x', 'wb').write(bytes({2 * SMALL.scratch_bytes}))"

    full, _ = beside(tmp_path, fill, "pass")

    assert full.verdict is Verdict.EXIT
    assert "No space left" in full.stderr


def test_below_the_full_level_a_layout_is_refused(tmp_path):
    with pytest.raises(Unready) as refusal:
        LimitedSandbox().run(laid_out("pass"), into=tmp_path / "out")

    assert refusal.value.code == "compute.layout"


@pytest.mark.parametrize("place", ["/etc/passwd", "/app", "/app/../etc", "/app/shared", "program", "/app/output"])
def test_a_layout_stays_below_app(place):
    with pytest.raises(ValueError, match="below /app"):
        laid_out("pass", layout={place: Path("/srv")})
