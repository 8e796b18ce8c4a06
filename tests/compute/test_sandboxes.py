"""What a box may read and use, what it leaves behind, and what happens when something else fails."""

import os
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from dure.compute.box import MIB, Box, Limits, Verdict
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox, NoSandbox
from dure.core.errors import Unready
from tests.compute.conftest import SMALL, Run, left_behind, until

full = pytest.mark.sandbox
_LINGER = "import os, time\nif os.fork() == 0: os.setsid(); os.fork()\ntime.sleep(300)"


@full
def test_box_reads_its_mounts_and_gives_back_its_output(fully: Run, tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("1\n2\n")

    ran = fully(
        "import os\nnumbers = open('/box/data').read().split()\nos.makedirs('output/a')\n"
        "open('output/a/sum', 'w').write(str(sum(map(int, numbers))))\nprint('done')",
        data=tmp_path / "numbers.csv",
    )

    assert (ran.verdict, ran.exit_code, ran.stdout, ran.files) == (Verdict.OK, 0, "done\n", ("a/sum",))
    assert (tmp_path / "out/a/sum").read_text() == "3"


@full
def test_box_reads_below_folders_that_its_user_cannot_enter(fully: Run, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    (closed / "data/x").write_text("seen")
    closed.chmod(0o700)

    assert fully("print(open('/box/data/x').read())", data=closed / "data").stdout == "seen\n"


@full
@pytest.mark.skipif(os.geteuid() != 0, reason="without root the box is the user's own")
def test_mount_that_the_box_could_not_read_is_a_fault_with_a_remedy(fully: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    (tmp_path / "secret").chmod(0o600)

    ran = fully("", data=tmp_path / "secret")

    assert ran.verdict is Verdict.NEVER_STARTED
    assert "chmod" in ran.fault


@full
def test_inputs_cannot_be_changed(fully: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x").write_text("kept")
    (tmp_path / "data").chmod(0o777)
    (tmp_path / "data/x").chmod(0o666)

    ran = fully("open('/box/data/x', 'w')", data=tmp_path / "data")

    assert (ran.verdict, "Read-only file system" in ran.stderr) == (Verdict.EXIT, True)
    assert (tmp_path / "data/x").read_text() == "kept"


@full
def test_box_reaches_no_server_of_this_machine(fully: Run) -> None:
    with socket.socket(socket.AF_UNIX) as abstract, socket.create_server(("127.0.0.1", 0)) as server:
        abstract.bind("\0dure-test")
        abstract.listen()
        port = server.getsockname()[1]

        ran = fully(
            "import socket\nfor kind, address in ((socket.AF_UNIX, '\\0dure-test'), "
            f"(socket.AF_INET, ('127.0.0.1', {port}))):\n"
            " try: socket.socket(kind).connect(address)\n except ConnectionRefusedError: print('refused')"
        )

    assert ran.stdout == "refused\nrefused\n"


@full
def test_box_sees_no_variable_of_the_server(fully: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_SECRET_KEY", "leak")

    assert "leak" not in fully("import os; print(os.environ)").stdout


@full
def test_mount_may_be_named_from_the_folder_where_the_server_works(
    fully: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fully("")
    (tmp_path / "x").write_text("from here")
    monkeypatch.chdir(tmp_path)

    assert fully("print(open('/box/data').read())", data=Path("x")).stdout == "from here\n"


@full
def test_packages_can_be_neither_changed_nor_used_to_rise(fully: Run) -> None:
    ran = fully(
        "import os\nwanted = os.ST_RDONLY | os.ST_NOSUID | os.ST_NODEV\nshown = os.listdir('/opt/packages')\n"
        "held = [name for name in ['.', *shown] if os.statvfs('/opt/packages/' + name).f_flag & wanted == wanted]\n"
        "print('numpy' in shown, len(held) == len(shown) + 1)"
    )

    assert ran.stdout == "True True\n"


@full
def test_column_libraries_work_inside(fully: Run) -> None:
    ran = fully(
        "import numpy, polars, sklearn.metrics as m\nprint(m.accuracy_score([1, 0], [1, 1]), polars.Series([1]).sum())",
        limits=replace(SMALL, memory_bytes=1_024 * MIB, cpu_seconds=30, wall_seconds=30),
    )

    assert (ran.stdout, ran.verdict) == ("0.5 1\n", Verdict.OK)


@full
def test_usage_counts_children_and_memory(fully: Run) -> None:
    ran = fully(
        "import os, time\nheld = b'x' * (64 << 20)\nif os.fork() == 0:\n"
        " while time.process_time() < 0.4: pass\n os._exit(0)\nos.wait()"
    )

    assert ran.usage.cpu_ms >= 300
    assert ran.usage.wall_ms >= 300
    assert 64 * MIB <= ran.usage.memory_bytes <= SMALL.memory_bytes


@full
def test_log_keeps_its_end(fully: Run) -> None:
    ran = fully("print('a' * 9_000); print('end')")

    assert (len(ran.stdout), ran.stdout[-4:]) == (SMALL.log_bytes, "end\n")


@full
def test_nothing_is_left_behind(fully: Run) -> None:
    before = left_behind()

    for ending in ("import os; os._exit(0)", "while True: os.fork()", "time.sleep(300)"):
        fully(f"import os, time\nif os.fork():\n os.setsid()\n time.sleep(0.1)\n{ending}", limits=_quick())

    until(lambda: left_behind() <= before)


@full
def test_boxes_run_side_by_side(tmp_path: Path) -> None:
    endings: dict[int, str] = {}

    def run(number: int) -> None:
        box = Box(("python3", "-c", f"open('output/x', 'w').write('{number}')"), limits=SMALL)
        BubblewrapSandbox().run(box, into=tmp_path / str(number))
        endings[number] = (tmp_path / str(number) / "x").read_text()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert endings == {number: str(number) for number in range(4)}


@pytest.mark.parametrize("sandbox", [pytest.param(BubblewrapSandbox(), marks=full), LimitedSandbox()])
def test_command_that_is_not_there_is_the_programs_own_end(
    sandbox: BubblewrapSandbox | LimitedSandbox, tmp_path: Path
) -> None:
    ran = sandbox.run(Box(("no-such-program",), limits=SMALL), into=tmp_path)

    assert (ran.verdict, ran.exit_code) == (Verdict.EXIT, 127)


@full
def test_box_that_never_started_is_no_verdict_on_the_program(tmp_path: Path) -> None:
    ran = BubblewrapSandbox().run(Box(("true",), {"data": tmp_path / "absent"}, limits=SMALL), into=tmp_path)

    assert ran.verdict is Verdict.NEVER_STARTED
    assert "absent" in ran.fault


def test_limited_box_works_in_a_folder_of_its_own(limitedly: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("data")

    ran = limitedly(
        "import os\nopen(os.environ['BOX'] + '/output/y', 'w').write(open('data').read())", data=tmp_path / "x"
    )

    assert (ran.verdict, ran.files, (tmp_path / "out/y").read_text()) == (Verdict.OK, ("y",), "data")


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("while True: pass", Verdict.CPU),
        ("b'x' * (1 << 30)", Verdict.EXIT),
        (_LINGER, Verdict.TIME),
        ("for n in range(99): open(f'output/{n}', 'w')", Verdict.OUTPUT),
        ("for n in range(3): open(f'output/{n}', 'wb').write(bytes(2 << 20))", Verdict.OUTPUT),
        ("import os\nwhile True: os.write(1, bytes(65_536))", Verdict.LOG),
    ],
)
def test_limited_box_is_bounded(limitedly: Run, program: str, verdict: Verdict) -> None:
    assert limitedly(program, limits=_quick(wall_seconds=30 if verdict is Verdict.CPU else 1)).verdict is verdict


def test_limited_box_leaves_no_process(limitedly: Run) -> None:
    limitedly(_LINGER.replace("300", "311"), limits=_quick())

    lines = [_words(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    assert not any("sleep(311)" in line for line in lines)


def test_no_sandbox_refuses_all_code(tmp_path: Path) -> None:
    with pytest.raises(Unready, match="no code"):
        NoSandbox().run(Box(("true",)), into=tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"command": ()},
        {"command": ("a\0b",)},
        {"command": ("a",), "mounts": {"output": Path("/")}},
        {"command": ("a",), "mounts": {"../etc": Path("/")}},
        {"command": ("a",), "start_in": "code"},
    ],
)
def test_box_that_makes_no_sense_is_not_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"box|mount"):
        Box(**wrong)


def test_limits_are_positive() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Limits(processes=0)


def _quick(wall_seconds: int = 1) -> Limits:
    return replace(SMALL, wall_seconds=wall_seconds, cpu_seconds=1)


def _words(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""
