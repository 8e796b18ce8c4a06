"""A visitor's way: find a programme by keyboard, read what it takes, watch a board, verify an award."""

import pytest

from dure.challenges.models import Task
from dure.core import clock
from dure.programmes.models import Given
from tests.challenges.conftest import START, crowd, make_task

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(
    ("language", "query", "said"),
    [
        ("ko", "ㅎㅈ", ("조건에 맞는 프로그램이 없습니다", "현장 AI 스쿨")),
        ("en", "school", ("No programme matches", "Field AI School")),
    ],
)
def test_a_programme_is_found_by_keyboard_alone(world, visit, language, query, said) -> None:
    nothing, found = said
    visitor = visit(None, language=language).go("/programmes/")
    page = visitor.page

    page.focus("#q")
    page.keyboard.type("zzz")
    page.locator("#found .empty").wait_for()
    assert nothing in visitor.text
    page.keyboard.press("Control+A")
    page.keyboard.type(query)
    page.locator("#found article").wait_for()
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == query
    page.focus("#found article a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programmes/field-ai-2026/")

    assert found in visitor.text


def test_filters_work_without_script(world, browser, live_server) -> None:
    page = browser.new_context(java_script_enabled=False, locale="ko").new_page()
    page.goto(f"{live_server.url}/programmes/")

    page.check("input[name=state][value=closed]")
    page.click("form.aside button[type=submit]")

    assert ("state=closed" in page.url, "조건에 맞는 프로그램이 없습니다" in page.inner_text("main")) == (True, True)


def test_on_a_phone_the_way_in_is_always_in_sight(world, visit) -> None:
    page = visit(world.stranger, width=390).go("/programmes/field-ai-2026/").page

    for place in ("0", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo(0, {place})")
        box = page.locator(".entry a.main").bounding_box()
        assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_a_board_that_is_watched_shows_what_is_new(world, visit) -> None:
    with clock.at(START):
        task = make_task()
        crowd(task, [(0.5, 0.5), (0.25, 0.5)])
        visitor = visit(None)
        visitor.page.clock.install()
        page = visitor.go(f"/tasks/{task.pk}/").page
        assert page.locator("#board tbody tr").count() == 2

        crowd(task, [(0.75, 0.5)])
        Task.objects.filter(pk=task.pk).update(board_version=1)
        page.clock.fast_forward("00:21")
        page.locator("#board tbody tr").nth(2).wait_for()


def test_an_award_is_shown_as_its_holder_chose(world, visit) -> None:
    world.ranked()
    award = Given.objects.get(person=world.ada, kind="credential")
    ada = visit(world.ada).go(f"/awards/{award.pk}/")
    ada.page.check("input[name=award-name]")
    ada.press("저장")

    assert "박하늘" in visit(None).go(f"/awards/{award.pk}/").text
