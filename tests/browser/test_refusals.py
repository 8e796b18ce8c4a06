"""What is refused is said at the form that asked for it, with what was typed; the keyboard goes on where it was."""

import pytest

from dure.core.text import Text
from dure.learning.operations.courses import attach
from dure.people.operations import form_team
from dure.people.operations.invitations import TEAM, invite
from tests.learning.factories import make_course, make_lesson, make_provider

pytestmark = [pytest.mark.browser]
WAYS = [("ko", 1280, "팀 코드"), ("en", 390, "Code of the team")]
SEEN = "(one) => { const r = one.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"


@pytest.mark.parametrize(("language", "width", "field"), WAYS)
def test_a_wrong_code_is_refused_beside_what_was_typed(world, visit, language, width, field) -> None:
    ada = visit(world.ada, language=language, width=width).go("/me/teams/")

    ada.tab_to(field).page.keyboard.type("ABCD-2345")
    ada.page.keyboard.press("Enter")
    said = ada.page.locator("form [data-refused] [role=alert]")
    said.wait_for()

    assert said.evaluate(SEEN)
    assert (ada.page.url, ada.page.input_value("#code")) == (f"{ada.url}/me/teams/", "ABCD-2345")
    assert ada.page.evaluate("document.activeElement.id") == "code"
    with ada.page.expect_response("**/me/teams/join/"):
        ada.page.keyboard.press("Enter")
    said.wait_for()
    assert said.count() == 1


def test_what_nobody_answered_stays_and_is_not_sent_again(world, visit) -> None:
    ada = visit(world.ada, language="en").go("/me/teams/")
    ada.tab_to("Name of the team").page.keyboard.type("Sunrise")

    ada.page.context.set_offline(True)
    ada.page.keyboard.press("Enter")
    said = ada.page.locator("form [data-refused] [role=alert]")
    said.wait_for()

    assert "before you send it again" in said.inner_text()
    assert ada.page.url == f"{ada.url}/me/teams/"
    ada.page.context.set_offline(False)
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url("**/me/teams/*-*/")


def test_what_is_taken_leads_on_and_is_told_there(world, visit) -> None:
    ada = visit(world.ada, language="en").go("/me/teams/")

    ada.tab_to("Name of the team").page.keyboard.type("Sunrise")
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url("**/me/teams/*-*/")

    assert "Sunrise" in ada.text
    assert ada.page.locator("main > .notes .note").count() == 1


def test_a_large_file_shows_how_far_it_is(world, visit, tmp_path) -> None:
    """While it is on its way the form is busy, and sent once; where it is refused the bar is gone."""
    lesson = make_lesson(make_course(make_provider(organisation=world.host)))
    attach(lesson, [b"the same name"], name="film.mp4")
    file = tmp_path / "film.mp4"
    file.write_bytes(bytes(3_000_000))
    author = visit(world.operator, language="en").go(f"/learn/lessons/{lesson.pk}/")
    author.page.evaluate("""() => { window.seen = []; new MutationObserver(() => {
        const bar = document.querySelector("progress[data-sent]");
        if (bar) window.seen.push([bar.ariaLabel, bar.closest("form").ariaBusy]);
    }).observe(document.body, { childList: true, subtree: true }) }""")

    author.page.set_input_files("input[type=file]", file)
    author.page.get_by_role("button", name="Add the file").click()
    author.page.locator("form [data-refused] [role=alert]").wait_for()

    assert author.page.evaluate("window.seen[0]") == ["Upload", "true"]
    assert author.page.locator("progress[data-sent], form[aria-busy]").count() == 0


def test_after_a_form_tab_goes_on_where_it_was(world, visit) -> None:
    """A captain takes two invitations back, one after the other, without the way through the page between."""
    team = form_team("Sunrise", captain=world.ada)
    for address in ("one@example.org", "two@example.org"):
        what = Text(ko="팀 Sunrise", en="to the team Sunrise")
        invite(address, purpose=TEAM, subject=team.pk, what=what, by=world.ada)
    ada = visit(world.ada, language="en").go(f"/me/teams/{team.pk}/")

    ada.enter("Take back")
    ada.page.keyboard.press("Tab")

    assert ada.page.evaluate("document.activeElement.innerText") == "Take back"
    assert ada.page.locator("main > .notes .note").count() == 1


def test_a_page_that_comes_back_with_flaws_begins_at_them(world, visit) -> None:
    nobody = visit(None, language="en").go("/accounts/login/")
    nobody.tab_to("Email").page.keyboard.type("nobody@example.org")
    nobody.tab_to("Password").page.keyboard.type("not the password")

    with nobody.page.expect_navigation():
        nobody.page.keyboard.press("Enter")

    assert nobody.page.evaluate("document.activeElement.getAttribute('role')") == "alert"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_tab_of_a_phone_is_whole_when_the_keyboard_comes_to_it(world, visit, language) -> None:
    page = visit(world.clerk, language=language, width=390).go("/desk/field-ai-2026/").page
    tabs = page.locator(".tabs a")
    tabs.first.focus()

    cut = []
    for _ in range(tabs.count()):
        left, right = page.evaluate(
            "(({left, right}) => [left, right])(document.activeElement.getBoundingClientRect())"
        )
        cut += [(left, right)] if left < 0 or right > 390 else []
        page.keyboard.press("Tab")

    assert cut == []
