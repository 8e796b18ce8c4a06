"""Uploads on the disk."""

import io
import os
import time

import pytest
from django.db.transaction import atomic

from dure.challenges import files
from dure.challenges.models import Upload
from dure.core.errors import TooLarge

pytestmark = pytest.mark.django_db


def on_disk() -> set[str]:
    return {path.name for path in files._folder().glob("??/*")}


def age(upload: Upload) -> None:
    old = time.time() - 2 * files.ORPHANED_AFTER.total_seconds()
    os.utime(files.path_of(upload), (old, old))


def test_what_is_stored_is_read_back():
    upload = files.store(io.BytesIO(b"id,label\n"), most_bytes=100, name="a.csv")

    assert (files.read(upload), upload.size, upload.name) == (b"id,label\n", 9, "a.csv")


def test_a_file_above_the_bound_leaves_nothing():
    with pytest.raises(TooLarge) as refused:
        files.store(io.BytesIO(b"x" * 101), most_bytes=100)

    assert (refused.value.status, refused.value.code, refused.value.facts) == (413, "file.large", {"most": 100})
    assert on_disk() == set()


def test_what_was_received_stays_only_where_its_row_was_written():
    with files.received(io.BytesIO(b"1"), most_bytes=9) as accepted:
        accepted.save(force_insert=True)
    with files.received(io.BytesIO(b"2"), most_bytes=9):
        pass
    with pytest.raises(ZeroDivisionError), files.received(io.BytesIO(b"3"), most_bytes=9) as undone, atomic():
        undone.save(force_insert=True)
        raise ZeroDivisionError

    assert on_disk() == {accepted.id.hex}


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
