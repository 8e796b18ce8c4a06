"""What every page has in common: refusals in words, also where an address takes only what a button sends."""

import pytest
from django.utils.translation import override

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.site.flaws import JudgedForm, flaws_of
from tests.factories import make_person
from tests.site.conftest import client_of, text_of


def raised(refused: Flawed) -> None:
    raise refused


WORDS = Flawed("some.code", Text(ko="아니요.", en="That will not do: --bad"), errors=["--bad"])


@pytest.mark.django_db
def test_an_address_that_only_takes_what_a_button_sends_says_so_in_words() -> None:
    page = client_of(make_person(), "en").get("/me/notices/read/")

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "reached by a button of a page only" in text_of(page)


def test_a_refusal_that_lists_bare_words_is_told_by_its_sentence() -> None:
    form = JudgedForm({})

    with override("en"):
        taken = form.submit(lambda _: raised(WORDS))

    assert (taken, flaws_of(WORDS), form.non_field_errors()) == (False, [], [WORDS.text.en])


@pytest.mark.django_db
def test_a_fault_of_ours_has_its_page_and_is_written_down(monkeypatch, caplog) -> None:
    client = client_of(make_person(), "en")
    client.raise_request_exception = False
    monkeypatch.setattr("dure.site.pages.render", lambda *_, **__: 1 / 0)

    page = client.get("/")

    assert (page.status_code, "went wrong on our side" in text_of(page)) == (500, True)
    assert "ZeroDivisionError" in caplog.text
