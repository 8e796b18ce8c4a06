"""The way in without JavaScript: every page is an ordinary page first."""

import pytest

pytestmark = [pytest.mark.browser]


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
