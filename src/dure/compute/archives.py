"""Unpack what a participant sent: a zip, a tar or a folder. Nothing in it is believed; a refusal names the member.

The libraries repair, skip or follow what is wrong (`zipfile` takes duplicates and turns traversal into another name),
so each member is judged here before a byte is written, and bytes are counted as they come out, not as a header says.
"""

import gzip
import os
import shutil
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from dure.compute.box import KIB, MIB
from dure.core.errors import Flawed
from dure.core.text import Text

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_UNBOUNDED_BELOW = 16 * MIB  # small archives of repetitive text expand a thousandfold and harm nobody
_LONGEST_PART, _LONGEST_PATH = 255, 1_000
_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db"}
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, RecursionError)
_ONE_WORD_OF_TAR = 64 * KIB


@dataclass(frozen=True)
class ArchiveLimits:
    """How large an archive may be. ``ratio``: bytes that come out for each byte of the archive."""

    total_bytes: int = 512 * MIB
    files: int = 2_000
    depth: int = 16
    ratio: int = 200


@dataclass(frozen=True)
class Member:
    """One entry: its name as sent, ``flaw`` (a code of ``FLAWS``) where it is no plain file or folder."""

    name: str
    is_folder: bool
    opens: Callable[[], IO[bytes]]
    flaw: str = ""


FLAWS = {
    "kind": Text(
        ko="zip, tar, tar.gz 파일만 풀 수 있습니다. 그중 하나로 다시 압축해 제출하세요.",
        en="Only zip, tar and tar.gz files can be unpacked. Pack it again as one of these.",
    ),
    "broken": Text(
        ko="압축 파일이 손상되어 풀 수 없습니다. 다시 압축해 제출하세요. ({detail})",
        en="The archive is damaged and cannot be unpacked. Pack it again. ({detail})",
    ),
    "empty": Text(
        ko="압축 파일에 파일이 없습니다. 파일을 넣어 다시 제출하세요.",
        en="The archive holds no file. Put your files in and submit it again.",
    ),
    "name": Text(
        ko="‘{member}’: 파일 이름에 쓸 수 없는 문자가 있거나 이름이 너무 깁니다. 이름을 바꾸어 다시 압축하세요.",
        en="{member}: the name is too long or has characters that a name may not have. Rename it and pack again.",
    ),
    "outside": Text(
        ko="‘{member}’: 압축 파일 바깥을 가리키는 경로입니다. 상대 경로로 다시 압축하세요.",
        en="{member}: the path leads out of the archive. Pack again with relative paths.",
    ),
    "duplicate": Text(
        ko="‘{member}’: 같은 이름이 두 번 들어 있습니다. 하나만 남기고 다시 압축하세요.",
        en="{member}: the name is there twice. Keep one and pack again.",
    ),
    "deep": Text(
        ko="‘{member}’: 폴더가 {most}단계보다 깊습니다. 구조를 줄여 다시 압축하세요.",
        en="{member}: folders go more than {most} levels deep. Flatten them and pack again.",
    ),
    "special": Text(
        ko="‘{member}’: 링크나 특수 파일은 넣을 수 없습니다. 실제 파일로 바꾸어 다시 압축하세요.",
        en="{member}: links and special files are not taken. Replace it by the file itself and pack again.",
    ),
    "encrypted": Text(
        ko="‘{member}’: 암호가 걸려 있습니다. 암호 없이 다시 압축하세요.",
        en="{member}: it is encrypted. Pack again without a password.",
    ),
    "method": Text(
        ko="‘{member}’: 지원하지 않는 압축 방식입니다. 일반 zip(Deflate)으로 다시 압축하세요.",
        en="{member}: the compression method is not supported. Pack again as a plain zip (Deflate).",
    ),
    "files": Text(
        ko="‘{member}’: 파일과 폴더가 {most}개를 넘습니다. 필요한 것만 남기고 다시 압축하세요.",
        en="{member}: there are more than {most} files and folders. Keep what is needed and pack again.",
    ),
    "bytes": Text(
        ko="‘{member}’: 압축을 풀면 {most}바이트를 넘습니다. 크기를 줄여 다시 제출하세요.",
        en="{member}: unpacked, it is more than {most} bytes. Make it smaller and submit it again.",
    ),
}


def unpack(archive: Path, into: Path, *, limits: ArchiveLimits | None = None) -> list[PurePosixPath]:
    """Write the files of ``archive`` (zip, tar, tar.gz or a folder) below ``into``, an empty folder; returns them.

    Raises Flawed("compute.archive.FLAW", member=…), leaving ``into`` empty, where a member is no plain file or folder
    with a plain name, or where the whole is larger than ``limits``.
    """
    into.mkdir(parents=True, exist_ok=True)
    writer = _Writer(into, limits or ArchiveLimits(), packed=archive.stat().st_size if archive.is_file() else None)
    try:
        with _members(archive) as members:
            for member in members:
                writer.take(member)
        if not writer.files:
            raise _flawed("empty")
    except Flawed:
        _clear(into)
        raise
    except _BROKEN as error:
        _clear(into)
        raise _flawed("broken", detail=str(error)) from error
    return sorted(writer.files)


class _Writer:
    """Judges members one by one and writes those that hold up. ``packed``: bytes of the archive, if it is one."""

    def __init__(self, into: Path, limits: ArchiveLimits, *, packed: int | None) -> None:
        self._into = into
        self._limits = limits
        expands_to = limits.total_bytes if packed is None else max(packed * limits.ratio, _UNBOUNDED_BELOW)
        self._most = min(limits.total_bytes, expands_to)
        self._bytes = 0
        self._entries = 0
        self._folders: set[PurePosixPath] = {PurePosixPath()}
        self.files: set[PurePosixPath] = set()

    def take(self, member: Member) -> None:
        self._entries += 1
        if self._entries > self._limits.files:
            raise _flawed("files", member.name, most=self._limits.files)
        if member.flaw:
            raise _flawed(member.flaw, member.name)
        path = _plain(member.name, self._limits.depth)
        if _JUNK.intersection(path.parts):
            return
        if path in self.files or (not member.is_folder and path in self._folders):
            raise _flawed("duplicate", member.name)
        self._folder(path if member.is_folder else path.parent, member)
        if not member.is_folder:
            self._write(path, member)

    def _folder(self, path: PurePosixPath, member: Member) -> None:
        for folder in reversed((path, *path.parents)):
            if folder in self.files:
                raise _flawed("duplicate", member.name)
            if folder not in self._folders:
                self._folders.add(folder)
                (self._into / folder).mkdir()
                (self._into / folder).chmod(0o755)

    def _write(self, path: PurePosixPath, member: Member) -> None:
        target = self._into / path
        with member.opens() as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                self._bytes += len(chunk)
                if self._bytes > self._most:
                    raise _flawed("bytes", member.name, most=self._most)
                file.write(chunk)
        target.chmod(0o644)
        self.files.add(path)


def _plain(name: str, depth: int) -> PurePosixPath:
    """The name as a relative path, or Flawed. Composed as Unicode NFC: macOS sends Hangul in pieces."""
    shown = unicodedata.normalize("NFC", name)
    if not shown.isprintable() or "\\" in shown or len(shown.encode()) > _LONGEST_PATH:
        raise _flawed("name", name)
    path = PurePosixPath(shown)
    if path.is_absolute() or ".." in path.parts:
        raise _flawed("outside", name)
    if any(len(part.encode()) > _LONGEST_PART for part in path.parts):
        raise _flawed("name", name)
    if len(path.parts) > depth:
        raise _flawed("deep", name, most=depth)
    return path


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[Member]]:
    if archive.is_dir():
        yield _of_folder(archive, PurePosixPath())
        return
    with archive.open("rb") as file:
        head = file.read(512)
        file.seek(0)
        if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            with _zip(archive) as opened:
                yield _of_zip(opened)
        elif head[:2] == b"\x1f\x8b" or head[257:262] == b"ustar":
            plain = gzip.GzipFile(fileobj=file) if head[:2] == b"\x1f\x8b" else file
            with tarfile.open(fileobj=plain, mode="r|", tarinfo=_Header) as read:
                yield _of_tar(read)
        else:
            raise _flawed("kind")


def _zip(archive: Path) -> zipfile.ZipFile:
    """Names without the UTF-8 flag are UTF-8 all the same (macOS) or else CP949 (Korean Windows)."""
    try:
        return zipfile.ZipFile(archive, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(archive, metadata_encoding="cp949")


def _of_zip(opened: zipfile.ZipFile) -> Iterator[Member]:
    for info in opened.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        flaw = ""
        if info.flag_bits & _ENCRYPTED:
            flaw = "encrypted"
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            flaw = "special"
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            flaw = "method"
        yield Member(info.orig_filename, info.is_dir(), partial(opened.open, info), flaw)


class _Header(tarfile.TarInfo):
    """A header that is not believed: a long name or a PAX record is read into memory as large as it says it is."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        info = super().frombuf(buf, encoding, errors)
        if info.type not in tarfile.REGULAR_TYPES and info.size > _ONE_WORD_OF_TAR:
            raise tarfile.ReadError("a header of the tar file is too large")
        return info


def _of_tar(read: tarfile.TarFile) -> Iterator[Member]:
    for info in read:
        flaw = "" if info.isdir() or (info.isreg() and not info.issparse()) else "special"
        yield Member(info.name, info.isdir(), partial(_content, read, info), flaw)


def _content(read: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    content = read.extractfile(info)
    if content is None:
        raise tarfile.ReadError("a member without content")
    return content


def _of_folder(folder: Path, place: PurePosixPath) -> Iterator[Member]:
    for entry in sorted(folder.iterdir()):
        mode = entry.lstat().st_mode
        inner = place / entry.name
        flaw = "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "special"
        yield Member(str(inner), stat.S_ISDIR(mode), partial(_unfollowed, entry), flaw)
        if stat.S_ISDIR(mode):
            yield from _of_folder(entry, inner)


def _unfollowed(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _flawed(flaw: str, member: str = "", **facts: object) -> Flawed:
    shown = ascii(member)[1:-1] if not member.isprintable() else member
    text = FLAWS[flaw].format(member=shown[:200], **facts)
    return Flawed(f"compute.archive.{flaw}", text, member=shown, errors=[text.as_dict()], **facts)
