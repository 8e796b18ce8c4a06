"""Opening bundles: what real archives bring is taken, what is hostile is refused by name."""

import io
import zipfile

import pytest

from dure.bundles.opening import Limits, Unopened, files_of, opened
from tests.bundles.samples import laid, packed

MARKERS = ("competition.yaml",)


def open_zip(tmp_path, content, **limits):
    return opened(packed(tmp_path / "in.zip", content), tmp_path / "into", MARKERS, Limits(**limits))


def names(bundle):
    return {path.relative_to(bundle.root).as_posix() for path in files_of(bundle.root)}


@pytest.mark.parametrize("round_it", ["", "my competition/", "a/b/"])
def test_one_folder_may_stand_round_everything(tmp_path, round_it):
    files = {
        f"{round_it}competition.yaml": "title: x",
        f"{round_it}data/a.txt": "1",
        "__MACOSX/._a": "",
        ".DS_Store": "",
    }

    assert names(open_zip(tmp_path, files)) == {"competition.yaml", "data/a.txt"}


def test_names_with_separators_of_windows(tmp_path):
    assert names(open_zip(tmp_path, {"competition.yaml": "", "data\\a.txt": "1"})) == {"competition.yaml", "data/a.txt"}


@pytest.mark.parametrize(
    ("raw", "read"), [("é.txt".encode("latin-1"), "é.txt"), ("자료.txt".encode("euc-kr"), "자료.txt")]
)
def test_names_in_old_encodings(tmp_path, raw, read):
    placeholder = b"?" * len(raw)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("competition.yaml", "")
        archive.writestr(placeholder.decode(), "1")
    path = tmp_path / "in.zip"
    path.write_bytes(buffer.getvalue().replace(placeholder, raw))

    assert names(opened(path, tmp_path / "into", MARKERS)) == {"competition.yaml", read}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"../competition.yaml": ""}, "archive.outside"),
        ({"/competition.yaml": ""}, "archive.outside"),
        ({"..\\..\\competition.yaml": ""}, "archive.outside"),
        ({"a/" * 30 + "competition.yaml": ""}, "archive.deep"),
        ({"competition.yaml": "", "zeros": bytes(1000)}, "archive.large"),
        ({str(number): "" for number in range(20)}, "archive.files"),
        ({"readme.txt": ""}, "bundle.unknown"),
        ({"a/competition.yaml": "", "b/competition.yaml": ""}, "bundle.several"),
    ],
)
def test_archives_that_are_refused(tmp_path, files, code):
    with pytest.raises(Unopened) as refused:
        open_zip(tmp_path, files, total_bytes=500, files=10)

    assert refused.value.defect.code == code
    assert not (tmp_path / "competition.yaml").exists()


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("competition.yaml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(Unopened) as refused:
        opened(path, tmp_path / "into", MARKERS)

    assert refused.value.defect.code == "archive.special"


def test_a_name_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("competition.yaml", "title: one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("competition.yaml", "title: two")

    with pytest.raises(Unopened) as refused:
        opened(path, tmp_path / "into", MARKERS)

    assert (refused.value.defect.code, refused.value.defect.name) == ("archive.twice", "in.zip/competition.yaml")


def test_what_is_no_zip_is_refused(tmp_path):
    with pytest.raises(Unopened) as refused:
        opened(laid(tmp_path, {"in.zip": "not a zip"}) / "in.zip", tmp_path / "into", MARKERS)

    assert refused.value.defect.code == "archive.broken"


def test_a_folder_with_a_link_is_refused(tmp_path):
    folder = laid(tmp_path / "in", {"competition.yaml": ""})
    (folder / "labels").symlink_to("/etc")

    with pytest.raises(Unopened) as refused:
        opened(folder, tmp_path / "into", MARKERS)

    assert (refused.value.defect.code, refused.value.defect.name) == ("archive.special", "labels")


def test_nothing_outside_the_bundle_is_found(tmp_path):
    laid(tmp_path, {"secret.txt": "s"})
    bundle = opened(laid(tmp_path / "in", {"competition.yaml": "t", "a/b.txt": "1"}), tmp_path / "into", MARKERS)

    found = [
        path for path in ("../secret.txt", "/etc/passwd", "", ".", "a/b.txt", "a\\b.txt", "a\0") if bundle.find(path)
    ]

    assert found == [".", "a/b.txt", "a\\b.txt"]


def test_an_archive_within_is_unpacked_once(tmp_path):
    folder = laid(tmp_path / "in", {"competition.yaml": "", "data.zip": {"a.txt": "1"}})
    bundle = opened(folder, tmp_path / "into", MARKERS)

    assert bundle.folder("data.zip") == bundle.folder("data.zip")
    assert (bundle.folder("data.zip") / "a.txt").read_text() == "1"
