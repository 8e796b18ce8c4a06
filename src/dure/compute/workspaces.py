"""Folders that live as long as one piece of work, and are swept up later where their process was killed."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "dure-"
_STALE_SECONDS = 24 * 60 * 60  # a neighbour in another container has process ids that are unknown here


@contextmanager
def workspace(purpose: str) -> Iterator[Path]:
    """An empty folder for ``purpose`` (one word), removed afterwards with all that is in it."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*-*"):
        with suppress(OSError, IndexError):
            process = Path("/proc", folder.name.split("-")[2])
            own = folder.stat().st_uid == os.geteuid()
            if own and time.time() - folder.stat().st_mtime > _STALE_SECONDS and not process.exists():
                shutil.rmtree(folder, ignore_errors=True)
