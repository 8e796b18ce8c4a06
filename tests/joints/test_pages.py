"""A competition's pages become the programme's, stand beside its boards, and leave with it again."""

import io
from dataclasses import asdict

import pytest

from dure.bundles import read
from dure.bundles.pages import pages_of
from dure.challenges.measures import Measure
from dure.joints.importing.pages import paged, take_pages
from dure.joints.pages import pages_beside
from dure.joints.plain import make_round
from dure.programmes.models import TERMS
from dure.programmes.operations.pages import Said, remove_page, rewrite_page, show_page, write_page
from dure.programmes.queries.pages import page_of
from dure.programmes.queries.pages import pages_of as pages_now
from tests.bundles.samples import flowers
from tests.factories import make_operator, make_organisation
from tests.joints.test_plain import LABELS, wanted

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme(settings, tmp_path):
    """A programme with one round."""
    settings.MEDIA_ROOT = tmp_path
    host = make_organisation("hanbit")
    return make_round(wanted(host), by=make_operator(), labels=io.BytesIO(LABELS), measure=Measure("accuracy"))


@pytest.fixture
def competition(tmp_path):
    return read(flowers(tmp_path / "in"), tmp_path / "into").competition


def test_pages_of_a_bundle_are_read_in_the_programme(programme, competition):
    take_pages(programme, competition, by=programme.made_by)

    told = [(one.page.name, asdict(Said.of(one))) for one in pages_now(programme)]
    assert told == [(page.name, {name: value for name, value in asdict(page).items() if name != "name"})
                    for page in pages_of(competition)]  # fmt: skip
    assert page_of(programme, TERMS).text_en == "Play fair."


def test_what_nobody_changed_leaves_as_it_came(programme, competition, tmp_path):
    take_pages(programme, competition, by=programme.made_by)

    assert paged(competition, programme, tmp_path) == (competition, ())


def test_what_was_changed_hidden_or_shown_with_pictures_leaves_as_it_stands(programme, competition, tmp_path):
    by = programme.made_by
    take_pages(programme, competition, by=by)
    overview, data = (page_of(programme, name).page for name in ("overview", "data"))
    said = Said(title_ko="개요", title_en="Overview", text_ko="![그림](files/a.png)", text_en="New words.")
    rewrite_page(overview, said=said, by=by, after=1)
    show_page(data, shown=False, by=by)

    whole, lost = paged(competition, programme, tmp_path)

    told = {page.name: page for page in pages_of(whole)}
    assert (told["overview"].text_ko, told["overview"].text_en) == ("![그림](files/a.png)", "New words.")
    assert "data" not in told
    assert told[TERMS].text_en == "Play fair."
    assert [one.code for one in lost] == ["write.lost"]


def test_boards_know_the_pages_that_are_shown(programme):
    by, task = programme.made_by, programme.round_tasks.get().task
    for name in ("overview", "data", "secret"):
        write_page(programme, name=name, said=Said(title_en=name, text_en="x"), by=by, is_shown=name != "secret")
    assert [one.page.name for one in pages_beside(task.pk)] == ["overview", "data"]

    remove_page(page_of(programme, "data").page, by=by)

    assert [one.page.name for one in pages_beside(task.pk)] == ["overview"]
