"""A board on other sites: only where its organiser says so, only what everybody may see."""

import pytest

from dure.challenges.models import Task, Visibility
from dure.challenges.operations import set_board
from tests.site.conftest import client_of, text_of
from tests.site.desk.rounds.conftest import STAGE, hand_in

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(world, desk) -> str:
    """The address of the board of Ada's task, which example.org may show."""
    hand_in(world, world.ada)
    desk.post(f"{STAGE}embedding/", {"ancestors": "https://example.org"})
    return f"/embed/tasks/{Task.objects.get(option='vision').pk}/"


def test_it_is_nowhere_before_a_site_is_named(world, desk) -> None:
    assert client_of(None).get(f"/embed/tasks/{Task.objects.get(option='vision').pk}/").status_code == 404


def test_the_policy_names_the_sites_and_no_cookie_is_set(board) -> None:
    page = client_of(None, "en").get(board)

    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://example.org" in policy
    assert ("X-Frame-Options" in page, dict(page.cookies), "박하늘" in text_of(page)) == (False, {}, True)


def test_other_pages_are_still_framed_by_nobody(world, desk, board) -> None:
    assert "frame-ancestors 'none'" in client_of(None).get("/challenges/")["Content-Security-Policy"]


def test_a_board_that_is_hidden_later_is_gone(round_, board) -> None:
    set_board(round_, Visibility.ENTRANTS)

    assert [client_of(who).get(board).status_code for who in (None,)] == [404]


def test_whoever_is_signed_in_is_not_told_of(world, board) -> None:
    assert client_of(world.ada, "en").get(board).content == client_of(None, "en").get(board).content


def test_unchanged_it_is_not_sent_again_and_the_address_chooses_the_language(board) -> None:
    client = client_of(None, "en")
    first = client.get(board)

    same = client.get(board, headers={"If-None-Match": first["ETag"]})
    korean = client.get(f"{board}?lang=ko", headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, korean.status_code, 'lang="ko"' in korean.content.decode()) == (304, 200, True)


def test_what_is_no_site_is_told(desk) -> None:
    page = desk.post(f"{STAGE}embedding/", {"ancestors": "https://a.org; script-src *"})

    assert (page.status_code, "one address a line" in text_of(page).lower()) == (422, True)
