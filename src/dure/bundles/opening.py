"""Open a bundle: a folder as it lies, or a zip unpacked below a folder of the caller's. Nothing in it is believed.

What real archives bring is taken: one folder round everything, names of macOS and Windows, other encodings. What
leads out, links, repeats itself or swells is refused with its name before a byte of it is written.
"""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dure.bundles.findings import Defect, Place, defect
from dure.core.errors import Flawed

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_BOUNDED_FROM = 64 << 20  # bytes: small archives of repetitive text swell a thousandfold and harm nobody
_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git"}
# What the standard library says of archives that are no archives, encrypted, or packed in a way it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_ENCODINGS = ("utf-8", "euc-kr", "latin-1")  # of names that do not say theirs: any bytes are Latin-1
_DEEPEST_MARKER = 3  # folders above the file that makes a folder a bundle


@dataclass(frozen=True)
class Limits:
    """How large an archive may be. ``ratio``: bytes that come out for each byte of the archive."""

    total_bytes: int = 8 << 30
    files: int = 50_000
    depth: int = 24
    ratio: int = 200


class Unopened(Flawed):
    """It cannot be opened; ``defect`` says why."""

    def __init__(self, found: Defect) -> None:
        self.defect = found
        super().__init__(f"bundles.{found.code}", found.text, errors=[found.as_dict()])


class Bundle:
    """An opened bundle. Paths are relative to ``root``; archives within it are unpacked below ``into``, once each."""

    def __init__(self, root: Path, into: Path, limits: Limits | None = None) -> None:
        self.root = root
        self._real = root.resolve()
        self._into = into
        self._limits = limits or Limits()
        self._folders: dict[str, Path] = {}

    def find(self, path: str) -> Path | None:
        """The file or folder of that name; None where there is none inside the bundle."""
        target = self.root / _normal(path)
        try:
            inside = target.resolve().is_relative_to(self._real)
            return target if path.strip() and inside and target.exists() else None
        except (OSError, ValueError, RuntimeError):
            return None

    def read(self, path: str) -> bytes:
        """A file's bytes; nothing where there is no file of that name."""
        found = self.find(path)
        return found.read_bytes() if found and found.is_file() else b""

    def folder(self, path: str) -> Path:
        """The data set at ``path`` as a folder: itself, or the zip unpacked. Raises Unopened for any other file."""
        if path not in self._folders:
            found = self.find(path)
            if found is None:
                raise Unopened(defect("data.missing", Place(path), path=path))
            self._folders[path] = found if found.is_dir() else self._unpacked(found, path)
        return self._folders[path]

    def _unpacked(self, archive: Path, path: str) -> Path:
        into = self._into / f"{len(self._folders)}-{archive.stem[:60]}"
        unpack(archive, into, path, self._limits)
        return into


def opened(path: Path, into: Path, markers: tuple[str, ...], limits: Limits | None = None) -> Bundle:
    """The bundle at ``path``, a folder or a zip; its root is the shallowest folder with one of the marker files.

    ``into`` is an empty folder or none yet. Raises Unopened.
    """
    if not path.exists():
        raise Unopened(defect("bundle.missing", Place(path.name), path=path))
    top = path = path.parent if path.name in markers else path
    if path.is_file():
        top = into / "bundle"
        unpack(path, top, path.name, limits or Limits())
    else:
        _no_links(path)
    return Bundle(_root(top, markers), into / "data", limits)


def _root(top: Path, markers: tuple[str, ...]) -> Path:
    level = [top]
    for _ in range(_DEEPEST_MARKER):
        here = [folder for folder in level if any((folder / name).is_file() for name in markers)]
        if len(here) > 1:
            both = ", ".join(str(folder.relative_to(top)) for folder in here)
            raise Unopened(defect("bundle.several", Place(), folders=both))
        if here:
            return here[0]
        level = [
            child
            for folder in level
            for child in sorted(folder.iterdir())
            if child.is_dir() and child.name not in _JUNK
        ]
    raise Unopened(defect("bundle.unknown", Place(), names=", ".join(markers)))


def _no_links(folder: Path) -> None:
    for path in _walk(folder):
        if not (path.is_file() or path.is_dir()) or path.is_symlink():
            raise Unopened(defect("archive.special", Place(path.relative_to(folder).as_posix())))


def _walk(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.name in _JUNK:
                continue
            yield path
            if path.is_dir() and not path.is_symlink():
                waiting.append(path)


def files_of(folder: Path) -> list[Path]:
    """Every file below, by name, without what systems leave lying about."""
    return sorted(path for path in _walk(folder) if path.is_file() and not path.name.startswith("._"))


# --- archives -----------------------------------------------------------------------------------------------


def unpack(archive: Path, into: Path, name: str, limits: Limits) -> None:
    """Write the files of a zip below ``into``. Raises Unopened; ``name`` is what findings call it."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        with _zip(archive) as opened_zip:
            _Writer(into, name, limits, packed=archive.stat().st_size).take_all(opened_zip)
    except _BROKEN as fault:
        raise Unopened(defect("archive.broken", Place(name), why=fault)) from fault


def _zip(archive: Path) -> zipfile.ZipFile:
    for encoding in _ENCODINGS[:-1]:
        try:
            return zipfile.ZipFile(archive, metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
    return zipfile.ZipFile(archive, metadata_encoding=_ENCODINGS[-1])


class _Writer:
    """Judges members one by one and writes those that hold up."""

    def __init__(self, into: Path, archive: str, limits: Limits, *, packed: int) -> None:
        self._into, self._archive, self._limits = into, archive, limits
        self._left = min(limits.total_bytes, max(packed * limits.ratio, _BOUNDED_FROM))
        self._written: set[PurePosixPath] = set()

    def take_all(self, opened_zip: zipfile.ZipFile) -> None:
        members = opened_zip.infolist()
        if len(members) > self._limits.files:
            raise self._refused("files", "", most=self._limits.files)
        for info in members:
            path = self._plain(info)
            if _JUNK.isdisjoint(path.parts) and not path.name.startswith("._"):
                self._take(opened_zip, info, path)

    def _plain(self, info: zipfile.ZipInfo) -> PurePosixPath:
        shown = _normal(info.orig_filename)
        path = PurePosixPath(shown)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or not shown.isprintable():
            raise self._refused("outside", info.orig_filename)
        if len(path.parts) > self._limits.depth:
            raise self._refused("deep", shown, most=self._limits.depth)
        if info.flag_bits & _ENCRYPTED:
            raise self._refused("encrypted", shown)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._refused("special", shown)
        return path

    def _take(self, opened_zip: zipfile.ZipFile, info: zipfile.ZipInfo, path: PurePosixPath) -> None:
        target = self._into / path
        if info.orig_filename.endswith(("/", "\\")):
            target.mkdir(parents=True, exist_ok=True)
            return
        if path in self._written:
            raise self._refused("twice", str(path))
        self._written.add(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened_zip.open(info) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise self._refused("large", str(path))
                file.write(chunk)

    def _refused(self, flaw: str, member: str, **facts: object) -> Unopened:
        return Unopened(
            defect(f"archive.{flaw}", Place(f"{self._archive}/{member}" if member else self._archive), **facts)
        )


def _normal(name: str) -> str:
    """With the separators of this world, composed as people type it (macOS sends letters in pieces)."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))
