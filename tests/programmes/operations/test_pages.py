"""Pages of a programme: nothing that was written is lost, and of two who write at once none writes over the other."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.audit.models import AuditRow
from dure.core.errors import Flawed, Refused
from dure.programmes.files import SHELF
from dure.programmes.models import PageRevision, ProgrammeFile
from dure.programmes.operations.pages import (
    Said,
    attach_page_file,
    bring_back,
    copy_pages,
    detach_page_file,
    order_pages,
    remove_page,
    restore_page,
    rewrite_page,
    show_page,
    write_page,
)
from dure.programmes.queries.pages import current, files_of, page_of, pages_of, titles_of
from dure.programmes.tasks import sweep
from tests.programmes.build import APPLY, live

pytestmark = [pytest.mark.django_db]
DATA = Said(title_ko="데이터", title_en="Data", text_en="# Data\n\nTen thousand comments.")


@pytest.fixture
def programme():
    return live(APPLY).programme


def _written(programme, name: str = "data", said: Said = DATA, **more):
    return write_page(programme, name=name, said=said, by=programme.made_by, **more)


def _names(programme, **asked) -> list[str]:
    return [one.page.name for one in titles_of(programme, **{"everything": False, **asked})]


def test_a_page_is_read_as_it_was_written(programme):
    _written(programme)

    said = page_of(programme, "data")
    assert (said.title.ko, said.title.en, said.number) == ("데이터", "Data", 1)
    assert said.text.ko == said.text.en == "# Data\n\nTen thousand comments."
    assert (said.spoken("ko"), said.spoken("en")) == ("en", "en")
    assert page_of(programme, "rules") is None


def test_two_pages_of_one_name_cannot_be(programme):
    _written(programme)

    with pytest.raises(Refused) as refused:
        _written(programme)

    assert (refused.value.code, PageRevision.objects.count()) == ("page.taken", 1)


@pytest.mark.parametrize(
    ("name", "said", "fields"),
    [
        ("Data", DATA, ["name"]),
        ("da ta", DATA, ["name"]),
        ("data", Said(), ["title_en", "text_en"]),
        ("data", Said(title_en="a" * 101, text_en="x"), ["title_en"]),
        ("data", Said(title_ko="두\n줄", text_ko="x"), ["title_ko"]),
        ("data", Said(title_en="Data", text_ko="x" * 1_000_001), ["text_ko"]),
        ("data", Said(title_en="Data", text_en="a\0b"), ["text_en"]),
        ("data", Said(title_en="Data", text_en="x", format="rtf"), ["format"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(programme, name, said, fields):
    with pytest.raises(Flawed) as flawed:
        _written(programme, name, said)

    assert [flaw["field"] for flaw in flawed.value.facts["errors"]] == fields
    assert not pages_of(programme)


def test_of_two_who_write_at_once_the_second_is_told(programme):
    page, by = _written(programme).page, programme.made_by
    rewrite_page(page, said=Said(title_en="Data", text_en="first"), by=by, after=1)

    with pytest.raises(Refused) as refused:
        rewrite_page(page, said=Said(title_en="Data", text_en="second"), by=by, after=1)

    assert (refused.value.code, refused.value.facts["revision"]) == ("page.changed", 2)
    assert page_of(programme, "data").text.en == "first"
    assert rewrite_page(page, said=Said(title_en="Data", text_en="second"), by=by, after=2).number == 3


def test_saving_what_it_says_already_writes_nothing(programme):
    page = _written(programme).page

    assert rewrite_page(page, said=DATA, by=programme.made_by, after=1).number == 1
    assert not AuditRow.objects.filter(action="page.rewritten").exists()


def test_what_it_once_said_comes_back_as_a_new_revision(programme):
    page, by = _written(programme).page, programme.made_by
    rewrite_page(page, said=Said(title_en="Data", text_en="other"), by=by, after=1)

    bring_back(page, number=1, by=by)

    assert (current(page).number, Said.of(current(page))) == (3, DATA)
    assert page.revisions.count() == 3


def test_a_removed_page_comes_back_as_it_was(programme):
    page, by = _written(programme).page, programme.made_by
    remove_page(page, by=by)
    assert _names(programme) == []

    with pytest.raises(Refused) as refused:
        rewrite_page(page, said=Said(title_en="Data", text_en="late"), by=by, after=1)
    assert refused.value.code == "page.removed"
    restore_page(page, by=by)

    assert _names(programme) == ["data"]
    assert page_of(programme, "data").text.en == DATA.text_en


def test_a_removed_page_stays_away_while_another_has_its_address(programme):
    page, by = _written(programme).page, programme.made_by
    remove_page(page, by=by)
    _written(programme)

    with pytest.raises(Refused) as refused:
        restore_page(page, by=by)

    assert refused.value.code == "page.taken"


def test_what_is_not_shown_is_for_those_who_run_it(programme):
    page = _written(programme, is_shown=False).page
    assert (_names(programme), _names(programme, everything=True)) == ([], ["data"])

    show_page(page, shown=True, by=programme.made_by)
    show_page(page, shown=True, by=programme.made_by)

    assert _names(programme) == ["data"]
    assert AuditRow.objects.filter(action="page.shown").count() == 1


def test_pages_stand_in_the_order_that_was_given(programme):
    by = programme.made_by
    for name in ("overview", "data", "terms"):
        _written(programme, name)

    order_pages(programme, names=["terms", "overview", "data"], by=by)
    assert _names(programme) == ["terms", "overview", "data"]

    for wrong in (["terms"], ["terms", "overview", "overview"], ["terms", "overview", "data", "more"]):
        with pytest.raises(Refused):
            order_pages(programme, names=wrong, by=by)


def test_a_copy_has_the_pages_and_files_as_they_stand(programme):
    into, by = live(APPLY).programme, programme.made_by
    page = _written(programme).page
    rewrite_page(page, said=Said(title_en="Data", text_en="now"), by=by, after=1)
    _written(programme, "secret", is_shown=False)
    attach_page_file(programme, [b"bytes"], name="figure.png", by=by)
    remove_page(_written(programme, "gone").page, by=by)

    copy_pages(programme, into=into, by=by)

    assert _names(into, everything=True) == ["data", "secret"]
    assert (_names(into), page_of(into, "data").text.en, page_of(into, "data").number) == (["data"], "now", 1)
    assert [(file.name, SHELF.path_of(file.sha256).read_bytes()) for file in files_of(into)] == [
        ("figure.png", b"bytes")
    ]


def test_a_file_has_one_name_and_its_bytes_go_when_nobody_names_them(programme):
    by = programme.made_by
    file = attach_page_file(programme, [b"one"], name="../a/b?.png", by=by)
    assert file.name == "b-.png"
    with pytest.raises(Refused) as refused:
        attach_page_file(programme, [b"two"], name="b-.png", by=by)
    assert refused.value.code == "page.file"
    kept = SHELF.path_of(file.sha256)

    detach_page_file(file, by=by)
    old = time.time() - 2 * 86_400
    os.utime(kept, (old, old))
    sweep(None)()

    assert (kept.exists(), ProgrammeFile.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("figure (1).png", "figure-1-.png"), ("그림 1.png", "그림-1.png"), ("a..b.png", "a.b.png"), ("...", "file")],
)
def test_a_file_is_called_so_that_a_page_can_name_it(programme, sent, kept):
    assert attach_page_file(programme, [b"x"], name=sent, by=programme.made_by).name == kept


class TestRevisions(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8))
    def test_whatever_is_written_stays_to_be_read(self, texts):
        """Revisions count from 1 without a gap, and tell each change of the text once."""
        programme = live(APPLY).programme
        page = write_page(
            programme, name="data", said=Said(title_en="Data", text_en="start"), by=programme.made_by
        ).page
        for text in texts:
            page.refresh_from_db()
            rewrite_page(page, said=Said(title_en="Data", text_en=text), by=programme.made_by, after=page.revision)

        told = ["start"]
        told += [text for before, text in zip(["start", *texts], texts, strict=False) if text != before]
        rows = page.revisions.order_by("number")
        assert [(row.number, row.text_en) for row in rows] == list(enumerate(told, 1))
