"""Attached files on disk: each under the SHA-256 of its bytes, complete and fsynced or not there at all."""

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from dure.applications.models import Attachment
from dure.core.errors import Refused
from dure.core.text import Text
from dure.store.disk import fill, sync_folder

ORPHANED_AFTER = timedelta(days=1)
_COMING = "incoming-"
_OURS = re.compile(rf"{_COMING}.*|[0-9a-f]{{64}}")
EMPTY = Text(ko="빈 파일입니다. 내용이 있는 파일을 올리세요.", en="The file is empty. Choose one with content.")


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
        sync_folder(folder)
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
    with os.fdopen(descriptor, "wb") as file:
        size, digest = fill(file, content, most=settings.ATTACHMENT_BYTES)
    if not size:
        raise Refused("file.empty", EMPTY)
    return digest, size
