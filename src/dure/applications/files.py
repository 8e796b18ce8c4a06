"""Attached files on disk: each under the SHA-256 of its bytes, complete and fsynced or not there at all."""

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from dure.applications.models import Attachment
from dure.core.errors import Refused
from dure.core.text import Text

MIB = 1 << 20
ORPHANED_AFTER = timedelta(days=1)
_COMING = "incoming-"
_OURS = re.compile(rf"{_COMING}.*|[0-9a-f]{{64}}")
TOO_LARGE = Text(
    ko="파일은 {most} MiB까지 올릴 수 있습니다. 크기를 줄이거나 나누어 올리세요.",
    en="A file may have up to {most} MiB. Make it smaller or split it.",
)
EMPTY = Text(ko="빈 파일입니다. 내용이 있는 파일을 올리세요.", en="The file is empty. Choose one with content.")


class TooLarge(Refused):
    """A file above its bound."""

    status = 413


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in and is not kept yet."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "attachments"


def path_of(digest: str) -> Path:
    return root() / digest[:2] / digest


@contextmanager
def received(content: Iterable[bytes]) -> Iterator[Received]:
    """The bytes of ``content`` on disk, to be looked at and kept inside the block; gone after it otherwise.

    It takes as long as the disk does, so it belongs before a transaction. Raises TooLarge past
    ``settings.ATTACHMENT_BYTES``, and Refused("file.empty").
    """
    root().mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=root(), prefix=_COMING)
    try:
        digest, size = _written(descriptor, content)
        yield Received(Path(name), digest, size)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(file: Received) -> Path:
    """Put a received file in its place; the same bytes again land on themselves."""
    place = path_of(file.sha256)
    place.parent.mkdir(exist_ok=True)
    file.path.replace(place)
    for folder in (place.parent, root()):
        _sync_folder(folder)
    return place


def sweep() -> int:
    """Remove files that no attachment tells of, left by a process that died before its row was written."""
    before = time.time() - ORPHANED_AFTER.total_seconds()
    old = [path for path in root().rglob("*") if _OURS.fullmatch(path.name) and path.stat().st_mtime < before]
    known = set(Attachment.objects.values_list("sha256", flat=True)) if old else set()
    return sum(_removed(path, before) for path in old if path.name not in known)


def _removed(path: Path, before: float) -> bool:
    """Taken aside first: the same bytes may come in at this very moment, and then they stay."""
    aside = path.with_name(f"{_COMING}{path.name}")
    path.replace(aside)
    if aside.stat().st_mtime >= before:
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _written(descriptor: int, content: Iterable[bytes]) -> tuple[str, int]:
    digest, size, most = sha256(), 0, settings.ATTACHMENT_BYTES
    with os.fdopen(descriptor, "wb") as file:
        for piece in content:
            size += len(piece)
            if size > most:
                raise TooLarge("file.large", TOO_LARGE.format(most=most // MIB), most=most)
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Refused("file.empty", EMPTY)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
