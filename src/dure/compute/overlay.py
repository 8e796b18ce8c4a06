"""Folders that a box may write although their files are not its own: an overlay keeps what is changed apart."""

import os
from pathlib import Path

from dure.compute import kernel

_OWN = 8  # the folders of an overlay itself


def entries(folder: Path) -> int:
    """How many files and folders an overlay over ``folder`` may have to keep a note of."""
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder)) + _OWN


def cover(place: Path, changes: Path, *, uid: int) -> None:
    """Let ``uid`` write in the mount at ``place``. ``changes``, a new folder, holds what differs, up to its own bounds.

    Raises OSError where the kernel has no overlays for this user (before 5.11, where that is not root).
    """
    upper, inner = changes / "upper", changes / "work"
    for folder in (changes, upper, inner):
        folder.mkdir()
    layers = f"lowerdir={place},upperdir={upper},workdir={inner}"
    # With metacopy a file that is given away is not copied before it is written.
    how = "metacopy=on" if os.geteuid() == 0 else "userxattr"
    kernel.mount("overlay", place, flags=kernel.NO_SUID | kernel.NO_DEVICES, options=f"{layers},{how}")
    if os.geteuid() == 0:
        _give(place, uid)


def _give(folder: Path, uid: int) -> None:
    os.chown(folder, uid, uid)
    for inside, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(inside, name), uid, uid, follow_symlinks=False)
