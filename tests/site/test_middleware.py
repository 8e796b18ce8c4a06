"""What every page has in common: refusals in words, also where an address takes only what a button sends."""

import pytest

from tests.factories import make_person
from tests.site.conftest import client_of, text_of


@pytest.mark.django_db
def test_an_address_that_only_takes_what_a_button_sends_says_so_in_words() -> None:
    page = client_of(make_person(), "en").get("/me/notices/read/")

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "reached by a button of a page only" in text_of(page)
