"""Every page of the studio: who reads it, in which language, with how many queries, and what is wrong with a text."""

import re
from io import BytesIO
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import rehearse
from dure.programmes.models import Programme
from dure.programmes.operations.drafting import keep_rehearsal, version_in_force, write
from dure.programmes.operations.publishing import make_programme
from dure.site.studio.looking import library, look_at
from tests.factories import make_person
from tests.site.conftest import client_of, text_of
from tests.site.studio.conftest import RUSH

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_LINT = 20, 0.1


def pages(draft, maker):
    version = version_in_force(draft)
    rehearsals = [
        keep_rehearsal(version, rehearse(load_blueprint(RUSH.encode()), cases=n), overrides={}) for n in (400, 50)
    ]
    write(draft, RUSH.replace("take: 100", "take: 90"), revision=None)
    make_programme(RUSH, slug="rush-2026", by=maker)
    own = f"/studio/{draft.pk}/"
    views = [f"{own}?view={view}" for view in ("text", "form", "picture")]
    sections = ("parties", "roles", "r1", "hire", "measures", "words", "rehearse")
    return [
        "/studio/", "/studio/?q=rush&kind=round", "/studio/library/naver-ai-rush/", *views,
        *(f"{own}?view=form&at={section}" for section in sections),
        f"{own}versions/", f"{own}versions/compare/", f"{own}discard/", f"{own}rehearse/", f"{own}programmes/",
        f"{own}programmes/rush-2026/", *(f"/studio/rehearsals/{one.pk}/" for one in rehearsals),
        f"/studio/rehearsals/{rehearsals[0].pk}/beside/{rehearsals[1].pk}/",
        "/make/", "/make/library/naver-ai-rush/", f"/make/draft/{draft.pk}/", "/make/again/rush-2026/",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_read_in_the_visitors_language_with_few_queries(draft, maker, language):
    client = client_of(maker, language)
    for path in pages(draft, maker):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert (path, len(queries) <= MOST_QUERIES) == (path, True)
        assert f'<html lang="{language}">' in answer.content.decode()
        if language == "ko":
            assert re.search("[가-힣]", text_of(answer))


def test_a_draft_is_there_for_whoever_writes_it_only(draft, maker, client):
    operator = make_person(operator=True)
    paths = [f"/studio/{draft.pk}/", f"/studio/{draft.pk}/versions/", f"/studio/{draft.pk}/file/"]

    found = {
        who: [client_of(person).get(path).status_code for path in paths]
        for who, person in {"maker": maker, "another": operator, "stranger": make_person(), "nobody": None}.items()
    }

    assert found == {"maker": [200] * 3, "another": [404] * 3, "stranger": [403] * 3, "nobody": [302] * 3}


def test_the_library_is_searched_in_both_languages(client):
    for asked in ("에이머스", "youth expert"):
        assert [card.blueprint.name for card in client.get("/studio/", {"q": asked}).context["cards"]] == ["lg-aimers"]


def test_a_search_that_finds_nothing_leads_on(client):
    assert "Show all" in text_of(client.get("/studio/", {"q": "no such thing"}))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_commented_start_is_sound_in_both_languages(maker, language):
    answer = client_of(maker, language).post("/studio/new/", {"empty": "1"}, follow=True)

    assert answer.context["look"].flaws == []
    assert ("사람들이 읽는 말" in answer.context["version"].text) == (language == "ko")


def test_a_draft_begins_from_a_file_or_from_the_library(client):
    for sent in ({"file": BytesIO(RUSH.encode())}, {"library": "naver-ai-rush"}):
        assert client.post("/studio/new/", sent, follow=True).context["version"].text == RUSH


def test_nothing_chosen_is_told(client):
    assert client.post("/studio/new/", {}).status_code == 422


def test_flaws_stand_at_their_lines_in_the_readers_language(draft, maker):
    flawed = RUSH.replace("role: recruiter, take", "role: recruter, take")
    write(draft, flawed, revision=None)

    page = text_of(client_of(maker, "ko").get(f"/studio/{draft.pk}/"))

    assert f"{flawed[: flawed.index('recruter')].count(chr(10)) + 1}줄" in page
    assert "recruiter’입니까?" in page


def test_a_text_that_cannot_be_read_leads_from_the_form_back_to_it(draft, client):
    write(draft, "stages: [", revision=None)
    assert "cannot be read as it stands" in text_of(client.get(f"/studio/{draft.pk}/?view=form"))


def test_the_largest_blueprint_is_looked_at_within_a_tenth_of_a_second():
    largest = max((library().source("blueprint", name) for name in library().names("blueprint")), key=len).decode()
    look_at(largest)
    began = perf_counter()
    assert look_at(f"{largest}# not seen before").is_sound
    assert perf_counter() - began < MOST_LINT


def test_programmes_of_other_blueprints_are_not_listed_for_upgrade(draft, maker, client):
    make_programme(RUSH.replace("blueprint: naver-ai-rush", "blueprint: other"), slug="other", by=maker)
    assert client.get(f"/studio/{draft.pk}/programmes/").context["made"] == []
    assert Programme.objects.count() == 1
