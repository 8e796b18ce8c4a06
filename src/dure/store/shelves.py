"""Shelves of files on the disk: each file under the SHA-256 of its bytes, complete and fsynced or not there at all."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from dure.core.errors import Refused
from dure.core.text import Text
from dure.store.disk import fill, sync_folder

ORPHANED_AFTER = timedelta(days=1)
EMPTY = Text(ko="빈 파일입니다. 내용이 있는 파일을 올리세요.", en="The file is empty. Choose one with content.")
_COMING = "incoming-"
_OURS = re.compile(rf"{_COMING}.*|[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in and is not kept yet."""

    path: Path
    sha256: str
    size: int


class Shelf:
    """The files of one room, below MEDIA_ROOT."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def root(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.name

    def path_of(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    @contextmanager
    def received(self, content: Iterable[bytes], *, most: int) -> Iterator[Received]:
        """The bytes of ``content`` on disk, to be looked at and kept inside the block; gone after it otherwise.

        It takes as long as the disk does, so it belongs before a transaction. Raises TooLarge above ``most`` bytes,
        and Refused("file.empty").
        """
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.root, prefix=_COMING)
        try:
            with os.fdopen(descriptor, "wb") as file:
                size, digest = fill(file, content, most=most)
            if not size:
                raise Refused("file.empty", EMPTY)
            yield Received(Path(name), digest, size)
        finally:
            Path(name).unlink(missing_ok=True)

    def keep(self, file: Received) -> Path:
        """Put a received file in its place; the same bytes again land on themselves."""
        place = self.path_of(file.sha256)
        place.parent.mkdir(exist_ok=True)
        file.path.replace(place)
        for folder in (place.parent, self.root):
            sync_folder(folder)
        return place

    def sweep(self, known: Callable[[], Collection[str]]) -> int:
        """Remove files whose hash is not ``known``, left by a process that died before its row was written."""
        before = time.time() - ORPHANED_AFTER.total_seconds()
        old = [path for path in self.root.rglob("*") if _OURS.fullmatch(path.name) and path.stat().st_mtime < before]
        kept = known() if old else ()
        return sum(_removed(path, before) for path in old if path.name not in kept)


def _removed(path: Path, before: float) -> bool:
    """Taken aside first: the same bytes may come in at this very moment, and then they stay."""
    aside = path.with_name(f"{_COMING}{path.name}")
    path.replace(aside)
    if aside.stat().st_mtime >= before:
        aside.replace(path)
        return False
    aside.unlink()
    return True
