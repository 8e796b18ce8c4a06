"""Where the demo's data come from, and what is said of files that are not in order."""

import gzip

import pytest

from dure.core.errors import Flawed, Missing
from dure.demo.data import MOST_COMMENTS, comments, digits


def test_digits_are_all_there():
    read = digits()

    assert read.images.shape == (1797, 64)
    assert set(read.labels) == set("0123456789")


def test_packaged_comments_are_rated_one_way_or_the_other():
    read = comments()

    assert len(read.texts) == len(read.labels) == MOST_COMMENTS
    assert set(read.labels) == {"0", "1"}


@pytest.mark.parametrize("name", ["comments.csv", "comments.csv.gz"])
def test_own_comments_are_read_plain_or_packed(tmp_path, name):
    content = "id,text,label\n1,재미있어요,1\n2,별로예요,0\n".encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)

    read = comments(file)

    assert dict(zip(read.texts, read.labels, strict=True)) == {"재미있어요": "1", "별로예요": "0"}


def test_comments_without_their_header_are_refused(tmp_path):
    file = tmp_path / "comments.csv"
    file.write_text("text,label\na,1\n", encoding="utf-8")

    with pytest.raises(Flawed):
        comments(file)


def test_missing_file_is_said(tmp_path):
    with pytest.raises(Missing):
        comments(tmp_path / "nothing.csv")
