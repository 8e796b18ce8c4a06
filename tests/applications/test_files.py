"""Attached files on the disk: what nobody speaks of is swept."""

import os
import time
from pathlib import Path

import pytest

from dure.applications import files
from dure.applications.operations import attach

pytestmark = pytest.mark.django_db


def kept(content: bytes) -> Path:
    """A file in its place that no attachment tells of."""
    with files.received([content]) as file:
        return files.keep(file)


def aged(path: Path) -> Path:
    old = time.time() - 2 * files.ORPHANED_AFTER.total_seconds()
    os.utime(path, (old, old))
    return path


def test_only_old_files_without_an_attachment_are_swept(draft, person):
    attachment = attach(draft, "cv", content=[b"%PDF-1.7 cv"], name="cv.pdf", by=person)
    known, orphan, young = aged(files.path_of(attachment.sha256)), aged(kept(b"1")), kept(b"2")
    left_by_the_dead, foreign = files.root() / "incoming-x", files.root() / "README"
    for path in (left_by_the_dead, foreign):
        path.touch()
        aged(path)

    assert files.sweep() == 2
    assert {path for path in files.root().rglob("*") if path.is_file()} == {known, young, foreign}
    assert not orphan.exists()


def test_a_file_that_comes_in_again_while_it_is_swept_stays(monkeypatch):
    place = aged(kept(b"1"))
    replace = Path.replace

    def replaced_at_this_moment(path: Path, to: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        kept(b"1")
        return replace(path, to)

    monkeypatch.setattr(Path, "replace", replaced_at_this_moment)

    assert files.sweep() == 0
    assert place.read_bytes() == b"1"
