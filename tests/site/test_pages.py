"""Every page, in both languages, for those who may and those who may not."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.views.defaults import server_error

from dure.people.models import Team
from dure.programmes.models import Programme
from dure.programmes.operations.publishing import make_programme
from tests.site.conftest import client_of, text_of
from tests.site.places import pages
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]
MOST_QUERIES = 20


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_read_in_the_visitors_language_without_script_or_style_of_its_own(world, language) -> None:
    world.proving()

    clients, korean = {}, {}
    for path, person in pages(world).items():
        if person not in clients:
            clients[person] = client_of(person, language)
        response = clients[person].get(path)
        assert (path, response.status_code, _inline(response)) == (path, 200, [])
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert f'<html lang="{language}">' in response.content.decode()
        if language == "en" and (words := _hangul(response)):
            korean[path] = words

    assert korean == {}


def _inline(response) -> list[str]:
    return re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", response.content.decode())


def _hangul(response) -> set[str]:
    """Korean words on a page, besides people's names, the button that switches to Korean, and texts people wrote."""
    names = {
        "한국어",
        "김담당",
        "이심사",
        "박하늘",
        "최바다",
        "정나그네",
        "오운영",
        "현장",
        "해오름",
        "달무리",
        "햇무리",
        "병원",
        "분석가",
        "전문가",
    }
    response.content = re.sub(
        rb"<(pre|textarea)[ >].*?</\1>|<(\w+)\b[^>]*\stranslate=\"no\".*?</\2>", b"", response.content, flags=re.DOTALL
    )
    return set(re.findall(r"[가-힣]+", text_of(response))) - names


def test_a_persons_choice_of_language_wins_over_the_browsers(world) -> None:
    client = client_of(world.ada, "ko")

    client.post("/language/", {"language": "en", "next": "/me/"})

    assert client.get("/me/").context["request"].LANGUAGE_CODE == "en"
    world.ada.refresh_from_db()
    assert world.ada.language == "en"


def test_a_visitors_choice_is_kept_in_a_cookie(world) -> None:
    client = client_of(None, "ko")

    client.post("/language/", {"language": "en", "next": "/"})

    assert '<html lang="en">' in client.get("/").content.decode()


def test_the_way_back_never_leads_elsewhere(world) -> None:
    response = client_of(None).post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"


def test_a_browser_without_korean_or_english_reads_korean(world) -> None:
    assert '<html lang="ko">' in client_of(None, "fr").get("/").content.decode()


def test_times_are_in_the_visitors_zone(world) -> None:
    world.ada.zone = "Europe/London"
    world.ada.save(update_fields=["zone"])
    world.applied(world.ada)

    page = text_of(client_of(world.ada, "en").get(f"/turns/{world.turn(world.ada, 'apply').pk}/"))

    received = world.turn(world.ada, "apply").handed_in_at
    assert f"{received.astimezone(ZoneInfo('Europe/London')):%H:%M}" in page


def test_who_may_read_which_page(world) -> None:
    turn = world.proving()
    slug = world.programme.slug
    paths = {
        "programme": f"/programmes/{slug}/", "mine": "/me/", "turn": f"/turns/{turn.pk}/", "desk": f"/desk/{slug}/",
        "stage": f"/desk/{slug}/stages/task/", "recorded": f"/desk/turns/{turn.pk}/",
        "settle": f"/desk/{slug}/stages/task/settle/", "sheet": f"/desk/{slug}/stages/task/sheets/cohort.csv",
    }  # fmt: skip
    people = {"nobody": None, "stranger": world.stranger, "holder": world.ada, "mate": world.bo,
              "reviewer": world.judge, "clerk": world.clerk, "operator": world.operator}  # fmt: skip

    found = {
        who: {name: client_of(person).get(path).status_code for name, path in paths.items()}
        for who, person in people.items()
    }

    everything = dict.fromkeys(paths, 200)
    desk = ("desk", "stage", "settle", "sheet")
    assert found == {
        "nobody": {**dict.fromkeys(paths, 302), "programme": 200},
        "stranger": {**dict.fromkeys(desk, 403), "programme": 200, "mine": 200, "turn": 404, "recorded": 404},
        "holder": {**everything, **dict.fromkeys(desk, 403), "recorded": 403},
        "mate": {**dict.fromkeys(desk, 403), "programme": 200, "mine": 200, "turn": 404, "recorded": 404},
        "reviewer": {**dict.fromkeys(desk, 403), "programme": 200, "mine": 200, "turn": 404, "recorded": 404},
        "clerk": everything,
        "operator": everything,
    }


def test_a_draft_is_there_for_its_operators_only(world) -> None:
    make_programme(SOURCE, slug="draft-2027", by=world.operator, parties={"host": [world.host]})

    codes = {p: client_of(p).get("/programmes/draft-2027/").status_code for p in (None, world.ada, world.operator)}

    assert codes == {None: 404, world.ada: 404, world.operator: 200}


def test_the_menu_shows_what_one_has_to_do_with(world) -> None:
    menus = {
        person.name: set(re.findall(r'href="(/[a-z/]+)"', _menu(client_of(person).get("/"))))
        for person in (world.ada, world.judge, world.clerk, world.operator)
    }
    own = {"/programmes/", "/challenges/", "/learn/", "/me/"}
    assert menus == {
        "박하늘": own, "이심사": own | {"/me/reviews/", "/recruit/"}, "김담당": own | {"/me/reviews/", "/desk/"},
        "오운영": own | {"/desk/", "/operator/", "/studio/"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "where"),
    [("/calendar/", "/me/"), ("/exams/", "/learn/"), ("/roles/", "/learn/"), ("/me/", "/me/"), ("/learn/", "/learn/")],
)
def test_the_menu_says_where_one_is(world, path, where) -> None:
    menu = _menu(client_of(world.ada).get(path))

    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == [where]


def _menu(response) -> str:
    return re.search(r"<nav.*?</nav>", response.content.decode(), re.DOTALL)[0]


def test_lists_take_as_many_queries_for_many_as_for_few(world) -> None:
    world.ranked()
    slug = world.programme.slug
    for number in range(30):
        make_programme(SOURCE, slug=f"other-{number}", by=world.operator, parties={"host": [world.host]})
    Programme.objects.update(state="open")
    paths = {
        "/": None, "/programmes/": None, f"/programmes/{slug}/": world.ada, "/me/": world.ada, "/desk/": world.operator,
        f"/desk/{slug}/": world.clerk, f"/desk/{slug}/stages/task/": world.clerk, f"/desk/{slug}/gives/": world.clerk,
        f"/desk/{slug}/people/": world.clerk, "/me/reviews/": world.judge,
    }  # fmt: skip

    counted = {}
    for path, person in paths.items():
        with CaptureQueriesContext(connection) as queries:
            client = client_of(person)
            before = len(queries)
            client.get(path)
            counted[path] = len(queries) - before

    assert {path: n for path, n in counted.items() if n > MOST_QUERIES} == {}


def test_what_is_refused_is_said_with_the_way_back(world) -> None:
    client = client_of(world.clerk)

    response = client.post(
        f"/desk/{world.programme.slug}/people/invite/",
        {"stage": "apply", "email": "nobody@example.org"},
        headers={"Referer": f"http://testserver/desk/{world.programme.slug}/people/"},
    )

    assert response.status_code == 404
    assert "가입한 사람이 없습니다" in text_of(response)
    assert f'href="/desk/{world.programme.slug}/people/"' in response.content.decode()


def test_a_part_of_a_page_that_is_refused_is_an_alert(world) -> None:
    response = client_of(world.stranger).get(f"/desk/{world.programme.slug}/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response.content.decode().lstrip().startswith('<div class="note bad" role="alert">')


def test_nothing_at_an_address_says_where_to_go(world) -> None:
    response = client_of(None, "en").get("/nothing/")
    assert response.status_code == 404
    assert 'href="/programmes/"' in response.content.decode()


def test_our_own_fault_is_said_without_database_or_session(rf) -> None:
    with translation.override("ko"):
        assert "서버에 문제가 생겼습니다" in server_error(rf.get("/")).content.decode()


def test_a_character_that_no_database_holds_is_refused_before_a_page_reads_it(world) -> None:
    client = client_of(world.ada, "en")

    sent = client.post("/me/teams/new/", {"name": "Sun\x00rise"})
    asked = client.get("/programmes/", {"organisation": "a\x00b"})

    assert [answer.status_code for answer in (sent, asked)] == [422, 422]
    assert "cannot be seen" in text_of(sent)
    assert not Team.objects.exists()


def test_what_was_written_stands_beside_its_refusal_and_a_password_never(world) -> None:
    wrong = {"code": "our team of old", "password": "one two three"}

    response = client_of(world.ada, "en").post(
        "/me/teams/join/", wrong, headers={"Referer": "http://testserver/me/teams/"}
    )

    assert "our team of old" in text_of(response)
    assert "one two three" not in text_of(response)
    assert 'href="/me/teams/" data-back' in response.content.decode()


def test_a_form_that_stays_open_gets_its_refusal_or_where_to_go_on(world) -> None:
    """A browser that keeps the filled form asks so; messages wait for the page that it goes to."""
    client = client_of(world.ada, "en")
    asks = {"Dure-Form": "stays"}

    refused = client.post("/me/teams/join/", {"code": "our team of old"}, headers=asks)
    taken = client.post("/me/teams/new/", {"name": "Sunrise"}, headers=asks)
    signed_out = client_of(None).post("/me/teams/new/", {"name": "Sunset"}, headers=asks)

    assert (refused.status_code, refused["Dure-Form"]) == (404, "refused")
    assert refused.content.decode().lstrip().startswith('<div class="note bad" role="alert">')
    assert (taken.status_code, taken["Dure-Form"]) == (204, f"/me/teams/{Team.objects.get().pk}/")
    assert "Sunrise" in text_of(client.get(taken["Dure-Form"]))
    assert signed_out["Dure-Form"].startswith("/accounts/login/")
