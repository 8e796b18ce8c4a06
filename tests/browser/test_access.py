"""Every page for everybody: nothing that axe finds, nothing wider than the window, in both languages and lights."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.world import pages

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("ko", 1280, False), ("en", 390, True)], ids=["ko-wide-light", "en-narrow-dark"]
)
def test_every_page_is_within_everybodys_reach(world, visit, language, width, dark) -> None:
    world.proving()
    windows, faults = {}, {}

    for path, person in pages(world).items():
        window = windows.get(person) or visit(person, language=language, width=width, dark=dark)
        windows[person] = window.go(path)
        violations = [violation["id"] for violation in Axe().run(window.page).response["violations"]]
        wider = window.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if violations or wider:
            faults[path] = (violations, wider)

    assert faults == {}


def test_everything_works_without_javascript(world, browser, live_server, visit) -> None:
    window = visit()
    window.context.close()
    window.context = browser.new_context(java_script_enabled=False, locale="ko")
    window.page = window.context.new_page()
    window.sign_in(world.ada)

    window.go("/programmes/field-ai-2026/").press("지원하기").press("참가하기")
    window.page.fill("#id_motive", "현장")
    window.page.fill("#id_years", "2")
    window.press("제출")

    assert "접수되었습니다" in window.text
