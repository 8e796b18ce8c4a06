"""Archives as participants send them, and as attackers do. A refusal names the member and leaves nothing behind."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.compute.archives import ArchiveLimits, unpack
from dure.core.errors import Flawed

SMALL = ArchiveLimits(total_bytes=1 << 20, files=20, depth=4, ratio=200)


def zipped(path: Path, members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], *, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def typed(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("mode", ["zip", "w", "w:gz", "folder"])
def test_plain_archive_is_unpacked(mode: str, tmp_path: Path) -> None:
    members = {"main.py": b"print(1)", "데이터/가.csv": b"1"}
    source = tmp_path / "source"
    if mode == "folder":
        for name, content in members.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(content)
    elif mode == "zip":
        zipped(source, members)
    else:
        tarred(source, [(tarfile.TarInfo(f"./{name}"), content) for name, content in members.items()], mode=mode)

    files = unpack(source, tmp_path / "into", limits=SMALL)

    assert files == [PurePosixPath("main.py"), PurePosixPath("데이터/가.csv")]
    assert {str(file): (tmp_path / "into" / file).read_bytes() for file in files} == members


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_korean_names_without_the_utf8_flag_are_read(encoding: str, tmp_path: Path) -> None:
    placeholder = b"x" * len("모델.py".encode(encoding))
    archive = zipped(tmp_path / "a.zip", {placeholder.decode(): b""})
    archive.write_bytes(archive.read_bytes().replace(placeholder, "모델.py".encode(encoding)))

    assert unpack(archive, tmp_path / "into") == [PurePosixPath("모델.py")]


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"main.py": b"", "__MACOSX/._main.py": b"", "a/.DS_Store": b""})

    assert unpack(archive, tmp_path / "into") == [PurePosixPath("main.py")]


def _symlink_in_zip(path: Path) -> Path:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def _duplicate_in_zip(path: Path) -> Path:
    zipped(path, {"main.py": b"good", "main.px": b"bad"})
    path.write_bytes(path.read_bytes().replace(b"main.px", b"main.py"))
    return path


def _encrypted_zip(path: Path) -> Path:
    zipped(path, {"secret": b"x"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def _folder_with_link(path: Path) -> Path:
    path.mkdir()
    (path / "link").symlink_to("/etc/passwd")
    return path


def _folder_with_pipe(path: Path) -> Path:
    path.mkdir()
    os.mkfifo(path / "pipe")
    return path


def _truncated(path: Path) -> Path:
    tarred(path, [(tarfile.TarInfo("x"), os.urandom(9_000))])
    path.write_bytes(path.read_bytes()[:-4_000])
    return path


def _huge_pax_header(path: Path) -> Path:
    return tarred(path, [(typed("x", tarfile.XHDTYPE), bytes(1 << 18)), (tarfile.TarInfo("x"), b"")])


BOMB = bytes(32 << 20)
HOSTILE: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "zip_traversal": (lambda path: zipped(path, {"../evil": b""}), "outside", "../evil"),
    "zip_traversal_inside": (lambda path: zipped(path, {"a/../../evil": b""}), "outside", "a/../../evil"),
    "zip_absolute": (lambda path: zipped(path, {"/etc/evil": b""}), "outside", "/etc/evil"),
    "zip_backslash": (lambda path: zipped(path, {"..\\evil": b""}), "name", "..\\evil"),
    "zip_control_sign": (lambda path: zipped(path, {"a\nb": b""}), "name", "a\\nb"),
    "zip_long_name": (lambda path: zipped(path, {"a" * 300: b""}), "name", "a" * 300),
    "zip_duplicate": (_duplicate_in_zip, "duplicate", "main.py"),
    "zip_same_name_in_pieces": (
        lambda path: zipped(path, {"\uac00": b"", "\u1100\u1161": b""}),
        "duplicate",
        "\u1100\u1161",
    ),
    "zip_file_and_folder": (lambda path: zipped(path, {"a": b"", "a/b": b""}), "duplicate", "a/b"),
    "zip_folder_and_file": (lambda path: zipped(path, {"a/b": b"", "a": b""}), "duplicate", "a"),
    "zip_symlink": (_symlink_in_zip, "special", "link"),
    "zip_encrypted": (_encrypted_zip, "encrypted", "secret"),
    "zip_other_method": (lambda path: zipped(path, {"x": b"x"}, method=zipfile.ZIP_LZMA), "method", "x"),
    "zip_bomb": (lambda path: zipped(path, {"bomb": BOMB}), "bytes", "bomb"),
    "zip_many_files": (lambda path: zipped(path, {f"{n:02}": b"" for n in range(21)}), "files", "20"),
    "zip_deep": (lambda path: zipped(path, {"a/a/a/a/a": b""}), "deep", "a/a/a/a/a"),
    "zip_empty": (lambda path: zipped(path, {}), "empty", ""),
    "zip_only_folders": (lambda path: zipped(path, {"a/": b""}), "empty", ""),
    "tar_traversal": (lambda path: tarred(path, [(tarfile.TarInfo("../evil"), b"")]), "outside", "../evil"),
    "tar_symlink": (lambda path: tarred(path, [(typed("l", tarfile.SYMTYPE, "/etc"), b"")]), "special", "l"),
    "tar_hard_link": (lambda path: tarred(path, [(typed("l", tarfile.LNKTYPE, "/etc/x"), b"")]), "special", "l"),
    "tar_device": (lambda path: tarred(path, [(typed("d", tarfile.BLKTYPE), b"")]), "special", "d"),
    "tar_pipe": (lambda path: tarred(path, [(typed("p", tarfile.FIFOTYPE), b"")]), "special", "p"),
    "tar_bomb": (lambda path: tarred(path, [(tarfile.TarInfo("bomb"), BOMB)]), "bytes", "bomb"),
    "tar_huge_header": (_huge_pax_header, "broken", ""),
    "tar_truncated": (_truncated, "broken", ""),
    "folder_symlink": (_folder_with_link, "special", "link"),
    "folder_pipe": (_folder_with_pipe, "special", "pipe"),
}


@pytest.mark.parametrize(("make", "flaw", "member"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_archive_is_refused_by_member(
    make: Callable[[Path], Path], flaw: str, member: str, tmp_path: Path
) -> None:
    archive = make(tmp_path / "archive")

    with pytest.raises(Flawed) as refused:
        unpack(archive, tmp_path / "into", limits=SMALL)

    assert (refused.value.code, refused.value.facts["member"]) == (f"compute.archive.{flaw}", member)
    assert list((tmp_path / "into").iterdir()) == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["archive", "into"]


def test_bomb_is_refused_by_its_ratio_before_the_total(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"bomb": BOMB})

    with pytest.raises(Flawed) as refused:
        unpack(archive, tmp_path / "into", limits=ArchiveLimits(total_bytes=1 << 30))

    assert refused.value.facts["most"] == 16 << 20


@given(st.binary(max_size=2_000))
def test_any_bytes_are_unpacked_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for head in (b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", bytes(257) + b"ustar"):
        (folder / "archive").write_bytes(head + content)
        with pytest.raises(Flawed):
            unpack(folder / "archive", folder / "into", limits=SMALL)
