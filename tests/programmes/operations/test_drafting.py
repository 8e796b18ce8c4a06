"""Drafts of blueprints: nothing that was kept is lost, and no window overwrites another unseen."""

from datetime import timedelta
from pathlib import Path

import pytest

from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import rehearse
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.programmes.models import Draft, Rehearsal, Version
from dure.programmes.operations import drafting
from dure.programmes.operations.drafting import (
    begin,
    begin_from_file,
    discard,
    keep_rehearsal,
    name_version,
    redo,
    restore,
    take_back,
    version_in_force,
    version_of,
    write,
)
from tests.factories import make_person

pytestmark = pytest.mark.django_db
RUSH = (Path(__file__).parents[3] / "blueprints" / "06-naver-ai-rush-2020.yaml").read_text(encoding="utf-8")


@pytest.fixture
def draft():
    return begin("blueprint: one", by=make_person())


def texts(draft):
    return list(draft.versions.order_by("number").values_list("number", "parent", "text"))


def test_a_draft_is_called_what_its_text_says(draft):
    write(draft, RUSH, revision=draft.revision)

    found = Draft.objects.get(pk=draft.pk)
    assert (found.name, found.title.ko) == ("naver-ai-rush", "네이버 AI RUSH 2020")


def test_a_text_that_cannot_be_read_keeps_the_name_it_had(draft):
    write(draft, "blueprint: [", revision=draft.revision)
    assert Draft.objects.get(pk=draft.pk).name == "one"


def test_what_is_typed_within_minutes_is_one_version(draft):
    for text in ("a: 1", "a: 12", "a: 123"):
        write(draft, text, revision=draft.revision, typing=True)

    assert texts(draft) == [(1, None, "blueprint: one"), (2, 1, "a: 123")]


def test_after_a_pause_typing_begins_a_new_version(draft):
    write(draft, "a: 1", revision=draft.revision, typing=True)
    with clock.at(clock.now() + timedelta(minutes=4)):
        write(draft, "a: 2", revision=draft.revision, typing=True)

    assert [number for number, *_ in texts(draft)] == [1, 2, 3]


def test_what_is_kept_on_purpose_is_a_version_of_its_own(draft):
    write(draft, "a: 1", revision=draft.revision, typing=True)
    write(draft, "a: 2", revision=draft.revision)

    assert texts(draft)[1:] == [(2, 1, "a: 1"), (3, 2, "a: 2")]


def test_another_window_cannot_overwrite_unseen(draft):
    seen = draft.revision
    write(draft, "a: mine", revision=seen)

    with pytest.raises(Refused, match="another window"):
        write(Draft.objects.get(pk=draft.pk), "a: theirs", revision=seen)

    assert version_in_force(draft).text == "a: mine"


def test_overwriting_on_purpose_keeps_the_other_text_as_a_version(draft):
    write(draft, "a: mine", revision=draft.revision)
    write(draft, "a: theirs", revision=None)

    assert [text for *_, text in texts(draft)] == ["blueprint: one", "a: mine", "a: theirs"]


def test_taking_back_and_going_on_again(draft):
    write(draft, "a: 1", revision=draft.revision)

    assert take_back(draft, revision=draft.revision).text == "blueprint: one"
    assert redo(draft, revision=draft.revision).text == "a: 1"


def test_there_is_nothing_before_the_first_and_nothing_after_the_last(draft):
    for act in (take_back, redo):
        with pytest.raises(Refused, match="nothing more"):
            act(draft, revision=draft.revision)


def test_a_restored_version_can_be_taken_back(draft):
    write(draft, "a: 1", revision=draft.revision)
    restore(draft, 1, revision=draft.revision)

    assert version_in_force(draft).text == "blueprint: one"
    assert take_back(draft, revision=draft.revision).text == "a: 1"


def test_a_named_version_grows_no_more(draft):
    write(draft, "a: 1", revision=draft.revision, typing=True)
    name_version(draft, 2, name=" before the meeting ")
    write(draft, "a: 2", revision=draft.revision, typing=True)

    assert (version_of(draft, 2).name, version_of(draft, 2).text) == ("before the meeting", "a: 1")


def test_a_version_needs_a_name_and_must_be_there(draft):
    with pytest.raises(Flawed):
        name_version(draft, 1, name=" ")
    with pytest.raises(Missing):
        name_version(draft, 9, name="x")


def test_lines_end_alike_wherever_a_file_comes_from():
    draft = begin_from_file("\ufeffa: 1\r\nb: 2\r".encode(), by=make_person())
    assert version_in_force(draft).text == "a: 1\nb: 2\n"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a" * (1024 * 1024 + 1)])
def test_what_is_no_text_or_too_large_is_refused(content):
    with pytest.raises(Flawed):
        begin_from_file(content, by=make_person())


def test_the_oldest_unnamed_versions_make_room(draft, monkeypatch):
    monkeypatch.setattr(drafting, "KEPT", 2)
    for number in range(2, 7):
        write(draft, f"a: {number}", revision=draft.revision)
        if number == 2:
            name_version(draft, 2, name="kept")

    assert [number for number, *_ in texts(draft)] == [1, 2, 4, 5, 6]


def test_a_rehearsal_is_kept_with_its_version(draft):
    version = write(draft, RUSH, revision=draft.revision, typing=True)
    outcome = rehearse(load_blueprint(RUSH.encode()), cases=50, seed=3)

    kept = keep_rehearsal(version, outcome, overrides={"facts.age": "20"})
    write(draft, RUSH + "\n# more", revision=draft.revision, typing=True)

    assert (kept.version.number, kept.cases, kept.seed, draft.head) == (2, 50, 3, 3)


def test_a_draft_is_thrown_away_with_all_that_hangs_on_it(draft):
    version = write(draft, RUSH, revision=draft.revision)
    keep_rehearsal(version, rehearse(load_blueprint(RUSH.encode()), cases=5), overrides={})

    discard(draft)

    assert [model.objects.count() for model in (Draft, Version, Rehearsal)] == [0, 0, 0]
