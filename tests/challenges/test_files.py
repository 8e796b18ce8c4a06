"""Uploads on the disk."""

import io
import os
import time

import pytest

from dure.challenges import files
from dure.challenges.models import Upload
from dure.core.errors import Flawed

pytestmark = pytest.mark.django_db


def age(upload: Upload) -> None:
    old = time.time() - 2 * files.ORPHANED_AFTER.total_seconds()
    os.utime(files.path_of(upload), (old, old))


def test_what_is_stored_is_read_back():
    upload = files.store(io.BytesIO(b"id,label\n"), most_bytes=100, name="a.csv")

    assert (files.read(upload), upload.size, upload.name) == (b"id,label\n", 9, "a.csv")


def test_a_file_above_the_bound_leaves_nothing():
    with pytest.raises(Flawed):
        files.store(io.BytesIO(b"x" * 101), most_bytes=100)

    assert list(files._folder().glob("??/*")) == []


def test_a_file_that_changed_on_the_disk_is_not_read():
    upload = files.store(io.BytesIO(b"1"), most_bytes=9)
    files.path_of(upload).write_bytes(b"2")

    with pytest.raises(files.Damaged):
        files.read(upload)


def test_only_old_files_without_a_row_are_swept():
    orphan, young, known = (files.store(io.BytesIO(b"1"), most_bytes=9) for _ in range(3))
    known.save(force_insert=True)
    age(orphan)
    age(known)
    foreign = files.path_of(orphan).with_name("README")
    foreign.touch()
    os.utime(foreign, (0, 0))

    assert files.sweep() == 1
    assert [files.path_of(one).exists() for one in (orphan, young, known)] == [False, True, True]
    assert foreign.exists()
