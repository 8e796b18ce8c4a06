"""Uploads on the disk: written once and wholly before anything speaks of them, checked when they are read."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePath
from typing import IO
from uuid import UUID

from django.conf import settings

from dure.challenges.models import Upload
from dure.compute.archives import ArchiveLimits, unpack
from dure.store.disk import fill, sync_folder

_CHUNK = 1 << 20
ORPHANED_AFTER = timedelta(days=1)
UNPACKED_FOR = timedelta(days=7)
_ORGANISERS = ArchiveLimits(total_bytes=16 << 30, files=200_000, depth=24, ratio=1_000)


class Damaged(Exception):  # noqa: N818 -- a fact about the disk
    """What lies on the disk is not what was sent."""


@contextmanager
def received(stream: IO[bytes], *, most_bytes: int, name: str = "") -> Iterator[Upload]:
    """The bytes of ``stream`` on the disk under their (unsaved) row: saved inside the block they stay, else they go.

    It takes as long as the disk does, so it belongs before a transaction. Raises TooLarge above ``most_bytes``.
    """
    upload = store(stream, most_bytes=most_bytes, name=name)
    try:
        yield upload
    except BaseException:
        if not Upload.objects.filter(pk=upload.pk).exists():  # saved, it may have been taken back with its transaction
            discard(upload)
        raise
    if upload._state.adding:
        discard(upload)


def store(stream: IO[bytes], *, most_bytes: int, name: str = "") -> Upload:
    """Write ``stream`` to the disk, durably, and return its (unsaved) row. Raises TooLarge above ``most_bytes``."""
    upload = Upload(name="".join(sign for sign in name if sign.isprintable())[:200])
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        upload.size, upload.sha256 = _copy(stream, path, most_bytes)
    except BaseException:
        discard(upload)
        raise
    sync_folder(path.parent)
    return upload


def _copy(stream: IO[bytes], path: Path, most_bytes: int) -> tuple[int, str]:
    path.touch(mode=0o600, exist_ok=False)  # labels are nobody else's
    with path.open("wb") as file:
        return fill(file, iter(partial(stream.read, _CHUNK), b""), most=most_bytes)


def discard(upload: Upload) -> None:
    """Take away a file whose row was never written."""
    path_of(upload).unlink(missing_ok=True)


def path_of(upload: Upload) -> Path:
    """Where it lies: the last two digits of the id, which are random, spread files over folders."""
    return _folder() / upload.id.hex[-2:] / upload.id.hex


def read(upload: Upload) -> bytes:
    """The bytes as they were sent. Raises Damaged, or OSError where the disk is away."""
    data = path_of(upload).read_bytes()
    if sha256(data).hexdigest() != upload.sha256:
        raise Damaged(f"{upload.id} is not what was sent")
    return data


def plain_name(upload: Upload) -> str:
    """The name that it came with, as a file may have it."""
    return PurePath(upload.name.replace("\\", "/")).name or "file"


def unpacked(upload: Upload) -> Path:
    """The folder of an organiser's archive: unpacked once, kept while it is used. Raises Flawed as ``unpack``."""
    return _laid(upload, f"{upload.sha256}-whole", lambda folder: unpack(path_of(upload), folder, limits=_ORGANISERS))


def beside_its_name(upload: Upload) -> Path:
    """A folder that holds the file alone, under its own name."""

    def copy(folder: Path) -> None:
        file = folder / plain_name(upload)
        shutil.copyfile(path_of(upload), file)
        file.chmod(0o644)

    return _laid(upload, f"{upload.sha256}-{sha256(plain_name(upload).encode()).hexdigest()[:16]}", copy)


def _laid(upload: Upload, name: str, fill: Callable[[Path], object]) -> Path:
    """The folder of that name, filled by whoever comes first; its moment says when it was last used."""
    place = _laid_out() / name
    if not place.is_dir():
        read(upload)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=place.parent))
        try:
            draft.chmod(0o755)
            fill(draft)
            with suppress(FileExistsError, OSError):  # another worker was faster
                draft.rename(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    os.utime(place)
    return place


def sweep() -> int:
    """Remove files that no row tells of, left by a process that died between the file and its row."""
    unused = time.time() - UNPACKED_FOR.total_seconds()
    for folder in _laid_out().glob("*"):
        if folder.stat().st_mtime < unused:
            shutil.rmtree(folder, ignore_errors=True)
    before = time.time() - ORPHANED_AFTER.total_seconds()
    old = {path.name: path for path in _folder().glob("??/*") if path.stat().st_mtime < before}
    known = {upload.hex for upload in Upload.objects.values_list("pk", flat=True)} if old else set()
    orphans = [path for name, path in old.items() if name not in known and _is_id(name)]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _is_id(name: str) -> bool:
    with suppress(ValueError):
        return UUID(hex=name).hex == name
    return False


def _laid_out() -> Path:
    """Not among the files that are kept: it can be made anew."""
    return Path(settings.HOME) / "unpacked"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "challenges"
