"""The question mark: it leads to a page that is there, in both languages, from pages that are there."""

import pytest
from django.urls import get_resolver

from dure.site.docs.shelves import page_of
from dure.site.helping import HELP
from tests.site.conftest import client_of


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("target", sorted(set(HELP.values())))
def test_what_helps_is_written_in_both_languages(target, language) -> None:
    shelf, _, name = target.partition("/")
    page = page_of(shelf, name, language)
    assert page is not None
    assert page.language == language


def test_every_page_that_has_help_is_a_page() -> None:
    assert [name for name in HELP if not get_resolver().reverse_dict.getlist(name)] == []


@pytest.mark.parametrize(("language", "title"), [("ko", "심사"), ("en", "Judge")])
def test_a_page_leads_to_its_help_in_the_visitors_language(world, language, title) -> None:
    client = client_of(world.judge, language)
    address = "/docs/how-to/judge/"

    assert f'href="{address}"' in client.get("/me/reviews/").content.decode()
    assert title in client.get(address).context["page"].title


@pytest.mark.django_db
def test_a_page_without_help_has_no_question_mark() -> None:
    assert 'href="/docs/how-to/' not in client_of(None).get("/programmes/").content.decode()
