"""Files that come in parts: kept on the disk until they are whole and accepted, or for a day.

At each task a person has one such file at a time, known by the SHA-256 it will have; beginning another lets the first
go, so nobody fills the disk. How much has come is how long the file is: nothing else is remembered.
"""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.store.disk import too_large

KEPT = timedelta(days=1)
MOST_PART = 16 << 20


@dataclass(frozen=True)
class Arriving:
    """The file of a person at a task that will have this ``sha256`` (in hexadecimal)."""

    task: UUID
    person: UUID
    sha256: str

    @property
    def slot(self) -> Path:
        return _folder() / self.task.hex / self.person.hex

    @property
    def path(self) -> Path:
        return self.slot / self.sha256


def arrived(arriving: Arriving) -> int:
    """How many bytes have come."""
    return arriving.path.stat().st_size if arriving.path.is_file() else 0


def add(arriving: Arriving, part: bytes, *, offset: int, most: int) -> int:
    """Append a part that begins at ``offset``; returns how many bytes there are now, durably.

    Raises TooLarge above ``most``, Refused("upload.offset") where the file is shorter or longer by now: its fact
    ``offset`` says from where to go on.
    """
    with _alone(arriving.slot):
        there = arrived(arriving)
        if there != offset:
            sentence = Text(
                ko="서버에 {there:,}바이트까지 도착했습니다. 그다음부터 이어서 보내세요.",
                en="{there:,} bytes have arrived. Go on from there.",
            )
            raise Refused("upload.offset", sentence.format(there=there), offset=there)
        if there + len(part) > most:
            raise too_large(most)
        _let_go(other for other in arriving.slot.iterdir() if other != arriving.path)
        with arriving.path.open("ab") as file:
            file.write(part)
            file.flush()
            os.fsync(file.fileno())
        return there + len(part)


@contextmanager
def opened(arriving: Arriving) -> Iterator[IO[bytes]]:
    """What has come, to be read. Raises Missing("upload.missing")."""
    try:
        file = arriving.path.open("rb")
    except FileNotFoundError:
        sentence = Text(
            ko="보내 둔 파일이 없습니다. 처음부터 다시 보내세요. 나누어 보낸 파일은 하루 동안 보관합니다.",
            en="There is no such file. Send it again from its beginning: parts are kept for a day.",
        )
        raise Missing("upload.missing", sentence) from None
    with file:
        yield file


def forget(arriving: Arriving) -> None:
    """Let it go: it was accepted, or it is not what it was said to be."""
    arriving.path.unlink(missing_ok=True)


def sweep() -> int:
    """Let go of what has not grown for a day; returns how many files."""
    before = time.time() - KEPT.total_seconds()
    return _let_go(path for path in _folder().glob("*/*/*") if path.stat().st_mtime < before)


def _let_go(paths: Iterable[Path]) -> int:
    gone = list(paths)
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


@contextmanager
def _alone(slot: Path) -> Iterator[None]:
    """One part at a time of a person's at a task, whichever process it reaches."""
    slot.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(slot, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "challenges" / "arriving"
