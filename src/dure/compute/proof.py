"""Which level this machine reaches: a level is believed when its walls held against our own probes."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from dure.compute import probe
from dure.compute.box import MIB, Box, Level, Limits, Ran, Sandbox, Verdict
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox, NoSandbox
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed
from dure.core.text import Text

_SMALL = {
    "memory_bytes": 128 * MIB,
    "processes": 16,
    "cpu_seconds": 5,
    "wall_seconds": 5,
    "output_bytes": 4 * MIB,
    "output_files": 20,
    "scratch_bytes": 4 * MIB,
}
_NONE: Mapping[str, int] = {}
_AT_ONCE = 4
_PATIENCE = 60  # seconds for what a busy machine kept from coming to its end
_SANDBOXES: dict[Level, Callable[[], Sandbox]] = {
    Level.FULL: BubblewrapSandbox,
    Level.LIMITED: LimitedSandbox,
    Level.NONE: NoSandbox,
}

WALLS = {
    "start": Text(ko="격리 공간이 시작됩니다", en="a box starts"),
    "user": Text(ko="권한 없는 사용자로 실행됩니다", en="it runs as a user without any privilege"),
    "files": Text(ko="서버의 파일이 보이지 않습니다", en="it sees none of the server's files"),
    "network": Text(ko="네트워크에 닿을 수 없습니다", en="it reaches no network"),
    "calls": Text(ko="위험한 시스템 호출이 막힙니다", en="it makes no dangerous system call"),
    "terminal": Text(ko="터미널에 입력을 넣을 수 없습니다", en="it types into no terminal"),
    "writing": Text(ko="출력 폴더 밖에는 쓸 수 없습니다", en="it writes only where it may"),
    "others": Text(ko="다른 프로세스가 보이지 않습니다", en="it sees no other process"),
    "memory": Text(ko="메모리 한도가 지켜집니다", en="its memory is bounded"),
    "processes": Text(ko="프로세스 수 한도가 지켜집니다", en="its processes are bounded"),
    "cpu": Text(ko="자식까지 합한 CPU 시간 한도가 지켜집니다", en="its CPU time is bounded over all children"),
    "time": Text(
        ko="실행 시간 한도가 지켜지고 남는 프로세스가 없습니다", en="its time is bounded and no process is left"
    ),
    "disk": Text(ko="출력 용량 한도가 지켜집니다", en="the bytes that it writes are bounded"),
    "inodes": Text(ko="출력 파일 수 한도가 지켜집니다", en="the number of its files is bounded"),
}


@dataclass(frozen=True)
class Probe:
    """One wall, tried. ``detail`` says what got through, or why it could not be tried."""

    wall: str
    held: bool
    detail: str = ""

    @property
    def text(self) -> Text:
        return WALLS[self.wall]


@dataclass(frozen=True)
class Trial:
    """A program that goes too far, and how it must end at each level that promises to hold it."""

    wall: str
    program: str
    limits: Mapping[str, int]
    ends: Mapping[Level, Verdict]

    def probe(self, held: Sandbox) -> Probe:
        ran = _run(held, ("-c", self.program), self.limits)
        right = ran.verdict is self.ends[held.level]
        return Probe(self.wall, right, "" if right else f"{ran.verdict.value}: {ran.fault or ran.stderr[-200:]}")


def _both(verdict: Verdict) -> dict[Level, Verdict]:
    return {Level.FULL: verdict, Level.LIMITED: verdict}


_TRIALS = (
    Trial("memory", "b'x' * (512 << 20)", {}, {Level.FULL: Verdict.MEMORY, Level.LIMITED: Verdict.EXIT}),
    Trial(
        "processes",
        "import os, time\nwhile os.fork(): pass\ntime.sleep(9)",
        {},
        {Level.FULL: Verdict.PROCESSES},
    ),
    Trial(
        "cpu",
        "import os\nos.fork(), os.fork()\nwhile True: pass",
        {"cpu_seconds": 1},
        {Level.FULL: Verdict.CPU},
    ),
    Trial(
        "time",
        "import os, time\nif os.fork() == 0: os.setsid(); os.fork()\ntime.sleep(60)",
        {"wall_seconds": 1},
        _both(Verdict.TIME),
    ),
    Trial(
        "disk",
        "for name in 'abc': open('output/' + name, 'wb').write(bytes(2 << 20))",
        {},
        _both(Verdict.OUTPUT),
    ),
    Trial("inodes", "for name in range(99): open(f'output/{name}', 'w')", {}, _both(Verdict.OUTPUT)),
)


@dataclass(frozen=True)
class Proof:
    """The level that holds here and the probes of every level that was tried, the highest first."""

    level: Level
    probes: Mapping[Level, tuple[Probe, ...]]

    @property
    def broken(self) -> tuple[Probe, ...]:
        """What kept the highest level tried from holding."""
        return tuple(one for one in next(iter(self.probes.values()), ()) if not one.held)


def asked_for() -> str:
    """The operator's wish: ``auto`` takes the highest level that holds, a level's name takes that one or none."""
    wish = os.environ.get("DURE_SANDBOX", "auto")
    if wish not in ("auto", *(level.name.lower() for level in Level)):
        sentence = Text(
            ko="DURE_SANDBOX의 값은 auto, full, limited, none 중 하나여야 합니다.",
            en="DURE_SANDBOX is one of auto, full, limited, none.",
        )
        raise Flawed("compute.sandbox_setting", sentence, errors=[wish])
    return wish


@cache
def proof() -> Proof:
    """Try the levels that the operator allows, once in the life of this process (about two seconds)."""
    wish = asked_for()
    tried: dict[Level, tuple[Probe, ...]] = {}
    for rung in (Level.FULL, Level.LIMITED):
        if wish in ("auto", rung.name.lower()):
            tried[rung] = tuple(_prove(rung))
            if all(one.held for one in tried[rung]):
                return Proof(rung, tried)
    return Proof(Level.NONE, tried)


def level() -> Level:
    return proof().level


def sandbox() -> Sandbox:
    """The sandbox of the level that holds here."""
    return _SANDBOXES[level()]()


def _prove(level: Level) -> Iterator[Probe]:
    held = _SANDBOXES[level]()
    first = list(_walls(held) if level is Level.FULL else _start(held))
    yield from first
    if first[0].held:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(lambda trial: trial.probe(held), [one for one in _TRIALS if level in one.ends])


def _start(held: Sandbox) -> Iterator[Probe]:
    ran = _run(held, ("-c", ""))
    yield Probe("start", ran.verdict is Verdict.OK, ran.fault or ran.stderr)


def _walls(held: Sandbox) -> Iterator[Probe]:
    """Let ``probe.py`` try the doors from inside."""
    secrets = ("/etc/shadow", str(settings.HOME), str(settings.DATABASES["default"]["NAME"]))
    there = [path for path in secrets if Path(path).is_absolute() and Path(path).exists()]
    ran = _run(held, ("probe", *there), probe=Path(probe.__file__))
    yield Probe("start", ran.verdict is Verdict.OK, ran.fault or ran.stderr)
    if ran.verdict is Verdict.OK:
        for wall, through in json.loads(ran.stdout).items():
            yield Probe(wall, not through, through)


def _run(held: Sandbox, arguments: tuple[str, ...], limits: Mapping[str, int] = _NONE, **mounts: Path) -> Ran:
    """What became of it. Out of time by no limit of its own, it only met a busy machine, and is given more."""
    ran = _once(held, arguments, limits, mounts)
    if ran.verdict is Verdict.TIME and "wall_seconds" not in limits:
        return _once(held, arguments, {**limits, "wall_seconds": _PATIENCE}, mounts)
    return ran


def _once(held: Sandbox, arguments: tuple[str, ...], limits: Mapping[str, int], mounts: Mapping[str, Path]) -> Ran:
    with workspace("proof") as into:
        box = Box(("python3", *arguments), mounts, limits=Limits(**{**_SMALL, **limits}))
        try:
            return held.run(box, into=into)
        except OSError as missing:
            return Ran(Verdict.NEVER_STARTED, fault=str(missing))
