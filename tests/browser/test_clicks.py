"""How many clicks what people do most often takes: each way is the list of what is clicked, from the front page on."""

import pytest

from dure.applications.models import Application
from dure.challenges.models import Submission
from dure.joints.models import Say
from dure.people.models import Role
from dure.programmes.models import Programme
from tests.browser.conftest import TRUTH, Visitor, set_up_tasks
from tests.factories import make_member

pytestmark = [pytest.mark.browser]


def follow(visitor: Visitor, *clicks: str) -> int:
    """Click one after the other; how many they were."""
    for click in clicks:
        visitor.page.locator(click).first.click()
        visitor.page.wait_for_load_state()
    return len(clicks)


def test_applying_begins_after_three_clicks(world, visit) -> None:
    ada = visit(world.ada).go("/")

    clicks = follow(ada, "main a:text-is('현장 AI 스쿨')", ".entry a:text-is('지원하기')", "button:text-is('참가하기')")
    ada.page.locator("#id_motive").wait_for()

    assert (clicks, Application.objects.count()) == (3, 1)


def test_an_attempt_is_handed_in_with_three_clicks(world, visit, tmp_path) -> None:
    set_up_tasks(world)
    world.competing()
    ada = visit(world.ada).go("/")
    predictions = tmp_path / "predictions.csv"
    predictions.write_text(TRUTH)

    clicks = follow(ada, "main .list a:text-is('제출하기')")
    with ada.page.expect_file_chooser() as chooser:
        clicks += follow(ada, "label.drop")
    chooser.value.set_files(predictions)
    clicks += follow(ada, "main button:text-is('제출')")
    ada.page.locator("#attempts tbody tr").first.wait_for()

    assert (clicks, Submission.objects.count()) == (3, 1)


def test_a_case_is_decided_with_two_clicks_from_the_desk(world, visit) -> None:
    world.applied()
    clerk = visit(world.clerk).go("/desk/field-ai-2026/")

    clicks = follow(clerk, "main a:text-is('다음 건 결정하기')", "button:text-is('예')")
    clerk.page.wait_for_url("**/cases/2/**")

    assert (clicks, list(Say.objects.values_list("turn__case__number", "yes"))) == (2, [(1, True)])


def test_a_programme_is_made_from_the_library_with_four_clicks_from_home(world, visit) -> None:
    make_member(world.host, world.clerk, role=Role.ADMIN)
    clerk = visit(world.clerk).go("/")

    clicks = follow(
        clerk, "main a[href='/make/']", "a[href='/make/library/lg-aimers/']", "button[name=check]", "button[name=make]"
    )
    clerk.page.wait_for_url("**/desk/lg-aimers-*/")

    assert (clicks, Programme.objects.filter(blueprint_name="lg-aimers").count()) == (4, 1)


def test_a_case_is_decided_with_two_clicks_from_home(world, visit) -> None:
    world.applied()
    clerk = visit(world.clerk).go("/")

    clicks = follow(clerk, "main a.button:text('시작하기')", "button:text('통과, 다음')")
    clerk.page.wait_for_url(f"**/decisions/{world.turn(world.bo, 'apply').pk}/0/")

    assert (clicks, list(Say.objects.values_list("turn__case__number", "yes"))) == (2, [(1, True)])


def test_a_review_is_begun_with_one_click_from_home(world, visit) -> None:
    review = world.reviewing()
    judge = visit(world.judge).go("/")

    clicks = follow(judge, "main a.button:text('시작하기')")
    judge.page.wait_for_url(f"**/reviews/{review.pk}/")

    assert clicks == 1
