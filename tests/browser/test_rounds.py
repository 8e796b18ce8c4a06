"""A round outside programmes on a phone: entering it, handing in, watching the verdict, choosing what counts."""

import re
from datetime import timedelta

import pytest

from dure.challenges.models import Best
from dure.challenges.operations import open_to_teams
from dure.core import clock
from dure.jobs.worker import drain
from tests.challenges.conftest import make_task, predictions

pytestmark = [pytest.mark.browser]
WORDS = {
    "ko": {"enter": "참가하기", "hand in": "제출", "scored": "채점 완료", "counts": "이것으로 정하기"},
    "en": {"enter": "Take part", "hand in": "Hand in", "scored": "Scored", "counts": "Let it count"},
}


@pytest.fixture
def task(world):
    task = make_task(opens_at=None, closes_at=clock.now() + timedelta(days=2), daily=3)
    open_to_teams(task.round, most=3)
    return task


@pytest.mark.parametrize("language", ["ko", "en"])
def test_one_enters_hands_in_and_chooses_on_a_phone(world, task, visit, tmp_path, language) -> None:
    said = WORDS[language]
    for number, right in ((1, 6), (2, 5)):
        (tmp_path / f"{number}.csv").write_bytes(predictions(final=right).read())
    ada = visit(world.ada, width=390, language=language).go(f"/tasks/{task.pk}/").press(said["enter"])

    ada.page.fill("#name", "두레박")
    ada.press(said["enter"])
    ada.page.wait_for_url("**/mine/")
    for number in (1, 2):
        ada.page.set_input_files("#file", tmp_path / f"{number}.csv")
        ada.page.locator("[data-chosen]", has_text=f"{number}.csv").wait_for()
        ada.press(said["hand in"])
        ada.page.locator("#attempts tbody tr").nth(number - 1).wait_for()
        drain()
        ada.page.locator("#attempts:not([hx-get])").wait_for()
    ada.press(said["counts"])
    ada.page.locator(".note.success").wait_for()

    assert ada.page.locator("#attempts .tag", has_text=said["scored"]).count() == 2
    assert Best.objects.get().counting.number == 2
    assert ada.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_kit_is_downloaded_and_a_file_refused_with_the_keyboard_alone(world, task, visit, tmp_path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,label\n0,maybe\n")
    ada = visit(world.ada, language="en").go(f"/tasks/{task.pk}/enter/")
    ada.page.fill("#name", "Dure")
    ada.enter("Take part")

    with ada.page.expect_download() as kit:
        ada.tab_to("Download the starter kit")
        ada.page.keyboard.press("Enter")
    ada.page.set_input_files("#file", wrong)
    ada.enter("Hand in")
    drain()
    ada.page.locator("#attempts .tag", has_text=re.compile("Cannot be scored")).wait_for()

    assert kit.value.suggested_filename == "kit.zip"


def test_an_organiser_issues_a_token_and_copies_the_lines(world, task, visit) -> None:
    organiser = task.round.organisers.get()
    desk = visit(organiser, language="en").go(f"/rounds/{task.round_id}/workers/")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])

    desk.page.fill("#id_name", "hanbit-lab")
    desk.press("Score on my own machines")
    desk.page.fill("#id_title", "gpu-1")
    desk.press("Issue a token")
    desk.press("Copy")
    copied = desk.page.evaluate("navigator.clipboard.readText()")

    assert re.fullmatch(
        r"export DURE_WORKER_TOKEN=durew_\S+\s+dure worker --url \S+ --queue hanbit-lab", copied.strip()
    )
