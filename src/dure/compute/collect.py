"""Carry regular files out of a box's folder. What is in it was written by the box: nothing there is believed."""

import os
from pathlib import Path

MOST_LEVELS = 16
_LONGEST_PATH = 1_000
_TOLD = 20
_CHUNK = 1 << 20
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class TooMuch(Exception):  # noqa: N818 -- a verdict on the box, not a fault
    """The output holds more bytes, or more files and folders, than the box was allowed."""


class Collection:
    """One walk through a box's output: ``files`` were carried, ``left_out`` says what was not and why.

    ``owner``: what another user wrote is passed over, as if it were not there.
    """

    def __init__(self, *, most_bytes: int, most_files: int, owner: int | None = None) -> None:
        self._bytes_left = most_bytes
        self._files_left = most_files
        self._owner = owner
        self.files: list[str] = []
        self.left_out: list[str] = []

    def carry(self, source: Path, into: Path) -> None:
        """Copy every regular file below ``source`` to ``into`` (existing, empty), or raise TooMuch.

        Links, pipes, sockets, odd names and what lies more than 16 levels deep stay behind. Bytes are counted
        as they are read, so a sparse or a growing file costs what it would fill.
        """
        root = os.open(source, _READ | os.O_DIRECTORY)
        try:
            self._folder(root, into, ())
        finally:
            os.close(root)

    def _folder(self, folder: int, into: Path, place: tuple[str, ...]) -> None:
        with os.scandir(folder) as entries:
            for entry in filter(self._is_own, entries):
                self._files_left -= 1
                if self._files_left < 0:
                    raise TooMuch
                inner = (*place, entry.name)
                why = _unfit(entry, inner) or self._entry(folder, entry, into, inner)
                if why:
                    self._leave(inner, why)

    def _is_own(self, entry: "os.DirEntry[str]") -> bool:
        return self._owner is None or entry.stat(follow_symlinks=False).st_uid == self._owner

    def _entry(self, folder: int, entry: "os.DirEntry[str]", into: Path, place: tuple[str, ...]) -> str:
        """Carry one file or folder; returns why not, or nothing."""
        is_folder = entry.is_dir(follow_symlinks=False)
        try:
            opened = os.open(entry.name, _READ | (os.O_DIRECTORY if is_folder else 0), dir_fd=folder)
        except OSError as error:
            return str(error.strerror)
        try:
            if is_folder:
                into.joinpath(*place).mkdir()
                self._folder(opened, into, place)
            else:
                self._copy(opened, into.joinpath(*place))
                self.files.append("/".join(place))
        finally:
            os.close(opened)
        return ""

    def _copy(self, opened: int, target: Path) -> None:
        with open(os.open(target, _WRITE, 0o644), "wb") as file:  # noqa: PTH123 -- a descriptor, not a path
            while chunk := os.read(opened, _CHUNK):
                self._bytes_left -= len(chunk)
                if self._bytes_left < 0:
                    raise TooMuch
                file.write(chunk)

    def _leave(self, place: tuple[str, ...], why: str) -> None:
        if len(self.left_out) < _TOLD:
            self.left_out.append(f"{ascii('/'.join(place))[1:-1]}: {why}")


def _unfit(entry: "os.DirEntry[str]", place: tuple[str, ...]) -> str:
    if not entry.name.isprintable():  # control signs, and bytes that are not UTF-8
        return "a name that cannot be shown"
    if len(place) > MOST_LEVELS or len("/".join(place).encode()) > _LONGEST_PATH:
        return "too deep"
    if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
        return "not a regular file"
    return ""
