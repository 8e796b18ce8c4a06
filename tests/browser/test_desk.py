"""The manager's ways in a browser, in both languages: deciding by keyboard, the table, an announcement."""

import pytest

from dure.jobs.worker import drain
from dure.joints.models import Say
from dure.programmes.models import Announcement

pytestmark = [pytest.mark.browser]
DESK = "/desk/field-ai-2026/"


def test_a_decider_decides_two_clicks_from_the_desk_and_goes_on_by_keyboard(world, visit) -> None:
    world.applied()
    visitor = visit(world.clerk)

    visitor.go(DESK).press("다음 건 결정하기")
    for number in (1, 2):
        visitor.page.wait_for_url(f"**/cases/{number}/**")
        visitor.page.keyboard.press("y")
    visitor.page.wait_for_url(f"**{DESK}")

    assert Say.objects.filter(yes=True).count() == 2


def test_the_list_is_walked_by_j_and_k(world, visit) -> None:
    world.competing()
    visitor = visit(world.clerk, language="en").go(f"{DESK}cases/1/?stage=task&state=open")

    visitor.page.keyboard.press("j")
    visitor.page.wait_for_url("**/cases/2/**")
    visitor.page.keyboard.press("k")
    visitor.page.wait_for_url("**/cases/1/?stage=task&state=open")

    assert "박하늘" in visitor.text


def test_the_table_narrows_while_one_chooses(world, visit) -> None:
    world.competing()
    visitor = visit(world.clerk, language="en").go(f"{DESK}participants/")

    visitor.page.select_option("#stage", "task")
    visitor.page.wait_for_url("**stage=task**")
    visitor.page.select_option("#option", "speech")
    visitor.page.wait_for_url("**option=speech**")

    assert visitor.page.locator("tbody tr").count() == 1


@pytest.mark.parametrize(
    ("language", "keep", "send"), [("ko", "저장하고 미리 보기", "보내기"), ("en", "Save and preview", "Send")]
)
def test_an_announcement_is_written_looked_at_and_sent_on_a_phone(world, visit, language, keep, send) -> None:
    world.applied()
    visitor = visit(world.clerk, language=language, width=390).go(f"{DESK}announcements/new/")

    for name in ("subject_ko", "body_ko", "subject_en", "body_en"):
        visitor.page.fill(f"[name={name}]", "{name}" if name.startswith("body") else "News")
    visitor.page.click(f"main button:text-is('{keep}')")
    visitor.page.wait_for_url("**/announcements/*-*/")
    visitor.page.click(f"main form.confirm button:has-text('{send}')")
    visitor.page.wait_for_selector(".note.success")
    drain()
    visitor.page.locator("#sending:not([hx-get])").wait_for()

    assert Announcement.objects.get().state == "sent"
