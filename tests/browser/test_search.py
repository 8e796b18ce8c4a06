"""The search by keyboard: its key, what one types, the arrows, Enter and Escape."""

import pytest

from dure.people.operations import add_domain, set_up_oidc, switch_sign_in

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(("language", "typed"), [("ko", "ㅎㅈ"), ("en", "field a")])
def test_a_programme_is_three_keys_away(world, visit, language, typed) -> None:
    page = visit(world.ada, language=language).go("/me/").page

    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.locator("#top-found [role=option]").first.wait_for()
    assert page.get_attribute("#top-find", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#top-find", "aria-activedescendant") == "top-programmes-1"
    page.keyboard.press("Enter")

    page.wait_for_url("**/programmes/field-ai-2026/")


def test_on_a_phone_the_search_key_opens_the_menu_with_its_field(world, visit) -> None:
    page = visit(world.ada, width=390).go("/me/").page

    page.keyboard.press("/")
    page.keyboard.type("현장")
    page.locator("#menu-found [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/programmes/field-ai-2026/")


def test_escape_closes_the_list_and_enter_alone_shows_everything(world, visit) -> None:
    page = visit(world.ada).go("/me/").page
    page.keyboard.press("/")
    page.keyboard.type("현장")
    page.locator("#top-found [role=option]").first.wait_for()

    page.keyboard.press("Escape")
    assert (page.locator("#top-found [role=option]").count(), page.get_attribute("#top-find", "aria-expanded")) == (
        0,
        "false",
    )
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=*")
    assert "현장 AI 스쿨" in page.inner_text("main")


def test_an_address_of_an_organisation_changes_the_sign_in_page(world, visit, settings) -> None:
    """While one types, the way in at the organisation appears."""

    add_domain(world.host, name="hanbit.example")
    made = set_up_oidc(world.host, issuer="https://login.hanbit.example", client_id="dure", secret="between us")
    switch_sign_in(made, active=True)
    page = visit().go("/accounts/login/").page

    page.locator("#id_login").press_sequentially("mina@hanbit.example")

    way = page.locator("main a:has-text('한빛전자')")
    way.wait_for()
    assert way.get_attribute("href") == "/accounts/oidc/hanbit/login/"
