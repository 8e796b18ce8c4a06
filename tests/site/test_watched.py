"""Parts that are watched: what is unchanged is not sent, however a proxy in between rewrote its tag."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from dure.site.watched import unless_tagged


def ask(of: str, **headers: str) -> HttpResponse:
    return unless_tagged(RequestFactory().get("/", headers=headers), of, lambda: HttpResponse(f"drawn of {of}"))


def test_first_look_is_drawn_with_a_tag():
    answer = ask("one")

    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"drawn of one", "private, no-cache")
    assert answer["ETag"].startswith('"')


@pytest.mark.parametrize("told", ["{}", "W/{}", '"another", {}'])
def test_what_the_browser_has_is_not_sent_again_but_its_tag_is(told):
    tag = ask("one")["ETag"]

    answer = ask("one", **{"If-None-Match": told.format(tag)})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


def test_what_changed_is_drawn():
    tag = ask("one")["ETag"]

    answer = ask("two", **{"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (200, b"drawn of two")
