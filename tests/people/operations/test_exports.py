"""A person's own data: asked for once at a time, there for a week."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.errors import Refused
from dure.people.models import ExportState
from dure.people.operations import ask_for_export, expire_exports, finish_export, note_download, note_progress
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    export = ask_for_export(make_person())
    export.file.parent.mkdir()
    export.file.write_bytes(b"zip")
    return finish_export(export, size=3)


def test_it_is_asked_for_once_until_it_is_there():
    person = make_person()
    first = ask_for_export(person)
    with pytest.raises(Refused) as refused:
        ask_for_export(person)
    finish_export(first, size=1)
    assert refused.value.code == "export.asked"
    assert ask_for_export(person).state == ExportState.ASKED


def test_one_that_never_came_to_its_end_gives_way():
    person = make_person()
    stuck = ask_for_export(person)
    with clock.at(clock.now() + timedelta(hours=2)):
        late = stuck.is_late
        ask_for_export(person)
    stuck.refresh_from_db()
    assert (late, stuck.state) == (True, ExportState.FAILED)


def test_progress_is_noted_while_it_is_gathered():
    export = ask_for_export(make_person())
    note_progress(export, done=3, of=5)
    export.refresh_from_db()
    assert (export.done, export.of) == (3, 5)


def test_its_person_is_told_when_it_is_there(ready):
    assert [notice.path for notice in ready.person.notices.all()] == ["/me/account/data/"]


def test_after_a_week_file_and_download_are_gone(ready):
    with clock.at(clock.now() + timedelta(days=8)):
        with pytest.raises(Refused) as refused:
            note_download(ready)
        expired = expire_exports(before=clock.now())
    ready.refresh_from_db()
    assert (refused.value.code, expired, ready.state, ready.file.exists()) == ("export.gone", 1, "gone", False)


def test_within_the_week_nothing_expires(ready):
    assert (expire_exports(before=clock.now()), ready.file.exists()) == (0, True)
