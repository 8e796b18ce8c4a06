"""A whole installation goes into one file and comes back equal, from either database, or not at all."""

import json
import zipfile
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from dure.core.errors import Flawed, Refused
from dure.people.models import Person
from dure.store.archive import MANIFEST, back_up, check, restore
from tests.site.world import made_world

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(settings, tmp_path) -> Path:
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    (tmp_path / "secret-key").write_text("a secret of this installation")
    (tmp_path / "files" / "forms").mkdir(parents=True)
    (tmp_path / "files" / "forms" / "이력서.hwp").write_bytes(bytes(range(256)) * 5_000)
    return tmp_path


@pytest.fixture
def archive(home) -> Path:
    made_world()
    back_up(home / "first.zip")
    return home / "first.zip"


def emptied(home: Path) -> None:
    call_command("flush", interactive=False, verbosity=0)
    for path in sorted((home / "files").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (home / "secret-key").unlink()


def parts_of(archive: Path) -> dict[str, object]:
    """Every part; rows as values, since a database may turn the keys of a JSON column."""
    with zipfile.ZipFile(archive) as opened:
        return {
            name: [json.loads(line) for line in opened.read(name).splitlines()]
            if name.startswith("tables/")
            else opened.read(name)
            for name in opened.namelist()
            if name != MANIFEST
        }


def rewritten(archive: Path, **changed: bytes) -> Path:
    """The archive with other bytes in the parts of those names (``_`` for ``/``)."""
    other = archive.with_name("other.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.replace("/", "_").replace(".", "_"), old.read(name)))
    return other


def test_everything_comes_back_equal(home, archive):
    contents = check(archive)
    emptied(home)

    restored = restore(archive)
    back_up(home / "second.zip")

    assert (restored, contents.rows["people.person"] > 0) == (contents, True)
    assert parts_of(home / "second.zip") == parts_of(archive)
    assert (home / "secret-key").read_text() == "a secret of this installation"


def test_new_rows_find_free_numbers_after_a_restore(home, archive):
    emptied(home)
    restore(archive)

    made = ContentType.objects.create(app_label="a", model="b")

    assert made.pk > max(ContentType.objects.exclude(pk=made.pk).values_list("pk", flat=True))


def test_only_its_owner_reads_it(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_an_older_backup_is_never_written_over(archive):
    with pytest.raises(Refused, match="exists already"):
        back_up(archive)


def test_nothing_is_restored_over_what_people_did(home, archive):
    before = set(Person.objects.values_list("pk", flat=True))

    with pytest.raises(Refused) as refused:
        restore(archive)

    assert (refused.value.code, set(Person.objects.values_list("pk", flat=True))) == ("archive.not-empty", before)


@pytest.mark.parametrize("kept", [10, 0.5, 0.99])
def test_a_file_that_was_cut_short_changes_nothing(home, archive, kept):
    whole = archive.read_bytes()
    (home / "cut.zip").write_bytes(whole[: kept if kept > 1 else int(len(whole) * kept)])
    emptied(home)

    with pytest.raises(Flawed) as flawed:
        restore(home / "cut.zip")

    assert (flawed.value.code, Person.objects.exists()) == ("archive.damaged", False)


def test_a_part_that_was_changed_is_named(home, archive):
    other = rewritten(archive, tables_people_person_jsonl=b'["id"]\n')

    with pytest.raises(Flawed) as flawed:
        check(other)

    assert flawed.value.facts["errors"] == [{"part": "tables/people.person.jsonl"}]


def test_what_is_no_backup_is_refused_with_a_sentence(home):
    (home / "text.zip").write_text("hello")

    with pytest.raises(Flawed, match="is damaged"):
        check(home / "text.zip")
    with pytest.raises(Refused, match="no such backup"):
        check(home / "nothing.zip")


def test_a_backup_of_another_version_is_refused_by_name(home, archive):
    about = json.loads(zipfile.ZipFile(archive).read(MANIFEST))
    about["migrations"].append(["people", "9999_of_next_year"])
    other = rewritten(archive, manifest_json=json.dumps(about).encode())
    emptied(home)

    with pytest.raises(Refused) as refused:
        restore(other)

    assert (refused.value.code, "people.9999_of_next_year" in refused.value.text.en) == ("archive.version", True)


def test_a_name_that_leads_out_of_the_store_is_refused(home, archive):
    emptied(home)
    about = json.loads(zipfile.ZipFile(archive).read(MANIFEST))
    about["sha256"]["files/../../out"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    other = rewritten(archive, manifest_json=json.dumps(about).encode())
    with zipfile.ZipFile(other, "a") as opened:
        opened.writestr("files/../../out", b"")

    with pytest.raises(Flawed):
        restore(other)

    assert not (home.parent / "out").exists()
