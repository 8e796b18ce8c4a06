"""Where supervisors come from, what ends them, and that none of them knows of the one before."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from dure.compute.box import Box, Ran, Verdict
from dure.compute.sandboxes import LimitedSandbox
from tests.compute.conftest import SMALL, Run, left_behind, until

full = pytest.mark.sandbox
_LONG = "import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(300)"
_ALL_IT_HAS = """
import os, resource
names = sorted(name for name in vars(resource) if name.startswith("RLIMIT_"))
print(sorted(os.listdir("/proc/self/fd")), os.umask(0), os.getcwd(), sorted(os.environ.items()), os.getpid())
print(os.getgroups(), os.nice(0), [(name, resource.getrlimit(getattr(resource, name))) for name in names])
print(sorted(os.listdir("/tmp")), sorted(os.listdir("/dev/shm")), sorted(os.listdir("/box/output")))
print(open("/proc/self/mountinfo").read().count("\\n"), resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw)
"""


@full
def test_one_server_forks_every_supervisor(fully: Run) -> None:
    fully("")
    server = _server_of(os.getpid())

    fully("")

    assert server == _server_of(os.getpid()) != []


@full
def test_a_box_leaves_nothing_to_the_next(fully: Run) -> None:
    first = fully(_ALL_IT_HAS)
    fully(
        "import os\nos.umask(0o077); os.chdir('/tmp'); os.environ['LEFT'] = '1'; os.nice(5)\n"
        "held = [open(f'{folder}/left', 'w') for folder in ('/tmp', '/dev/shm', '/box/output')]\n"
        "os.kill(os.getpid(), 9)"
    )

    assert (first.verdict, fully(_ALL_IT_HAS).stdout) == (Verdict.OK, first.stdout)


@full
def test_a_server_that_was_killed_takes_its_boxes_along_and_is_started_again(fully: Run) -> None:
    before = left_behind()
    with _running(fully) as ended:
        until(lambda: any("/proc/" in left for left in left_behind() - before))
        (server,) = _server_of(os.getpid())
        os.kill(server, signal.SIGKILL)

    assert [(ran.verdict, ran.fault) for ran in ended] == [
        (Verdict.NEVER_STARTED, "the supervisor did not come back"),
    ]
    assert fully("print(1)").stdout == "1\n"
    assert _server_of(os.getpid()) not in ([], [server])
    until(lambda: not any("/proc/" in left for left in left_behind() - before))


@full
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_ends_leaves_no_server_supervisor_or_box(how: signal.Signals, tmp_path: Path) -> None:
    before = left_behind()
    worker = subprocess.Popen(
        [sys.executable, "-c", _worker(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    until(lambda: len(_below(worker.pid)) >= 3)  # the server, a supervisor, the box
    started = _below(worker.pid)

    worker.send_signal(how)
    worker.wait()

    until(lambda: not any(Path("/proc", str(process)).exists() for process in started))
    until(lambda: left_behind() <= before)


@full
def test_groups_of_supervisors_that_were_killed_are_swept_up_by_the_next_box(fully: Run) -> None:
    before = left_behind()
    with _running(fully):
        until(lambda: any("/proc/" in left for left in left_behind() - before))
        (server,) = _server_of(os.getpid())
        for supervisor in _children(server):
            os.kill(supervisor, signal.SIGKILL)

    until(lambda: fully("").verdict is Verdict.OK and left_behind() <= before)


def test_below_the_full_level_a_server_that_was_killed_is_started_again(limitedly: Run) -> None:
    limitedly("")
    (server,) = _server_of(os.getpid())
    os.kill(server, signal.SIGKILL)
    until(lambda: _state(server) == "Z")

    assert limitedly("print(1)").stdout == "1\n"


def test_where_no_server_can_be_started_nothing_is_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for server in _server_of(os.getpid()):
        os.kill(server, signal.SIGKILL)
        until(lambda server=server: _state(server) == "Z")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))

    ran = LimitedSandbox().run(Box(("true",), limits=SMALL), into=tmp_path / "out")

    assert (ran.verdict, "no-python" in ran.fault) == (Verdict.NEVER_STARTED, True)


@contextmanager
def _running(fully: Run) -> Iterator[list[Ran]]:
    """A long box beside the test; afterwards the list holds how it ended."""
    ended: list[Ran] = []
    thread = Thread(target=lambda: ended.append(fully(_LONG)))
    thread.start()
    yield ended
    thread.join()


def _worker(into: Path) -> str:
    return (
        "from pathlib import Path\nfrom dure.compute.box import Box\n"
        "from dure.compute.sandboxes import BubblewrapSandbox\n"
        f"BubblewrapSandbox().run(Box(('python3', '-c', {_LONG!r})), into=Path({str(into)!r}))"
    )


def _server_of(process: int) -> list[int]:
    return [child for child in _children(process) if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _children(process: int) -> list[int]:
    """Of any of its threads, as far as they still live."""
    lists = [path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")]
    return [int(child) for children in lists for child in children]


def _below(process: int) -> set[int]:
    children = _children(process)
    return {*children, *(inner for child in children for inner in _below(child))}


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
