"""Boxes laid out as programs of other platforms expect, and boxes that run beside each other."""

import os
import time
from pathlib import Path

import pytest

from dure.compute.box import SHARED, Box, Ran, Verdict
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox
from dure.core.errors import Unready
from tests.compute.conftest import SMALL

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives boxes beside each other a user each")


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


def program(folder: Path) -> Path:
    """Files of somebody else's: below a folder of their own, and one that is as large as the box's scratch space."""
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "kept.txt").write_text("kept")
    (folder / "large.bin").write_bytes(bytes(SMALL.scratch_bytes))
    return folder


def writing(source: str, program: Path, **known) -> Box:
    layout = {"/app/program": program}
    return laid_out(source, layout=layout, writable=("/app/program",), start_in="/app/program", **known)


def state_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_uid, path.stat().st_mode, path.stat().st_mtime_ns)
        for path in [folder, *folder.rglob("*")]
    }


@pytest.mark.sandbox
def test_a_program_writes_beside_itself_and_nothing_of_it_stays(tmp_path):
    own = program(tmp_path / "program")
    before = state_of(own)
    source = (
        "import os, sys\nnew = not os.path.exists('inner/new.txt')\nopen('inner/new.txt', 'w').write('new')\n"
        "open('inner/kept.txt', 'a').write(' and changed'); os.remove('large.bin'); os.mkdir('made')\n"
        "print(new, open('inner/kept.txt').read(), sorted(os.listdir()))"
    )

    ran = [BubblewrapSandbox().run(writing(source, own), into=tmp_path / name) for name in ("one", "two")]

    assert [one.stdout for one in ran] == ["True kept and changed ['inner', 'made']\n"] * 2, ran[0].stderr
    assert state_of(own) == before
    assert (own / "inner" / "kept.txt").read_text() == "kept"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("open('fill', 'wb').write(bytes(64 << 20))", "No space left"),
        ("open('large.bin', 'r+b').write(b'x')\nopen('fill', 'wb').write(bytes(8 << 20))", "No space left"),
        ("for number in range(100_000): open(f'inner/{number}', 'w').close()", "No space left"),
        ("import os\nos.chown('large.bin', 0, 0)", "Invalid argument"),
        ("import os\nos.setxattr('inner', 'trusted.overlay.opaque', b'y')", "Operation not permitted"),
        ("open('/app/program/../ref/x', 'w')", "No such file"),
    ],
    ids=["one large file", "a large file touched", "many files", "given away", "marked", "outside"],
)
def test_writing_beside_a_program_is_bounded(tmp_path, source, said):
    own = program(tmp_path / "program")
    before = state_of(own)

    ran = BubblewrapSandbox().run(writing(source, own), into=tmp_path / "out")

    assert ran.verdict is Verdict.EXIT
    assert said in ran.stderr
    assert state_of(own) == before


def test_what_may_be_written_is_laid_out():
    with pytest.raises(ValueError, match="layout"):
        laid_out("pass", writable=("/app/program",))


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
@only_root
def test_boxes_beside_each_other_read_what_the_others_put_out_and_keep_their_own(tmp_path):
    ask = (
        "import os, time\nwhile not os.path.exists('/app/output/told'): time.sleep(.01)\n"
        "open('/app/output/heard', 'w').write(open('/app/output/told').read())"
    )
    tell = "import os; open('/app/output/new', 'w').write('hello'); os.rename('/app/output/new', '/app/output/told')"

    heard, told = beside(tmp_path, ask, tell)

    assert (heard.files, told.files) == (("heard",), ("told",)), heard.stderr + told.stderr
    assert (tmp_path / "0" / "heard").read_text() == "hello"


@pytest.mark.sandbox
@only_root
@pytest.mark.parametrize(
    "act",
    [
        "open(f'{out}/scores.json', 'w').write('1')",
        "os.remove(f'{out}/scores.json')",
        "os.rename(f'{out}/scores.json', f'{out}/other')",
        "open(f'{out}/forged', 'w').close(); os.rename(f'{out}/forged', f'{out}/scores.json')",
        "os.chmod(f'{out}/scores.json', 0o777)",
        "os.chmod(out, 0o777)",
        "open(f'{out}/inner/forged', 'w')",
    ],
)
def test_a_box_cannot_touch_what_the_one_beside_it_put_out(tmp_path, act):
    score = (
        "import os, time; os.mkdir('/app/output/inner'); open('/app/output/scores.json', 'w').write('0')\n"
        "open('/app/shared/written', 'w').close()\n"
        "while not os.path.exists('/app/shared/tried'): time.sleep(.01)"
    )
    attack = (
        "import os, time; out = '/app/output'\n"
        "while not os.path.exists('/app/shared/written'): time.sleep(.01)\n"
        f"try:\n    {act}\nexcept PermissionError: print('refused')\nopen('/app/shared/tried', 'w').close()"
    )

    scored, attacked = beside(tmp_path, score, attack)

    assert (attacked.stdout, scored.files) == ("refused\n", ("scores.json",)), attacked.stderr + scored.stderr
    assert (tmp_path / "0" / "scores.json").read_text() == "0"


@pytest.mark.sandbox
@only_root
def test_a_file_that_lies_where_a_score_belongs_is_nobodys_score(tmp_path):
    score = (
        "import os, time\nwhile not os.path.exists('/app/shared/planted'): time.sleep(.01)\n"
        "try: open('/app/output/scores.json', 'w')\nexcept PermissionError: print('refused')"
    )
    plant = "open('/app/output/scores.json', 'w').write('1'); open('/app/shared/planted', 'w').close()"

    scored, planted = beside(tmp_path, score, plant)

    assert (scored.stdout, scored.files, planted.files) == ("refused\n", (), ("scores.json",))


@pytest.mark.sandbox
def test_what_boxes_beside_each_other_put_out_is_bounded(tmp_path):
    fill = f"open('/app/output/x', 'wb').write(bytes({3 * SMALL.output_bytes}))"

    full, _ = beside(tmp_path, fill, "pass")

    assert full.verdict is Verdict.OUTPUT


@pytest.mark.sandbox
def test_both_write_and_remove_what_lies_in_the_shared_folder(tmp_path):
    one = (
        "import os, time; os.mkdir('/app/shared/inner'); open('/app/shared/inner/log', 'w').write('one ')\n"
        "open('/app/shared/go', 'w').close()\n"
        "while os.path.exists('/app/shared/go'): time.sleep(.01)\nprint(open('/app/shared/inner/log').read())"
    )
    other = (
        "import os, time\nwhile not os.path.exists('/app/shared/go'): time.sleep(.01)\n"
        "open('/app/shared/inner/log', 'a').write('other'); os.remove('/app/shared/go')"
    )

    first, second = beside(tmp_path, one, other)

    assert (first.stdout, second.stderr) == ("one other\n", "")


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
