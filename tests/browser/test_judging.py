"""The whole way of a reviewer and of a decider by keyboard alone, in both languages."""

import pytest
from playwright.sync_api import expect

from dure.jobs.worker import drain
from dure.joints.models import Review, Say
from tests.browser.conftest import PASSWORD
from tests.site.reviews.panels import panels

pytestmark = [pytest.mark.browser]


def let_in(person) -> None:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_reviewer_marks_two_papers_by_keyboard(world, visit, language) -> None:
    _, judge = panels(2)
    let_in(judge)
    page = visit(judge, language=language).go("/me/reviews/").page
    reviews = list(Review.objects.filter(reviewer=judge).order_by("pk"))

    page.keyboard.press("b")  # begin
    page.wait_for_url(f"**/reviews/{reviews[0].pk}/")
    page.keyboard.press("8")
    page.keyboard.press("9")
    expect(page.locator("[data-total]")).to_have_text("86.0")
    page.keyboard.press("j")  # the next one; what is written is kept
    page.wait_for_url(f"**/reviews/{reviews[1].pk}/")
    page.keyboard.press("Shift+?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("7")
    page.keyboard.press("5")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/reviews/{reviews[0].pk}/")
    page.keyboard.press("8")
    page.keyboard.press("9")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/me/reviews/panel/**")

    marks = [Review.objects.get(pk=review.pk).marks for review in reviews]
    assert marks == [{"idea": 80, "craft": 90}, {"idea": 70, "craft": 50}]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_decider_decides_two_cases_by_keyboard(world, visit, language) -> None:
    world.applied()
    page = visit(world.clerk, language=language).go("/me/reviews/").page
    first, second = (world.turn(person, "apply") for person in (world.ada, world.bo))

    page.keyboard.press("b")
    page.wait_for_url(f"**/decisions/{first.pk}/0/")
    page.keyboard.press("p")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/decisions/{second.pk}/0/")
    page.keyboard.press("o")  # the reason's field is next
    page.keyboard.type("Not this year")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/me/reviews/decide/**")
    drain()

    said = set(Say.objects.values_list("turn__case__number", "yes", "reason"))
    assert said == {(1, True, ""), (2, False, "Not this year")}


def test_what_is_marked_is_kept_without_sending(world, visit) -> None:
    _, judge = panels(1)
    let_in(judge)
    [review] = Review.objects.filter(reviewer=judge)
    window = visit(judge).go(f"/reviews/{review.pk}/")

    with window.page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        window.page.keyboard.press("6")
    window.go(f"/reviews/{review.pk}/")

    assert window.page.input_value("#id_idea") == "60"
